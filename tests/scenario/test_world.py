from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments.library import load, names
from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario
from sim.scenario.paths import quantity_at, settable
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.scenario.kiosk import edited, kiosk, refusal

POOL = "assets.carts.pool"


def pool(sets: dict[str, float | bool] | None = None, *fixes: str) -> Quantity:
    return quantity_at(world_of(kiosk(), sets, fixes), POOL)


def refused(scenario: Scenario, sets: dict[str, Any] | None = None, *fixes: str) -> str:
    with pytest.raises(ScenarioError) as error:
        world_of(scenario, sets, fixes)
    return refusal(error)


def test_with_nothing_set_the_world_is_the_scenario() -> None:
    scenario = kiosk()
    assert world_of(scenario) == scenario
    assert world_of(scenario, {}, []) == scenario


def test_a_set_value_replaces_the_range_and_says_who_set_it() -> None:
    assert pool({POOL: 7}) == Quantity(mode=7, unit="carts", evidence="D", source="set by you")


def test_nothing_else_of_the_world_changes() -> None:
    before, after = dict(settable(kiosk())), dict(settable(world_of(kiosk(), {POOL: 7}, ["exactly_thirty"])))
    assert list(before) == list(after)
    assert [path for path in before if before[path] != after[path]] == [POOL, "failures.wobble.on"]


def test_the_scenario_itself_never_changes() -> None:
    scenario = kiosk()
    world_of(scenario, {POOL: 7, "failures.wobble.on": False}, ["four_more"])
    without_failures(scenario)
    assert scenario == kiosk()


def test_a_fix_moves_the_whole_range_and_adds_itself_to_its_provenance() -> None:
    moved = pool(None, "half_again")
    assert (moved.low, moved.mode, moved.high) == (14, 17, 20)
    source = "counted by eye; then Half as many again, and two: a guess"
    assert (moved.unit, moved.evidence, moved.source) == ("carts", "D", source)


def test_what_is_moved_is_known_as_badly_as_the_weaker_of_number_and_fix() -> None:
    assert pool(None, "four_more").evidence == "D"  # a guess about carts that were counted by eye
    well_known = edited(("costs: {once: 100}\n    evidence: D", "costs: {once: 100}\n    evidence: B"))
    world = world_of(parse_scenario(well_known, "kiosk.yaml"), fixes=["four_more"])
    assert quantity_at(world, POOL).evidence == "C"


def test_a_fix_that_sets_a_value_is_named_as_its_source() -> None:
    assert pool(None, "exactly_twenty") == Quantity(
        mode=20, unit="carts", evidence="B", source="Exactly twenty: an invoice"
    )


def test_what_is_set_of_a_fix_is_what_it_does() -> None:
    effect = "fixes.four_more.changes[0].add"
    assert pool({effect: 6}, "four_more").value == 16
    assert pool({effect: 0}, "four_more") == pool()
    assert pool({effect: 6}, "half_again") == pool(None, "half_again")
    assert (
        pool({"fixes.half_again.changes[0].times": 2, "fixes.half_again.changes[0].add": -1}, "half_again").value == 19
    )
    still_on = world_of(kiosk(), {"fixes.exactly_thirty.changes[1].set": True}, ["exactly_thirty"])
    assert still_on.failures[0].on


def test_what_a_fix_does_is_refused_like_any_number() -> None:
    effect = "fixes.half_again.changes[0].times"
    assert refused(kiosk(), {effect: 2e9}) == (
        f"set: {effect}: found 2000000000; allowed: a number from -1000000000 to 1000000000"
    )
    assert refused(kiosk(), {effect: 1.25}, "half_again") == (
        "set: assets.carts.pool: found 14.5; allowed: a whole number from 0 to 100000"
    )
    assert refused(kiosk(), {"fixes.exactly_twenty.changes[0].add": 1}) == (
        "set: fixes.exactly_twenty.changes[0]: found set beside times or add; allowed: set alone, or times and add"
    )


def test_a_guess_at_what_a_fix_does_makes_a_guess_of_what_it_moves() -> None:
    known, guess = "add: {mode: 4, evidence: C}", "add: {mode: 4, evidence: D}"
    for effect, grade in ((known, "C"), (guess, "D")):
        text = edited(
            ("pool, add: 4", f"pool, {effect}"), ("{once: 100}\n    evidence: D", "{once: 100}\n    evidence: B")
        )
        world = world_of(parse_scenario(text, "kiosk.yaml"), fixes=["four_more"])
        assert quantity_at(world, POOL).evidence == grade


def test_what_a_fix_leaves_alone_is_no_weaker_for_it() -> None:
    text = edited(
        ("{once: 100}\n    evidence: D", "{once: 100}\n    evidence: A"),
        ("evidence: C, source: c", "evidence: A, source: c"),
    )
    assert quantity_at(world_of(parse_scenario(text, "kiosk.yaml"), fixes=["four_more"]), POOL).evidence == "A"


def test_sliders_apply_first_and_fixes_after() -> None:
    assert pool({POOL: 6}, "four_more").value == 10
    assert pool({POOL: 6}, "exactly_twenty").value == 20


