"""What nobody can come back to goes when something is saved; what a saved scenario or a link may need stays."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from sim.experiments import library
from sim.saved import documents, shelf
from sim.saved.database import DOCUMENTS, Database, DatabaseError
from sim.saved.shelf import Entry
from sim.scenario.faults import ScenarioError

TINY = library.path_of("tiny").read_text(encoding="utf-8")
DAY = 24 * 3_600

Clock = Callable[[int], None]


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Go to that many days after the test began."""
    began = int(time.time())

    def go(days: int) -> None:
        for module in (shelf, documents):
            monkeypatch.setattr(module, "seconds_now", lambda: began + days * DAY)

    return go


def entry(database: Database, note: str) -> Entry:
    """An entry whose story is a file of its own."""
    name = documents.keep(database, f"{TINY}# {note}\n")
    return Entry(note, name, name)


def is_there(database: Database, name: str) -> bool:
    """Whether a file is kept, without opening it."""
    with database.reading() as connection:
        return connection.execute(select(DOCUMENTS.c.name).where(DOCUMENTS.c.name == name)).first() is not None


def test_what_was_deleted_a_month_ago_goes_and_can_be_put_back_until_then(database: Database, after: Clock) -> None:
    after(0)
    first, second = (shelf.save(database, entry(database, name)) for name in ("A", "B"))
    gone = shelf.delete(database, first)
    after(20)
    later = shelf.delete(database, second)
    after(31)
    assert shelf.get(database, gone.id) == gone
    staying = shelf.save(database, entry(database, "C"))
    with pytest.raises(shelf.GoneError):
        shelf.restore(database, gone)
    assert shelf.restore(database, later).entry.name == "B"
    assert {one.id for one in shelf.listed(database)} == {second.id, staying.id}


def test_a_file_that_nobody_used_for_a_year_goes_unless_something_saved_refers_to_it(
    database: Database, after: Clock
) -> None:
    after(0)
    used, unused = entry(database, "used"), entry(database, "unused")
    shelf.save(database, used)
    after(424)
    entry(database, "later")
    assert is_there(database, unused.kept)
    after(426)
    entry(database, "later still")
    assert not is_there(database, unused.kept)
    assert is_there(database, used.kept)
    with pytest.raises(ScenarioError, match="not kept here"):
        documents.load(database, unused.kept)


def test_keeping_a_file_again_or_opening_it_keeps_it_for_another_year(database: Database, after: Clock) -> None:
    after(0)
    kept, opened = entry(database, "kept").kept, entry(database, "opened").kept
    after(200)
    assert documents.keep(database, f"{TINY}# kept\n") == kept
    documents.load(database, opened)
    after(400)
    entry(database, "later")
    assert is_there(database, kept)
    assert is_there(database, opened)


def test_what_goes_with_something_deleted_goes_with_it(database: Database, after: Clock) -> None:
    after(0)
    saved = shelf.save(database, entry(database, "A"))
    after(400)
    deleted = shelf.delete(database, saved)
    other = entry(database, "B")
    assert is_there(database, deleted.entry.kept)
    after(431)
    shelf.save(database, replace(other, name="B"))
    assert not is_there(database, deleted.entry.kept)


def test_a_file_opens_where_it_cannot_be_noted_that_it_was(
    database: Database, after: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(0)
    name = entry(database, "A").kept
    after(documents.REMEMBERED_SECONDS // DAY + 1)

    def busy(_: Database) -> None:
        raise DatabaseError("The database is busy.")

    monkeypatch.setattr(Database, "writing", busy)
    assert documents.load(database, name).title == "A tiny shop"
