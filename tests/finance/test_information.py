import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.finance.uncertainty import evpi, evppi, evsi, fitted

DRAWS = 4_096
MEANS = [0.0, 300.0, -300.0, 900.0]
SLOPES = (600.0, -300.0, 100.0)
NUMBERS = st.floats(-1e6, 1e6).map(lambda number: round(number, 2))


def points(columns: int, draws: int = DRAWS, seed: int = 11) -> np.ndarray:
    """Uniforms (columns, draws) by scrambled Sobol."""
    return stats.qmc.Sobol(columns, rng=seed).random(draws).T


def normals(columns: int, draws: int = DRAWS, seed: int = 11) -> np.ndarray:
    return stats.norm.ppf(points(columns, draws, seed))


def worth(mean: float, sd: float) -> float:
    """The Gaussian closed form (Raiffa & Schlaifer 1961): the unit normal linear loss times the sd."""
    z = abs(mean) / sd
    return float(sd * (stats.norm.pdf(z) - z * stats.norm.sf(z)))


def linear(mean: float, seed: int = 11, draws: int = DRAWS) -> tuple[np.ndarray, np.ndarray]:
    """A value linear in three inputs, with luck of sd 200 on top; and the inputs (3, draws)."""
    *inputs, luck = normals(len(SLOPES) + 1, draws, seed)
    return mean + np.dot(SLOPES, inputs) + 200 * luck, np.array(inputs)


def test_the_closed_form_is_the_integral() -> None:
    grid = np.linspace(-10_000, 10_000, 400_001)
    density = stats.norm.pdf(grid, 300, 700)
    by_sum = np.sum(np.maximum(grid, 0) * density) * (grid[1] - grid[0]) - 300
    assert worth(300, 700) == pytest.approx(by_sum, rel=1e-6)


@pytest.mark.parametrize("mean", MEANS)
def test_perfect_information_is_worth_the_closed_form(mean: float) -> None:
    assert evpi(mean + 700 * normals(1)[0]) == pytest.approx(worth(mean, 700), rel=0.005)


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("share", [0.25, 0.81])
def test_luck_cannot_be_bought(mean: float, share: float) -> None:
    found = evpi(mean + 700 * normals(1)[0], share)
    assert found == pytest.approx(worth(mean, 700 * math.sqrt(share)), rel=0.01, abs=0.05)


def test_where_all_is_luck_there_is_nothing_to_know() -> None:
    assert evpi(normals(1)[0], 0.0) == 0


def test_perfect_information_by_hand() -> None:
    """Worth -1 or 3 alike: know which, and one has 3 half of the time; not knowing, 1. Where none loses, nothing."""
    assert evpi(np.array([-1.0, 3.0])) == 0.5
    assert evpi(np.array([2.0, 3.0])) == 0
    assert evpi(np.array([-2.0, -3.0])) == 0


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("which", range(len(SLOPES)))
def test_one_input_is_worth_the_closed_form(mean: float, which: int) -> None:
    values, inputs = linear(mean)
    found = evppi(values, inputs[which], evpi(values))
    assert found == pytest.approx(worth(mean, abs(SLOPES[which])), rel=0.04, abs=1.5)


@pytest.mark.parametrize("mean", MEANS)
def test_several_inputs_are_worth_the_closed_form(mean: float) -> None:
    values, inputs = linear(mean)
    found = evppi(values, inputs.T, evpi(values))
    assert found == pytest.approx(worth(mean, math.hypot(*SLOPES)), rel=0.02)


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("mean", MEANS)
def test_a_sample_is_worth_the_closed_form(mean: float, noise: float) -> None:
    """Data a·x + noise leaves the expected value normal, with sd a² / √(a² + noise²)."""
    slope = 600
    x, error, luck = normals(3)
    values, data = mean + slope * x + 200 * luck, slope * x + slope * noise * error
    before = slope**2 / math.hypot(slope, slope * noise)
    assert evsi(values, data, evpi(values)) == pytest.approx(worth(mean, before), rel=0.05, abs=1)


def test_a_bigger_sample_is_worth_more_and_never_as_much_as_certainty() -> None:
    x, error = normals(2)
    values = 600 * x + 100
    worths = [evsi(values, x + error / math.sqrt(stores), evpi(values)) for stores in (1, 4, 16, 64)]
    assert worths == sorted(worths)
    assert worths[-1] <= evpi(values)


def test_an_input_that_bends_is_followed() -> None:
    """A hump: worth most in the middle of a range. A straight line would see nothing in it."""
    u, luck = points(2)
    truth = 800 - 6_000 * (u - 0.5) ** 2
    exact = np.maximum(truth, 0).mean() - truth.mean()
    values = truth + 100 * stats.norm.ppf(luck)
    assert evppi(values, u, evpi(values)) == pytest.approx(exact, rel=0.03)
    assert np.corrcoef(u, values)[0, 1] == pytest.approx(0, abs=0.05)


def test_two_inputs_that_matter_only_together_are_worth_nothing_apart() -> None:
    a, b = normals(2)
    values = 500 * a * b
    most = evpi(values)
    assert evppi(values, np.column_stack([a, b]), most) == pytest.approx(most, rel=1e-6)
    assert evppi(values, a, most) < 0.02 * most


