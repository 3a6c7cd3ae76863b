import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.estimate import MISSING, Estimate, PooledValues, estimate, values_of, variance_ratio, verdict
from sim.outcomes.measures import MEASURES
from sim.outcomes.measures.customers import LEAVING

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


# ---- pooled over replications --------------------------------------------------------------------------------

TOTALS = st.lists(st.tuples(st.integers(0, 500), st.floats(0.1, 900)), min_size=2, max_size=30)


def test_what_is_pooled_is_made_of_totals_worked_out_by_hand() -> None:
    """2 of 10 years and 6 of 10: .4 a year, spread .2 x sqrt 2 about it; t with one degree of freedom 12.706205."""
    values = PooledValues(LEAVING, [(2, 10), (6, 10)])
    slope = math.exp(-0.4)
    assert values == pytest.approx([1 - slope - slope * 0.2, 1 - slope + slope * 0.2])
    found = estimate(values)
    half = 12.706205 * 0.2
    assert (found.mean, found.low) == (pytest.approx(1 - slope), 0.0)
    assert found.high == pytest.approx(1 - math.exp(-0.4 - half), rel=1e-6)


@given(TOTALS)
def test_pooled_values_have_the_pooled_figure_as_their_mean_and_an_interval_that_there_can_be(
    totals: list[tuple[int, float]],
) -> None:
    values = PooledValues(LEAVING, totals)
    pooled = 1 - math.exp(-sum(part for part, _ in totals) / sum(whole for _, whole in totals))
    found = estimate(values)
    assert np.mean(values) == pytest.approx(pooled, abs=1e-9)
    assert found.mean == pytest.approx(pooled, abs=1e-12)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low <= found.mean + 1e-12 and found.mean - 1e-12 <= found.high <= 1


def test_replications_that_lose_everybody_early_weigh_no_more_than_the_years_lived_in_them() -> None:
    """Each with its own rate, the mean would be far off: .63, .63 and .63 of one year each, beside .05 of a hundred."""
    few, many = [(1.0, 1.0)] * 3, [(5.0, 100.0)]
    assert estimate(PooledValues(LEAVING, [*few, *many])).mean == pytest.approx(1 - math.exp(-8 / 103))


def test_one_replication_has_its_own_figure_and_no_interval() -> None:
    assert estimate(PooledValues(LEAVING, [(3, 10)])) == Estimate(1 - math.exp(-0.3), None, None)


def test_a_replication_with_nobody_in_it_takes_nothing_away_and_none_at_all_is_missing() -> None:
    assert estimate(PooledValues(LEAVING, [(3, 10), (0, 0)])).mean == pytest.approx(1 - math.exp(-0.3))
    for nobody in ([(0, 0), (0, 0)], []):
        assert estimate(PooledValues(LEAVING, nobody)) == MISSING
    assert all(map(math.isnan, PooledValues(LEAVING, [(0, 0), (0, 0)])))


def test_the_interval_of_a_ratio_holds_the_truth_nineteen_times_in_twenty() -> None:
    """A hundred customers who leave at .5 a year, watched until all are gone."""
    lived = np.random.default_rng(5).exponential(1 / 0.5, (3_000, 10, 100)).sum(axis=2)
    truth = 1 - math.exp(-0.5)
    found = [estimate(PooledValues(LEAVING, [(100.0, each) for each in years])) for years in lived]
    held = np.mean([one.low <= truth <= one.high for one in found])  # type: ignore[operator]
    assert held == pytest.approx(0.95, abs=0.015)


def test_times_is_of_the_figure_and_not_of_its_ratio() -> None:
    plain, percent = (estimate(PooledValues(LEAVING, [(2, 10), (6, 11)], times)) for times in (1, 100))
    assert (percent.mean, percent.high) == (pytest.approx(100 * plain.mean), pytest.approx(100 * plain.high))  # type: ignore[operator]


def test_measures_that_are_not_pooled_have_their_own_values() -> None:
    assert values_of(MEASURES["visits"], [(3.0,), (4.0,)], 2.0) == [6.0, 8.0]
    assert isinstance(values_of(MEASURES["churn_rate"], [(3.0, 10.0)]), PooledValues)
