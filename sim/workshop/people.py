"""Coming into a room, and handing in what one thinks: a bet, a guess at a number, a plan."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, StrictBool, ValidationError
from sqlalchemy import Connection, RowMapping, func, select

from sim.saved.database import IS_HERE, PEOPLE, SUBMISSIONS, Database
from sim.scenario.faults import ScenarioError
from sim.scenario.quantity import Between, Id, Number, Part
from sim.scenario.scenario import Scenario
from sim.scenario.wording import clean, money
from sim.scenario.world import world_of
from sim.workshop.opinion_pool import Voice
from sim.workshop.room import (
    MovedOnError,
    NotYoursError,
    Person,
    RefusedError,
    Room,
    Settings,
    allowed,
    called,
    cost_of,
    hash_of,
    taking,
)
from sim.workshop.rooms import as_room, refuse_over, row_of

MOST = 1e12
"""As far from 0 as a bet may be."""


class Bet(Part):
    """A guess at the answer, in its unit; `named`: whether to say whose it was if it is the nearest."""

    value: Number = Field(ge=-MOST, le=MOST)
    named: StrictBool = False


class Guess(Part):
    """What somebody believes of a number, in its unit."""

    low: Number
    mode: Number
    high: Number

    @property
    def voice(self) -> Voice:
        """The same as a distribution. Raises ValueError where the ends are in no order."""
        return Voice(float(self.low), float(self.mode), float(self.high))


class FixPlan(Part):
    """The fixes that somebody would pay for, in the scenario's order."""

    fixes: tuple[Id, ...] = Field(max_length=100)


Said = Bet | Guess | FixPlan
_KINDS: dict[str, type[Bet] | type[Guess] | type[FixPlan]] = {"bet": Bet, "guess": Guess, "plan": FixPlan}


@dataclass(frozen=True)
class Submission:
    """What one person said on one question in one round; `version` counts how many times it was handed in."""

    person: int
    key: str
    round: int
    said: Said
    version: int


def kind_of(said: Said) -> str:
    """What is stored as the kind of a submission."""
    return next(kind for kind, form in _KINDS.items() if isinstance(said, form))


def read(kind: str, payload: str) -> Said:
    """What was stored of a submission."""
    return _KINDS[kind].model_validate_json(payload)


def guess_of(low: float | None, mode: float | None, high: float | None) -> Guess:
    """A guess of three numbers, whichever are there. Raises RefusedError, saying what is missing or out of order."""
    missing = [name for name, end in (("lowest", low), ("most likely", mode), ("highest", high)) if end is None]
    if missing:
        raise RefusedError(f"Still empty: {', '.join(missing)}. Give all three numbers.")
    try:
        guess = Guess.model_validate({"low": low, "mode": mode, "high": high})
    except ValidationError:
        raise RefusedError("Give three finite numbers.") from None
    _refuse_disorder(guess)
    return guess


def check(scenario: Scenario, settings: Settings, key: str, said: Said) -> None:
    """Raise RefusedError, a sentence for who handed it in, where a submission is none of what the room asks for."""
    if isinstance(said, Guess):
        _check_guess(scenario, settings, key, said)
    elif isinstance(said, FixPlan):
        _check_plan(scenario, settings, said)
    elif key or not math.isfinite(said.value):
        raise RefusedError("Give one finite number.")


def _check_guess(scenario: Scenario, settings: Settings, path: str, said: Guess) -> None:
    if path not in settings.guesses:
        raise RefusedError("The room does not ask for this number any more.")
    _refuse_disorder(said)
    bounds = allowed(scenario, path)
    for end in (said.low, said.mode, said.high):
        if not bounds.least <= end <= bounds.most or (bounds.whole and end != int(end)):
            raise RefusedError(f"{_shown(end, bounds)} is not possible here; allowed: {ends(bounds)}.")


def _refuse_disorder(said: Guess) -> None:
    if not said.low <= said.mode <= said.high:
        raise RefusedError("The lowest must not be above the most likely, nor that above the highest.")


def ends(bounds: Between) -> str:
    """What a number may be, in words."""
    kind = "whole numbers " if bounds.whole else ""
    return f"{kind}from {_shown(bounds.least, bounds)} to {_shown(bounds.most, bounds)}"


def _shown(value: float, bounds: Between) -> str:
    return f"{value * 100:.10g}%" if bounds.unit.startswith("share") else f"{value:,.10g}"


