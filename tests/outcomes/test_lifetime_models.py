"""Analytic models of customer value: the published answers, known parameters found again, and limits."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import integrate, optimize, special

from sim.experiments.library import FOLDER
from sim.outcomes import customer_value
from sim.outcomes.customer_value import (
    BgNbd,
    FitError,
    GammaGamma,
    ShiftedBetaGeometric,
    fit_survivors,
    gupta_lehmann,
    survival,
)

CDNOW = FOLDER / "known_answers" / "data" / "cdnow.csv"
FREQUENCY, RECENCY, AGE, MEAN_SPEND = np.loadtxt(CDNOW, delimiter=",", skiprows=1).T
PUBLISHED = BgNbd(0.2426, 4.4136, 0.7929, 2.4259)
HIGH_END = np.array([100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1])

shapes = st.floats(0.2, 8)
times = st.floats(0.1, 200)
models = st.builds(BgNbd, r=shapes, alpha=st.floats(0.5, 50), a=shapes, b=st.floats(0.2, 500))


# ---- BG/NBD ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cdnow() -> BgNbd:
    return customer_value.fit_bg_nbd(FREQUENCY, RECENCY, AGE)


def test_the_fit_to_cdnow_is_the_published_one(cdnow: BgNbd) -> None:
    assert FREQUENCY.size == 2_357
    assert tuple(cdnow) == pytest.approx(tuple(PUBLISHED), abs=2e-4)
    assert customer_value.bg_nbd_log_likelihood(cdnow, FREQUENCY, RECENCY, AGE).sum() == pytest.approx(
        -9582.4, abs=0.05
    )


def test_expected_purchases_of_cdnow_are_the_published_ones(cdnow: BgNbd) -> None:
    assert customer_value.expected_purchases(cdnow, np.array([39.0]))[0] == pytest.approx(1.195, abs=5e-4)
    rounded = BgNbd(0.243, 4.414, 0.793, 2.426)
    assert customer_value.expected_purchases(rounded, np.array([39.0]))[0] == pytest.approx(1.197, abs=5e-4)


def test_what_is_expected_of_one_cdnow_customer_is_equation_10_of_the_paper(cdnow: BgNbd) -> None:
    r, alpha, a, b = cdnow
    x, recency, age, time = 2.0, 30.43, 38.86, 39.0
    hypergeometric = special.hyp2f1(r + x, b + x, a + b + x - 1, time / (alpha + age + time))
    bought = 1 - ((alpha + age) / (alpha + age + time)) ** (r + x) * hypergeometric
    gone = a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x)
    by_formula = (a + b + x - 1) / (a - 1) * bought / (1 + gone)
    arrays = (np.array([value]) for value in (x, recency, age))
    assert customer_value.conditional_expected_purchases(cdnow, *arrays, time)[0] == pytest.approx(by_formula, rel=1e-9)
    assert by_formula == pytest.approx(1.226, abs=5e-4)  # the paper's worked example


def quadrature(model: BgNbd, time: float) -> float:
    """The mean over chances to leave, by adaptive quadrature over their log-odds."""

    def at(log_odds: float) -> float:
        p, stays = special.log_expit(log_odds), special.log_expit(-log_odds)
        density = math.exp(model.a * p + model.b * stays - special.betaln(model.a, model.b))
        leaving = math.exp(p)
        return float(density * -np.expm1(-model.r * np.log1p(leaving * time / model.alpha)) / leaving)

    middle = math.log(model.a / model.b)
    low, high = middle - 40 / model.a - 5, middle + 40 / model.b + 5
    return float(integrate.quad(at, low, high, limit=500, points=[middle], epsabs=0, epsrel=1e-9)[0])


@given(models, times)
@example(BgNbd(1, 1, 0.5, 0.5), 1)  # a + b is 1
@example(BgNbd(1.2, 0.4, 3.4, 240), 294)  # where SciPy's hyp2f1 gives NaN
def test_expected_purchases_are_right_where_the_hypergeometric_function_is_not(model: BgNbd, time: float) -> None:
    assert customer_value.expected_purchases(model, np.array([time]))[0] == pytest.approx(
        quadrature(model, time), rel=1e-5
    )


@given(models)
def test_at_first_everybody_buys_at_their_rate(model: BgNbd) -> None:
    soon = 1e-6 * model.alpha
    expected = customer_value.expected_purchases(model, np.array([0.0, soon]))
    assert expected == pytest.approx([0.0, model.r / model.alpha * soon], rel=1e-4)


@given(models, st.integers(0, 40), st.floats(0, 1), st.floats(1, 100), times)
def test_who_was_not_seen_for_longer_is_less_likely_still_a_customer(
    model: BgNbd, count: int, share: float, age: float, time: float
) -> None:
    recency = np.sort(np.array([0.0, share * age, age])) * (count > 0)
    arrays = (np.full(3, float(count)), recency, np.full(3, age))
    active = customer_value.still_active(model, *arrays)
    assert ((active >= 0) & (active <= 1)).all()
    assert (np.diff(active) >= 0).all()
    expected = customer_value.conditional_expected_purchases(model, *arrays, time)
    assert (expected >= 0).all() and (expected <= (model.r + count) / (model.alpha + age) * time * (1 + 1e-6)).all()


def test_nobody_has_left_before_coming_again() -> None:
    once = customer_value.still_active(PUBLISHED, np.zeros(1), np.zeros(1), np.full(1, 30.0))
    assert once[0] == 1


@given(models, st.integers(0, 30), st.floats(0, 1), st.floats(1, 100))
def test_the_derivatives_that_the_fit_climbs_by_are_those_of_the_likelihood(
    model: BgNbd, count: int, share: float, age: float
) -> None:
    arrays = (np.array([float(count)]), np.array([share * age * (count > 0)]), np.array([age]))
    slopes = customer_value.bg_nbd_slope(model, *arrays)[1]
    numeric = optimize.approx_fprime(
        np.array(model),
        lambda values: customer_value.bg_nbd_log_likelihood(BgNbd(*values), *arrays).sum(),
        1e-6 * np.array(model),
    )
    assert slopes == pytest.approx(numeric, rel=1e-3, abs=1e-4 * (1 + count))


def simulated(model: BgNbd, customers: int, weeks: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frequency, recency and age of customers who live by the model, purchase by purchase."""
    luck = np.random.default_rng(7)
    rate, leaving = luck.gamma(model.r, 1 / model.alpha, customers), luck.beta(model.a, model.b, customers)
    age = luck.uniform(0.7 * weeks, weeks, customers)
    frequency, recency, now, here = (
        np.zeros(customers),
        np.zeros(customers),
        np.zeros(customers),
        np.ones(customers, bool),
    )
    while here.any():
        now += luck.exponential(1 / rate)
        here &= now < age
        frequency[here] += 1
        recency[here] = now[here]
        here &= luck.uniform(size=customers) >= leaving
    return frequency, recency, age