@pytest.mark.parametrize(
    ("sds_from_0", "draws", "on_average", "nearly_always"),
    [(0.0, 256, 0.05, 0.15), (0.0, 4_096, 0.015, 0.04), (0.5, 256, 0.002, 0.003)],
)
def test_an_unrelated_column_is_worth_nothing(
    sds_from_0: float, draws: int, on_average: float, nearly_always: float
) -> None:
    """Of the EVPI, over 60 sets of draws: most where the decision is closest, soon nothing away from there."""
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        values = stats.zscore(rng.normal(size=draws)) + sds_from_0
        found.append(evppi(values, rng.random(draws), math.inf) / evpi(values))
    assert np.mean(found) < on_average
    assert np.quantile(found, 0.9) < nearly_always


@pytest.mark.parametrize("seed", range(8))
def test_knowing_more_is_never_materially_worth_less(seed: int) -> None:
    values, inputs = linear(300, seed, draws=256)
    most = evpi(values)
    for which in range(len(SLOPES)):
        assert evppi(values, inputs.T, most) >= evppi(values, inputs[which], most) - 0.01 * most
        unrelated = np.column_stack([inputs[which], np.random.default_rng(seed).random(256)])
        assert evppi(values, unrelated, most) >= evppi(values, inputs[which], most) - 0.05 * most


@settings(max_examples=50)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=12, max_size=40), st.floats(0, 1))
def test_a_part_is_never_worth_more_than_the_whole(rows: list[tuple[float, float, float]], share: float) -> None:
    values, *inputs = np.array(rows).T
    most = evpi(values, share)
    assert 0 <= most <= evpi(values) + 1e-6
    for known in (inputs[0], inputs[1], np.column_stack(inputs)):
        assert 0 <= evppi(values, known, most) <= most
    assert fitted(values, inputs[0]).std() <= values.std() * (1 + 1e-9)


@given(st.floats(0.001, 1000), st.floats(0.001, 1000), st.floats(-1000, 1000))
def test_pounds_scale_and_the_inputs_unit_does_not_matter(pounds: float, unit: float, shift: float) -> None:
    values, inputs = linear(300, draws=128)
    known = evppi(values, inputs[0], math.inf)
    assert evpi(pounds * values) == pytest.approx(pounds * evpi(values), rel=1e-9)
    assert evppi(pounds * values, unit * inputs[0] + shift, math.inf) == pytest.approx(pounds * known, rel=1e-6)


def test_an_exact_cubic_is_fitted_exactly() -> None:
    x = points(1)[0] * 40 + 5
    values = 3 - 2 * x + 0.7 * x**2 - 0.01 * x**3
    assert fitted(values, x) == pytest.approx(values, rel=1e-9, abs=1e-6)


def test_the_fit_keeps_the_mean_and_the_adjusted_share_of_the_variance() -> None:
    values, inputs = linear(300, draws=64)
    fit, plain = fitted(values, inputs[0]), np.polyval(np.polyfit(inputs[0], values, 3), inputs[0])
    adjusted = 1 - np.sum((values - plain) ** 2) / (64 - 4) / values.var(ddof=1)
    assert fit.mean() == pytest.approx(values.mean())
    assert fit.var() / values.var() == pytest.approx(adjusted)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e6])
def test_a_column_that_never_varies_teaches_nothing(constant: float) -> None:
    values, inputs = linear(300, draws=64)
    column = np.full(64, constant)
    assert fitted(values, column) == pytest.approx(np.full(64, values.mean()))
    assert evppi(values, column, math.inf) == 0
    both = np.column_stack([inputs[0], column])
    assert fitted(values, both) == pytest.approx(fitted(values, inputs[0]))


def test_a_column_said_twice_teaches_nothing_new() -> None:
    values, inputs = linear(300, draws=256)
    twice = np.column_stack([inputs[0], 3 * inputs[0] + 1])
    assert fitted(values, twice) == pytest.approx(fitted(values, inputs[0]), rel=1e-6, abs=1e-6)


def test_an_input_of_two_values_splits_the_mean() -> None:
    known = np.tile([0.0, 1.0], 500)
    values = np.where(known == 1, 900.0, -500.0)
    assert fitted(values, known) == pytest.approx(values)
    assert evppi(values, known, evpi(values)) == pytest.approx(evpi(values)) == pytest.approx(250)


@pytest.mark.parametrize("value", [0.0, 0.1, -5e6])
def test_values_that_never_vary_leave_nothing_to_know(value: float) -> None:
    values = np.full(64, value)
    assert evpi(values) == pytest.approx(0, abs=1e-9)
    assert evppi(values, points(1, 64)[0], math.inf) == pytest.approx(0, abs=1e-9)


def test_too_few_draws_are_refused_rather_than_called_worthless() -> None:
    with pytest.raises(ValueError, match="found 4 draws for a fit of 4 terms; allowed: at least 5 draws"):
        fitted(np.array([1.0, 2, 3, 5]), np.array([4.0, 1, 2, 7]))


@pytest.mark.parametrize("known", [[1.0, 2.0], [1.0, 2.0, math.nan], 3.0, [[[1.0]], [[2.0]], [[3.0]]]])
def test_what_is_known_must_be_known_of_every_draw(known) -> None:
    with pytest.raises(ValueError, match=r"^found something given .*; allowed: "):
        fitted(np.array([1.0, 2.0, 3.0]), np.array(known))


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [[1.0]]])
def test_values_that_are_missing_are_refused(values) -> None:
    with pytest.raises(ValueError, match=r"^found .*; allowed: "):
        evpi(np.array(values))


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_is_between_nothing_and_all(share: float) -> None:
    with pytest.raises(ValueError, match=r"found a share of .*; allowed: 0 to 1"):
        evpi(np.array([1.0, 2.0]), share)
