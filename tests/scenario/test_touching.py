"""Where levers and fixes act."""

import pytest

from sim.experiments.library import load, names
from sim.scenario.paths import fixes_at, levers_at, touches
from sim.scenario.scenario import Scenario

TINY, LOAN = load("tiny"), load("home_loan")


def at(scenario: Scenario, *paths: str) -> list[str]:
    return [touchpoint.id for touchpoint in scenario.journey if touches(scenario, paths, touchpoint)]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("journey.checkout.patience", ["checkout"]),
        ("resources.tills.servers", ["checkout"]),
        ("assets.trolleys.pool", ["bay", "desk"]),
        ("resources.repairer.servers", ["bay", "desk"]),
        ("failures.queue.responses.abandon.loss", ["checkout"]),
        ("customers.base", []),
        ("relationship.gain", []),
    ],
)
def test_a_quantity_acts_where_it_belongs(path: str, where: list[str]) -> None:
    assert at(TINY, path) == where


def test_a_policy_acts_wherever_it_moves_something() -> None:
    assert at(LOAN, "policies.weeks_before.value") == ["letter", "in_time"]


def test_a_name_that_begins_alike_is_another() -> None:
    assert at(TINY, "journey.bays.minutes.mean") == []


def test_a_skill_acts_where_it_lifts_and_one_lift_where_it_is() -> None:
    scenario = next(s for name in names() if (s := load(name)).skills)
    skill = scenario.skills[0]
    homes = {failure.id: failure.at for failure in scenario.failures}
    lifted = [homes.get(lift.at, lift.at) for lift in skill.lifts]
    assert set(at(scenario, f"skills.{skill.id}.half_life")) == set(lifted)
    for number, touchpoint in enumerate(lifted):
        assert at(scenario, f"skills.{skill.id}.lifts[{number}].log_odds") == [touchpoint]


def test_levers_and_fixes_are_found_in_the_files_order() -> None:
    bay, aisles, *_ = TINY.journey
    assert [lever.label for lever in levers_at(TINY, bay)] == [lever.label for lever in TINY.levers]
    assert [fix.id for fix in fixes_at(TINY, bay)] == ["five_more_trolleys"]
    assert levers_at(TINY, aisles) == fixes_at(TINY, aisles) == []
