import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.finance.uncertainty import Spread, percentiles, prob_loss, spread

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)
DRAWS = 8_192


def normals(columns: int) -> np.ndarray:
    """Normal draws (columns, draws) from scrambled Sobol points."""
    return stats.norm.ppf(stats.qmc.Sobol(columns, rng=7).random(DRAWS)).T


@pytest.mark.parametrize(("inputs", "luck"), [(3, 4), (10, 1), (1, 5), (7, 0)])
def test_a_known_mixture_is_taken_apart(inputs: float, luck: float) -> None:
    known, once, twice = normals(3)
    found = spread(100 + inputs * known + luck * once, 100 + inputs * known + luck * twice)
    assert found.run_noise_sd == pytest.approx(luck, rel=0.02)
    assert found.input_sd == pytest.approx(inputs, rel=0.03)
    assert found.total_sd == pytest.approx(math.hypot(inputs, luck), rel=0.02)
    assert found.input_share == pytest.approx(inputs**2 / (inputs**2 + luck**2), abs=0.02)


def test_a_few_repeats_are_of_the_first_draws() -> None:
    known, once, twice = normals(3)
    values = 100 + 3 * known + 4 * once
    found = spread(values, (100 + 3 * known + 4 * twice)[:1024])
    assert found.run_noise_sd == pytest.approx(4, rel=0.1)
    assert found.input_sd == pytest.approx(3, rel=0.15)
    assert found.total_sd == pytest.approx(values.std(ddof=1))


def test_two_repeats_by_hand() -> None:
    """Differences 2 and 0: noise variance (4 + 0) / 2 / 2 = 1; 0, 4, 8 have variance 16, so 15 is the inputs'."""
    found = spread(np.array([0.0, 4.0, 8.0]), np.array([2.0, 4.0]))
    assert found == Spread(1.0, pytest.approx(math.sqrt(15)), 4.0)
    assert found.input_share == pytest.approx(15 / 16)


def test_where_no_input_varies_all_is_luck() -> None:
    once, twice = normals(2)
    found = spread(5 * once, 5 * twice)
    assert found.run_noise_sd == pytest.approx(5, rel=0.02)
    assert found.input_sd is not None and found.input_sd < 0.15 * 5  # the root of what is left by chance
    assert found.input_share is not None and found.input_share < 0.02


@given(VALUES)
def test_without_luck_run_noise_is_exactly_nothing(values: list[float]) -> None:
    found = spread(np.array(values), np.array(values))
    assert found.run_noise_sd == 0
    assert found.input_sd == found.total_sd
    assert found.input_share == (0 if len(set(values)) == 1 or found.total_sd == 0 else 1)


@given(st.floats(-1e9, 1e9), st.integers(2, 30))
def test_where_all_are_equal_nothing_varies(value: float, draws: int) -> None:
    found = spread(np.full(draws, value), np.full(2, value))
    assert found == Spread(0.0, 0.0, 0.0)
    assert found.input_share == 0


@given(VALUES, st.data())
def test_the_parts_never_exceed_the_whole_by_more_than_luck_allows(values: list[float], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=len(values)))
    found = spread(np.array(values), np.array(again))
    assert found.input_sd is not None and found.total_sd is not None and found.input_share is not None
    assert 0 <= found.input_sd <= found.total_sd
    assert 0 <= found.input_share <= 1


@pytest.mark.parametrize("again", [[], [2.0]])
def test_one_repeat_says_nothing_about_luck(again: list[float]) -> None:
    found = spread(np.array([1.0, 3.0]), np.array(again))
    assert found == Spread(None, None, pytest.approx(math.sqrt(2)))
    assert found.input_share is None


def test_one_draw_says_nothing_about_spread() -> None:
    found = spread(np.array([1.0]), np.array([2.0]))
    assert found == Spread(None, None, None)
    assert found.input_share is None


def test_percentiles_are_excels() -> None:
    """Microsoft's own example of PERCENTILE.INC: the .3 of 1, 2, 3, 4 is 1.9; so by the same rule .1, .5 and .9."""
    assert np.percentile([1, 2, 3, 4], 30) == pytest.approx(1.9)
    assert percentiles(np.array([4.0, 2.0, 1.0, 3.0])) == pytest.approx((1.3, 2.5, 3.7))
    assert percentiles(np.arange(11.0)) == pytest.approx((1, 5, 9))
    assert percentiles(np.array([7.0])) == (7, 7, 7)


@given(VALUES)
def test_percentiles_are_in_order_and_within_the_values(values: list[float]) -> None:
    p10, p50, p90 = percentiles(np.array(values))
    rounding = 1e-9 * (1 + max(map(abs, values)))
    assert min(values) - rounding <= p10 <= p50 + rounding <= p90 + 2 * rounding <= max(values) + 3 * rounding
    assert p50 == pytest.approx(np.median(values), abs=rounding)


def test_a_loss_is_below_nothing() -> None:
    assert prob_loss(np.array([-1.0, 0.0, 2.0, -3.0])) == 0.5
    assert prob_loss(np.array([0.0, 5.0])) == 0


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [[1.0, 2.0]]])
@pytest.mark.parametrize("take", [percentiles, prob_loss, lambda values: spread(values, np.array([1.0]))])
def test_what_is_missing_is_refused(take, values) -> None:
    with pytest.raises(ValueError, match=r"^found .*; allowed: "):
        take(np.array(values))


@pytest.mark.parametrize("again", [[1.0, 2.0, 3.0], [math.nan, 1.0], [[1.0, 2.0]]])
def test_repeats_of_no_draw_are_refused(again) -> None:
    with pytest.raises(ValueError, match=r"found repeats of shape .*; allowed: "):
        spread(np.array([1.0, 2.0]), np.array(again))
