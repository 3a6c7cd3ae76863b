"""The shelf of saved scenarios, on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from sim.experiments import library
from sim.saved import documents, shelf
from sim.saved.database import TABLES, Database
from sim.saved.shelf import Entry, EntryError, SavedFigure
from tests.saved.writers import acknowledged

TINY = library.path_of("tiny").read_text(encoding="utf-8")
FIGURES = (
    SavedFigure("contribution", -1_234.5, -1_300.25, -1_168.75, 4, 12, 1),
    SavedFigure("nps", None, None, None, 4, 12, 1),
)

MANY = [pytest.param(processes, 25, marks=pytest.mark.long) for processes in (8, 30)]


@pytest.fixture
def entry(database: Database) -> Entry:
    kept = documents.keep(database, TINY)
    sets = {"assets.trolleys.pool": 14, "assets.trolleys.breaks": 0.1 + 0.2}
    return Entry("Spring", "tiny", kept, "As agreed.", "Ann", sets, ("five_more_trolleys",), FIGURES)


def test_what_is_saved_is_there_again_to_the_last_digit(database: Database, entry: Entry) -> None:
    saved = shelf.save(database, entry)
    assert shelf.get(database, saved.id) == saved
    assert shelf.listed(database) == [saved]
    assert (saved.entry, saved.version, saved.deleted) == (entry, 1, None)


def test_the_one_changed_last_comes_first(database: Database, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "seconds_now", iter(range(1, 100)).__next__)
    first, second = (shelf.save(database, replace(entry, name=name)) for name in ("A", "B"))
    assert [one.entry.name for one in shelf.listed(database)] == ["B", "A"]
    changed = shelf.changed(database, first, replace(entry, name="A again", note=""))
    assert [one.entry.name for one in shelf.listed(database)] == ["A again", "B"]
    assert (changed.version, changed.created, changed.changed) == (2, first.created, 3)
    assert second.changed == 2


def test_a_change_of_what_somebody_else_has_changed_is_not_made_and_both_are_kept(
    database: Database, entry: Entry
) -> None:
    seen = shelf.save(database, entry)
    theirs = shelf.changed(database, seen, replace(entry, name="Theirs", author="Ben"))
    with pytest.raises(shelf.ConflictError, match="“Theirs” was changed by somebody else") as caught:
        shelf.changed(database, seen, replace(entry, name="Ours"))
    assert (caught.value.theirs, caught.value.ours.name) == (theirs, "Ours")
    assert shelf.get(database, seen.id) == theirs
    both = shelf.keep_both(database, caught.value)
    assert both.entry.name == "Ours (Ann’s version)"
    assert {one.entry.name for one in shelf.listed(database)} == {"Theirs", "Ours (Ann’s version)"}


def test_keeping_both_makes_room_in_a_long_name(database: Database, entry: Entry) -> None:
    seen = shelf.save(database, entry)
    theirs = shelf.changed(database, seen, entry)
    ours = replace(entry, name="n" * 80, author="a" * 60)
    both = shelf.keep_both(database, shelf.ConflictError(theirs, ours))
    assert both.entry.name == f"{'n' * 6}… ({'a' * 60}’s version)"


def test_deleting_can_be_undone(database: Database, entry: Entry) -> None:
    saved = shelf.save(database, entry)
    deleted = shelf.delete(database, saved)
    assert shelf.listed(database) == []
    restored = shelf.restore(database, deleted)
    assert shelf.listed(database) == [restored]
    assert restored.entry == entry


def test_those_deleted_last_are_first_and_what_was_put_back_is_not_among_them(
    database: Database, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "seconds_now", count(1).__next__)
    first, second, third = (shelf.delete(database, shelf.save(database, entry)) for _ in range(3))
    shelf.restore(database, second)
    assert shelf.deleted_lately(database, 5) == [third, first]
    assert shelf.deleted_lately(database, 1) == [third]


def test_nothing_is_deleted_that_somebody_else_has_changed(database: Database, entry: Entry) -> None:
    seen = shelf.save(database, entry)
    shelf.changed(database, seen, replace(entry, note="More."))
    with pytest.raises(shelf.ConflictError):
        shelf.delete(database, seen)
    assert len(shelf.listed(database)) == 1


def test_a_duplicate_is_one_of_its_own(database: Database, entry: Entry) -> None:
    saved = shelf.save(database, entry)
    copy = shelf.duplicate(database, saved.id, "Ben")
    assert copy.id != saved.id
    assert copy.entry == replace(entry, name="Spring (copy)", author="Ben")


def test_results_found_later_are_filled_in_without_a_new_version(database: Database, entry: Entry) -> None:
    saved = shelf.save(database, replace(entry, figures=()))
    shelf.note_figures(database, saved.id, FIGURES)
    assert shelf.get(database, saved.id) == replace(saved, entry=entry)
    shelf.note_figures(database, saved.id, ())
    assert shelf.get(database, saved.id).entry.figures == FIGURES


def test_what_is_not_there_is_said(database: Database) -> None:
    with pytest.raises(shelf.GoneError, match="no longer here"):
        shelf.get(database, "nowhere")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " \t "}, "The name is empty; allowed: 1 to 80 characters."),
        ({"name": "\u200b\u2060"}, "The name is empty; allowed: 1 to 80 characters."),
        ({"name": "\u00ad"}, "The name has nothing that can be seen"),
        ({"name": "n" * 81}, "The name has 81 characters; allowed: at most 80."),
        ({"name": "a\nb"}, r"The name contains the character U\+000A; allowed: whole letters on one line"),
        ({"name": "half \ud83d"}, r"U\+D83D"),
        ({"author": "a" * 61}, "The author’s name has 61 characters; allowed: at most 60."),
        ({"note": "n" * 2_001}, "The note has 2,001 characters; allowed: at most 2000."),
        ({"note": "half \ud83d"}, r"The note contains the character U\+D83D"),
        ({"sets": {"assets.trolleys.pool": float("nan")}}, "A lever stands at no finite number"),
        ({"fixes": ("f",) * 501}, "More than 500 levers and fixes are chosen"),
    ],
)
def test_what_cannot_be_kept_is_said_and_not_kept(
    database: Database, entry: Entry, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(EntryError, match=said):
        shelf.save(database, replace(entry, **wrong))  # type: ignore[arg-type]
    assert shelf.listed(database) == []


def test_what_nobody_sees_is_not_kept(database: Database, entry: Entry) -> None:
    typed = replace(entry, name="\u202egnp.exe\0", author="A\u200bnn", note="bell \x07\r\nand\u2028more\tthere\x7f")
    kept = shelf.save(database, typed).entry
    assert (kept.name, kept.author, kept.note) == ("gnp.exe", "Ann", "bell \nandmore\tthere")


@pytest.mark.attack
def test_names_in_any_script_and_markup_are_kept_as_they_are(database: Database, entry: Entry) -> None:
    name = "<b>購物車</b> 🛒 '); DROP TABLE documents; --"
    saved = shelf.save(database, replace(entry, name=f"  {name} ", note="two\r\nlines\tand a tab"))
    assert shelf.get(database, saved.id).entry.name == name
    assert shelf.get(database, saved.id).entry.note == "two\nlines\tand a tab"


def test_a_full_shelf_says_so_and_deleting_makes_room(
    database: Database, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST", 2)
    first, _ = shelf.save(database, entry), shelf.save(database, entry)
    with pytest.raises(EntryError, match="There are 2 saved scenarios; allowed: 2"):
        shelf.save(database, entry)
    deleted = shelf.delete(database, first)
    shelf.save(database, entry)
    with pytest.raises(EntryError, match="allowed: 2"):
        shelf.restore(database, deleted)


@pytest.mark.attack
@pytest.mark.parametrize(("processes", "changes"), [(3, 20), *MANY])
def test_no_change_of_many_at_once_is_lost(
    url: str, database: Database, entry: Entry, processes: int, changes: int
) -> None:
    saved = shelf.save(database, replace(entry, note="0"))
    assert acknowledged("shelf", url, saved.id, processes, changes) == processes * changes
    found = shelf.get(database, saved.id)
    assert (int(found.entry.note), found.version) == (processes * changes, processes * changes + 1)


@pytest.mark.parametrize(("processes", "changes"), [(3, 20), *MANY])
def test_an_sqlite_file_is_locked_from_the_first_reading_on(tmp_path: Path, processes: int, changes: int) -> None:
    url = f"sqlite:///{tmp_path / 'saved.db'}"
    database = Database(TABLES, url)
    saved = shelf.save(database, Entry("Count", "tiny", documents.keep(database, TINY), note="0"))
    assert acknowledged("counter", url, saved.id, processes, changes) == processes * changes
    assert shelf.get(database, saved.id).entry.note == str(processes * changes)