@pytest.mark.parametrize(
    ("fixes", "value"),
    [
        (("four_more", "half_again"), 10 * 1.5 + 2 + 4),
        (("exactly_twenty", "four_more"), 24),
        (("exactly_twenty", "four_more", "half_again"), 20 * 1.5 + 4 + 2),
    ],
)
def test_fixes_set_then_multiply_then_add_in_whatever_order_they_are_named(
    fixes: tuple[str, ...], value: float
) -> None:
    assert pool(None, *fixes).value == value
    assert world_of(kiosk(), fixes=fixes) == world_of(kiosk(), fixes=fixes[::-1])


def test_a_fix_named_twice_is_applied_once() -> None:
    assert pool(None, "four_more", "four_more").value == 14


def test_two_fixes_that_set_one_path_are_a_conflict() -> None:
    assert refused(kiosk(), None, "exactly_twenty", "exactly_thirty") == (
        "fixes: assets.carts.pool: both exactly_twenty and exactly_thirty set it; choose one"
    )


def test_an_unknown_fix_is_answered_with_those_there_are() -> None:
    known = "four_more, half_again, exactly_twenty, exactly_thirty"
    assert refused(kiosk(), None, "five_more") == f'fixes: five_more: found "five_more"; allowed: {known}'
    bare = kiosk().model_copy(update={"fixes": ()})
    assert refused(bare, None, "x") == 'fixes: x: found "x"; allowed: none in this scenario'


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (POOL, -1, "found -1; allowed: a whole number from 0 to 100000"),
        (POOL, 7.5, "found 7.5; allowed: a whole number from 0 to 100000"),
        (POOL, True, "found true; allowed: a number"),
        (POOL, float("nan"), "found nan; allowed: a finite number"),
        (POOL, float("inf"), "found inf; allowed: a finite number"),
        ("failures.wobble.on", 1, "found 1; allowed: true or false"),
        ("weather.rain", 1.5, "found 1.5; allowed: a number from 0 to 1"),
        (
            "assets.carts.pol",
            7,
            'found "assets.carts.pol"; allowed: the path of a quantity or switch; did you mean "assets.carts.pool"?',
        ),
    ],
)
def test_a_value_that_cannot_be_set_is_refused_in_words_that_help(path: str, value: Any, said: str) -> None:
    assert refused(kiosk(), {path: value}) == f"set: {path}: {said}"


def test_a_fix_that_leads_out_of_bounds_is_refused() -> None:
    scenario = kiosk()
    assert refused(scenario, {POOL: 99_999}, "four_more") == (
        "set: assets.carts.pool: found 100003; allowed: a whole number from 0 to 100000"
    )
    assert refused(scenario, {POOL: 7}, "half_again") == (
        "set: assets.carts.pool: found 12.5; allowed: a whole number from 0 to 100000"
    )


def test_a_world_that_no_file_could_describe_is_refused() -> None:
    assert refused(kiosk(), {"segments.young.share": 0.9}) == ("set: segments: shares sum to 1.3; allowed: a sum of 1")
    both = world_of(kiosk(), {"segments.young.share": 0.9, "segments.old.share": 0.1})
    assert [segment.share.value for segment in both.segments] == [0.9, 0.1]


def test_a_route_that_is_set_to_lead_round_for_ever_is_refused() -> None:
    text = edited(("hears_reports: carts}", "next: [{to: desk, share: 0.1}]}"), ("at: desk", "at: gate"))
    scenario = parse_scenario(text.replace("cause: unresolved", "cause: chance, chance: 0"), "loop.yaml")
    with pytest.raises(ScenarioError) as error:
        world_of(scenario, {"journey.desk.next[0].share": 1})
    endless = "not every visit that comes here ends; allowed: a way on that ends"
    assert f"set: journey.desk.next: {endless}" in str(error.value)


def test_every_unknown_path_is_named() -> None:
    with pytest.raises(ScenarioError) as error:
        world_of(kiosk(), {"assets.carts.pol": 7, POOL: 8, "weather.rian": 0})
    assert [fault.path for fault in error.value.faults] == ["assets.carts.pol", "weather.rian"]


@pytest.mark.parametrize("name", names())
def test_without_failures_every_failure_point_is_off_and_nothing_else_changes(name: str) -> None:
    scenario = load(name)
    unbroken = without_failures(scenario)
    assert [failure.on for failure in unbroken.failures] == [False] * len(scenario.failures)
    switched = {f"failures.{failure.id}.on" for failure in scenario.failures}
    before, after = dict(settable(scenario)), dict(settable(unbroken))
    assert {path for path in before if before[path] != after[path]} == switched
    assert without_failures(unbroken) == unbroken


def test_without_failures_a_scenario_that_has_none_is_itself() -> None:
    scenario = kiosk().model_copy(update={"failures": ()})
    assert without_failures(scenario) is scenario


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.permutations(["four_more", "half_again", "exactly_thirty"]))
def test_a_world_depends_on_what_is_chosen_and_not_on_the_order(carts: int, fixes: list[str]) -> None:
    assert world_of(kiosk(), {POOL: carts}, fixes) == world_of(kiosk(), {POOL: carts}, sorted(fixes))
