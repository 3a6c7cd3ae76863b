"""Worlds in which a policy is moved."""

import pytest

from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario
from sim.scenario.paths import quantity_at, settable
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.scenario.kiosk import faults_in, line_of
from tests.scenario.test_policies import careful

VALUE, BREAKS, POOL = "policies.care.value", "assets.carts.breaks", "assets.carts.pool"
MORE_CARE = "changes: [{path: policies.care.value, add: 0.25}]"
LEVER = "path: assets.carts.pool\n    label: Carts\n    min: 5\n    max: 40"


@pytest.fixture
def scenario() -> Scenario:
    """The kiosk with a policy, and a fix that moves it."""
    return parse_scenario(careful(("changes: [{path: assets.carts.pool, add: 4}]", MORE_CARE)), "kiosk.yaml")


def values(world: Scenario, *paths: str) -> list[float]:
    return [quantity_at(world, path).value for path in paths]


def test_what_a_policy_moves_follows_it_and_says_why(scenario: Scenario) -> None:
    world = world_of(scenario, {VALUE: 0.25})
    assert quantity_at(world, BREAKS) == Quantity(
        mode=0.015, unit="share", evidence="B", source="Care taken at 0.25: a study"
    )
    pool = quantity_at(world, POOL)
    assert (pool.value, pool.low, pool.high, pool.unit) == (8, None, None, "carts")
    assert (pool.evidence, pool.source) == ("C", "Care taken at 0.25: a count")  # counted by eye is the weaker


def test_nothing_else_follows(scenario: Scenario) -> None:
    before, after = dict(settable(scenario)), dict(settable(world_of(scenario, {VALUE: 0.25})))
    assert {path for path in before if before[path] != after[path]} == {VALUE, BREAKS, POOL}


@pytest.mark.parametrize(("value", "carts"), [(0.15, 7), (0.25, 8), (0.24, 7), (7, 12)])
def test_only_whole_things_are_given_where_things_are_whole(scenario: Scenario, value: float, carts: int) -> None:
    world = world_of(scenario, {VALUE: value})
    assert quantity_at(world, POOL).mode == carts


def test_a_policy_set_to_where_it_stands_moves_nothing(scenario: Scenario) -> None:
    before, after = dict(settable(scenario)), dict(settable(world_of(scenario, {VALUE: 0.5})))
    assert {path for path in before if before[path] != after[path]} == {VALUE}
    away_and_back = world_of(scenario, {VALUE: 0.25}, ["four_more"])
    assert values(away_and_back, VALUE) == [0.5]
    assert quantity_at(away_and_back, POOL) == quantity_at(scenario, POOL)


def test_a_number_that_is_set_itself_wins_over_its_policy(scenario: Scenario) -> None:
    for sets in ({POOL: 30, VALUE: 1}, {VALUE: 1, POOL: 30}):
        assert values(world_of(scenario, sets), POOL, BREAKS) == [30, 0]


def test_fixes_move_policies_first_and_then_what_the_policies_gave(scenario: Scenario) -> None:
    world = world_of(scenario, {VALUE: 0.25}, ["half_again"])
    assert values(world, POOL) == [8 * 1.5 + 2]
    assert str(quantity_at(world, POOL).source).startswith("Care taken at 0.25: a count; then Half as many")
    assert values(world_of(scenario, fixes=["four_more"]), VALUE, BREAKS) == [0.75, 0.005]
    assert values(world_of(scenario, {VALUE: 0.05}, ["four_more", "half_again"]), VALUE, POOL) == [0.3, 8 * 1.5 + 2]


def test_a_fix_that_sets_a_number_wins_over_its_policy(scenario: Scenario) -> None:
    assert values(world_of(scenario, {VALUE: 1}, ["exactly_twenty"]), POOL, BREAKS) == [20, 0]


def test_a_value_beyond_what_policies_may_have_is_refused(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="found 10000000; allowed: a number from -1000000 to 1000000"):
        world_of(scenario, {VALUE: 1e7})


def test_a_lever_on_a_policy_is_tried_at_its_ends_with_all_that_the_policy_moves() -> None:
    text = careful((LEVER, LEVER.replace(POOL, VALUE).replace("5", "0").replace("40", "1")))
    (lever,) = parse_scenario(text, "kiosk.yaml").levers
    assert lever.path == VALUE
    wrong = text.replace("[0, 5]", "[0, -5]")
    at = line_of(wrong, "min: 0\n")
    said = "assets.carts.pool: found -5; allowed: a whole number from 0 to 100000"
    assert f"kiosk.yaml:{at}: levers[0].min: {said}" in faults_in(wrong)


def test_a_policy_that_leads_nowhere_is_named_once_and_the_rest_is_checked() -> None:
    text = careful((BREAKS + ", through", "assets.carts.broken, through"), ("max: 40", "max: 100001"))
    paths = [fault.split(": ")[1] for fault in faults_in(text)]
    assert paths == ["levers[0].max", "policies.care.moves[0].path"]


def test_no_policy_moves_what_a_fix_does() -> None:
    path = "fixes.four_more.changes[0].add"
    faults = faults_in(careful((BREAKS + ", through", f'"{path}", through')))
    said = f'found "{path}", what a fix does; allowed: a quantity of the business'
    assert [fault.split(": ", 1)[1] for fault in faults] == [f"policies.care.moves[0].path: {said}"]
