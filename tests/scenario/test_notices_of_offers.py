"""Levers and fixes that move nothing are told of by how the scenario is built; what moves something is not."""

import math
from typing import Any

import numpy as np
import pytest

from sim.experiments import library, runs
from sim.experiments.runs import Effort
from sim.outcomes.measures import MEASURES
from sim.scenario.notices import notices_of
from sim.scenario.notices.idle import Structure, why_idle
from sim.scenario.paths import settables
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import is_whole, world_of
from tests.engines.worlds import Changes, tiny

OFF = {"failures.wheel.on": False}
NOBODY_THERE = {"journey.bay.next": [{"to": "aisles", "share": 0}]}
NO_RAIN = {"failures.wheel.responses.swap.not_in_rain": False}


def around(scenario: Scenario, path: str) -> dict[str, Any]:
    """A lever that has what the scenario says within its range."""
    now = settables(scenario)[path]
    assert isinstance(now, Quantity)
    if is_whole(scenario, path) or now.value > 1:
        return lever(path, now.value, now.value + 1)
    return lever(path, min(0, math.floor(now.value)))


def lever(path: str, low: float = 0, high: float = 1, direction: str = "up") -> dict[str, Any]:
    ends = {"path": path, "label": "Lever", "min": low, "max": high, "step": (high - low) / 10}
    return ends | {"help": "Help.", "outcome": "revenue", "direction": direction}


def fix(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    common = {"id": "fix", "label": "Fix", "help": "Help.", "department": "operations", "costs": {"once": 1}}
    return common | {"evidence": "D", "source": "a guess", "changes": list(changes)} | more


def told(scenario: Scenario) -> dict[str, str]:
    return {notice.path: notice.message for notice in notices_of(scenario)}


IDLE: list[tuple[str, Changes, str]] = [
    ("failures.wheel.severity", OFF, "“A bad wheel” is off"),
    ("failures.wheel.responses.swap.loss", OFF, "“A bad wheel” is off"),
    ("failures.queue.severity", {}, "“A long queue” is not reported"),
    ("failures.wheel.weight", {"assets.trolleys.breaks": 0}, "nothing that is lent ever breaks"),
    ("failures.refused.weight", {"failures.refused.responses.shrug.feels": 0}, "feels like anything"),
    ("failures.queue.responses.abandon.loss", {}, "who leaves buys nothing"),
    ("failures.queue.responses.endure.feels", {"failures.queue.responses.abandon.share": 1}, "its share is 0"),
    ("failures.queue.responses.endure.feels", NOBODY_THERE, "no visit comes to “Checkout”"),
    ("journey.checkout.patience", {"failures.queue.on": False}, "no failure point of the cause wait that is on"),
    ("journey.checkout.permission", {}, "no failure point of the cause intrusion"),
    ("journey.checkout.minutes.log_sd", {}, "only law: lognormal reads it"),
    ("journey.desk.minutes.mean", OFF, "no visit comes to “Service desk”"),
    ("resources.desk.servers", OFF, "nobody comes to be served there"),
    ("assets.trolleys.pool", {"trips.main.borrows": 0, "trips.small.borrows": 0}, "nobody borrows one"),
    ("assets.trolleys.reserve", {"assets.trolleys.breaks": 0}, "none ever breaks"),
    ("assets.trolleys.repair.minutes.mean", {"failures.wheel.reported": False}, "no touchpoint hears reports"),
    ("segments.hurried.patience_times", {"failures.queue.on": False}, "no failure point of the cause wait"),
    ("segments.hurried.fit", {}, "no touchpoint delivers"),
    ("trips.small.time_times", {"journey.aisles.grows_with_trip": False, "journey.checkout.grows_with_trip": False}
     , "grows_with_trip: true"),
    ("relationship.shock_half_life", {}, "there is no shock"),
    ("relationship.complaint_slope", {"failures.wheel.reported": False}, "nobody complains"),
    ("relationship.leaving_sensitivity", {"relationship.gain": 0}, "satisfaction never moves"),
    ("weather.rain", NO_RAIN, "rain touches nobody"),
    ("word_of_mouth.told_bad", {}, "nobody tells anybody anything"),
    ("reputation.reviews", {}, "nobody heeds reviews"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "changes", "why"), IDLE)
def test_a_lever_that_moves_nothing_is_told_of_and_why(path: str, changes: Changes, why: str) -> None:
    found = told(tiny({**changes, "levers": [around(tiny(changes), path)]}))
    assert found[path].startswith("found a lever that moves nothing: ")
    assert why in found[path]


@pytest.mark.parametrize(("path", "changes", "why"), IDLE)
def test_what_is_told_to_move_nothing_does_move_nothing(path: str, changes: Changes, why: str) -> None:
    """Run with another value there: the figures stay what they are, all of them."""
    scenario = tiny({**changes, "weeks": 4, "customers.base": 40})
    now = settables(scenario)[path]
    assert isinstance(now, Quantity)
    other = now.value + 1 if path.endswith(("servers", "pool", "reserve")) else now.value * 0.5 + 0.1
    one, two = (runs.run(world, Effort(1, 2)) for world in (scenario, world_of(scenario, {path: other})))
    for name in MEASURES:
        assert np.array_equal(one.values(name), two.values(name), equal_nan=True), name


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("failures.wheel.severity", {}),
        ("failures.wheel.severity", {**OFF, "fixes": [fix({"path": "failures.wheel.on", "set": True})]}),
        ("failures.queue.responses.abandon.share", {"failures.queue.responses.abandon.share": 0}),
        ("failures.queue.responses.abandon.feels", {}),
        ("journey.checkout.patience", {}),
        ("resources.repairer.servers", {}),
        ("assets.trolleys.breaks", {"assets.trolleys.breaks": 0}),
        ("segments.hurried.hurt_times", {}),
        ("weather.rain", {}),
        ("relationship.gain", {"relationship.gain": 0}),
        ("word_of_mouth.telling", {}),
        ("customers.newcomers_per_week", {}),
        ("economics.incremental_margin", {}),
    ],
)
def test_a_lever_that_may_move_something_is_not(path: str, changes: Changes) -> None:
    assert told(tiny({**changes, "levers": [around(tiny(changes), path)]})) == {}


