"""An empty database of either kind, an SQLite file or one in PostgreSQL, for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.saved.database import TABLES, Database
from tests.postgresql import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where that database is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'saved.db'}"
    return empty_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(TABLES, url)
    yield opened
    opened.close()
