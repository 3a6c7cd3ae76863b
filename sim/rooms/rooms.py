"""Opening rooms, finding them, and leading them from step to step."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from sim.rooms.codes import LENGTH, hash_of, new_code, new_token, tidy
from sim.rooms.faults import MovedOnError, NoRoomError, NotYoursError, OverError, RoomError
from sim.rooms.room import Room
from sim.rooms.settings import Settings
from sim.rooms.steps import Step
from sim.rooms.tables import IS_HERE, OVER, PEOPLE, ROOMS, SLIPS
from sim.saved.database import Database

LIFETIME_SECONDS = 7 * 24 * 3_600
"""How long after it was opened a room takes anything."""
KEPT_SECONDS = 30 * 24 * 3_600
"""How long after it expired a room can be looked at; then it is deleted, with the names of its people."""
MOST = 1_000
"""How many rooms there may be at once that have not expired."""
_LED = ("step", "locked", "hidden", "closed", "made", "scenario")


@dataclass(frozen=True)
class Opened:
    """A new room's code, and the token by which its facilitator comes back."""

    code: str
    host: str


@dataclass(frozen=True)
class Pulse:
    """By which a page tells whether anything happened: the room's version, people, and how often was handed in."""

    version: int
    people: int
    handed_in: int


def open_room(database: Database, scenario: str, settings: Settings) -> Opened:
    """A new room on the scenario of that name. Raises DatabaseError or, where there are too many, RoomError."""
    host, now = new_token(), int(time.time())
    row = {
        "version": 1,
        "scenario": scenario,
        "step": Step.LOBBY.value,
        "locked": False,
        "hidden": False,
        "closed": False,
        "settings": settings.model_dump_json(),
        "host": hash_of(host),
        "opened": now,
        "expires": now + LIFETIME_SECONDS,
    }
    with database.writing() as connection:
        _forget(connection, now - KEPT_SECONDS)
        _check_number(connection, now)
        code = new_code()
        while connection.execute(select(ROOMS.c.code).where(ROOMS.c.code == code)).first():
            code = new_code()
        connection.execute(ROOMS.insert().values(code=code, **row))
    return Opened(code, host)


def _check_number(connection: Connection, now: int) -> None:
    """Closed rooms count too: they can be opened again."""
    there = connection.execute(select(func.count()).where(ROOMS.c.expires > now)).scalar_one()
    if there >= MOST:
        raise RoomError(f"{there:,} rooms of the last seven days are here; allowed: {MOST:,}. Try again tomorrow.")


def _forget(connection: Connection, before: int) -> None:
    """Delete the rooms that expired before then, and the names in them."""
    old = select(ROOMS.c.code).where(ROOMS.c.expires < before)
    connection.execute(SLIPS.delete().where(SLIPS.c.room.in_(old)))
    connection.execute(PEOPLE.delete().where(PEOPLE.c.room.in_(old)))
    connection.execute(OVER.delete().where(OVER.c.room.in_(old)))
    connection.execute(ROOMS.delete().where(ROOMS.c.expires < before))


def room_of(database: Database, code: str) -> Room:
    """The room of that code, however it was typed.

    Raises:
        NoRoomError: there is none.
        DatabaseError: it cannot be read.
    """
    with database.reading() as connection:
        return as_room(row_of(connection, code))


def is_host(database: Database, code: str, host: str) -> bool:
    """Whether that token is the facilitator's of that room. Raises as `room_of` does."""
    with database.reading() as connection:
        return bool(row_of(connection, code)["host"] == hash_of(host))


def pulse_of(database: Database, code: str) -> Pulse:
    """How far a room is. Raises as `room_of` does."""
    with database.reading() as connection:
        room = row_of(connection, code)
        people = select(func.count()).where(PEOPLE.c.room == room["code"], IS_HERE)
        slips = select(func.coalesce(func.sum(SLIPS.c.version), 0)).where(SLIPS.c.room == room["code"])
        return Pulse(
            room["version"], int(connection.execute(people).scalar_one()), int(connection.execute(slips).scalar_one())
        )


def change(database: Database, host: str, seen: Room, wanted: Room) -> Room:
    """Make the room as wanted, but for what it is set up with; the room as it then is.

    `seen` is the room as its facilitator saw it: had somebody changed it since, nothing is done. Of a room that is over
    results can still be hidden and shown, for it can still be looked at.

    Raises:
        NotYoursError: that token does not lead this room.
        OverError: it has expired; or it is closed, and the change is not to open it again.
        MovedOnError: it was changed since it was seen.
        DatabaseError: nothing was done.
    """
    with database.writing() as connection:
        now = as_seen(connection, host, seen)
        wanted = replace(wanted, settings=now.settings)
        if wanted != replace(now, hidden=wanted.hidden):
            refuse_over(now, unless=now.closed and not wanted.closed)
        return write(connection, wanted)


def as_seen(connection: Connection, host: str, seen: Room) -> Room:
    """The room, held for writing. Raises NotYoursError or MovedOnError as `change` does."""
    row = row_of(connection, seen.code, for_writing=True)
    if row["host"] != hash_of(host):
        raise NotYoursError
    if row["version"] != seen.version:
        raise MovedOnError(
            "This room was changed elsewhere in the meantime, so nothing was done. Look at how it stands now."
        )
    return as_room(row)


def write(connection: Connection, wanted: Room, taken_out: int = 0) -> Room:
    """Write a room that is held; the room as it then is.

    `taken_out` is how often that was handed in which is deleted together with this: the version grows by as much, so
    that whatever happens makes a pulse grow.
    """
    values = {name: getattr(wanted, name) for name in _LED}
    values |= {"settings": wanted.settings.model_dump_json(), "version": wanted.version + 1 + taken_out}
    connection.execute(ROOMS.update().where(ROOMS.c.code == wanted.code).values(values))
    connection.execute(OVER.delete().where(OVER.c.room == wanted.code))
    if wanted.over:
        connection.execute(OVER.insert(), [{"room": wanted.code, "step": step.value} for step in sorted(wanted.over)])
    return as_room(row_of(connection, wanted.code))


def refuse_over(room: Room, unless: bool = False) -> None:
    """Raise OverError for a room that takes nothing any more."""
    if room.expired:
        raise OverError("This room has expired: it takes nothing any more.")
    if room.closed and not unless:
        raise OverError("This room is closed: it takes nothing any more.")


def row_of(connection: Connection, code: str, for_writing: bool = False) -> Mapping[str, Any]:
    """The row of that room; for writing it is held, so that what else writes into the room waits. Raises NoRoomError.

    SQLite holds the whole database for whoever writes, and needs no more than that.
    """
    tidied = tidy(code)
    asked = select(ROOMS).where(ROOMS.c.code == tidied)
    found = connection.execute(asked.with_for_update() if for_writing else asked).mappings().first()
    if found is None or len(tidied) != LENGTH:
        raise NoRoomError
    over = connection.execute(select(OVER.c.step).where(OVER.c.room == tidied)).scalars()
    return {**found, "over": frozenset(Step(step) for step in over)}


def as_room(row: Mapping[str, Any]) -> Room:
    """The room that a row stands for."""
    said: dict[str, Any] = {name: row[name] for name in ("code", "version", "expires", "over", *_LED)}
    return Room(**said | {"step": Step(row["step"]), "settings": Settings.model_validate_json(row["settings"])})