def test_a_lever_whose_file_says_that_it_moves_nothing_is_meant() -> None:
    assert told(tiny({"levers": [lever("failures.queue.severity", direction="none")]})) == {}


def test_a_way_that_another_lever_opens_is_open() -> None:
    opens = lever("journey.bay.next[0].share")
    inside = lever("journey.aisles.minutes.mean", 30, 60)
    assert "journey.aisles.minutes.mean" in told(tiny({**NOBODY_THERE, "levers": [inside]}))
    assert "journey.aisles.minutes.mean" not in told(tiny({**NOBODY_THERE, "levers": [inside, opens]}))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([{"path": "assets.trolleys.pool", "set": 9}], "assets.trolleys.pool is 9 before and after it"),
        ([{"path": "failures.wheel.on", "set": True}], "failures.wheel.on is true before and after it"),
        ([{"path": "relationship.recapture", "times": 2}], "relationship.recapture is 0 before and after it"),
        ([{"path": "failures.queue.severity", "add": 0.5}], "“A long queue” is not reported"),
        ([{"path": "assets.trolleys.pool", "set": 10}], None),
        ([{"path": "assets.trolleys.pool", "set": 9}, {"path": "assets.trolleys.reserve", "add": -1}], None),
        ([{"path": "assets.trolleys.breaks", "times": {"low": 0.5, "mode": 1, "high": 2}}], None),
    ],
)
def test_a_fix_moves_nothing_when_none_of_its_changes_does(changes: list[dict[str, Any]], why: str | None) -> None:
    found = told(tiny({"relationship.recapture": 0, "fixes": [fix(*changes)]}))
    assert ("fixes.fix.changes" in found) is (why is not None)
    if why:
        assert why in found["fixes.fix.changes"]


def test_a_fix_that_was_chosen_is_not_told_to_move_nothing() -> None:
    scenario = tiny({"fixes": [fix({"path": "assets.trolleys.pool", "set": 12})]})
    assert notices_of(world_of(scenario, {}, ["fix"]), scenario) == ()


def test_a_cost_of_each_use_that_nothing_counts() -> None:
    change = {"path": "assets.trolleys.pool", "add": 1}
    assert set(told(tiny({"fixes": [fix(change, costs={"per_use": 2})]}))) == {"fixes.fix.costs.per_use"}
    assert told(tiny({"fixes": [fix(change, costs={"per_use": 2, "use": "reports"})]})) == {}


def test_a_policy_moves_nothing_when_its_curves_are_flat_or_lead_to_what_does_not() -> None:
    def policy(path: str, last: float) -> Scenario:
        now = settables(tiny())[path]
        assert isinstance(now, Quantity)
        move = {"path": path, "through": [[0, now.value], [1, last]], "evidence": "D", "source": "a guess"}
        said = {"id": "plan", "label": "Plan", "help": "Help.", "value": {"mode": 0, "unit": "bold"}, "moves": [move]}
        return tiny({"policies": [said], "levers": [lever("policies.plan.value")]})

    assert "its curves are flat" in told(policy("weather.rain", 0.3))["policies.plan.value"]
    assert "is not reported" in told(policy("failures.queue.severity", 1))["policies.plan.value"]
    assert told(policy("weather.rain", 0.9)) == {}


def test_a_skill_that_lifts_what_never_happens() -> None:
    failure = {"id": "slip", "label": "A slip", "at": "aisles", "cause": "chance", "chance": 0.1, "on": False}
    failure |= {"responses": [{"id": "sigh", "label": "Sighs", "feels": -0.5}]}
    skill = {"id": "care", "label": "Care", "lifts": [{"at": "slip", "rate": "failure", "log_odds": -1}]}
    one = {"failures": [failure], "skills": [skill], "journey.checkout.patience": None}
    path = "skills.care.half_life"
    assert "“A slip” is off" in told(tiny({**one, "levers": [lever(path, 12, 20)]}))[path]
    assert path not in told(tiny({**one, "failures": [failure | {"on": True}], "levers": [lever(path, 12, 20)]}))


@pytest.mark.parametrize("name", library.names())
def test_every_path_of_every_scenario_can_be_asked_about(name: str) -> None:
    scenario = library.load(name)
    structure = Structure(scenario)
    for path in settables(scenario):
        assert why_idle(structure, path) != ""
