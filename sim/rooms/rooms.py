"""Opening rooms, finding them, and leading them from step to step."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from sim.rooms.codes import LENGTH, hash_of, new_code, new_token, tidy
from sim.rooms.faults import MovedOnError, NoRoomError, NotYoursError, OverError
from sim.rooms.room import Room
from sim.rooms.settings import Settings
from sim.rooms.steps import Step
from sim.rooms.tables import PEOPLE, ROOMS, SLIPS
from sim.saved.database import Database

LIFETIME_SECONDS = 7 * 24 * 3_600
"""How long after it was opened a room takes anything."""
KEPT_SECONDS = 30 * 24 * 3_600
"""How long after it expired a room can be looked at; then it is deleted, with the names of its people."""
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
    """A new room on the scenario of that name. Raises DatabaseError: there is none then."""
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
        code = new_code()
        while connection.execute(select(ROOMS.c.code).where(ROOMS.c.code == code)).first():
            code = new_code()
        connection.execute(ROOMS.insert().values(code=code, **row))
    return Opened(code, host)


def _forget(connection: Connection, before: int) -> None:
    """Delete the rooms that expired before then, and the names in them."""
    old = select(ROOMS.c.code).where(ROOMS.c.expires < before)
    connection.execute(SLIPS.delete().where(SLIPS.c.room.in_(old)))
    connection.execute(PEOPLE.delete().where(PEOPLE.c.room.in_(old)))
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
        people = select(func.count()).where(PEOPLE.c.room == room["code"])
        slips = select(func.coalesce(func.sum(SLIPS.c.version), 0)).where(SLIPS.c.room == room["code"])
        return Pulse(
            room["version"], int(connection.execute(people).scalar_one()), int(connection.execute(slips).scalar_one())
        )


def change(database: Database, host: str, seen: Room, wanted: Room) -> Room:
    """Make the room as wanted; the room as it then is.

    `seen` is the room as its facilitator saw it: had somebody changed it since, nothing is done.

    Raises:
        NotYoursError: that token does not lead this room.
        OverError: it has expired; or it is closed, and the change is not to open it again.
        MovedOnError: it was changed since it was seen.
        DatabaseError: nothing was done.
    """
    with database.writing() as connection:
        row = row_of(connection, seen.code, for_writing=True)
        now = as_room(row)
        if row["host"] != hash_of(host):
            raise NotYoursError
        if now.version != seen.version:
            raise MovedOnError(
                "This room was changed elsewhere in the meantime, so nothing was done. Look at how it stands now."
            )
        refuse_over(now, unless=now.closed and not wanted.closed)
        version = seen.version + 1
        values = {name: getattr(wanted, name) for name in _LED}
        values |= {"settings": wanted.settings.model_dump_json(), "version": version}
        connection.execute(ROOMS.update().where(ROOMS.c.code == seen.code).values(values))
        return as_room(row_of(connection, seen.code))


def refuse_over(room: Room, unless: bool = False) -> None:
    """Raise OverError for a room that takes nothing any more."""
    if room.expired:
        raise OverError("This room has expired: it takes nothing any more.")
    if room.closed and not unless:
        raise OverError("This room is closed: it takes nothing any more.")


def row_of(connection: Connection, code: str, for_writing: bool = False) -> RowMapping:
    """The row of that room; for writing it is held, so that what else writes into the room waits. Raises NoRoomError.

    SQLite holds the whole database for whoever writes, and needs no more than that.
    """
    tidied = tidy(code)
    asked = select(ROOMS).where(ROOMS.c.code == tidied)
    found = connection.execute(asked.with_for_update() if for_writing else asked).mappings().first()
    if found is None or len(tidied) != LENGTH:
        raise NoRoomError
    return found


def as_room(row: RowMapping) -> Room:
    """The room that a row stands for."""
    said: dict[str, Any] = {name: row[name] for name in ("code", "version", "expires", *_LED)}
    return Room(**said | {"step": Step(row["step"]), "settings": Settings.model_validate_json(row["settings"])})
