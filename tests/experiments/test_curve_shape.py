"""What a curve says, on curves made by hand: clear is clear, and what is not clear is not called anything."""

from dataclasses import replace
from math import nan

import pytest

from sim.experiments.curve import Curve
from sim.experiments.curve_findings import Best, Shape, best, is_flat, proves, shape, turning
from sim.experiments.runs import Run
from tests.experiments.curves_by_hand import curve, lever


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ((1, 2, 3, 4), "up"),
        ((4, 3, 2, 1), "down"),
        ((1, 4, 4, 4), "up"),  # a plateau is no fall
        ((1, 4, 3.95, 4), "up"),  # nor is a dip that luck could make
        ((1, 5, 3), "interior"),
        ((5, 1, 3), "interior"),
        ((1, 3, 5, 5, 1), "interior"),
        ((1, 5, 3, 8), "mixed"),
        ((8, 3, 5, 1), "mixed"),
        ((4, 4.02, 3.99, 4), "not distinguishable yet"),
        ((1, 3), "up"),
    ],
)
def test_the_shape_is_what_stands_out_of_the_noise(means: tuple[float, ...], expected: Shape) -> None:
    assert shape(curve(means)) == expected


def test_the_luck_that_points_share_hides_nothing() -> None:
    found = curve((10, 10.3, 10.6))
    assert (found.estimate(0).high or 0) > (found.estimate(2).low or 0)  # the intervals overlap
    assert shape(found) == "up"


def test_none_is_exactly_none_or_known_to_be_small() -> None:
    exactly = curve((5, 5, 5), own=0)
    assert (shape(exactly), is_flat(exactly)) == ("none", True)
    small = curve((1_000, 1_000.02, 999.99))
    assert (shape(small), is_flat(small)) == ("none", False)
    assert shape(curve((0, 0, 0), own=0)) == "none"


def test_a_difference_picked_from_several_must_be_clearer_than_one_that_was_not() -> None:
    """Between 95% and 99.9%: enough from end to end, too little for a step or an inner point."""
    found = curve((0, 0.25, 0))
    assert (found.sign(0, 1), found.sign(0, 1, 0.999)) == (1, 0)
    assert shape(found) == "not distinguishable yet"
    assert shape(curve((0, 0.25))) == "up"


def test_a_step_that_falls_is_a_violation_only_when_it_is_very_clear() -> None:
    assert shape(curve((0, 5, 4.75, 9))) == "up"
    assert shape(curve((0, 5, 4.0, 9))) == "mixed"


def test_an_inner_point_must_beat_both_ends() -> None:
    assert turning(curve((1, 5, 5)), 1) is None
    assert turning(curve((1, 5, 4)), 1) == 1
    assert turning(curve((5, 1, 2)), 1) is None
    assert turning(curve((5, 1, 2)), -1) == 1
    assert turning(curve((1, 4, 6, 5, 1)), 1) == 2


def test_what_is_missing_at_a_point_is_left_out() -> None:
    assert shape(curve((nan, 1, 2, 3))) == "up"
    assert shape(curve((nan, 5, nan))) == "not measured"
    assert shape(curve((nan, nan))) == "not measured"
    assert turning(curve((nan, 5, nan)), 1) is None
    assert best(curve((nan, 1, 2, nan)), "higher") == Best("high end", 2, 2)
    assert best(curve((nan, 1)), "higher") == Best("not measured")


def test_one_replication_says_nothing() -> None:
    found = curve((1, 5, 9))
    once = replace(found, runs=tuple(replace(run, replications=run.replications[:1]) for run in found.runs))
    assert shape(once) == "not distinguishable yet"
    assert best(once, "higher") == Best("not distinguishable yet")


# ---- where it is best --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("means", "higher", "lower"),
    [
        ((1, 5, 3), Best("inside", 1), Best("low end", 0, 0)),
        ((3, 5, 1), Best("inside", 1), Best("high end", 2, 2)),
        ((5, 1, 3), Best("low end", 0, 0), Best("inside", 1)),
        ((1, 2, 3), Best("high end", 2, 2), Best("low end", 0, 0)),
        ((1, 3, 3, 3), Best("high end", 3, 1), Best("low end", 0, 0)),
        ((3, 3, 3, 1), Best("low end", 0, 2), Best("high end", 3, 3)),
    ],
)
def test_the_best_is_inside_or_at_an_end(means: tuple[float, ...], higher: Best, lower: Best) -> None:
    assert best(curve(means), "higher") == higher
    assert best(curve(means), "lower") == lower


def test_where_nothing_is_clear_no_place_is_best() -> None:
    assert best(curve((5, 5, 5), own=0), "higher") == Best("none")
    assert best(curve((5, 5.02, 4.99)), "higher") == Best("not distinguishable yet")


# ---- whether it is what was declared -----------------------------------------------------------------------


def test_a_lever_that_does_what_it_says_holds() -> None:
    assert proves(curve((1, 2, 3), moves=lever(direction="up"))).holds
    assert proves(curve((3, 2, 1), moves=lever(direction="down"))).holds
    assert proves(curve((1, 3, 2), moves=lever(direction="interior"))).holds
    assert proves(curve((1, 1, 1), own=0, moves=lever(direction="none"))).holds


@pytest.mark.parametrize(
    ("means", "said"),
    [
        (
            (3, 2, 1),
            "“Trolleys in the pool” should move mean_wait up; found: it goes down (10: 3.087 (1.614 to 4.56), 20: ",
        ),
        ((1, 3, 2), "found: it turns at 20, beyond both ends ("),
        ((4, 4.02, 3.99), "found: it cannot be told yet from 6 runs ("),
        ((1_000, 1_000.02, 999.99), "found: it stays within 1% ("),
        ((1, 5, 3, 8), "found: it goes up and down ("),
        ((nan, nan), "found: it has nothing to be measured on (10: not measured, 20: not measured)."),
    ],
)
def test_one_that_does_not_is_told_with_every_value(means: tuple[float, ...], said: str) -> None:
    found = proves(curve(means))
    assert not found.holds
    assert said in found.said


def test_exactly_none_is_said_so() -> None:
    assert "stays exactly as it is" in proves(curve((1, 1), own=0)).said


def test_the_declared_outcome_is_judged_whatever_is_being_measured() -> None:
    found: Curve = curve((1, 2, 3), contribution=(3, 2, 1))
    assert shape(found.measuring("contribution")) == "down"
    assert proves(found.measuring("contribution")).holds


def test_differences_pair_the_replications_that_both_points_have() -> None:
    found = curve((1, 2), own=0)
    partly = replace(found, runs=(found.runs[0], Run(found.runs[1].world, found.runs[1].replications[4:])))
    assert partly.differences(0, 1) == [1, 1]
    assert partly.differences(1, 0) == [-1, -1]
