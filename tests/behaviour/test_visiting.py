import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from sim.behaviour.visiting import (
    gap_shape,
    gap_table,
    gap_weeks,
    hazard_multiplier,
    leaves,
    leaving_hazard,
    leaving_hazard_a_visit,
    may_leave,
    residual_weeks,
    shock_of_complaint,
    visit_rates,
)

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


PEOPLE = (np.arange(100_000) + 0.5) / 100_000
RATES = np.full(PEOPLE.size, 1.2)


def yearly(hazard: np.ndarray, visits_per_week: np.ndarray) -> np.ndarray:
    """Share of customers who leave within a year of visits at that hazard."""
    return -np.expm1(-hazard * 365 / 7 * visits_per_week)


@pytest.mark.parametrize(("mean", "concentration"), [(0.12, 16.0), (0.3, 16.0), (0.05, 4.0), (0.9, 2.0)])
def test_yearly_churn_has_the_mean_and_spread_of_its_beta_law(mean: float, concentration: float) -> None:
    churn = yearly(leaving_hazard(PEOPLE, mean, concentration, RATES), RATES)
    assert churn.mean() == pytest.approx(mean, rel=1e-4)
    assert churn.var() == pytest.approx(mean * (1 - mean) / (concentration + 1), rel=1e-3)


def test_frequent_shoppers_do_not_leave_fastest() -> None:
    u, rates = np.full(4, 0.7), np.array([0.01, 0.5, 2.0, 70.0])
    churn = yearly(leaving_hazard(u, 0.12, 16.0, rates), rates)
    np.testing.assert_allclose(churn, churn[0], rtol=1e-12)


def test_the_hazard_of_someone_who_comes_every_minute_does_not_round_to_nothing() -> None:
    hazard = leaving_hazard(np.array([0.5]), 0.12, 16.0, np.array([10_000.0]))
    assert 0 < hazard[0] < 1e-6


def test_where_nobody_drifts_away_the_hazard_is_exactly_nothing_and_nobody_leaves() -> None:
    hazard = leaving_hazard(PEOPLE, 0.0, 16.0, RATES)
    assert not hazard.any()
    assert not leaves(2.0**-53, 0.0, 100.0)


@pytest.mark.parametrize("mean", [1 - 1e-12, 1.0])
def test_where_everybody_drifts_away_within_a_year_everybody_does(mean: float) -> None:
    churn = yearly(leaving_hazard(PEOPLE, mean, 16.0, RATES), RATES)
    np.testing.assert_allclose(churn, 1.0, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("mean", "concentration"), [(0.25, 3.2), (0.15, 4.5), (0.5, 1_000_000.0)])
def test_a_chance_at_each_visit_has_the_mean_and_spread_of_its_beta_law(mean: float, concentration: float) -> None:
    chance = -np.expm1(-leaving_hazard_a_visit(PEOPLE, mean, concentration))
    assert chance.mean() == pytest.approx(mean, rel=1e-4)
    assert chance.var() == pytest.approx(mean * (1 - mean) / (concentration + 1), rel=1e-3)


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_at_a_visit_where_nobody_or_everybody_leaves_so_it_is(mean: float) -> None:
    hazard = leaving_hazard_a_visit(PEOPLE, mean, 3.0)
    assert [leaves(u, h, 1.0) for u, h in ((2.0**-53, hazard[0]), (1 - 1e-9, hazard[0]))] == [mean == 1] * 2


@pytest.mark.parametrize(
    ("was_customer", "first_is_due", "decided_on"),
    [
        pytest.param(True, False, [True, True, True], id="paid: the first visit renews"),
        pytest.param(True, True, [False, True, True], id="due: the first visit is the first payment"),
        pytest.param(False, False, [False, True, True], id="who became one by the first visit"),
        pytest.param(False, True, [False, True, True], id="and whatever others had paid"),
    ],
)
def test_nobody_leaves_at_the_payment_that_makes_them_a_customer(
    was_customer: bool, first_is_due: bool, decided_on: list[bool]
) -> None:
    assert [may_leave(was_customer, first_is_due, before) for before in range(3)] == decided_on


@given(st.floats(0, 1), st.floats(0, 10))
def test_the_multiplier_is_exactly_one_at_the_reference_whatever_the_sensitivity(
    reference: float, sensitivity: float
) -> None:
    assert hazard_multiplier(reference, reference, sensitivity, 0.0) == 1.0


@given(st.floats(0, 1), st.floats(0, 1))
def test_satisfaction_does_nothing_where_leaving_is_not_sensitive_to_it(now: float, reference: float) -> None:
    assert hazard_multiplier(now, reference, 0.0, 0.0) == 1.0


def test_the_multiplier_is_exponential_in_the_fall_of_satisfaction() -> None:
    assert hazard_multiplier(0.3, 0.8, 1.03, 0.0) == pytest.approx(math.exp(0.515), rel=1e-15)
    assert hazard_multiplier(0.9, 0.8, 0.5, 0.0) < 1 < hazard_multiplier(0.7, 0.8, 0.5, 0.0)


@pytest.mark.parametrize("p", [0.001, 0.12, 0.5])
def test_at_the_reference_people_leave_with_exactly_their_own_probability(p: float) -> None:
    hazard = -math.log1p(-p)
    assert leaves(p * (1 - 1e-12), hazard, 1.0)
    assert not leaves(p * (1 + 1e-12), hazard, 1.0)


@given(st.floats(2.0**-53, 1 - 2.0**-53), st.floats(0, 5), st.floats(0, 5), st.floats(0, 5))
def test_a_higher_multiplier_only_ever_makes_more_people_leave(
    u: float, hazard: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert leaves(u, hazard, high) or not leaves(u, hazard, low)


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0, 5))
def test_a_shock_multiplies_leaving_by_itself_and_one_whatever_the_satisfaction(
    satisfaction: float, sensitivity: float, shock: float
) -> None:
    calm = hazard_multiplier(satisfaction, 0.8, sensitivity, 0.0)
    assert hazard_multiplier(satisfaction, 0.8, sensitivity, shock) == pytest.approx((1 + shock) * calm)


@pytest.mark.parametrize(
    ("times", "again", "tenure", "shock"),
    [
        (1.5, False, 0, 0.5),
        (1.5, True, 0, 1.0),
        (1.5, False, 104, 0.25),
        (3.0, True, 208, 4 / 3),
        (0.5, False, 0, -0.5),
    ],
)
def test_an_unsettled_complaint_shocks_more_the_second_time_and_less_after_years(
    times: float, again: bool, tenure: float, shock: float
) -> None:
    assert shock_of_complaint(times, again, tenure, 104.0) == pytest.approx(shock)


@given(st.booleans(), st.floats(0, 500), st.floats(0, 500))
def test_where_complaints_make_nobody_likelier_to_leave_there_is_no_shock(
    again: bool, tenure: float, scale: float
) -> None:
    assert shock_of_complaint(1.0, again, tenure, scale) == 0.0


@given(st.floats(1, 10), st.booleans(), st.floats(0, 500), st.floats(0, 500), st.floats(0, 500))
def test_the_longer_someone_has_been_a_customer_the_smaller_the_shock(
    times: float, again: bool, one: float, other: float, scale: float
) -> None:
    new, old = sorted((one, other))
    assert 0 <= shock_of_complaint(times, again, old, scale) <= shock_of_complaint(times, again, new, scale)


@given(st.floats(1, 10), st.floats(0, 500))
def test_without_a_scale_of_tenure_old_and_new_customers_are_shocked_alike(times: float, tenure: float) -> None:
    assert shock_of_complaint(times, False, tenure, 0.0) == times - 1.0
