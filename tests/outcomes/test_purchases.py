"""What each customer of the base bought in each half, against the ledger row by row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.population import NEWCOMER
from sim.outcomes.outcome import Purchases
from tests.engines.worlds import run, tiny

WEEKS, HALF = 7, 3
DONE = run(tiny({"weeks": WEEKS, "customers.passers_by_per_week": 20, "customers.newcomers_per_week": 10}))
DISCOUNTS = 0.9 ** np.arange(WEEKS)
BASE = 300


def purchases_of(*chunks: np.ndarray) -> Purchases:
    purchases = Purchases(DONE.population, DISCOUNTS)
    for chunk in chunks:
        purchases.add(chunk)
    return purchases


FOUND = purchases_of(DONE.visits)


def test_there_is_something_to_tell_apart() -> None:
    assert (DONE.visits["customer"] >= BASE).any()
    assert not DONE.visits["completed"].all()
    assert 0 < FOUND.seen.sum() < BASE


def test_each_customer_of_the_base_has_the_sums_of_their_rows() -> None:
    assert FOUND.half == HALF
    np.testing.assert_array_equal(FOUND.customers, np.arange(BASE))
    for customer in range(BASE):
        for half in range(2):
            rows = DONE.visits[(DONE.visits["customer"] == customer) & ((DONE.visits["week"] >= HALF) == half)]
            worth, bought = DISCOUNTS[rows["week"]], rows["completed"]
            by_hand = (bought.sum(), rows.size, rows["revenue"].sum())
            by_hand += ((bought * worth).sum(), worth.sum(), (rows["revenue"] * worth).sum())
            assert tuple(total[half, customer] for total in FOUND.sums) == pytest.approx(by_hand)


def test_the_clock_runs_from_the_first_purchase_seen_to_the_end_of_the_first_half() -> None:
    frequency, recency, age = FOUND.summary
    bought = DONE.visits[DONE.visits["completed"] & (DONE.visits["week"] < HALF)]
    for place, customer in enumerate(np.flatnonzero(FOUND.seen)):
        weeks = bought["week"][bought["customer"] == customer]
        by_hand = (weeks.size - 1, weeks.max() - weeks.min(), HALF - weeks.min() - 0.5)
        assert (frequency[place], recency[place], age[place]) == by_hand
    assert (recency <= age).all()


@given(st.lists(st.integers(0, DONE.visits.size), max_size=5))
def test_in_chunks_or_all_at_once_it_is_the_same(cuts: list[int]) -> None:
    pieces = purchases_of(*np.split(DONE.visits, sorted(cuts)))
    for mine, whole in zip(
        (*pieces.sums, pieces.first, pieces.last), (*FOUND.sums, FOUND.first, FOUND.last), strict=True
    ):
        np.testing.assert_allclose(mine, whole, rtol=1e-12)


def test_without_a_base_there_is_nothing_to_see() -> None:
    population = DONE.population._replace(source=np.full(DONE.population.who.size, NEWCOMER))
    purchases = Purchases(population, DISCOUNTS)
    purchases.add(DONE.visits)
    assert purchases.seen.size == 0
    assert [array.size for array in purchases.summary] == [0, 0, 0]
