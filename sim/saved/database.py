"""The database that saved things are kept in: an SQLite file, or PostgreSQL where a URL names one; and its tables."""

import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoneFreeError

TABLES = MetaData()

DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("name", Text, primary_key=True, comment="a mark and the first digits of the SHA-256 of the text"),
    Column("text", Text, nullable=False, comment="a scenario file, whole"),
    Column("used", BigInteger, nullable=False, index=True, comment="seconds since 1970: last kept or opened"),
)

SAVED = Table(
    "saved_scenarios",
    TABLES,
    Column("id", Text, primary_key=True, comment="random, so that nobody can guess it"),
    Column("version", Integer, nullable=False, comment="counts its changes; a change names the one it was made on"),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False, comment="empty where none was given"),
    Column("scenario", Text, nullable=False, comment="the name that it was chosen under"),
    Column("kept", Text, ForeignKey(DOCUMENTS.c.name), nullable=False, comment="the scenario's file when it was saved"),
    Column("sets", JSON, nullable=False, comment="a value by its lever's path"),
    Column("fixes", JSON, nullable=False, comment="ids of fixes"),
    Column("figures", JSON, nullable=False, comment="headline results, empty where they were not known"),
    Column("created", BigInteger, nullable=False, comment="seconds since 1970, as are the others"),
    Column("changed", BigInteger, nullable=False),
    Column("deleted", BigInteger, index=True, comment="nothing while it is on the list"),
)

ROOMS = Table(
    "rooms",
    TABLES,
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False, comment="counts what the facilitator did"),
    Column("scenario", Text, nullable=False, comment="the name of the scenario it was opened on"),
    Column("made", Text, comment="the name of the scenario with the room's own numbers, once there is one"),
    Column("step", Text, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("settings", Text, nullable=False, comment="JSON, see Settings"),
    Column("host", Text, nullable=False, comment="SHA-256 of the facilitator's token"),
    Column("opened", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
)

OVER = Table(
    "steps_over",
    TABLES,
    Column("room", Text, ForeignKey("rooms.code"), primary_key=True),
    Column("step", Text, primary_key=True, comment="took slips, and was left for a later one"),
)

PEOPLE = Table(
    "people",
    TABLES,
    Column("room", Text, ForeignKey("rooms.code"), primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False, comment="from 1, in the order of joining"),
    Column("token", Text, nullable=False, comment="SHA-256 of the person's own token"),
    Column("name", Text, nullable=False),
    Column("joined", BigInteger, nullable=False),
    UniqueConstraint("room", "token"),
)

IS_HERE = PEOPLE.c.name != ""
"""Who was not taken out. Whoever was leaves their number behind, without name or token, so that nobody gets it."""

SUBMISSIONS = Table(
    "slips",
    TABLES,
    Column("room", Text, primary_key=True),
    Column("person", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True, comment="bet, guess or plan"),
    Column("key", Text, primary_key=True, comment="the path guessed at; empty for a bet or a plan"),
    Column("round", Integer, primary_key=True, autoincrement=False, comment="2: revised"),
    Column("payload", Text, nullable=False, comment="JSON, see Bet, Guess and Plan"),
    Column("version", Integer, nullable=False, comment="how many times it was handed in"),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["room", "person"], ["people.room", "people.id"]),
)
"""What each person has handed in: one slip a question and round, replaced by handing in again."""


URL_VARIABLE = "RIPPLE_DATABASE"
"""The environment variable that names a database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`."""

PATIENCE_SECONDS = 5  # how long a write waits for other writers before it says so
_STATEMENT_SECONDS = 30  # what takes longer is none of ours, or will never end
_IDLE_SECONDS = 60  # after which PostgreSQL lets go of what a process that hangs had locked
_READS = {"reads": True}
_ONE_AT_A_TIME = 7_250_031  # any number: the lock under which PostgreSQL's tables are made

BUSY = "is busy: others kept writing for five seconds. Try again"
_CROWDED = "is busy: too many ask it at once. Try again"
_FULL = "is full: there is no space left on its disk. Make room, then try again"

