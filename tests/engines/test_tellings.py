"""How often an engine tells how far it is, and so can be stopped: after so many events, however long the run is."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from sim.engines import compiled
from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from tests.engines.worlds import tiny

pytestmark = pytest.mark.attack

MOST_EVENTS = 1 << 18
"""Between two tellings: visits begun, touchpoints passed and failures looked at there."""


class StoppedError(Exception):
    """Somebody wants no more."""


def run(weeks: int, progress: Callable[[float], None]) -> int:
    """The visits of a run."""
    scenario, luck, visits = tiny({"weeks": weeks}), Luck(1, 0), [0]
    plan = plan_of(scenario)

    def count(rows: Any) -> None:
        visits[0] += len(rows)

    compiled.run(plan, population_of(scenario, plan, luck), luck, count, progress)
    return visits[0]


def test_it_tells_after_every_part_and_a_part_has_so_many_events_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    parts, told, advance, here = [], [], compiled.advance, threading.get_ident()

    def counted(shop: Any, events: int) -> Any:
        if threading.get_ident() == here:  # a page's run, begun by a test before this one, may go on beside it
            parts.append(events)
        return advance(shop, events)

    monkeypatch.setattr(compiled, "advance", counted)
    run(1_000, told.append)
    assert len(told) == len(parts) > 1
    assert max(parts) <= MOST_EVENTS


def test_a_part_ends_after_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    monkeypatch.setattr(compiled, "EVENTS_BETWEEN_REPORTS", 10)
    visits = run(12, told.append)
    assert len(told) >= visits / 10  # a visit is one event at the least


def test_whatever_is_raised_at_a_telling_ends_the_run_there(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise StoppedError

    monkeypatch.setattr(compiled, "EVENTS_BETWEEN_REPORTS", 10)
    with pytest.raises(StoppedError):
        run(12, stop)
    assert len(told) == 3
    assert told[-1] < 1
