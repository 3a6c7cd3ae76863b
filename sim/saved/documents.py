"""Scenario files that did not come with Ripple, kept by their content: what a name means never changes."""

import hashlib
import time
from contextlib import suppress

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from sim.experiments import library
from sim.saved.database import DOCUMENTS, SAVED, Database, DatabaseError
from sim.scenario.document import parse
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.files import scenario_of
from sim.scenario.scenario import Scenario
from sim.scenario.wording import clean

_DAY_SECONDS = 24 * 3_600

DELETED_SECONDS = 30 * _DAY_SECONDS
"""How long a saved scenario is still there after it was deleted."""

UNUSED_SECONDS = 365 * _DAY_SECONDS
"""How long, at the least, a scenario file that no saved scenario refers to is kept after it was last kept or opened.

Links may name it that nobody here knows of. Rooms name it too, and they are gone long before.
"""

REMEMBERED_SECONDS = 30 * _DAY_SECONDS
"""How long an opened file may be held in memory, and after which its next opening is noted here."""


def tidy(connection: Connection, now: int) -> None:
    """Delete what was deleted from the list, or not used, for too long; as part of what else is written.

    `now` is in seconds since 1970.
    """
    long_deleted = SAVED.c.deleted < now - DELETED_SECONDS
    connection.execute(SAVED.delete().where(long_deleted))
    unused = DOCUMENTS.c.used < now - UNUSED_SECONDS - 2 * REMEMBERED_SECONDS  # an opening may be noted that late
    connection.execute(DOCUMENTS.delete().where(unused, DOCUMENTS.c.name.not_in(select(SAVED.c.kept))))


MARK = "~"
"""What the name of a kept scenario begins with; no name in `scenarios/` does."""

MOST = 10_000
"""How many files are kept at once."""

_LETTERS = 24


def is_kept(name: str) -> bool:
    """Whether a scenario's name means a kept file rather than one that comes with Ripple."""
    return name.startswith(MARK)


def name_of(content: str) -> str:
    """The name that a file with this content is kept under, whatever is in it that nobody sees."""
    return MARK + hashlib.sha256(clean(content).encode()).hexdigest()[:_LETTERS]


def keep(database: Database, content: str, file: str = "the file") -> str:
    """Keep a scenario file; its name from now on. Keeping it twice is keeping it once.

    Raises:
        ScenarioError: every fault in the file; nothing is kept.
        DatabaseError: nothing is kept.
    """
    _read(content, file)
    kept, name = clean(content), name_of(content)
    with database.writing() as connection:
        if not _used(connection, name):
            tidy(connection, seconds_now())
            _check_room(connection, file)
            with suppress(IntegrityError), connection.begin_nested():  # somebody else keeps the same at this moment
                connection.execute(DOCUMENTS.insert().values(name=name, text=kept, used=seconds_now()))
    return name


def _used(connection: Connection, name: str) -> bool:
    """Note that a kept file is used now; whether there is one of that name."""
    return (
        connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.name == name).values(used=seconds_now())).rowcount == 1
    )


def _check_room(connection: Connection, file: str) -> None:
    there = connection.execute(select(func.count()).select_from(DOCUMENTS)).scalar_one()
    if there >= MOST:
        full = f"found {there:,} scenario files kept here; allowed: {MOST:,}. Open it with another database"
        raise ScenarioError((Fault(file, None, "", full),))


def keep_file(database: Database, raw: bytes, file: str) -> str:
    """Keep a file as somebody sent it. Raises as `keep`, also for what is too large or no UTF-8."""
    parse(raw, file)  # says what is wrong with the bytes
    return keep(database, raw.decode("utf-8-sig"), file)


def keep_shipped(database: Database, name: str) -> str:
    """Keep the file of a scenario that comes with Ripple as it is now; the name itself where it is kept already."""
    return name if is_kept(name) else keep(database, shipped(name), name)


def text_now(database: Database, name: str) -> str:
    """The file of any scenario as it is now. Raises as `text_of`, and where it does not come with Ripple."""
    return text_of(database, name) if is_kept(name) else shipped(name)


def is_edited(name: str, kept: str) -> bool:
    """Whether the file of a scenario is another than the one kept under `kept`, or has gone."""
    try:
        return not is_kept(name) and name_of(shipped(name)) != kept
    except ScenarioError:
        return True


def shipped(name: str) -> str:
    """The file of a scenario that comes with Ripple, never that of a path."""
    path = library.FOLDER / f"{name}.yaml"
    try:
        if path.parent != library.FOLDER:
            raise FileNotFoundError
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        missing = "no scenario of this name comes with Ripple any more; what was kept of it can still be opened"
        raise ScenarioError((Fault(name, None, "scenario", missing),)) from None


def text_of(database: Database, name: str) -> str:
    """The file kept under that name.

    Raises:
        ScenarioError: there is none here.
        DatabaseError: it cannot be read.
    """
    with database.reading() as connection:
        asked = select(DOCUMENTS.c.text, DOCUMENTS.c.used).where(DOCUMENTS.c.name == name)
        found = connection.execute(asked).first()
    if found is None:
        missing = "this scenario is not kept here; ask whoever made the link for its file, and open that"
        raise ScenarioError((Fault("scenario", None, "scenario", missing),))
    if found.used < seconds_now() - REMEMBERED_SECONDS:
        with suppress(DatabaseError), database.writing() as connection:  # what can be read is opened all the same
            _used(connection, name)
    return str(found.text)


def load(database: Database, name: str) -> Scenario:
    """The scenario kept under that name. Raises as `text_of`, and where its file fits this version no longer."""
    return _read(text_of(database, name), name)


def _read(content: str, file: str) -> Scenario:
    return scenario_of(parse(content, file), library.unknown_measures)


def seconds_now() -> int:
    """Seconds since 1970."""
    return int(time.time())