_SAID = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: its file or folder is gone or not allowed. Put it back, then try again",
    sqlite3.SQLITE_READONLY: "cannot be written: its file or folder is read-only. Allow writing, then try again",
    sqlite3.SQLITE_NOTADB: "cannot be read: its file is no database. Name another, or move that file away",
    sqlite3.SQLITE_CORRUPT: "cannot be read: its file is damaged. Restore a copy, or move that file away",
    sqlite3.SQLITE_IOERR: "cannot be used: its disk reports an error. See to the disk, then try again",
}

_SAID_BY_STATE = {
    "55P03": BUSY,  # lock_not_available
    "40P01": BUSY,  # deadlock_detected
    "40001": BUSY,  # serialization_failure
    "57014": "took too long over it and stopped. Try again",  # query_canceled, by statement_timeout
    "25P03": "was kept waiting and let go. Try again",  # idle_in_transaction_session_timeout
    "53100": _FULL,  # disk_full
    "53200": "has no memory left. See to its machine, then try again",  # out_of_memory
    "53300": _CROWDED,  # too_many_connections
    "25006": "cannot be written: it is read-only. Allow writing, then try again",  # read_only_sql_transaction
    "42501": "cannot be used: Ripple has no right to its tables. Grant it, then try again",  # insufficient_privilege
    "58030": "cannot be used: its disk reports an error. See to the disk, then try again",  # io_error
}
"""What PostgreSQL reports, by the SQLSTATE of its manual's appendix A."""


class DatabaseError(Exception):
    """A sentence on why saved things could not be read or written. What was asked for was not done, not even partly."""


