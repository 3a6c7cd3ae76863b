"""Churn: pooled over replications, and the same figure wherever replications are put together."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.experiments.cache import Store
from sim.experiments.curve import Curve, lever_of
from sim.experiments.estimate import Estimate, Target, estimate
from sim.experiments.library import load
from sim.experiments.runs import Comparison, Effort, Run, WorldsJob, compare, extend, run
from sim.experiments.verification import values_of
from sim.experiments.verification.known_answers import read_known_answers
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from sim.workshop.leaderboard import RevealJob
from sim.workshop.room import Question
from tests.engines.worlds import tiny

CHURN = "churn_rate"
FEW = Effort(1, 4)


def hundred(churn: float) -> Scenario:
    """A hundred customers who are alike, for ten years; nothing goes wrong."""
    alike = {"customers.base": 100, "customers.leaving.churn_per_year": churn, "customers.leaving.concentration": 1e6}
    return world_of(without_failures(load("template")), alike).model_copy(update={"weeks": 520})


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("churn", [0.4, 0.5])
def test_where_nearly_everybody_leaves_churn_is_what_the_scenario_says(churn: float, seed: int) -> None:
    found = run(hundred(churn), Effort(seed, 10)).estimate(CHURN)
    assert found.mean == pytest.approx(churn, abs=0.03)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low < churn + 0.005 and churn - 0.005 < found.high <= 1


@pytest.fixture(scope="module")
def small() -> Scenario:
    return tiny({"weeks": 8, "customers.leaving.churn_per_year": 0.9})


@pytest.fixture(scope="module")
def worse(small: Scenario) -> Scenario:
    return world_of(small, {"customers.leaving.churn_per_year": 0.97})


@pytest.fixture(scope="module")
def found(small: Scenario, worse: Scenario) -> Comparison:
    return compare(small, worse, FEW)


def pooled(done: Run) -> float:
    left, years = (sum(one.totals[CHURN][k] for one in done.replications) for k in (0, 1))
    return 1 - math.exp(-left / years)


def test_a_run_has_the_pooled_figure_and_not_the_mean_of_single_ones(found: Comparison) -> None:
    for done in (found.baseline, found.world):
        alone = estimate([one.measures[CHURN] for one in done.replications])
        assert done.estimate(CHURN).mean == pytest.approx(pooled(done))
        assert done.estimate(CHURN).mean != alone.mean
        for one in done.replications:
            left, years = one.totals[CHURN]
            assert one.measures[CHURN] == 1 - math.exp(-left / years)


def test_a_difference_is_that_of_the_pooled_figures_on_the_same_luck(found: Comparison) -> None:
    difference = found.difference(CHURN)
    assert difference.mean == pytest.approx(pooled(found.world) - pooled(found.baseline))
    assert found.verdict(CHURN) == "higher"
    assert set(Comparison(found.world, found.world).differences(CHURN)) == {0}


def test_parts_add_up_to_the_whole(small: Scenario) -> None:
    whole = run(small, Effort(1, 3, by="segment"))
    for one in whole.replications:
        for k in (0, 1):
            assert sum(part[CHURN][k] for part in one.part_totals.values()) == pytest.approx(one.totals[CHURN][k])
    for name in whole.replications[0].parts:
        left, years = (sum(one.part_totals[name][CHURN][k] for one in whole.replications) for k in (0, 1))
        assert whole.part(name, CHURN).mean == pytest.approx(1 - math.exp(-left / years))


def test_a_curve_has_the_same_differences_of_the_replications_that_both_points_have(found: Comparison) -> None:
    lever = lever_of(load("tiny"), load("tiny").levers[0].path)
    more = extend(found.world, Effort(1, 5))
    curve = Curve(lever, CHURN, (0.9, 0.97), (found.baseline, more))
    assert curve.differences(0, 1) == found.differences(CHURN)
    assert curve.estimate(0) == found.baseline.estimate(CHURN)


def test_what_is_kept_on_disk_says_the_same(small: Scenario, found: Comparison, tmp_path: Path) -> None:
    def kept() -> Mapping[object, Run]:
        with Workers() as workers:
            job = WorldsJob({"now": small, "then": found.world.world}, FEW, Store(tmp_path), workers)
            job.follow(lambda share: None)
            return job.paired

    for runs in (kept(), kept()):
        assert Comparison(runs["now"], runs["then"]).differences(CHURN) == found.differences(CHURN)
        assert runs["now"].estimate(CHURN) == found.baseline.estimate(CHURN)


def test_a_room_reveals_the_same(small: Scenario, found: Comparison, tmp_path: Path) -> None:
    def revealed() -> Estimate | None:
        with Workers() as workers:
            job = RevealJob(small, Question(measure=CHURN), FEW, Store(tmp_path), workers)
            job.follow(lambda share: None)
            return job.answer

    assert revealed() == revealed() == found.baseline.estimate(CHURN)


def test_a_known_answer_reads_the_same(found: Comparison) -> None:
    answer = read_known_answers().answers[0].model_copy(update={"reading": CHURN, "at": None, "times": 100})
    samples = [one.sample(CHURN) for one in found.baseline.replications]
    of_it, plain = estimate(values_of(answer, samples)), found.baseline.estimate(CHURN)
    assert (of_it.mean, of_it.low) == (pytest.approx(100 * plain.mean), pytest.approx(100 * plain.low))  # type: ignore[operator]


def test_going_on_until_it_is_known_well_enough_goes_by_the_interval_shown(found: Comparison) -> None:
    values, half = found.baseline.values(CHURN), found.baseline.estimate(CHURN).half_width
    assert half is not None
    assert Target(CHURN, half).reached(values)
    assert not Target(CHURN, half * 0.999).reached(values)
