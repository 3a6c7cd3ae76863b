import numpy as np
import pytest
from scipy import special, stats

from sim.behaviour.visiting import gap_shape, gap_table, gap_weeks, residual_weeks, visit_rates

MIDDLE = (np.arange(20_000) + 0.5) / 20_000
TAILS = 10.0 ** -np.linspace(4, 15.9, 500)
SHAPES = [0.3, 0.5, 1.0, 1 / 0.9**2, 2.0, 5.0, 20.0]


def gaps(u: np.ndarray, shape: float, visits_per_week: float = 1.0) -> np.ndarray:
    table = gap_table(shape)
    return np.array([gap_weeks(x, visits_per_week, table) for x in u])


def gamma_quantile(u: np.ndarray, shape: float) -> np.ndarray:
    return np.where(u < 0.5, special.gammaincinv(shape, u), special.gammainccinv(shape, 1 - u)) / shape


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("u", [MIDDLE, TAILS, 1 - TAILS], ids=["middle", "left", "right"])
def test_gaps_are_gamma_quantiles(shape: float, u: np.ndarray) -> None:
    np.testing.assert_allclose(gaps(u, shape), gamma_quantile(u, shape), rtol=2e-5)


def test_our_gamma_quantile_is_scipys() -> None:
    np.testing.assert_allclose(gamma_quantile(MIDDLE, 2.5), stats.gamma.ppf(MIDDLE, 2.5, scale=0.4), rtol=1e-10)


@pytest.mark.parametrize("u", [MIDDLE, TAILS, 1 - TAILS], ids=["middle", "left", "right"])
def test_gaps_of_shape_one_are_exponential(u: np.ndarray) -> None:
    np.testing.assert_allclose(gaps(u, 1.0, 0.8), -np.log1p(-u) / 0.8, rtol=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_mean_gap_is_one_over_the_visit_rate(shape: float) -> None:
    assert gaps(MIDDLE, shape, 1.6).mean() == pytest.approx(1 / 1.6, rel=2e-3)


@pytest.mark.parametrize("shape", [0.01, 0.04, 1e4])
def test_gaps_are_numbers_even_for_extreme_shapes(shape: float) -> None:
    found = gaps(np.concatenate([MIDDLE, TAILS, 1 - TAILS]), shape)
    assert np.isfinite(found).all()
    assert (found >= 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_longer_gap_goes_with_a_higher_uniform(shape: float) -> None:
    rising = np.unique(np.concatenate([MIDDLE, TAILS, 1 - TAILS]))
    assert (np.diff(gaps(rising, shape)) > 0).all()


@pytest.mark.parametrize("variation", [0.05, 0.9, 1.8])
def test_the_shape_of_gaps_follows_from_their_coefficient_of_variation(variation: float) -> None:
    assert gap_shape(variation) ** -0.5 == pytest.approx(variation)
    assert gap_shape(variation) == 1.0 / variation**2


def test_without_variation_every_gap_is_the_mean_and_the_first_visit_is_any_moment_of_one() -> None:
    shape = gap_shape(0)
    assert (gaps(np.concatenate([MIDDLE, TAILS, 1 - TAILS]), shape, 0.8) == 1 / 0.8).all()
    first = residuals(shape, 0.8)
    assert (first.min(), first.mean(), first.max()) == pytest.approx((0, 0.625, 1.25), abs=2e-3)


@pytest.mark.parametrize("variation", [1e-4, 1e-3])
def test_hardly_any_variation_is_almost_none(variation: float) -> None:
    shape = gap_shape(variation)
    np.testing.assert_allclose(gaps(MIDDLE, shape), 1, atol=5 * variation)
    np.testing.assert_allclose(residuals(shape, 1.0), residuals(np.inf, 1.0), atol=5 * variation)


def residuals(shape: float, visits_per_week: float) -> np.ndarray:
    grid = (np.arange(600) + 0.5) / 600
    length, part = (axis.ravel() for axis in np.meshgrid(grid, grid))
    return residual_weeks(length, part, np.full(length.size, visits_per_week), shape)


@pytest.mark.parametrize("shape", [0.5, 1.0, 1 / 0.9**2, 8.0])
def test_the_first_arrival_waits_the_mean_residual_of_renewal_theory(shape: float) -> None:
    """E[R] = (1 + cv squared) / 2 mean gaps (Cox 1962)."""
    assert residuals(shape, 0.8).mean() == pytest.approx((1 + 1 / shape) / 2 / 0.8, rel=3e-3)


@pytest.mark.parametrize("shape", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("week", [0.1, 0.7, 2.0])
def test_the_first_arrival_has_the_equilibrium_law(shape: float, week: float) -> None:
    """P(R > r) is the integral of the gap's survival beyond r, over the mean gap."""
    x = np.linspace(week, 60, 400_001)
    expected = np.trapezoid(stats.gamma.sf(x, shape, scale=1 / shape), x)
    assert (residuals(shape, 1.0) > week).mean() == pytest.approx(expected, abs=2e-3)


def test_visit_rates_have_the_mean_and_spread_of_the_nbd_model() -> None:
    rates = visit_rates(MIDDLE, np.full(MIDDLE.size, 1.21), 1.29)
    assert rates.mean() == pytest.approx(1.21, rel=1e-3)
    assert rates.var() == pytest.approx(1.21**2 / 1.29, rel=5e-3)


def test_a_kind_of_customer_who_comes_twice_as_often_does_so_one_by_one() -> None:
    once = visit_rates(MIDDLE, np.full(MIDDLE.size, 0.5), 1.29)
    twice = visit_rates(MIDDLE, np.full(MIDDLE.size, 1.0), 1.29)
    np.testing.assert_allclose(twice[once > 1e-4], 2 * once[once > 1e-4], rtol=1e-12)


def test_nobodys_rate_is_so_low_that_arithmetic_fails() -> None:
    assert visit_rates(np.array([1e-16, 0.5]), np.array([0.0, 0.0]), 0.05).min() == 1e-5
