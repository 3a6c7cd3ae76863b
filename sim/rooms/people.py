"""Coming into a room, and handing in what one thinks."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from sim.rooms.codes import hash_of
from sim.rooms.faults import MovedOnError, NotYoursError, RefusedError
from sim.rooms.room import Person, Room
from sim.rooms.rooms import as_room, refuse_over, row_of
from sim.rooms.slips import Bet, Said, Slip, check, kind_of, read
from sim.rooms.steps import called, taking
from sim.rooms.tables import IS_HERE, PEOPLE, SLIPS
from sim.saved.database import Database
from sim.scenario.scenario import Scenario
from sim.scenario.wording import clean

MOST_PEOPLE = 200
LONGEST_NAME = 30


@dataclass(frozen=True)
class Seat:
    """What one person sees of a room: the room, themselves, and what they handed in."""

    room: Room
    person: Person
    slips: tuple[Slip, ...]

    def slip(self, kind: str, key: str = "", round: int = 1) -> Slip | None:
        """What they handed in of that kind on that question, in that round."""
        return next((one for one in self.slips if (kind_of(one.said), one.key, one.round) == (kind, key, round)), None)


@dataclass(frozen=True)
class Everything:
    """What the facilitator sees of a room."""

    room: Room
    people: tuple[Person, ...]
    slips: tuple[Slip, ...]


def name_of(given: str) -> str:
    """A first name as it will be shown. Raises RefusedError for one that is empty or too long."""
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in clean(given[:1_000])).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise RefusedError(f"Give a first name of 1 to {LONGEST_NAME} letters.")
    return name


def join(database: Database, code: str, name: str, token: str) -> Person:
    """Come into a room under a name; from then on the token is this person's. Joining twice by it is joining once.

    Raises:
        NoRoomError, OverError: there is no such room, or none any more.
        RefusedError: no name, or the room is full.
        DatabaseError: nobody came in.
    """
    called_so = name_of(name)
    with database.writing() as connection:
        row = row_of(connection, code, for_writing=True)
        refuse_over(as_room(row))
        found = _by_token(connection, row["code"], token)
        if found is not None:
            return _person(found)
        people = connection.execute(select(func.count()).where(PEOPLE.c.room == row["code"], IS_HERE)).scalar_one()
        last = connection.execute(select(func.max(PEOPLE.c.id)).where(PEOPLE.c.room == row["code"])).scalar() or 0
        if people >= MOST_PEOPLE:
            raise RefusedError(f"This room is full: {MOST_PEOPLE} people are in it.")
        new = {"room": row["code"], "id": last + 1, "token": hash_of(token), "name": called_so}
        connection.execute(PEOPLE.insert().values(**new, joined=int(time.time())))
        return Person(last + 1, called_so)


def seat_of(database: Database, code: str, token: str) -> Seat:
    """What the person of that token sees.

    Raises:
        NoRoomError: there is no such room.
        NotYoursError: nobody in it has that token.
        DatabaseError: it cannot be read.
    """
    with database.reading() as connection:
        row = row_of(connection, code)
        found = _by_token(connection, row["code"], token)
        if found is None:
            raise NotYoursError
        person = _person(found)
        return Seat(as_room(row), person, slips_in(connection, row["code"], person.id))


def everything_of(database: Database, code: str, host: str) -> Everything:
    """What the facilitator of that token sees. Raises as `seat_of` does."""
    with database.reading() as connection:
        row = row_of(connection, code)
        if row["host"] != hash_of(host):
            raise NotYoursError
        every = select(PEOPLE).where(PEOPLE.c.room == row["code"], IS_HERE).order_by(PEOPLE.c.id)
        people = tuple(_person(one) for one in connection.execute(every).mappings())
        return Everything(as_room(row), people, slips_in(connection, row["code"]))


def shown_to(database: Database, seat: Seat) -> Everything:
    """What a step that shows results shows to all of the room: every slip, but nobody's name unless they allowed it.

    Raises:
        DatabaseError: it cannot be read.
    """
    with database.reading() as connection:
        slips = slips_in(connection, seat.room.code)
        may_be_named = [slip.person for slip in slips if isinstance(slip.said, Bet) and slip.said.named]
        named = select(PEOPLE).where(PEOPLE.c.room == seat.room.code, PEOPLE.c.id.in_(may_be_named))
        people = tuple(_person(one) for one in connection.execute(named).mappings())
        return Everything(seat.room, people, slips)


def hand_in(database: Database, seat: Seat, scenario: Scenario, key: str, said: Said) -> Slip:
    """Put a slip in place of this person's own on the same question; nobody else's is touched.

    Their latest word counts: a guess of the first round takes the place of a revised one too.

    Whether the room still takes it is looked at together with the writing: what comes after a lock is refused, and
    what came before it counts.

    Raises:
        RefusedError: it is none of what the room asks for.
        OverError, MovedOnError: the room takes it no longer.
        DatabaseError: nothing was handed in.
    """
    room, kind = seat.room, kind_of(said)
    check(scenario, room.settings, key, said)
    with database.writing() as connection:
        now = as_room(row_of(connection, room.code, for_writing=True))
        refuse_late(room, now, kind)
        _refuse_gone(connection, room.code, seat.person)
        found = now.takes
        assert found is not None
        mine: dict[str, Any] = {
            "room": room.code,
            "person": seat.person.id,
            "kind": kind,
            "key": key,
            "round": found.round,
        }
        where = [SLIPS.c[name] == value for name, value in mine.items()]
        before = connection.execute(select(SLIPS.c.version).where(*where)).scalar()
        version = (before or 0) + 1 + _taken_back(connection, mine)
        new = {"payload": said.model_dump_json(), "version": version, "at": int(time.time())}
        if before is None:
            connection.execute(SLIPS.insert().values(**mine, **new))
        else:
            connection.execute(SLIPS.update().where(*where).values(**new))
        return Slip(seat.person.id, key, found.round, said, version)


def _taken_back(connection: Connection, mine: Mapping[str, Any]) -> int:
    """Delete what the same person said on the same question in later rounds; how often that was handed in."""
    where = [SLIPS.c[name] == value for name, value in mine.items() if name != "round"]
    where.append(SLIPS.c.round > mine["round"])
    times = connection.execute(select(func.coalesce(func.sum(SLIPS.c.version), 0)).where(*where)).scalar_one()
    connection.execute(SLIPS.delete().where(*where))
    return int(times)


def _refuse_gone(connection: Connection, code: str, person: Person) -> None:
    mine = select(PEOPLE).where(PEOPLE.c.room == code, PEOPLE.c.id == person.id, IS_HERE)
    if connection.execute(mine).first() is None:
        raise MovedOnError("You were taken out of this room, so what you gave was not handed in.")


def refuse_late(seen: Room, now: Room, kind: str) -> None:
    """Raise OverError or MovedOnError where a room that was seen so does not take a slip of that kind any more."""
    refuse_over(now)
    unmoved = "What you gave was not handed in."
    takes = taking(now.step)
    if now.step != seen.step or takes is None or takes.kind != kind:
        raise MovedOnError(f"The room has moved on to “{called(now.step)}”. {unmoved}")
    if now.locked:
        raise MovedOnError(f"This step is locked by now. {unmoved}")
    if now.settings != seen.settings or now.scenario != seen.scenario:
        raise MovedOnError(f"The room asks for something else by now. {unmoved}")


def _by_token(connection: Connection, code: str, token: str) -> RowMapping | None:
    mine = select(PEOPLE).where(PEOPLE.c.room == code, PEOPLE.c.token == hash_of(token))
    return connection.execute(mine).mappings().first()


def _person(row: RowMapping) -> Person:
    return Person(row["id"], row["name"])


def slips_in(connection: Connection, code: str, person: int | None = None) -> tuple[Slip, ...]:
    """What was handed in there, by that person or by anybody."""
    asked = select(SLIPS).where(SLIPS.c.room == code).order_by(SLIPS.c.person, SLIPS.c.key, SLIPS.c.round)
    if person is not None:
        asked = asked.where(SLIPS.c.person == person)
    rows = connection.execute(asked).mappings()
    return tuple(
        Slip(row["person"], row["key"], row["round"], read(row["kind"], row["payload"]), row["version"]) for row in rows
    )
