"""What a curve says, on curves made by hand."""

from math import nan

import pytest

from sim.experiments.curve import Curve
from sim.reports.narrative import curve_story as story
from sim.scenario.fixes import Direction
from tests.experiments.curves_by_hand import curve, lever

WORTH = "contribution"


def worth(*means: float, own: float = 1.0, direction: Direction = "up") -> Curve:
    return curve([1_000 * mean for mean in means], own, lever(WORTH, direction))


@pytest.mark.parametrize(
    ("means", "own", "said"),
    [
        (
            (1, 2, 3),
            1,
            "“Wait” (minutes) goes up: 1.1 at 10 and 3.1 at 30 (+\u20602.0; 95% interval +\u20601.9 to +\u20602.1).",
        ),
        (
            (3, 2, 1),
            1,
            "“Wait” (minutes) goes down: 3.1 at 10 and 1.1 at 30 (−\u20602.0; 95% interval −\u20602.1 to −\u20601.9).",
        ),
        ((1, 5, 2), 1, "“Wait” (minutes) is highest inside the range: 5.1 at 20, against 1.1 at 10 and 2.1 at 30."),
        ((5, 1, 3), 1, "“Wait” (minutes) is lowest inside the range: 1.1 at 20, against 5.1 at 10 and 3.1 at 30."),
        ((1, 5, 3, 8), 1, "“Wait” (minutes) goes up and down: 1.1 at 10 and 8.1 at 40 (+\u20607.0"),
        ((5, 5, 5), 0, "“Wait” (minutes) is exactly the same at every value."),
        ((1_000, 1_000.02, 999.99), 1, "“Wait” (minutes) is the same to within 1% at every value."),
        ((4, 4.02, 3.99), 1, "What this does to “Wait” (minutes) is not distinguishable yet from 6 runs."),
        ((nan, nan), 1, "Nothing here to measure “Wait” (minutes) on."),
    ],
)
def test_it_says_which_way_a_measure_goes(means: tuple[float, ...], own: float, said: str) -> None:
    assert story.what_it_does(curve(means, own)).startswith(said)


def test_a_best_inside_is_named_with_the_ends() -> None:
    assert story.where_it_is_best(worth(1, 5, 2)) == (
        "Of the values tried, “Contribution” is best inside the range: £5,000 at 20, "
        "against £1,000 at 10 and £2,000 at 30."
    )


def test_without_a_best_inside_it_says_which_end_and_how_much_more() -> None:
    assert story.where_it_is_best(worth(1, 2, 3)).startswith(
        "These guesses have no best inside the range for “Contribution”: the higher the better. "
        "£3,000 at 30, against £1,000 at 10 (+\u2060£2,000; 95% interval +\u2060£2,000 to +\u2060£2,000)."
    )
    assert "the lower the better. £3,000 at 10, against £1,000 at 30 (" in story.where_it_is_best(worth(3, 2, 1))


def test_it_says_from_where_on_more_is_no_better() -> None:
    said = "the higher the better, as far as 20; beyond, no value tried is clearly better. £3,000 at 40"
    assert said in story.where_it_is_best(worth(1, 3, 3, 3))
    said = "the lower the better, as far as 30; beyond, no value tried is clearly better. £3,000 at 10"
    assert said in story.where_it_is_best(worth(3, 3, 3, 1))


@pytest.mark.parametrize("means", [(1, 5, 3, 8), (3, 1, 5)])
def test_ups_and_downs_are_not_called_the_further_the_better(means: tuple[float, ...]) -> None:
    said = story.where_it_is_best(worth(*means))
    assert "the higher end is better than the other, with ups and downs on the way" in said
    assert "the higher the better" not in said


def test_where_nothing_can_be_told_nothing_is_claimed() -> None:
    exactly = "These guesses have no best: “Contribution” is exactly the same at every value."
    assert story.where_it_is_best(worth(5, 5, 5, own=0)) == exactly
    unclear = "Where “Contribution” is best is not distinguishable yet from 6 runs."
    assert story.where_it_is_best(curve((5, 5.02, 4.99), moves=lever(WORTH))) == unclear
    assert story.where_it_is_best(worth(nan, nan)) == "Nothing here to measure “Contribution” on."
    assert "neither better nor worse" in story.where_it_is_best(curve((1, 2), moves=lever("visits")))


def test_the_takeaway_is_of_the_outcome_or_of_what_it_is_worth() -> None:
    both = curve((1, 2, 3), contribution=(3, 2, 1))
    assert story.takeaway(both).startswith("“Wait” (minutes) goes up")
    assert story.takeaway(both.measuring(WORTH)).startswith("These guesses have no best inside")
    once = story.takeaway(worth(1, 5, 2))
    assert "“Contribution” is highest inside the range" in once
    assert "“Contribution” is best inside the range" in once


def test_points_that_could_not_be_measured_are_named() -> None:
    assert story.takeaway(curve((nan, 1, 2, nan))).endswith("At 10, 40 some run had nothing to measure.")


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        ("up", None),
        ("down", "The scenario expects “Wait” to go down."),
        ("interior", "The scenario expects “Wait” to be highest or lowest somewhere inside the range."),
        ("none", "The scenario expects “Wait” to stay as it is."),
    ],
)
def test_what_the_scenario_expects_is_said_where_it_was_not_found(direction: Direction, said: str | None) -> None:
    assert story.not_as_declared(curve((1, 2, 3), moves=lever(direction=direction))) == said


def test_while_points_come_it_says_how_many_there_are() -> None:
    assert story.so_far(curve((1, 2, 3)), 9) == "“Wait” at 3 of 9 values so far."