@pytest.mark.parametrize("model", [BgNbd(0.8, 5, 0.8, 3), BgNbd(1.3, 1.5, 0.9, 30)])
def test_the_fit_finds_the_parameters_that_customers_were_made_with(model: BgNbd) -> None:
    seen = simulated(model, 12_000, 60)
    found = customer_value.fit_bg_nbd(*seen)
    assert tuple(found) == pytest.approx(tuple(model), rel=0.12)
    assert (
        customer_value.bg_nbd_log_likelihood(found, *seen).sum()
        >= customer_value.bg_nbd_log_likelihood(model, *seen).sum()
    )
    expected = customer_value.conditional_expected_purchases(model, *(array[:500] for array in seen), 52)
    assert customer_value.conditional_expected_purchases(
        found, *(array[:500] for array in seen), 52
    ).sum() == pytest.approx(expected.sum(), rel=0.03)


def test_weeks_or_days_the_fit_is_the_same(cdnow: BgNbd) -> None:
    in_days = customer_value.fit_bg_nbd(FREQUENCY, 7 * RECENCY, 7 * AGE)
    assert tuple(in_days) == pytest.approx(tuple(cdnow._replace(alpha=7 * cdnow.alpha)), rel=1e-4)


def test_a_fit_that_is_none_says_why() -> None:
    nobody = np.zeros(3)
    with pytest.raises(FitError, match="nobody came again"):
        customer_value.fit_bg_nbd(nobody, nobody, np.ones(3))
    alike = np.full(60, 10.0)  # ten purchases each, the last just now: neither rates nor leaving differ
    with pytest.raises(FitError, match="without end"):
        customer_value.fit_bg_nbd(alike, alike, alike)
    with pytest.raises(ValueError, match="allowed: one shape"):
        customer_value.fit_bg_nbd(nobody, nobody, np.ones(2))
    with pytest.raises(ValueError, match="recency <= age"):
        customer_value.fit_bg_nbd(np.ones(1), np.full(1, 2.0), np.ones(1))


