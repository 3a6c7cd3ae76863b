"""The journey in figures."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiments.flow import Flow, Yearly, flow_of
from sim.experiments.library import load, names
from sim.experiments.runs import Effort, Run, run
from sim.scenario.scenario import Scenario

WEEKS = 12
FEW = 3


def world(name: str) -> Scenario:
    return load(name).model_copy(update={"weeks": WEEKS})


@pytest.fixture(scope="module")
def done() -> Run:
    return run(world("tiny"), Effort(1, FEW))


@pytest.fixture(scope="module")
def flow(done: Run) -> Flow:
    return flow_of(done)


@pytest.mark.parametrize("name", [name for name in names() if load(name).customers.base.value <= 3_000])
def test_what_enters_a_touchpoint_meets_it_but_for_visits_cut_off(name: str) -> None:
    """Visits under way at an end of the weeks are counted on one side alone; none lasts longer than a week or two."""
    flow = flow_of(run(world(name), Effort(1, 2)))
    first, *others = sorted(flow.steps, key=lambda step: step.touchpoint.id != load(name).journey[0].id)
    for step in others:
        enters = sum(way.taken.mean for way in flow.ways if way.to == step.touchpoint.id)
        a_year_in_two_weeks = 2 / WEEKS * max(first.met.mean, 1)
        assert enters == pytest.approx(step.met.mean, rel=0.03, abs=min(0.1 * step.met.mean, a_year_in_two_weeks) + 20)


def test_what_meets_a_touchpoint_goes_on_or_ends_there(flow: Flow) -> None:
    for step in flow.steps:
        goes = sum(way.taken.mean for way in flow.ways_from(step.touchpoint.id))
        assert goes + step.ends.mean == pytest.approx(step.met.mean, rel=0.01)
    assert flow.step("checkout").ends.mean > 0.9 * flow.step("checkout").met.mean


def test_counts_are_those_of_the_replications(done: Run, flow: Flow) -> None:
    assert flow.step("bay").met.values == tuple(one.passes[0] for one in done.replications)
    (way,) = flow.ways_from("bay")
    assert (way.to, way.taken.values) == ("aisles", tuple(one.flows[0] for one in done.replications))
    assert way.taken.estimate.low < way.taken.mean < way.taken.estimate.high  # type: ignore[operator]


@pytest.mark.parametrize("name", names())
def test_every_failure_point_is_at_one_step_and_every_step_is_there_by_stage(name: str) -> None:
    scenario = load(name)
    flow = flow_of(Run(scenario))
    there = [(leak.failure.id, step.touchpoint.id) for step in flow.steps for leak in step.leaks]
    assert sorted(there) == sorted((failure.id, failure.at) for failure in scenario.failures)
    assert sorted(step.touchpoint.id for step in flow.steps) == sorted(t.id for t in scenario.journey)
    order = [stage.label for stage in scenario.stages]
    places = [order.index(step.stage) for step in flow.steps]
    assert places == sorted(places)
    assert set(flow.departments) == {step.department for step in flow.steps}


def test_losses_are_those_of_the_runs(done: Run, flow: Flow) -> None:
    wheel, _ = flow.step("bay").leaks
    assert wheel.lost.estimate == done.lost("wheel")


def test_routes_between_the_same_two_are_one_way(done: Run) -> None:
    bay, *others = done.world.journey
    twice = bay.model_copy(update={"next": (*bay.next, *bay.next)})
    doubled = done.world.model_copy(update={"journey": (twice, *others)})
    flows = [np.insert(one.flows, 1, 100.0) for one in done.replications]
    replications = tuple(replace(one, flows=flow) for one, flow in zip(done.replications, flows, strict=True))
    (way,) = flow_of(Run(doubled, replications)).ways_from("bay")
    assert way.taken.values == tuple(flow[0] + 100 for flow in flows)


def test_a_difference_is_paired_run_by_run() -> None:
    change = Yearly((11.0, 22.0)).less(Yearly((10.0, 21.0)))
    assert (change.mean, change.low, change.high) == (1, 1, 1)


def test_without_runs_nobody_moves_and_nothing_is_known() -> None:
    assert Yearly(()).mean == 0
    assert Yearly(()).estimate.mean is None
