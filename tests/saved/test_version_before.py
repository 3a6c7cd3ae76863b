"""What the version before wrote (of commit cfac851), found again by today's; `before.sql` is a dump of its database."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, select

from sim.saved import documents, shelf
from sim.saved.database import TABLES, Database
from sim.saved.shelf import Entry, SavedFigure
from sim.workshop import rooms, setting_up
from sim.workshop.people import Bet, FixPlan, Guess, everything_of, seat_of
from sim.workshop.room import Question, Settings, Step
from tests.postgresql import empty_database
from tests.workshop.rooms import BREAKS, FIX, LOSS, ROOF, SETTINGS, shop, small

WRITTEN = 1_790_000_000
"""Seconds since 1970 at which it began to write."""
KEPT, MADE = "~fd8043379ea359e64c6b4179", "~a9bb9805e97f66fa288575a6"
CODE, HOST = "6QGTWP", "H17Npdm9Ph3g80d205gbWA"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The database that the version before wrote, as today's opens it; and one of PostgreSQL with the same rows."""
    before = f"sqlite:///{tmp_path / 'saved.db'}"
    with closing(sqlite3.connect(tmp_path / "saved.db")) as written:
        written.executescript((Path(__file__).parent / "before.sql").read_text(encoding="utf-8"))
    if request.param == "sqlite":
        opened = Database(TABLES, before)
    else:
        opened = Database(TABLES, empty_database(request.getfixturevalue("postgresql")))
        with create_engine(before, poolclass=NullPool).connect() as rows, opened.writing() as now:
            for table in TABLES.sorted_tables:
                now.execute(table.insert(), [dict(row) for row in rows.execute(select(table)).mappings()])
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def soon_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms expire, and what was deleted goes after a month."""
    monkeypatch.setattr(time, "time", lambda: WRITTEN + 600.0)


def test_a_saved_scenario_is_there_with_all_that_was_saved(database: Database) -> None:
    changed, first = shelf.listed(database)
    figures = (
        SavedFigure("revenue_lost_per_year", 5120.25, 4800.5, 5440.0, 40, 12, 1),
        SavedFigure("contribution", None, None, None, 40, 12, 1),
    )
    said = {"note": "Two lines\nof a note; “quoted”, and a ’.", "author": "Ada"}
    sets = {"assets.trolleys.pool": 14, "weather.rain": 0.45}
    assert first.entry == Entry("Fourteen trolleys", "tiny", KEPT, **said, sets=sets, fixes=(FIX,), figures=figures)
    assert (first.id, first.version, first.created, first.changed) == ("0000000000000001", 1, WRITTEN, WRITTEN)
    assert shelf.get(database, first.id) == first
    assert (changed.entry.name, changed.version, changed.changed) == ("Changed since", 2, WRITTEN + 60)
    assert changed.entry.sets == {"assets.trolleys.breaks": 0.02}


def test_a_deleted_one_can_still_be_put_back(database: Database) -> None:
    (gone,) = shelf.deleted_lately(database, 10)
    assert (gone.entry.name, gone.entry.author, gone.entry.fixes) == ("Deleted", "Ben", (ROOF,))
    assert gone.deleted == WRITTEN + 120
    back = shelf.restore(database, gone)
    assert back.entry == gone.entry
    assert back in shelf.listed(database)


def test_the_scenario_files_are_there_under_names_that_are_still_theirs(database: Database) -> None:
    assert documents.text_of(database, KEPT) == shop()
    assert documents.name_of(shop()) == KEPT == documents.keep(database, shop())
    assert documents.load(database, KEPT) == small()
    assert documents.name_of(documents.text_of(database, MADE)) == MADE


def test_a_room_is_where_it_was_with_its_settings_and_all_its_people(database: Database) -> None:
    room = rooms.room_of(database, CODE)
    assert (room.scenario, room.made, room.step) == (KEPT, MADE, Step.OUTCOME)
    assert (room.locked, room.hidden, room.closed, room.is_over) == (False, True, False, False)
    assert (
        room.settings
        == SETTINGS
        == Settings(question=Question(measure="revenue_lost_per_year"), guesses=(BREAKS, LOSS), budget=800)
    )
    assert room.over == {Step.BETS, Step.GUESSES, Step.REVISE, Step.PLANS}
    assert rooms.is_host(database, CODE, HOST)
    assert not rooms.is_host(database, CODE, "another")
    assert [person.name for person in everything_of(database, CODE, HOST).people] == ["Ada", "Ben", "Cy"]


def test_everybody_finds_what_they_handed_in_by_their_own_link(database: Database) -> None:
    ada, ben, cy = (seat_of(database, CODE, f"token-of-{name}").submissions for name in ("Ada", "Ben", "Cy"))
    assert {(one.key, one.round, one.said) for one in ada} == {
        ("", 1, Bet(value=5000, named=True)),
        (BREAKS, 1, Guess(low=0.005, mode=0.01, high=0.02)),
        (BREAKS, 2, Guess(low=0.006, mode=0.012, high=0.024)),
        ("", 1, FixPlan(fixes=(ROOF,))),
    }
    assert {(one.key, one.said) for one in ben} == {
        ("", Bet(value=9000.5)),
        (BREAKS, Guess(low=0.01, mode=0.02, high=0.03)),
        (LOSS, Guess(low=0.03, mode=0.05, high=0.11)),
        ("", FixPlan(fixes=(FIX,))),
    }
    assert [(one.said, one.version) for one in cy] == [(Bet(value=4000), 2)]


def test_what_the_room_agreed_on_is_in_its_scenario(database: Database) -> None:
    every = everything_of(database, CODE, HOST)
    made = documents.load(database, MADE)
    pool = setting_up.pool_of(every.submissions, BREAKS)
    low, mode, high = pool.range(0, 1)
    said = made.assets[0].breaks
    assert (said.low, said.mode, said.high) == pytest.approx((low, mode, high), rel=1e-5)
    assert said.source == "pooled from 2 people in a workshop on 2026-09-20, revised once"
