import pytest

from sim.scenario.files import parse_scenario
from sim.scenario.world import world_of
from tests.scenario.kiosk import edited, faults_in, line_of

FIX = "changes: [{path: assets.carts.pool, add: 4}]"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            "changes: [{path: assets.cart.pool, add: 4}]",
            'assets.cart.pool: found "assets.cart.pool"; allowed: the path of a quantity or switch; '
            'did you mean "assets.carts.pool"?',
        ),
        (
            "changes: [{path: assets.carts.pool, add: -9}]",
            "assets.carts.pool: found -1; allowed: a whole number from 0 to 100000",
        ),
        (
            "changes: [{path: weather.rain, set: 7}]",
            "weather.rain: found 7; allowed: a number from 0 to 1",
        ),
        (
            "changes: [{path: failures.wobble.on, times: 0}]",
            "failures.wobble.on: is a switch; allowed: set, with true or false",
        ),
        ("changes: [{path: failures.wobble.on, set: 0}]", "failures.wobble.on: found 0; allowed: true or false"),
        ("changes: [{path: weather.rain, set: true}]", "weather.rain: found true; allowed: a number"),
        (
            "changes: [{path: weather.rain, set: 0}, {path: weather.rain, set: 1}]",
            "weather.rain: both four_more and four_more set it; choose one",
        ),
    ],
)
def test_a_fix_leads_somewhere_and_stays_within_bounds(new: str, said: str) -> None:
    text = edited((FIX, new))
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, new)}: fixes.four_more.changes: {said}"]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("{path: weather.rain}", "changes nothing; allowed: set, times or add"),
        ("{path: weather.rain, times: 1, add: 0}", "changes nothing; allowed: set, times or add"),
        (
            "{path: weather.rain, set: 0, add: 0.5}",
            "found set beside times or add; allowed: set alone, or times and add",
        ),
    ],
)
def test_a_change_changes_something_and_in_one_way(new: str, said: str) -> None:
    text = edited(("{path: assets.carts.pool, add: 4}", new))
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, new)}: fixes.four_more.changes[0]: {said}"]


def test_an_effect_may_be_a_guess_that_is_nothing_at_its_likeliest() -> None:
    text = edited((FIX, "changes: [{path: weather.rain, add: {low: -0.1, mode: 0, high: 0.2}}]"))
    fix, *_ = parse_scenario(text, "kiosk.yaml").fixes
    assert (fix.changes[0].add.low, fix.changes[0].add.value, fix.changes[0].add.high) == (-0.1, 0, 0.2)


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("add: {low: 0.1, mode: 0.5, high: 0.8}", "with add at 0.8: weather.rain: found 1.05; allowed: a number"),
        ("add: {low: -0.3, mode: 0, high: 0.8}", "with add at -0.3: weather.rain: found -0.05; allowed: a number"),
        ("times: {low: 1, high: 5}", "with times at 5: weather.rain: found 1.25; allowed: a number"),
    ],
)
def test_an_effect_stays_within_bounds_wherever_it_is_in_its_range(effect: str, said: str) -> None:
    new = f"changes: [{{path: weather.rain, {effect}}}]"
    text = edited((FIX, new))
    faults = faults_in(text)
    assert f"kiosk.yaml:{line_of(text, new)}: fixes.four_more.changes: {said} from 0 to 1" in faults


def test_what_is_counted_in_whole_numbers_is_not_changed_by_a_range() -> None:
    new = "add: {low: 3, mode: 4, high: 5}"
    text = edited(("pool, add: 4", f"pool, {new}"))
    said = "found a range of changes to assets.carts.pool, which takes whole numbers only; allowed: one number"
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, new)}: fixes.four_more.changes[0].add: {said}"]
    certain = edited(("pool, add: 4", "pool, add: {low: 4, mode: 4, high: 4, evidence: D}"))
    assert world_of(parse_scenario(certain, "kiosk.yaml"), {}, ["four_more"]).assets[0].pool.value == 14


@pytest.mark.parametrize("path", ["fixes.half_again.changes[0].times", "fixes.four_more.changes[0].add"])
def test_no_fix_changes_what_a_fix_does(path: str) -> None:
    new = f'changes: [{{path: "{path}", times: 2}}]'
    text = edited((FIX, new))
    said = f'found "{path}"; allowed: a quantity of the business, and not what a fix does'
    assert f"kiosk.yaml:{line_of(text, new)}: fixes.four_more.changes[0].path: {said}" in faults_in(text)


def test_a_fix_may_change_what_a_fix_costs() -> None:
    text = edited((FIX, "changes: [{path: fixes.half_again.costs.per_use, times: 0.5}]"))
    world = world_of(parse_scenario(text, "kiosk.yaml"), {}, ["four_more"])
    assert world.fixes[1].costs.per_use.value == 0.05


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("times: true", "times: found true (true/false); allowed: a number from -1000000000 to 1000000000, or"),
        ("add: {low: 1}", "add: has no value; allowed: a mode, or both low and high"),
        ("add: {low: 2, mode: 1, high: 3}", "add: found [2, 1, 3]; allowed: low <= mode <= high"),
        ("times: 2e9", "times: found 2000000000; allowed: a number from -1000000000 to 1000000000"),
        ("set: 0.5, add: {low: 0, high: 0.1}", "found set beside times or add; allowed: set alone, or times and add"),
    ],
)
def test_an_effect_is_a_quantity_and_is_refused_as_one(effect: str, said: str) -> None:
    new = f"changes: [{{path: weather.rain, {effect}}}]"
    text = edited((FIX, new))
    (fault,) = faults_in(text)
    assert fault.startswith(f"kiosk.yaml:{line_of(text, new)}: fixes.four_more.changes[0]")
    assert said in fault