class Database:
    """Saved things, safe from any thread, process and, with PostgreSQL, machine.

    Never compute inside `reading` or `writing`: others wait while one writes.
    """

    def __init__(self, tables: MetaData, url: str | None = None) -> None:
        """Open the database at `url`, else at `RIPPLE_DATABASE`, else the file of this user; make what tables it lacks.

        Raises:
            DatabaseError: it cannot be opened, its tables are of another version, or the URL is none of ours.
        """
        self._url = _parsed(url or os.environ.get(URL_VARIABLE) or _default_url())
        self._lock = threading.Lock()
        self.engine = _sqlite(self._url) if self._is_file else _postgresql(self._url)
        try:
            self._prepare(tables)
        except DatabaseError:
            self.close()
            raise

    def _prepare(self, tables: MetaData) -> None:
        """Make what tables there are not. Whoever finds them all need not wait for those who write."""
        with self.reading() as connection:
            found = inspect(connection).get_multi_columns()
        there = {str(table): {column["name"] for column in columns} for (_, table), columns in found.items()}
        self._refuse_another_version(tables, there)
        if not there.keys() >= tables.tables.keys():
            self._make(tables)

    def _refuse_another_version(self, tables: MetaData, there: Mapping[str, Collection[str]]) -> None:
        """Tables of one name but of other columns are left as they are."""
        for table in (table for table in tables.sorted_tables if table.name in there):
            lacking = [column.name for column in table.columns if column.name not in there[table.name]]
            if lacking:
                said = f"was made by another version of Ripple: its table {table.name} has no {lacking[0]}"
                raise DatabaseError(f"The database {self.said} {said}. Name another database, or move that one away.")

    def _make(self, tables: MetaData) -> None:
        with self.writing() as connection:
            if not self._is_file:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            tables.create_all(connection)

    @property
    def said(self) -> str:
        """Which database this is, for people: never with a password."""
        return self._url.database or "" if self._is_file else self._url.render_as_string(hide_password=True)

    @property
    def _is_file(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of everything, and hinders nobody. Raises DatabaseError."""
        with self._speaking(), self.engine.connect().execution_options(**_READS) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are kept together when the block ends well, and otherwise not at all.

        SQLite is locked for writing from the start (`BEGIN IMMEDIATE`), so what is read here cannot be outdated by
        the time it is written. PostgreSQL rows carry a version that a change names.

        Raises:
            DatabaseError: nothing was written.
        """
        with self._turn(), self._speaking(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer of this process at a time: SQLite itself would have them poll for it, and some for long."""
        if not self._is_file:
            yield
            return
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            raise DatabaseError(f"The database {self.said} {BUSY}.")
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Give back what it holds open; what is asked of it afterwards opens anew."""
        self.engine.dispose()

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise DatabaseError(f"The database {self.said} {_reason(error)}.") from error
        except NoneFreeError as error:  # every connection of this process was in use all the time
            raise DatabaseError(f"The database {self.said} {_CROWDED}.") from error


def _reason(error: DBAPIError) -> str:
    if isinstance(error.orig, sqlite3.Error):
        return _reason_of_sqlite(error.orig)
    unanswered = "does not answer as it should. See that it runs and lets Ripple in, then try again"
    return _SAID_BY_STATE.get(getattr(error.orig, "sqlstate", None) or "", unanswered)


def _reason_of_sqlite(error: sqlite3.Error) -> str:
    return _SAID.get(_code(error), "cannot be used as it is")


def _code(error: sqlite3.Error) -> int:
    """What kind of error it is: the lowest byte, without what makes it more special."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


def _parsed(url: str) -> URL:
    try:
        found = make_url(url)
        backend = found.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        backend = ""
    if backend not in ("sqlite", "postgresql") or not found.database:
        allowed = "sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME"
        raise DatabaseError(f"{URL_VARIABLE} names no database that Ripple can use; allowed: {allowed}.")
    return found.set(drivername="postgresql+psycopg") if backend == "postgresql" else found


def _default_url() -> str:
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return f"sqlite:///{home / 'ripple' / 'saved.db'}"


def _sqlite(url: URL) -> Engine:
    file = Path(str(url.database)).absolute()
    try:
        _made(file)
    except OSError as error:
        raise DatabaseError(f"The database {url.database} {_SAID[sqlite3.SQLITE_CANTOPEN]}.") from error
    except sqlite3.Error as error:
        raise DatabaseError(f"The database {url.database} {_reason_of_sqlite(error)}.") from error

    def connect() -> sqlite3.Connection:
        where = f"file:{quote(str(file))}?mode=rw"  # a file that is gone is said to be, and never made anew
        return sqlite3.connect(where, timeout=PATIENCE_SECONDS, isolation_level=None, uri=True)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = "" if connection.get_execution_options().get("reads") else " IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN{kind}")

    @event.listens_for(engine, "connect")
    def connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA synchronous = FULL")  # what was said to be saved is on the disk, whatever happens next

    return engine


def _made(file: Path) -> None:
    """Make the file where there is none; write-ahead logging lets people read while somebody writes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    raw = sqlite3.connect(file, timeout=PATIENCE_SECONDS)
    try:
        raw.execute("PRAGMA journal_mode = WAL")
    except sqlite3.DatabaseError as error:
        if _code(error) not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY):  # said when it is used
            raise
    finally:
        raw.close()


def _postgresql(url: URL) -> Engine:
    said = {"connect_timeout": PATIENCE_SECONDS, "options": _options(url)}
    engine = create_engine(url, pool_pre_ping=True, pool_timeout=PATIENCE_SECONDS, connect_args=said)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reads"):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _options(url: URL) -> str:
    """How long PostgreSQL waits for what, in milliseconds; without it a locked table is waited for without end.

    What the URL itself asks for comes last, and counts.
    """
    seconds = {
        "lock_timeout": PATIENCE_SECONDS,
        "statement_timeout": _STATEMENT_SECONDS,
        "idle_in_transaction_session_timeout": _IDLE_SECONDS,
    }
    asked = url.query.get("options", "")
    ours = [f"-c {name}={round(1_000 * value)}" for name, value in seconds.items()]
    return " ".join([*ours, asked if isinstance(asked, str) else " ".join(asked)]).strip()
