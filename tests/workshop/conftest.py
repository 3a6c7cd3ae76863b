"""A database of either kind for all tests of rooms: every test opens rooms of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.saved.database import Database
from sim.workshop.storage import ROOMS
from tests.postgresql import empty_database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where that database is."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("rooms")
        return f"sqlite:///{folder / 'saved.db'}"
    return empty_database(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def database(url: str) -> Iterator[Database]:
    opened = Database(ROOMS.metadata, url)
    yield opened
    opened.close()
