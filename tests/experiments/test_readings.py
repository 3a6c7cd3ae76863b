"""Readings on replications small enough to be worked out by hand."""

import math

import numpy as np
import pytest

from sim.experiments.verification.known_answers import READINGS, Seen
from sim.outcomes.measures import MEASURES
from tests.engines.worlds import outcome_of, run, tiny

DONE = run(tiny({"weeks": 4}))
WAITS = np.array([0.0, 0.0, 1.0, 3.0])
ONCE = np.array([1, 1, 1, 1])
SEEN = Seen(outcome_of(DONE), WAITS, ONCE)
NOBODY = outcome_of(run(tiny({"weeks": 1, "customers.base": 0, "customers.newcomers_per_week": 0})))
NOTHING = Seen(NOBODY, np.empty(0), np.empty(0, np.int64))


def read(name: str, at: float = 0, seen: Seen = SEEN) -> float:
    return READINGS[name].take(seen, at)


def test_every_measure_is_a_reading_that_asks_for_nothing() -> None:
    for name, measure in MEASURES.items():
        assert READINGS[name].asks is None
        assert read(name) == pytest.approx(measure.take(SEEN.outcome), nan_ok=True)


def test_every_reading_is_defined_in_words() -> None:
    assert all(reading.definition.endswith(".") for reading in READINGS.values())
    assert {name for name, reading in READINGS.items() if reading.asks} == {"waited_at_most", "down", "still_here"}


def test_shares_of_those_who_waited() -> None:
    assert read("had_to_wait") == 0.5
    assert [read("waited_at_most", minutes) for minutes in (0, 0.9, 1, 3)] == [0.5, 0.5, 0.75, 1]


def test_shares_are_of_joinings_where_sums_over_repeated_ones_can_tell() -> None:
    """Two joinings that took no minute in all took none each; of three that took 1 in all nobody knows which did."""
    seen = Seen(SEEN.outcome, WAITS, np.array([2, 1, 3, 1]))
    assert math.isnan(read("had_to_wait", 0, seen))
    assert [math.isnan(read("waited_at_most", minutes, seen)) for minutes in (0, 0.9, 1, 3)] == [
        True,
        True,
        False,
        False,
    ]
    assert [read("waited_at_most", minutes, seen) for minutes in (1, 3)] == [6 / 7, 1]
    assert read("had_to_wait", 0, Seen(SEEN.outcome, WAITS, np.array([2, 1, 1, 1]))) == 2 / 5


def test_levels_are_those_of_the_first_resource() -> None:
    waiting, busy = DONE.records.resources[0, :2].sum(axis=1) / (4 * 7 * 24 * 60)
    assert read("in_queue") == pytest.approx(waiting)
    assert read("in_system") == pytest.approx(waiting + busy)
    assert read("occupancy") == pytest.approx(busy)  # one till
    assert [read("down", n) for n in (0, 1, 2)] == pytest.approx([1 - busy, busy - waiting, waiting])


def test_customers_are_those_of_week_0() -> None:
    base = np.isin(DONE.visits["customer"], np.flatnonzero(SEEN.outcome.base))
    assert read("visits_a_customer") == base.sum() / 300
    gone = np.unique(DONE.visits["customer"][base & DONE.visits["left"]]).size
    assert read("still_here", 0) == 1
    assert read("still_here", 4) == pytest.approx(1 - gone / 300)
    assert read("still_here", 3.25) == pytest.approx(0.75 * read("still_here", 3) + 0.25 * read("still_here", 4))


@pytest.mark.parametrize(
    ("name", "at"),
    [("had_to_wait", 0), ("waited_at_most", 1), ("visits_a_customer", 0), ("still_here", 1)],
)
def test_where_nobody_came_there_is_nothing_to_read(name: str, at: float) -> None:
    assert math.isnan(read(name, at, NOTHING))


@pytest.mark.parametrize(("name", "at"), [("still_here", 5), ("still_here", -1), ("down", 3)])
def test_what_cannot_be_asked_is_missing(name: str, at: float) -> None:
    assert math.isnan(read(name, at))
