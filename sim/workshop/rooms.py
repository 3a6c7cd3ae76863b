"""Opening rooms, finding them, and leading them from step to step; wrong codes are counted, so nobody tries all."""

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from sim.saved.database import IS_HERE, OVER, PEOPLE, ROOMS, SUBMISSIONS, Database
from sim.workshop.room import (
    LENGTH,
    MovedOnError,
    NoRoomError,
    NotYoursError,
    OverError,
    Room,
    RoomError,
    Settings,
    Step,
    hash_of,
    new_code,
    new_token,
    tidy,
)

A_PERSON, AN_ADDRESS, A_SERVER = 5, 20, 60
_MOST_ADDRESSES = 10_000
WINDOW_SECONDS = 60.0


class Tries:
    """Wrong tries of late. Once there are `most` of them within a minute, everybody it counts for has to wait."""

    def __init__(self, most: int) -> None:
        self._times: deque[float] = deque(maxlen=most)
        self._lock = threading.Lock()

    def count(self) -> None:
        """One more wrong try."""
        with self._lock:
            self._times.append(time.monotonic())

    @property
    def any_of_late(self) -> bool:
        """Whether there was one within the last minute."""
        with self._lock:
            return bool(self._times) and time.monotonic() - self._times[-1] < WINDOW_SECONDS

    @property
    def seconds_to_wait(self) -> int:
        """How long until the next try is allowed; 0: at once."""
        with self._lock:
            if len(self._times) < (self._times.maxlen or 0):
                return 0
            left = WINDOW_SECONDS - (time.monotonic() - self._times[0])
        return max(int(left) + 1, 0) if left > 0 else 0


class Everybody:
    """Wrong tries of everybody who comes to a server, by the address that they come from.

    Beyond what the whole server allows, only those addresses wait that tried a wrong code themselves: nobody can keep
    others out. Those without a known address count as one.
    """

    def __init__(self) -> None:
        self._all = Tries(A_SERVER)
        self._lock = threading.Lock()
        self._by: OrderedDict[str, Tries] = OrderedDict()

    def count(self, address: str | None) -> None:
        """One more wrong try from there."""
        self._all.count()
        where = network_of(address)
        if where is None:
            return
        with self._lock:
            tries = self._by.setdefault(where, Tries(AN_ADDRESS))
            self._by.move_to_end(where)
            if len(self._by) > _MOST_ADDRESSES:
                self._by.popitem(last=False)
        tries.count()

    def seconds_to_wait(self, address: str | None) -> int:
        """How long until the next try from there is allowed; 0: at once."""
        where = network_of(address)
        if where is None:
            return self._all.seconds_to_wait
        with self._lock:
            tries = self._by.get(where)
        if tries is None or not tries.any_of_late:
            return 0
        return max(tries.seconds_to_wait, self._all.seconds_to_wait)


def network_of(address: str | None) -> str | None:
    """What counts as one address: of IPv6 the 64 bits that a household has; None where it is none."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    return str(found if found.version == 4 else ipaddress.ip_network((int(found), 64), strict=False))


def wait_said(seconds: int) -> str:
    """Why there is a wait, and for how long."""
    return f"Too many wrong codes were tried just now. Wait {seconds} seconds, then try again."


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
    connection.execute(SUBMISSIONS.delete().where(SUBMISSIONS.c.room.in_(old)))
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
        submissions = select(func.coalesce(func.sum(SUBMISSIONS.c.version), 0)).where(
            SUBMISSIONS.c.room == room["code"]
        )
        return Pulse(
            room["version"],
            int(connection.execute(people).scalar_one()),
            int(connection.execute(submissions).scalar_one()),
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