# ---- Gamma-Gamma -------------------------------------------------------------------------------------------

AGAIN = FREQUENCY > 0
PUBLISHED_SPEND = GammaGamma(6.25, 3.74, 15.44)


def test_the_fit_to_spend_at_cdnow_is_the_published_one() -> None:
    assert (AGAIN.sum(), MEAN_SPEND[AGAIN].mean()) == (946, pytest.approx(35.08, abs=0.005))
    found = customer_value.fit_gamma_gamma(FREQUENCY[AGAIN], MEAN_SPEND[AGAIN])
    assert tuple(found) == pytest.approx(tuple(PUBLISHED_SPEND), abs=0.01)


def test_the_fit_finds_the_parameters_that_spend_was_made_with() -> None:
    luck, model = np.random.default_rng(3), GammaGamma(3, 5, 40)
    count = luck.integers(1, 20, 8_000).astype(float)
    mean = luck.gamma(model.p * count, 1 / luck.gamma(model.q, 1 / model.gamma, count.size)) / count
    assert tuple(customer_value.fit_gamma_gamma(count, mean)) == pytest.approx(tuple(model), rel=0.1)
    assert mean.mean() == pytest.approx(model.mean, rel=0.05)


@given(st.floats(1, 500), st.integers(1, 5))
def test_few_purchases_say_less_than_many(mean: float, count: int) -> None:
    few, many = (
        customer_value.conditional_expected_spend(PUBLISHED_SPEND, np.array([float(n)]), np.array([mean]))[0]
        for n in (count, 1_000 * count)
    )
    assert abs(many - mean) <= abs(few - mean) + 1e-9
    assert abs(few - PUBLISHED_SPEND.mean) <= abs(mean - PUBLISHED_SPEND.mean) + 1e-9


@given(st.floats(0.2, 20), st.floats(1.1, 20), st.floats(0.1, 100), st.floats(0.1, 1_000), st.integers(1, 50))
def test_the_derivatives_for_spend_are_those_of_its_likelihood(
    p: float, q: float, gamma: float, mean: float, count: int
) -> None:
    model, arrays = GammaGamma(p, q, gamma), (np.array([float(count)]), np.array([mean]))
    numeric = optimize.approx_fprime(
        np.array(model),
        lambda values: customer_value.gamma_gamma_log_likelihood(GammaGamma(*values), *arrays).sum(),
        1e-6 * np.array(model),
    )
    assert customer_value.gamma_gamma_slope(model, *arrays)[1] == pytest.approx(numeric, rel=1e-3, abs=1e-3 * count)


@pytest.mark.parametrize("count", [1.0, 4.0])
def test_all_mean_spends_together_have_a_chance_of_1(count: float) -> None:
    def density(log: float) -> float:
        logs = customer_value.gamma_gamma_log_likelihood(PUBLISHED_SPEND, np.array([count]), np.array([math.exp(log)]))
        return math.exp(logs[0] + log)

    assert integrate.quad(density, -10, 15)[0] == pytest.approx(1, abs=1e-6)


