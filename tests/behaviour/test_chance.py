import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from sim.behaviour.chance import (
    EXPONENTIAL,
    FIXED,
    LOGNORMAL,
    choice,
    duration,
    exponential,
    faded,
    lognormal,
    normal_quantile,
    poisson,
    shifted,
)

UNIFORM = st.floats(2.0**-53, 1 - 2.0**-53)
TAILS = 10.0 ** -np.linspace(0.31, 15.9, 2_000)


def shares_of(others: list[float]) -> np.ndarray:
    return np.array([0.0, *others])


def chosen(shares: np.ndarray, people: int = 2_001) -> np.ndarray:
    return np.array([choice(u, shares) for u in (np.arange(people) + 0.5) / people])


@pytest.mark.parametrize("u", [TAILS, 1 - TAILS, np.linspace(0.001, 0.999, 2_000)], ids=["low", "high", "middle"])
def test_normal_quantile_agrees_with_scipy_to_the_last_bits(u: np.ndarray) -> None:
    found = np.array([normal_quantile(x) for x in u])
    np.testing.assert_allclose(found, special.ndtri(u), rtol=2e-15, atol=1e-16)


def test_normal_quantile_is_finite_at_the_ends_of_what_luck_can_draw() -> None:
    assert normal_quantile(2.0**-53) == pytest.approx(special.ndtri(2.0**-53), rel=2e-15)
    assert normal_quantile(1 - 2.0**-53) == -normal_quantile(2.0**-53)
    assert normal_quantile(0.5) == 0.0


@given(UNIFORM, st.floats(1e-6, 1e5))
def test_exponential_is_the_inverse_of_its_distribution(u: float, mean: float) -> None:
    deviate = exponential(u, mean)
    assert -math.expm1(-deviate / mean) == pytest.approx(u, rel=1e-12)


@pytest.mark.parametrize("mean", [0.0, 0.5, 240.0])
def test_exponential_has_the_mean_it_is_given(mean: float) -> None:
    found, _ = integrate.quad(lambda u: exponential(u, mean), 0, 1, epsabs=1e-10)
    assert found == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize("log_sd", [0.0, 0.4, 0.985, 2.0])
def test_lognormal_has_the_mean_it_is_given_whatever_its_spread(log_sd: float) -> None:
    def weighted(z: float) -> float:
        return lognormal(special.ndtr(z), 50.0, log_sd) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    found, _ = integrate.quad(weighted, -8, 8, epsabs=1e-9, limit=200)
    assert found == pytest.approx(50.0, rel=1e-7)


def test_lognormal_without_spread_is_exactly_its_mean() -> None:
    assert lognormal(0.123, 61.5, 0.0) == 61.5


def test_lognormal_one_deviation_up_is_that_many_logarithms_up() -> None:
    one_up = special.ndtr(1.0)
    assert math.log(lognormal(one_up, 1.0, 0.4) / lognormal(0.5, 1.0, 0.4)) == pytest.approx(0.4, rel=1e-12)


@given(UNIFORM, st.floats(0, 1e4), st.floats(0, 3))
def test_duration_follows_the_law_it_is_given(u: float, mean: float, log_sd: float) -> None:
    assert duration(u, FIXED, mean, log_sd) == mean
    assert duration(u, EXPONENTIAL, mean, log_sd) == exponential(u, mean)
    assert duration(u, LOGNORMAL, mean, log_sd) == lognormal(u, mean, log_sd)


def test_choice_gives_each_its_share_and_the_first_the_rest() -> None:
    counts = np.bincount(chosen(shares_of([0.2, 0.05, 0.35]), 100_000))
    np.testing.assert_array_equal(counts, [40_000, 20_000, 5_000, 35_000])


def test_choice_of_one_is_that_one() -> None:
    assert set(chosen(np.array([0.0]))) == {0}


def test_the_first_share_itself_is_never_read() -> None:
    np.testing.assert_array_equal(chosen(np.array([0.9, 0.3])), chosen(np.array([0.0, 0.3])))


