"""The database when it is locked, full, read-only, damaged or gone: a sentence each time, and nothing half-written."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Column, Float, MetaData, Table, Text, event, select

from sim.saved import database as databases
from sim.saved.database import DOCUMENTS, TABLES, Database, DatabaseError
from tests.postgresql import empty_database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "saved.db"


@pytest.fixture
def sqlite(file: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(databases, "PATIENCE_SECONDS", 0.1)
    return Database(TABLES, f"sqlite:///{file}")


def write(database: Database, name: str, text: str = "text") -> None:
    with database.writing() as connection:
        connection.execute(DOCUMENTS.insert().values(name=name, text=text, used=0))


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(DOCUMENTS.c.name).order_by(DOCUMENTS.c.name)).scalars())


@pytest.mark.attack
def test_what_fails_half_way_is_not_written_at_all(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(DOCUMENTS.insert().values(name="~a", text="", used=0))
        raise RuntimeError
    assert names(database) == []


def test_reading_sees_one_state_while_somebody_writes(database: Database) -> None:
    write(database, "~a")
    with database.reading() as connection:
        before = connection.execute(select(DOCUMENTS.c.name)).scalars().all()
        write(database, "~b")
        assert connection.execute(select(DOCUMENTS.c.name)).scalars().all() == before
    assert names(database) == ["~a", "~b"]


def test_nothing_can_be_written_while_reading_from_postgresql(postgresql: str) -> None:
    database = Database(TABLES, f"{postgresql}postgres")
    with pytest.raises(DatabaseError, match="cannot be written: it is read-only"), database.reading() as connection:
        connection.execute(DOCUMENTS.insert().values(name="~a", text="", used=0))
    database.close()


def test_opening_it_again_finds_what_was_written(url: str) -> None:
    for name in ("~a", "~b"):
        opened = Database(TABLES, url)
        write(opened, name)
        opened.close()
    again = Database(TABLES, url)
    assert names(again) == ["~a", "~b"]
    again.close()


def read_only(raw: sqlite3.Connection, _record: object) -> None:
    raw.execute("PRAGMA query_only = ON")  # as for a file without leave to write, which means nothing to root


def no_room(raw: sqlite3.Connection, _record: object) -> None:
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 1}")


@pytest.mark.attack
@pytest.mark.parametrize(
    ("trouble", "said"), [(read_only, "cannot be written: its file or folder is read-only"), (no_room, "is full")]
)
def test_a_disk_that_takes_no_more_is_said_and_used_again_once_it_does(
    sqlite: Database, trouble: Callable[..., None], said: str
) -> None:
    event.listen(sqlite.engine, "connect", trouble)
    with pytest.raises(DatabaseError, match=said):
        write(sqlite, "~a", "x" * 100_000)
    assert names(sqlite) == []
    event.remove(sqlite.engine, "connect", trouble)
    write(sqlite, "~a", "x" * 100_000)
    assert names(sqlite) == ["~a"]


def test_a_file_that_others_keep_locked_is_said_and_still_read(sqlite: Database, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError, match="is busy: others kept writing for five seconds"):
        write(sqlite, "~a")
    assert names(sqlite) == []
    other.close()
    write(sqlite, "~a")


def test_writers_of_one_process_take_turns_and_none_waits_for_ever(sqlite: Database) -> None:
    with sqlite.writing() as connection:
        connection.execute(DOCUMENTS.insert().values(name="~a", text="", used=0))
        with pytest.raises(DatabaseError, match="is busy"), sqlite.writing():
            pass
    write(sqlite, "~b")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: patient(sqlite, f"~{number}"), range(40)))
    assert len(names(sqlite)) == 42


def patient(database: Database, name: str) -> None:
    """Written as soon as it can be; the fixture leaves a tenth of a second to wait."""
    while True:
        try:
            return write(database, name)
        except DatabaseError:
            continue


def test_a_file_that_is_gone_is_said_and_never_made_anew(sqlite: Database, file: Path) -> None:
    write(sqlite, "~a")
    away = file.rename(file.with_suffix(".away"))
    with pytest.raises(DatabaseError, match="cannot be opened: its file or folder is gone"):
        write(sqlite, "~b")
    assert not file.exists()
    away.rename(file)
    assert names(sqlite) == ["~a"]


def test_a_file_that_is_no_database_is_said_and_left_alone(file: Path) -> None:
    file.write_text("my shopping list, which is longer than the header of a database file, by some way or other")
    before = file.read_text()
    with pytest.raises(DatabaseError, match="its file is no database"):
        Database(TABLES, f"sqlite:///{file}")
    assert file.read_text() == before


def test_a_file_that_is_locked_while_it_is_opened_is_said_to_be_busy(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "PATIENCE_SECONDS", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE theirs (a)")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseError, match=databases.BUSY):
        Database(TABLES, f"sqlite:///{file}")
    other.close()


def test_a_folder_that_cannot_be_made_is_said(file: Path) -> None:
    file.write_text("a file where a folder should be")
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Database(TABLES, f"sqlite:///{file}/saved.db")


@pytest.mark.attack
@pytest.mark.parametrize("url", ["nonsense", "mysql://someone:secret@host/name", "sqlite://", "postgresql://host"])
def test_a_url_that_is_none_of_ours_is_said_and_never_repeated(url: str) -> None:
    with pytest.raises(DatabaseError, match="allowed: sqlite:///FILE, or postgresql://") as caught:
        Database(TABLES, url)
    assert "secret" not in str(caught.value)


def test_a_postgresql_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(DatabaseError, match="does not answer as it should") as caught:
        Database(TABLES, "postgresql://ripple:secret@127.0.0.1:1/saved")
    assert "secret" not in str(caught.value)


@pytest.mark.attack
def test_a_wrong_password_is_said_and_not_repeated(postgresql: str) -> None:
    wrong = postgresql.replace("ripple:", "ripple:wrong")
    with pytest.raises(DatabaseError, match=r"does not answer as it should.*lets Ripple in") as caught:
        Database(TABLES, f"{wrong}postgres")
    assert wrong.split(":")[2].split("@")[0] not in str(caught.value)


@pytest.fixture
def impatient(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Database, str]]:
    """A database in PostgreSQL that waits three seconds for nothing, and its URL."""
    monkeypatch.setattr(databases, "PATIENCE_SECONDS", 3)
    url = empty_database(postgresql)
    opened = Database(TABLES, url)
    yield opened, url
    opened.close()


def test_a_table_that_others_keep_locked_in_postgresql_is_not_waited_for_without_end(
    impatient: tuple[Database, str],
) -> None:
    database, url = impatient
    with psycopg.connect(url, options="-c idle_in_transaction_session_timeout=300000") as other:
        other.execute("LOCK TABLE documents IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseError, match="is busy: others kept writing for five seconds"):
            write(database, "~a")
        with pytest.raises(DatabaseError, match="is busy"):
            names(database)
    write(database, "~a")
    assert names(database) == ["~a"]


def test_when_every_connection_is_in_use_the_next_is_told_so(impatient: tuple[Database, str]) -> None:
    database, _ = impatient
    with ExitStack() as held, pytest.raises(DatabaseError, match="is busy: too many ask it at once"):
        for _ in range(50):
            held.enter_context(database.reading())
    assert names(database) == []


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("SELECT pg_sleep(600)", "took too long over it"),
        ("DO $$ BEGIN RAISE 'no' USING ERRCODE = '53100'; END $$", "is full"),
        ("DO $$ BEGIN RAISE 'no' USING ERRCODE = '42501'; END $$", "Ripple has no right to its tables"),
    ],
)
def test_what_postgresql_reports_is_said(
    postgresql: str, monkeypatch: pytest.MonkeyPatch, trouble: str, said: str
) -> None:
    monkeypatch.setattr(databases, "_STATEMENT_SECONDS", 2)
    database = Database(TABLES, empty_database(postgresql))
    with pytest.raises(DatabaseError, match=said), database.writing() as connection:
        connection.exec_driver_sql(trouble)
    database.close()


def test_how_long_postgresql_waits_can_be_said_in_the_url(postgresql: str) -> None:
    database = Database(TABLES, f"{empty_database(postgresql)}?options=-c%20statement_timeout%3D7000")
    with database.reading() as connection:
        shown = [connection.exec_driver_sql(f"SHOW {name}_timeout").scalar() for name in ("statement", "lock")]
    assert shown == ["7s", "5s"]
    database.close()


def test_a_database_of_another_version_is_said_and_left_as_it_is(url: str) -> None:
    older, newer = MetaData(), MetaData()
    Table("things", older, Column("name", Text))
    Table("things", newer, Column("name", Text), Column("weight_kg", Float))
    Database(older, url).close()
    with pytest.raises(DatabaseError, match=r"another version of Ripple: its table things has no weight_kg\."):
        Database(newer, url)
    Database(older, url).close()