def test_spend_that_no_law_fits_says_why() -> None:
    with pytest.raises(FitError, match="no customers"):
        customer_value.fit_gamma_gamma(np.empty(0), np.empty(0))
    with pytest.raises(FitError, match="without end"):
        customer_value.fit_gamma_gamma(np.full(60, 3.0), np.full(60, 20.0))
    with pytest.raises(ValueError, match="mean spend of 0"):
        customer_value.fit_gamma_gamma(np.ones(1), np.zeros(1))
    with pytest.raises(ValueError, match="allowed: one shape"):
        customer_value.fit_gamma_gamma(np.ones(1), np.ones(2))
    assert math.isinf(GammaGamma(1, 1, 1).mean)
    unknown = customer_value.conditional_expected_spend(GammaGamma(0.1, 0.2, 1), np.ones(1), np.ones(1))
    assert np.isnan(unknown[0])


# ---- retention ---------------------------------------------------------------------------------------------

rates = st.floats(0, 1)


@pytest.mark.parametrize(("retention", "value"), [(0.8, 2.667), (0.9, 4.5)])
def test_gupta_and_lehmann_as_published(retention: float, value: float) -> None:
    assert gupta_lehmann(1, retention, 0.1) == pytest.approx(value, abs=5e-4)


@given(st.floats(0, 1e4), rates, st.floats(0.001, 1), st.integers(0, 30))
def test_cut_off_it_is_the_sum_of_its_years(margin: float, retention: float, discount: float, years: int) -> None:
    by_year = sum(margin * (retention / (1 + discount)) ** k for k in range(1, years + 1))
    assert gupta_lehmann(margin, retention, discount, years) == pytest.approx(by_year, rel=1e-9, abs=1e-9)
    assert gupta_lehmann(margin, retention, discount, 1e6) == pytest.approx(gupta_lehmann(margin, retention, discount))


@given(st.floats(0, 1e4), rates)
def test_who_keeps_nobody_has_nothing_and_who_loses_nobody_has_an_annuity(margin: float, discount: float) -> None:
    assert gupta_lehmann(margin, 0, discount) == gupta_lehmann(margin, 0, discount, 3) == 0
    assert gupta_lehmann(margin, 1, 0, 3) == 3 * margin
    assume(discount > 1e-3)
    assert gupta_lehmann(margin, 1, discount) == pytest.approx(margin / discount)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((1, 1.1, 0.1), r"retention\(=1.1\)"),
        ((1, -0.1, 0.1), r"retention\(=-0.1\)"),
        ((1, 0.5, -0.1), r"discount\(=-0.1\)"),
        ((1, 0.5, 0.1, -1), r"years\(=-1\)"),
        ((1, 1, 0), "no limit"),
    ],
)
def test_what_makes_no_sense_is_refused(given: tuple[float, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        gupta_lehmann(*given)


def test_the_fit_to_high_end_contracts_is_the_published_one_and_projects_it() -> None:
    found = fit_survivors(HIGH_END)
    assert tuple(found) == pytest.approx((0.668, 3.806), abs=5e-4)
    years = np.arange(8.0, 13.0)
    assert 100 * survival(found, years) == pytest.approx([46.0, 43.6, 41.4, 39.5, 37.8], abs=0.05)


@given(shapes, st.floats(0.5, 20), st.integers(3, 12))
def test_survivors_as_the_law_has_them_give_its_parameters(alpha: float, beta: float, periods: int) -> None:
    law = ShiftedBetaGeometric(alpha, beta)
    survivors = 1e6 * survival(law, np.arange(periods + 1.0))
    assert survival(law, np.zeros(1))[0] == pytest.approx(1)
    assert tuple(fit_survivors(survivors)) == pytest.approx(tuple(law), rel=0.02)


@given(shapes, st.floats(0.5, 20))
def test_retention_under_it_only_rises(alpha: float, beta: float) -> None:
    curve = survival(ShiftedBetaGeometric(alpha, beta), np.arange(30.0))
    assert (np.diff(curve[1:] / curve[:-1]) > 0).all()


def test_survivors_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="found 1 periods"):
        fit_survivors(np.array([10.0, 9.0]))
    with pytest.raises(ValueError, match="must not grow"):
        fit_survivors(np.array([10.0, 9.0, 9.5]))
    with pytest.raises(FitError, match="nobody left"):
        fit_survivors(np.full(4, 10.0))
    with pytest.raises(FitError, match="without end"):  # each period half: chances do not differ
        fit_survivors(100 * 0.5 ** np.arange(8))
