"""A first look at the yardstick, a few weeks of it, in this process."""

import pytest

from sim.experiments.library import load
from sim.experiments.task import Task, simulate
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

Measures = dict[str, float]


def weeks_of(world: Scenario) -> Measures:
    return simulate(Task(world.model_copy(update={"weeks": 8}), seed=1, replication=0, with_unbroken=False)).measures


@pytest.fixture(scope="module")
def as_is() -> Measures:
    return weeks_of(load("dodgy_trolley"))


@pytest.fixture(scope="module")
def twenty_more() -> Measures:
    return weeks_of(world_of(load("dodgy_trolley"), fixes=["twenty_more_trolleys"]))


def test_as_it_stands_most_reports_are_refused(as_is: Measures) -> None:
    assert as_is["reports"] > 0
    assert as_is["refused_share"] > 0.5


def test_twenty_more_trolleys_end_the_refusals(twenty_more: Measures) -> None:
    assert twenty_more["refusals"] == 0
    assert twenty_more["repairs"] > 0


def test_twenty_more_trolleys_more_than_halve_the_bad_trips(as_is: Measures, twenty_more: Measures) -> None:
    assert 0 < twenty_more["bad_trip_share"] < as_is["bad_trip_share"] / 2


def test_twenty_more_trolleys_never_leave_the_bay_empty_and_please(as_is: Measures, twenty_more: Measures) -> None:
    assert as_is["shortages"] > 0
    assert twenty_more["shortages"] == 0
    assert twenty_more["satisfaction"] > as_is["satisfaction"]
    assert twenty_more["revenue"] > as_is["revenue"]
