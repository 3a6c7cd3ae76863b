import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.basket import (
    intended_spend,
    is_completed,
    lost_total,
    meant,
    refunded,
    set_aside,
    split_loss,
    to_minor,
)

SPEND = st.integers(0, 10**9)
KEPT = st.lists(st.one_of(st.just(1.0), st.just(0.0), st.floats(1e-6, 1)), max_size=8)


def parts_of(lost: int, kept: list[float]) -> list[int]:
    parts = np.full(len(kept), -7, np.int64)
    split_loss(lost, np.array(kept, float), parts)
    return parts.tolist()


def test_spend_is_the_trips_mean_times_the_customers_level() -> None:
    assert intended_spend(0.3, 60.0, 1.5, 0.0) == 90.0
    assert intended_spend(0.3, 60.0, 2.0, 0.4) == pytest.approx(2 * intended_spend(0.3, 60.0, 1.0, 0.4), rel=1e-15)


@pytest.mark.parametrize(
    ("amount", "units", "minor"),
    [(0.0, 100, 0), (0.005, 100, 1), (0.0049, 100, 0), (12.344, 1000, 12344), (2.5, 1, 3)],
)
def test_money_is_rounded_to_minor_units_halves_up(amount: float, units: int, minor: int) -> None:
    assert to_minor(amount, units) == minor


@given(SPEND, KEPT)
def test_a_loss_is_never_more_than_the_spend_nor_less_than_nothing(spend: int, kept: list[float]) -> None:
    assert 0 <= lost_total(spend, np.array(kept, float)) <= spend


@given(SPEND)
def test_where_nothing_was_taken_nothing_is_lost(spend: int) -> None:
    assert lost_total(spend, np.ones(4)) == 0
    assert lost_total(spend, np.ones(0)) == 0
    assert set_aside(0, 0.15) == 0


@given(SPEND, KEPT.filter(bool), st.integers(0, 7), st.floats(0, 1))
def test_a_failure_that_takes_more_never_lessens_the_loss(
    spend: int, kept: list[float], at: int, factor: float
) -> None:
    worse = list(kept)
    worse[at % len(kept)] *= factor
    assert lost_total(spend, np.array(worse)) >= lost_total(spend, np.array(kept))


@given(SPEND, KEPT)
def test_the_parts_of_a_loss_sum_to_it_and_none_is_negative(spend: int, kept: list[float]) -> None:
    lost = lost_total(spend, np.array(kept, float))
    parts = parts_of(lost, kept)
    assert sum(parts) == lost
    assert min(parts, default=0) >= 0


@given(SPEND, KEPT)
def test_failures_that_took_nothing_are_charged_nothing(spend: int, kept: list[float]) -> None:
    parts = parts_of(lost_total(spend, np.array(kept, float)), kept)
    assert not any(part for part, left in zip(parts, kept, strict=True) if left == 1.0)


@given(st.integers(1, 10**9), KEPT.filter(bool), st.integers(0, 7))
def test_walking_out_takes_all_of_the_blame(spend: int, kept: list[float], at: int) -> None:
    kept = [max(left, 1e-6) for left in kept]
    kept[at % len(kept)] = 0.0
    parts = parts_of(lost_total(spend, np.array(kept)), kept)
    assert parts[at % len(kept)] == spend


def test_a_loss_is_divided_by_the_logarithm_of_what_each_failure_leaves() -> None:
    kept = [0.9, 1.0, 0.8]
    lost = lost_total(100_000, np.array(kept))
    assert lost == 28_000
    first = 28_000 * math.log(0.9) / math.log(0.72)
    assert parts_of(lost, kept) == [round(first), 0, 28_000 - round(first)]


def test_alike_failures_share_alike_to_within_a_penny() -> None:
    assert parts_of(100, [0.5, 0.5, 0.5]) == [33, 34, 33]


def test_what_is_set_aside_is_the_recaptured_share_of_the_loss() -> None:
    assert [set_aside(1_000, share) for share in (0.0, 0.15, 1.0)] == [0, 150, 1_000]


@pytest.mark.parametrize(
    ("paid", "share", "back"), [(1_000, 0.1, 100), (1_000, 0.0, 0), (1_000, 1.0, 1_000), (5, 0.1, 1), (4, 0.1, 0)]
)
def test_a_refund_is_its_share_of_what_was_paid_halves_up(paid: int, share: float, back: int) -> None:
    assert refunded(paid, share) == back


@given(SPEND, st.floats(0, 1), st.floats(0, 1))
def test_nobody_is_given_back_more_than_they_paid_and_a_higher_share_is_never_less(
    paid: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0 <= refunded(paid, low) <= refunded(paid, high) <= paid
    assert refunded(paid, 0.0) == 0


@pytest.mark.parametrize(
    ("paid", "pays_somewhere", "walked_out", "completed"),
    [(True, True, True, True), (False, True, False, False), (False, False, False, True), (False, False, True, False)],
)
def test_a_visit_is_complete_past_the_till_or_where_there_is_none_at_its_end(
    paid: bool, pays_somewhere: bool, walked_out: bool, completed: bool
) -> None:
    assert is_completed(paid, pays_somewhere, walked_out) == completed


def test_who_looks_around_and_goes_meant_to_buy_nothing_and_who_walks_out_did() -> None:
    ends = ((True, False, 1.0), (False, True, 1.0), (False, False, 1.0))
    assert [meant(50.0, *end) for end in ends] == [50.0, 50.0, 0.0]


def test_who_walks_out_before_deciding_would_have_bought_with_the_odds_ahead() -> None:
    assert meant(50.0, False, True, 0.2) == 10.0
    assert meant(50.0, True, False, 0.2) == 50.0
