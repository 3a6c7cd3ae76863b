"""What most of these tests simulate with; a module that wants others has its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.experiments.cache import Store
from sim.experiments.workers import Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "results")
