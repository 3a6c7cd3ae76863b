"""Saved scenarios: kept under a name, changed by many, and never lost or overwritten unseen."""

import math
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from sim.saved.database import SAVED, Database
from sim.saved.documents import seconds_now, tidy
from sim.scenario.wording import clean

LONGEST_NAME, LONGEST_NOTE, LONGEST_AUTHOR = 80, 2_000, 60
_MOST_CHOSEN = 500
# What would end a line, and half characters; what nobody sees is taken out before.
_UNFIT = re.compile("[\t\n\ud800-\udfff]")


class EntryError(ValueError):
    """A sentence on what was entered and what is allowed; nothing was kept."""


@dataclass(frozen=True)
class SavedFigure:
    """One headline result: a mean with its 95% interval, and what it was simulated with; None is not known."""

    measure: str
    mean: float | None
    low: float | None
    high: float | None
    runs: int
    weeks: int
    seed: int


@dataclass(frozen=True)
class Entry:
    """A choice under a name: of a scenario, of where its levers stand and of fixes, with what it came to.

    `scenario` is the name that it was chosen under and `kept` the name of that scenario's file as it then was, which
    later editing of a file that comes with Ripple does not change. `figures` is empty where none are known.
    """

    name: str
    scenario: str
    kept: str
    note: str = ""
    author: str = ""
    sets: Mapping[str, float] = field(default_factory=dict)
    fixes: tuple[str, ...] = ()
    figures: tuple[SavedFigure, ...] = ()


def checked(entry: Entry) -> Entry:
    """The entry as it is kept: without spaces around what was written, and without characters that nobody sees.

    Raises:
        EntryError: what is wrong with the first thing that is, and what is allowed.
    """
    name = _line("name", entry.name, LONGEST_NAME)
    if not name:
        raise EntryError(f"The name is empty; allowed: 1 to {LONGEST_NAME} characters.")
    if len(entry.sets) + len(entry.fixes) > _MOST_CHOSEN:
        raise EntryError(f"More than {_MOST_CHOSEN} levers and fixes are chosen; allowed: that many.")
    if not all(math.isfinite(value) for value in entry.sets.values()):
        raise EntryError("A lever stands at no finite number; allowed: a number on its slider.")
    author = _line("author’s name", entry.author, LONGEST_AUTHOR)
    return replace(entry, name=name, author=author, note=_note(entry.note))


def _line(what: str, text: str, longest: int) -> str:
    kept = clean(text).strip()
    if len(kept) > longest:
        raise EntryError(f"The {what} has {len(kept):,} characters; allowed: at most {longest}.")
    if unfit := _UNFIT.search(kept):
        raise EntryError(
            f"The {what} contains the character U+{ord(unfit[0]):04X}; allowed: whole letters on one line."
        )
    if kept and not any(letter.isprintable() and not letter.isspace() for letter in kept):
        raise EntryError(f"The {what} has nothing that can be seen; allowed: letters, digits and signs.")
    return unicodedata.normalize("NFC", kept)


def _note(text: str) -> str:
    """A note may have lines; what nobody sees is lost of it, and what kind of line end there was."""
    kept = clean(text).strip()
    _line("note", kept.replace("\n", " ").replace("\t", " "), LONGEST_NOTE)
    return unicodedata.normalize("NFC", kept)


MOST = 5_000
"""How many saved scenarios there may be at once; deleted ones do not count."""


@dataclass(frozen=True)
class Saved:
    """A saved scenario: what was entered, and its history. Times are seconds since 1970; `deleted` None: it is listed.

    `version` counts its changes; one is only ever made on the version that whoever makes it has seen.
    """

    id: str
    version: int
    entry: Entry
    created: int
    changed: int
    deleted: int | None


class GoneError(Exception):
    """No such saved scenario: it never was, or somebody deleted it. Says so in a sentence."""


class ConflictError(Exception):
    """Somebody else changed it first; nothing was written. `theirs` is on the shelf, `ours` was to be."""

    def __init__(self, theirs: Saved, ours: Entry) -> None:
        self.theirs, self.ours = theirs, ours
        super().__init__(f"“{theirs.entry.name}” was changed by somebody else while you had it open.")


def save(database: Database, entry: Entry) -> Saved:
    """Save an entry as one more.

    Raises:
        EntryError: what cannot be kept, or that there is no room for one more.
        DatabaseError: it was not saved.
    """
    kept = checked(entry)
    with database.writing() as connection:
        return _added(connection, kept)


def listed(database: Database) -> list[Saved]:
    """All that are not deleted, those changed last first. Raises DatabaseError."""
    rows = select(SAVED).where(SAVED.c.deleted.is_(None)).order_by(SAVED.c.changed.desc(), SAVED.c.id)
    with database.reading() as connection:
        return [_saved(row) for row in connection.execute(rows)]


