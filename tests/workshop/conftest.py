"""A database of either kind for all tests of rooms: every test opens rooms of its own."""

from collections.abc import Iterator

import pytest

from sim.saved.database import TABLES, Database
from tests.postgresql import url_of


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where that database is."""
    return url_of(request, tmp_path_factory.mktemp("rooms"))


@pytest.fixture(scope="session")
def database(url: str) -> Iterator[Database]:
    opened = Database(TABLES, url)
    yield opened
    opened.close()
