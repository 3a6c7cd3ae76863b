"""Databases for tests: an SQLite file, or a real PostgreSQL of this machine, started for the tests that ask for it."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from sim.saved.database import TABLES, Database

_NUMBERS = count(1)


def _programs() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps them off the path, a folder a version."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(installed, key=lambda program: int(program.parts[-3]), default=Path()).parent if installed else None


def _as_owner(command: list[str]) -> None:
    """PostgreSQL refuses to run as root: Debian's package brings a user for it."""
    who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    done = subprocess.run([*who, *command], capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True)
class Server:
    """A PostgreSQL; its URL is without the name of a database."""

    url: str
    control: tuple[str, ...]
    settings: tuple[str, ...]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        _as_owner([*self.control, *self.settings, "start"])

    def stop(self) -> None:
        """Stop it at once, as a crash does."""
        _as_owner([*self.control, "-m", "immediate", "stop"])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a running PostgreSQL without the name of a database."""
    yield from (server.url for server in _of_its_own())


@pytest.fixture
def postgresql_to_stop() -> Iterator[Server]:
    """One that nobody else uses."""
    yield from _of_its_own()


def _of_its_own() -> Iterator[Server]:
    programs = _programs()
    if programs is None or not (programs / "initdb").exists():
        pytest.skip("NO POSTGRESQL: it is not installed, saved things were not tried in it")
    folder = Path(tempfile.mkdtemp(prefix="ripple-postgresql-"))
    try:
        yield from _served(programs, folder)
    finally:
        shutil.rmtree(folder)


def _served(programs: Path, folder: Path) -> Iterator[Server]:
    password = secrets.token_hex(8)
    (folder / "password").write_text(password)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        shutil.chown(folder / "password", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    login = ["-U", "ripple", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}"]
    _as_owner([str(programs / "initdb"), "-D", data, *login, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    server = Server(
        f"postgresql://ripple:{password}@127.0.0.1:{port}/",
        (str(programs / "pg_ctl"), "-D", data, "-w"),
        ("-l", str(folder / "log"), "-o", settings),
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()


def empty_database(server: str) -> str:
    """The URL of a new database on that server."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server + name


def url_of(request: pytest.FixtureRequest, folder: Path) -> str:
    """Where a fixture's database of either kind is: an SQLite file in that folder, or one in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'saved.db'}"
    return empty_database(request.getfixturevalue("postgresql"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the database of a test is."""
    return url_of(request, tmp_path)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database of either kind, for every test."""
    opened = Database(TABLES, url)
    yield opened
    opened.close()