def deleted_lately(database: Database, at_most: int) -> list[Saved]:
    """Those deleted that can still be put back, the last ones first. Raises DatabaseError."""
    order = SAVED.c.deleted.desc(), SAVED.c.id
    rows = select(SAVED).where(SAVED.c.deleted.is_not(None)).order_by(*order).limit(at_most)
    with database.reading() as connection:
        return [_saved(row) for row in connection.execute(rows)]


def get(database: Database, id: str) -> Saved:
    """The one of that id, deleted or not. Raises GoneError, DatabaseError."""
    with database.reading() as connection:
        return _there(connection, id)


def changed(database: Database, seen: Saved, entry: Entry) -> Saved:
    """The one that was seen, with that entry instead.

    Raises:
        ConflictError: it has been changed or deleted since it was seen.
        EntryError: what cannot be kept.
        GoneError: there is none.
        DatabaseError: nothing was changed.
    """
    return _changed(database, seen, checked(entry), None)


def delete(database: Database, seen: Saved) -> Saved:
    """Take it off the list; `restore` puts it back. Raises as `changed`."""
    return _changed(database, seen, seen.entry, seconds_now())


def restore(database: Database, seen: Saved) -> Saved:
    """Put a deleted one back on the list. Raises as `changed`, and EntryError where there is no room for one more."""
    return _changed(database, seen, seen.entry, None)


def duplicate(database: Database, id: str, author: str) -> Saved:
    """One more like it, called a copy and by that author. Raises as `save` and `get`."""
    with database.writing() as connection:
        entry = _there(connection, id).entry
        return _added(connection, checked(replace(entry, name=_with_suffix(entry.name, "copy"), author=author)))


def keep_both(database: Database, conflict: ConflictError) -> Saved:
    """Save what could not be changed as one of its own, beside the other. Raises as `save`."""
    ours = conflict.ours
    whose = f"{ours.author}’s version" if ours.author else "another version"
    return save(database, replace(ours, name=_with_suffix(ours.name, whose)))


def note_figures(database: Database, id: str, figures: tuple[SavedFigure, ...]) -> None:
    """Fill in headline results that were not known when it was saved.

    They follow from what was saved, so that this is no new version. Raises GoneError, DatabaseError.
    """
    with database.writing() as connection:
        if not _there(connection, id).entry.figures:
            said = [asdict(figure) for figure in figures]
            connection.execute(update(SAVED).where(SAVED.c.id == id).values(figures=said))


def _added(connection: Connection, entry: Entry) -> Saved:
    now = seconds_now()
    tidy(connection, now)
    _check_room(connection)
    saved = Saved(secrets.token_hex(8), 1, entry, now, now, None)
    connection.execute(SAVED.insert().values(_row(saved)))
    return saved


def _changed(database: Database, seen: Saved, entry: Entry, deleted: int | None) -> Saved:
    new = replace(seen, version=seen.version + 1, entry=entry, changed=seconds_now(), deleted=deleted)
    unchanged = (SAVED.c.id == seen.id) & (SAVED.c.version == seen.version)
    with database.writing() as connection:
        if seen.deleted is not None and deleted is None:
            _check_room(connection)
        values = {name: value for name, value in _row(new).items() if name not in ("id", "created", "figures")}
        if connection.execute(update(SAVED).where(unchanged).values(values)).rowcount == 1:
            return _there(connection, seen.id)
        raise ConflictError(_there(connection, seen.id), entry)


def _check_room(connection: Connection) -> None:
    there = connection.execute(select(func.count()).where(SAVED.c.deleted.is_(None))).scalar_one()
    if there >= MOST:
        raise EntryError(f"There are {there:,} saved scenarios; allowed: {MOST:,}. Delete some, then save again.")


def _there(connection: Connection, id: str) -> Saved:
    row = connection.execute(select(SAVED).where(SAVED.c.id == id)).first()
    if row is None:
        raise GoneError("This saved scenario is no longer here.")
    return _saved(row)


def _saved(row: Row[Any]) -> Saved:
    said: dict[str, Any] = dict(row._mapping)
    figures = tuple(SavedFigure(**figure) for figure in said["figures"])
    texts = {name: said[name] for name in ("name", "scenario", "kept", "note", "author", "sets")}
    entry = Entry(**texts, fixes=tuple(said["fixes"]), figures=figures)
    return Saved(said["id"], said["version"], entry, said["created"], said["changed"], said["deleted"])


def _row(saved: Saved) -> dict[str, Any]:
    said: dict[str, Any] = asdict(saved)
    entry: dict[str, Any] = said.pop("entry")
    return said | entry | {"fixes": list(entry["fixes"]), "figures": list(entry["figures"])}


def _with_suffix(name: str, suffix: str) -> str:
    """The name with that in brackets; what is too long is cut out of the name."""
    room = LONGEST_NAME - len(suffix) - 3
    return f"{name if len(name) <= room else name[: room - 1] + '…'} ({suffix})"