@given(
    others=st.lists(st.floats(0, 0.2), min_size=1, max_size=5),
    position=st.integers(0, 4),
    more=st.floats(0, 0.2),
)
def test_raising_one_share_only_brings_people_towards_it(others: list[float], position: int, more: float) -> None:
    position %= len(others)
    raised = list(others)
    raised[position] += more
    before, after = chosen(shares_of(others)), chosen(shares_of(raised))
    target, rest = position + 1, len(others) + 1
    before, after = np.where(before == 0, rest, before), np.where(after == 0, rest, after)
    untouched = before <= target
    np.testing.assert_array_equal(after[untouched], before[untouched])
    assert (target <= after[~untouched]).all()
    assert (after[~untouched] <= before[~untouched]).all()


SHARE, SHIFT = st.floats(0, 1), st.floats(-20, 20)
MEANS = [0.001, 0.5, 2.0, 3.0, 10.0]


@given(SHARE)
def test_a_chance_shifted_by_nothing_is_exactly_itself(p: float) -> None:
    assert shifted(p, 0.0) == p


@given(SHIFT)
def test_no_shift_takes_a_chance_away_from_never_or_always(log_odds: float) -> None:
    assert (shifted(0.0, log_odds), shifted(1.0, log_odds)) == (0.0, 1.0)


@given(st.floats(1e-6, 1 - 1e-6), SHIFT)
def test_a_shift_adds_to_the_log_odds(p: float, log_odds: float) -> None:
    assert shifted(p, log_odds) == pytest.approx(special.expit(special.logit(p) + log_odds), rel=1e-9)


def test_a_shift_of_the_logarithm_of_two_doubles_the_odds() -> None:
    assert shifted(0.2, math.log(2)) == pytest.approx(1 / 3)


@given(SHARE, SHARE, SHIFT, SHIFT)
def test_more_chance_or_more_shift_is_never_less_of_a_chance(p: float, q: float, one: float, other: float) -> None:
    (p, q), (less, more) = sorted((p, q)), sorted((one, other))
    assert 0 <= shifted(p, less) <= shifted(p, more) + 1e-15
    assert shifted(p, less) <= shifted(q, less) + 1e-15 <= 1 + 1e-15


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_is_the_quantile_of_its_law(mean: float) -> None:
    people = (np.arange(20_000) + 0.5) / 20_000
    np.testing.assert_array_equal([poisson(u, mean) for u in people], stats.poisson.ppf(people, mean))


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_counts_have_the_mean_and_variance_of_their_law(mean: float) -> None:
    counts = np.array([poisson(u, mean) for u in (np.arange(50_000) + 0.5) / 50_000])
    assert (counts.mean(), counts.var()) == pytest.approx((mean, mean), rel=0.01)


@given(UNIFORM, UNIFORM, st.floats(0, 10))
def test_a_poisson_count_never_falls_as_its_luck_rises(one: float, other: float, mean: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= poisson(low, mean) <= poisson(high, mean)
    assert poisson(high, 0.0) == 0


@pytest.mark.parametrize("mean", [*MEANS, 4.0])
def test_poisson_is_a_number_of_people_even_at_the_end_of_what_luck_can_draw(mean: float) -> None:
    last = 1 - 2.0**-53
    assert poisson(last, mean) <= stats.poisson.isf(2.0**-53, mean) + 2


@given(st.floats(-1e6, 1e6), st.floats(0.1, 100), st.integers(0, 20))
def test_what_fades_halves_with_every_half_life(amount: float, half_life: float, lives: int) -> None:
    assert faded(amount, lives * half_life, half_life) == pytest.approx(amount / 2**lives)


@given(st.floats(-1e6, 1e6), st.floats(0, 100), st.floats(0, 100), st.floats(0.1, 100))
def test_to_fade_twice_is_to_fade_for_the_sum_of_both(amount: float, one: float, other: float, life: float) -> None:
    twice, once = faded(faded(amount, one, life), other, life), faded(amount, one + other, life)
    assert twice == pytest.approx(once, rel=1e-9, abs=1e-300)


@given(st.floats(-1e6, 1e6), st.floats(0, 100), st.floats(0.1, 100))
def test_nothing_fades_in_no_time_and_nothing_is_left_without_a_half_life(
    amount: float, half_life: float, elapsed: float
) -> None:
    assert faded(amount, 0.0, half_life) == amount
    assert faded(amount, elapsed, 0.0) == 0.0
    assert faded(0.0, elapsed, half_life) == 0.0
