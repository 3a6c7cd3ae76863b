import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special

from sim.behaviour.chance import (
    EXPONENTIAL,
    FIXED,
    LOGNORMAL,
    choice,
    duration,
    exponential,
    lognormal,
    normal_quantile,
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
