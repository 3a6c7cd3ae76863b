import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.estimate import MISSING, Estimate, estimate, variance_ratio, verdict

SAMPLE = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


@given(SAMPLE)
def test_an_interval_is_students_t(values: list[float]) -> None:
    found = estimate(values)
    sample = np.array(values)
    half = stats.t.ppf(0.975, sample.size - 1) * stats.sem(sample)
    assert found.mean == pytest.approx(sample.mean(), abs=1e-9)
    assert found.low == pytest.approx(sample.mean() - half, rel=1e-9, abs=1e-6)
    assert found.high == pytest.approx(sample.mean() + half, rel=1e-9, abs=1e-6)
    assert found.half_width == pytest.approx(half, rel=1e-6, abs=1e-6)


def test_an_interval_worked_out_by_hand() -> None:
    """2, 4, 6: mean 4, standard error 2 / sqrt 3, t with two degrees of freedom 4.302653."""
    found = estimate([2, 4, 6])
    assert (found.mean, found.half_width) == (4, pytest.approx(4.302653 * 2 / math.sqrt(3), rel=1e-6))


def test_intervals_hold_the_truth_nineteen_times_in_twenty() -> None:
    samples = np.random.default_rng(3).normal(10, 3, (4_000, 5))
    held = np.mean([(found := estimate(sample)).low <= 10 <= found.high for sample in samples.tolist()])
    assert held == pytest.approx(0.95, abs=0.012)


def test_one_replication_has_a_mean_and_no_interval() -> None:
    assert estimate([7.5]) == Estimate(7.5, None, None)
    assert estimate([7.5]).half_width is None


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, math.nan, 3.0], [1.0, math.inf]])
def test_what_is_missing_anywhere_is_missing_altogether(values: list[float]) -> None:
    assert estimate(values) == MISSING
    assert estimate(values).half_width is None
    assert verdict(values) == "not measured"


def test_replications_that_agree_have_an_interval_of_no_width() -> None:
    assert estimate([3.0, 3.0, 3.0]) == Estimate(3.0, 3.0, 3.0)


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        ([5.0, 6.0, 5.5, 6.2], "higher"),
        ([-5.0, -6.0, -5.5, -6.2], "lower"),
        ([2.0, 2.0], "higher"),
        ([0.0, 0.0, 0.0], "no difference"),
        ([0.0], "no difference"),
        ([3.0], "not distinguishable yet: one run has no interval"),
        ([1.0, -1.0], "not distinguishable yet: more than 1,000 more runs"),
        ([], "not measured"),
        ([1.0, math.nan], "not measured"),
    ],
)
def test_a_verdict_says_in_words_what_differences_say(differences: list[float], words: str) -> None:
    assert verdict(differences) == words


def runs_named(words: str) -> int:
    assert words.startswith("not distinguishable yet: about ")
    assert words.endswith(" more run" if " 1 more" in words else " more runs")
    return int(words.split()[4])


@pytest.mark.parametrize("differences", [[1.0, 3.0], [1.0, -0.5, 1.2, 0.3], [-4.0, 1.0, -2.0, 0.5, -1.0]])
def test_the_runs_it_asks_for_are_just_enough_if_things_are_as_they_seem(differences: list[float]) -> None:
    more, sample = runs_named(verdict(differences)), np.array(differences)

    def tells(runs: int) -> bool:
        return bool(stats.t.ppf(0.975, runs - 1) * sample.std(ddof=1) / math.sqrt(runs) < abs(sample.mean()))

    assert tells(sample.size + more)
    assert not tells(sample.size + more - 1)


def test_pairing_twins_that_move_together_buys_much_and_independent_ones_nothing() -> None:
    rng = np.random.default_rng(5)
    luck, noise, other = rng.normal(0, 10, 4_000), rng.normal(0, 1, 4_000), rng.normal(0, 10, 4_000)
    assert variance_ratio(luck.tolist(), (luck + noise).tolist()) == pytest.approx(201, rel=0.1)
    assert variance_ratio(luck.tolist(), other.tolist()) == pytest.approx(1, rel=0.1)


def test_a_variance_ratio_worked_out_by_hand() -> None:
    assert variance_ratio([1.0, 2.0, 3.0], [2.0, 3.0, 5.0]) == pytest.approx((1 + 7 / 3) / (1 / 3))


@pytest.mark.parametrize(
    ("baseline", "world"),
    [([], []), ([1.0], [2.0]), ([1.0, 2.0], [3.0, 4.0]), ([1.0, math.nan], [1.0, 3.0]), ([1.0, 2.0], [1.0, math.nan])],
    ids=["none", "one run", "nothing varies", "missing in the baseline", "missing in the world"],
)
def test_where_pairing_cannot_be_judged_it_is_not(baseline: list[float], world: list[float]) -> None:
    assert variance_ratio(baseline, world) is None