def _check_plan(scenario: Scenario, settings: Settings, said: FixPlan) -> None:
    known = {fix.id for fix in scenario.fixes}
    if not said.fixes:
        raise RefusedError("Choose at least one fix.")
    if not known.issuperset(said.fixes) or len(set(said.fixes)) < len(said.fixes):
        raise RefusedError("The room does not know one of these fixes. Choose again.")
    cost = cost_of(scenario, said.fixes)
    if settings.budget is not None and cost > settings.budget:
        over = money(cost - settings.budget, scenario.currency)
        raise RefusedError(f"This is {over} over the budget. Take something out.")
    try:
        world_of(scenario, fixes=said.fixes)
    except ScenarioError as error:
        raise RefusedError(f"These do not go together: {error.faults[0].message}.") from None


MOST_PEOPLE = 200
LONGEST_NAME = 30


@dataclass(frozen=True)
class Seat:
    """What one person sees of a room: the room, themselves, and what they handed in."""

    room: Room
    person: Person
    submissions: tuple[Submission, ...]


@dataclass(frozen=True)
class Everything:
    """What the facilitator sees of a room."""

    room: Room
    people: tuple[Person, ...]
    submissions: tuple[Submission, ...]


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
        return Seat(as_room(row), person, submissions_in(connection, row["code"], person.id))


def everything_of(database: Database, code: str, host: str) -> Everything:
    """What the facilitator of that token sees. Raises as `seat_of` does."""
    with database.reading() as connection:
        row = row_of(connection, code)
        if row["host"] != hash_of(host):
            raise NotYoursError
        every = select(PEOPLE).where(PEOPLE.c.room == row["code"], IS_HERE).order_by(PEOPLE.c.id)
        people = tuple(_person(one) for one in connection.execute(every).mappings())
        return Everything(as_room(row), people, submissions_in(connection, row["code"]))


def shown_to(database: Database, seat: Seat) -> Everything:
    """What a step that shows results shows to all of the room: every one, but nobody's name unless they allowed it.

    Raises:
        DatabaseError: it cannot be read.
    """
    with database.reading() as connection:
        submissions = submissions_in(connection, seat.room.code)
        may_be_named = [one.person for one in submissions if isinstance(one.said, Bet) and one.said.named]
        named = select(PEOPLE).where(PEOPLE.c.room == seat.room.code, PEOPLE.c.id.in_(may_be_named))
        people = tuple(_person(one) for one in connection.execute(named).mappings())
        return Everything(seat.room, people, submissions)


def hand_in(database: Database, seat: Seat, scenario: Scenario, key: str, said: Said) -> Submission:
    """Put a submission in place of this person's own on the same question; nobody else's is touched.

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
        where = [SUBMISSIONS.c[name] == value for name, value in mine.items()]
        before = connection.execute(select(SUBMISSIONS.c.version).where(*where)).scalar()
        version = (before or 0) + 1 + _taken_back(connection, mine)
        new = {"payload": said.model_dump_json(), "version": version, "at": int(time.time())}
        if before is None:
            connection.execute(SUBMISSIONS.insert().values(**mine, **new))
        else:
            connection.execute(SUBMISSIONS.update().where(*where).values(**new))
        return Submission(seat.person.id, key, found.round, said, version)


def _taken_back(connection: Connection, mine: Mapping[str, Any]) -> int:
    """Delete what the same person said on the same question in later rounds; how often that was handed in."""
    where = [SUBMISSIONS.c[name] == value for name, value in mine.items() if name != "round"]
    where.append(SUBMISSIONS.c.round > mine["round"])
    times = connection.execute(select(func.coalesce(func.sum(SUBMISSIONS.c.version), 0)).where(*where)).scalar_one()
    connection.execute(SUBMISSIONS.delete().where(*where))
    return int(times)


def _refuse_gone(connection: Connection, code: str, person: Person) -> None:
    mine = select(PEOPLE).where(PEOPLE.c.room == code, PEOPLE.c.id == person.id, IS_HERE)
    if connection.execute(mine).first() is None:
        raise MovedOnError("You were taken out of this room, so what you gave was not handed in.")


def refuse_late(seen: Room, now: Room, kind: str) -> None:
    """Raise OverError or MovedOnError where a room that was seen so does not take that kind any more."""
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


def submissions_in(connection: Connection, code: str, person: int | None = None) -> tuple[Submission, ...]:
    """What was handed in there, by that person or by anybody."""
    asked = (
        select(SUBMISSIONS)
        .where(SUBMISSIONS.c.room == code)
        .order_by(SUBMISSIONS.c.person, SUBMISSIONS.c.key, SUBMISSIONS.c.round)
    )
    if person is not None:
        asked = asked.where(SUBMISSIONS.c.person == person)
    rows = connection.execute(asked).mappings()
    return tuple(
        Submission(row["person"], row["key"], row["round"], read(row["kind"], row["payload"]), row["version"])
        for row in rows
    )
