import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from sim.behaviour.promising import after_broken, after_kept, conversion, delivered, heard, is_broken, is_lie, learned

LEVEL = st.floats(0, 1)
UNIFORM = st.floats(2.0**-53, 1 - 2.0**-53)
GAIN = st.floats(-1, 1)
STRENGTH = st.floats(0, 10)


def test_a_promise_moves_expectation_by_its_weight_times_trust_of_the_gap() -> None:
    assert heard(0.6, 0.9, 0.4, 0.7) == pytest.approx(0.6 + 0.28 * 0.3)
    assert heard(0.6, 0.3, 0.4, 0.5) == pytest.approx(0.54)
    assert heard(0.6, 0.9, 1.0, 1.0) == pytest.approx(0.9)


@given(LEVEL, LEVEL, LEVEL)
def test_without_weight_or_without_trust_a_promise_is_not_heard_at_all(
    expectation: float, promise: float, other: float
) -> None:
    assert heard(expectation, promise, 0.0, other) == expectation
    assert heard(expectation, promise, other, 0.0) == expectation
    assert heard(expectation, expectation, other, other) == expectation


@given(LEVEL, LEVEL, LEVEL, LEVEL)
def test_expectation_moves_towards_the_promise_and_never_past_it(
    expectation: float, promise: float, weight: float, trust: float
) -> None:
    low, high = sorted((expectation, promise))
    assert low - 1e-15 <= heard(expectation, promise, weight, trust) <= high + 1e-15


@given(LEVEL, LEVEL, LEVEL, LEVEL, LEVEL)
def test_a_higher_promise_never_lowers_expectation_and_trust_never_lessens_what_it_does(
    expectation: float, one: float, other: float, weight: float, trust: float
) -> None:
    modest, bold = sorted((one, other))
    assert heard(expectation, modest, weight, trust) <= heard(expectation, bold, weight, trust)
    moved = [abs(heard(expectation, bold, weight, t) - expectation) for t in (trust / 2, trust)]
    assert moved[0] <= moved[1] + 1e-15


@given(UNIFORM, LEVEL)
def test_without_spread_exactly_the_level_is_delivered(u: float, level: float) -> None:
    assert delivered(u, level, 0.0) == level


def test_with_spread_delivery_is_normal_about_its_level() -> None:
    assert delivered(0.5, 0.7, 0.1) == 0.7
    assert delivered(special.ndtr(1.5), 0.7, 0.1) == pytest.approx(0.85)
    assert delivered(special.ndtr(-2.0), 0.7, 0.1) == pytest.approx(0.5)


@given(UNIFORM, UNIFORM, st.floats(-1, 2), LEVEL)
def test_delivery_stays_in_range_and_rises_with_its_luck(one: float, other: float, level: float, spread: float) -> None:
    worse, better = sorted((one, other))
    assert 0 <= delivered(worse, level, spread) <= delivered(better, level, spread) <= 1


@given(LEVEL, LEVEL, LEVEL)
def test_expectation_learns_towards_what_is_delivered_and_not_at_all_at_pace_0(
    expectation: float, quality: float, pace: float
) -> None:
    assert learned(expectation, quality, 0.0) == expectation
    assert learned(expectation, expectation, pace) == expectation
    low, high = sorted((expectation, quality))
    assert low - 1e-15 <= learned(expectation, quality, pace) <= high + 1e-15


def test_one_delivery_closes_its_share_of_the_gap() -> None:
    assert learned(0.9, 0.6, 0.2) == pytest.approx(0.84)


def test_a_promise_is_broken_by_anything_less_and_by_nothing_else() -> None:
    assert is_broken(0.8 - 1e-15, 0.8)
    assert not is_broken(0.8, 0.8)
    assert not is_broken(0.9, 0.8)


@given(LEVEL, STRENGTH, STRENGTH)
def test_at_the_expectation_and_trust_of_the_start_the_chance_to_buy_is_exactly_the_one_given(
    chance: float, by_expectation: float, by_trust: float
) -> None:
    assert conversion(chance, 0.0, by_expectation, 0.0, by_trust, 0.0) == chance


@given(LEVEL, GAIN, GAIN)
def test_where_neither_expectation_nor_trust_decides_they_do_not(
    chance: float, expected: float, trusted: float
) -> None:
    assert conversion(chance, expected, 0.0, trusted, 0.0, 0.0) == chance


@given(st.floats(0.01, 0.99), GAIN, STRENGTH, GAIN, STRENGTH, st.floats(-2, 2))
def test_log_odds_to_buy_are_linear_in_expectation_trust_and_skill(
    chance: float, expected: float, by_expectation: float, trusted: float, by_trust: float, skill: float
) -> None:
    found = conversion(chance, expected, by_expectation, trusted, by_trust, skill)
    log_odds = math.log(chance / (1 - chance)) + by_expectation * expected + by_trust * trusted + skill
    assert found == pytest.approx(special.expit(log_odds), rel=1e-9)


def test_a_chance_to_buy_worked_out_by_hand() -> None:
    """Log-odds of 0.4 are -0.405; a tenth more expected, three tenths of trust lost, no skill: -0.605."""
    assert conversion(0.4, 0.1, 1.0, -0.3, 1.0, 0.0) == pytest.approx(0.3531, abs=5e-5)


@given(LEVEL, LEVEL)
def test_where_trust_is_all_or_nothing_one_broken_promise_ends_it_for_good(trust: float, cap: float) -> None:
    gone = after_broken(trust, 1.0)
    assert gone == 0.0
    assert after_kept(gone, 0.0, cap) == 0.0


@given(LEVEL)
def test_without_a_hit_a_broken_promise_costs_no_trust(trust: float) -> None:
    assert after_broken(trust, 0.0) == trust


@given(LEVEL, LEVEL, LEVEL)
def test_a_harder_hit_never_leaves_more_trust_nor_less_than_none(trust: float, one: float, other: float) -> None:
    soft, hard = sorted((one, other))
    assert 0 <= after_broken(trust, hard) <= after_broken(trust, soft) <= trust


@given(LEVEL, LEVEL, LEVEL)
def test_trust_heals_never_beyond_its_cap_and_never_down(trust: float, heal: float, cap: float) -> None:
    healed = after_kept(trust, heal, cap)
    assert trust <= healed <= max(trust, cap) + 1e-15


@given(LEVEL, LEVEL, LEVEL)
def test_trust_stays_exactly_where_it_is_without_healing_or_at_its_cap_or_above(
    trust: float, heal: float, cap: float
) -> None:
    assert after_kept(trust, 0.0, cap) == trust
    assert after_kept(trust, heal, min(trust, cap)) == trust


def test_trust_lost_at_once_comes_back_slowly() -> None:
    """0.7 loses 0.3 of itself; then each kept promise closes a tenth of the gap: 1 - 0.51 x 0.9^n."""
    trust = after_broken(0.7, 0.3)
    assert trust == pytest.approx(0.49)
    for kept in range(1, 8):
        trust = after_kept(trust, 0.1, 1.0)
        assert trust == pytest.approx(1 - 0.51 * 0.9**kept)
    assert kept == 7
    assert trust > 0.7 > after_kept(0.49, 0.1, 1.0)


def test_a_lie_is_to_promise_more_than_is_known_to_be_deliverable() -> None:
    assert is_lie(0.9, 0.8)
    assert not is_lie(0.8, 0.8)
    assert not is_lie(0.7, 0.8)


@given(LEVEL)
def test_who_believes_it_themselves_does_not_lie(promise: float) -> None:
    assert not is_lie(promise, math.nan)
