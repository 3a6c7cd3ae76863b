"""Every lever of every scenario moves its outcome the way its entry says.

A lever is looked at over few weeks first, because that is what all of them together have time for. What does not show
its shape there is looked at over more weeks and runs, and that look decides. `make test-long` looks at all weeks.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from sim.experiments.curve import Surroundings, draw, needs_twin, worlds_of
from sim.experiments.curve_findings import Proof, proves
from sim.experiments.library import load, names
from sim.experiments.price import expected_visits
from sim.experiments.runs import Effort
from sim.experiments.task import Task
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.scenario import Scenario

RUNS, MOST_RUNS = 6, 24
LOOKS = (150_000, 600_000, 6_000_000)  # visits in all: the last take about five seconds on two cores
LEAST_WEEKS = 4
POINTS, POINTS_INSIDE = 5, 7  # a best inside has to be met to be found


def every_lever() -> Iterator[Any]:
    """A scenario that cannot be read is one failure and takes no other with it."""
    for name in names():
        try:
            levers = load(name).levers
        except ScenarioError:
            yield pytest.param(name, None, id=f"{name}-unreadable")
            continue
        yield from (pytest.param(name, lever, id=f"{name}-{lever.path}") for lever in levers)


EVERY_LEVER = tuple(every_lever())


def points_of(lever: Lever) -> int:
    return POINTS_INSIDE if lever.direction == "interior" else POINTS


def sized(scenario: Scenario, lever: Lever, visits: float) -> tuple[Scenario, Effort]:
    """As many of its weeks as that many visits allow, then as many runs."""
    weeks = scenario.weeks
    a_run = price(scenario, lever)
    while weeks > LEAST_WEEKS and a_run * RUNS > visits:
        weeks = max(LEAST_WEEKS, min(weeks - 1, int(weeks * visits / (a_run * RUNS))))
        a_run = price(scenario.model_copy(update={"weeks": weeks}), lever)
    runs = int(min(MOST_RUNS, max(RUNS, visits / max(a_run, 1))))
    return scenario.model_copy(update={"weeks": weeks}), Effort(1, runs)


def price(scenario: Scenario, lever: Lever) -> float:
    """Visits in one run of every point."""
    worlds = worlds_of(Surroundings(scenario), lever, points_of(lever)).values()
    return sum(expected_visits(Task(world, 1, 0, with_unbroken=needs_twin(lever))) for world in worlds)


def proof(scenario: Scenario, lever: Lever, effort: Effort) -> Proof:
    return proves(draw(Surroundings(scenario), lever, effort, points=points_of(lever)))


@pytest.mark.parametrize(("name", "lever"), EVERY_LEVER)
def test_a_lever_moves_its_outcome_as_it_says(name: str, lever: Lever) -> None:
    whole = load(name)
    for visits in LOOKS:
        scenario, effort = sized(whole, lever, visits)
        found = proof(scenario, lever, effort)
        if found.holds:
            return
    pytest.fail(f"{name}, {lever.path}: {found.said} {effort.replications} runs of {scenario.weeks} weeks.")


@pytest.mark.long
@pytest.mark.parametrize(("name", "lever"), EVERY_LEVER)
def test_and_over_all_its_weeks(name: str, lever: Lever) -> None:
    whole = load(name)
    found = proof(whole, lever, Effort(1, RUNS))
    assert found.holds, f"{name}, {lever.path}: {found.said}"
