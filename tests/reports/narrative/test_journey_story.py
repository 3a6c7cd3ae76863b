"""What the journey's picture says in words."""

import pytest

from sim.experiments.flow import Flow, Leak, Yearly
from sim.reports.narrative.journey_story import brief, brief_money, loss, pointed_at, takeaway, visits, ways_on
from tests.ui.explore.journeys import empty, flows

NOW, MOVED = flows()


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0"), (0.4, "0.4"), (9.96, "10"), (312, "312"), (999.7, "1.0k"), (4_120, "4.1k"), (217_400, "217k")],
)
def test_a_number_at_a_step_has_three_digits_at_most(size: float, said: str) -> None:
    assert brief(size) == said


def test_large_amounts_are_shortened_too() -> None:
    assert brief_money(1_234_000, "GBP") == "£1.2m"
    assert brief_money(2_500_000_000, "CHF") == "CHF 2.5bn"


def test_visits_say_both_worlds_and_the_interval_of_the_change() -> None:
    desk, moved = NOW.step("desk"), MOVED.step("desk")
    change = moved.met.less(desk.met)
    said = visits(desk, moved, is_moved=True).replace("\u2060", "")
    assert f"{moved.met.mean:,.0f} times a year (as it is {desk.met.mean:,.0f}; 95% interval of the change " in said
    assert f"\u2212{abs(change.low or 0):,.0f} to " in said
    assert "95% interval" in visits(desk, desk, is_moved=False)
    assert "as it is" not in visits(desk, desk, is_moved=False)


def test_what_no_run_changed_is_said_to_be_as_it_is() -> None:
    step = NOW.step("bay")
    assert "(exactly as it is)" in visits(step, step, is_moved=True)


def test_where_nobody_comes_it_says_so() -> None:
    step = empty("tiny").step("bay")
    assert visits(step, step, is_moved=False) == "Nobody comes here."
    assert list(ways_on(empty("tiny"), empty("tiny"), step)) == ["Nobody goes on to Aisles."]


def test_a_loss_names_its_failure_point_and_what_it_takes() -> None:
    before, after = NOW.step("bay").leaks[0], MOVED.step("bay").leaks[0]
    assert loss(before, after, True, "GBP").startswith(f"A bad wheel: £{after.lost.mean:,.0f} of baskets lost a year")
    assert f"as it is £{before.lost.mean:,.0f}" in loss(before, after, True, "GBP")


def test_what_takes_nothing_and_what_was_switched_off_say_so() -> None:
    wheel = NOW.step("bay").leaks[0]
    nothing = Leak(wheel.failure, Yearly((0.0, 0.0)))
    off = Leak(wheel.failure.model_copy(update={"on": False}), Yearly((0.0, 0.0)))
    assert loss(nothing, nothing, False, "GBP") == "A bad wheel: takes nothing out of baskets at once."
    assert loss(wheel, off, True, "GBP").startswith("A bad wheel: switched off; as it is £")
    assert loss(off, off, False, "GBP") == "A bad wheel: switched off."


def test_ways_on_add_up_with_the_visits_that_end() -> None:
    said = list(ways_on(NOW, NOW, NOW.step("checkout")))
    assert len(said) == 2
    assert "go on to Service desk" in said[0]
    assert "the visit ends here" in said[1]


def test_the_alternative_text_names_the_place_that_loses_most() -> None:
    assert takeaway(NOW, NOW, "GBP").startswith(
        "The journey in 4 steps, from Trolley bay to Service desk. Most is lost"
    )
    worst = max((leak.lost.mean, leak.failure.label) for step in MOVED.steps for leak in step.leaks)[1]
    assert worst in takeaway(NOW, MOVED, "GBP")
    assert "as it is £" in takeaway(NOW, MOVED, "GBP")
    assert "Nothing is lost" in takeaway(empty("tiny"), empty("tiny"), "GBP")


def test_pointed_at_a_step_tells_who_where_and_what() -> None:
    told = pointed_at(NOW.step("bay"), MOVED.step("bay"), True, "GBP")
    assert told["Department"] == "Operations"
    assert "A bad wheel £" in told["Lost there a year"]
    assert "As it is" in told
    flow: Flow = NOW
    assert "As it is" not in pointed_at(flow.step("bay"), flow.step("bay"), False, "GBP")
