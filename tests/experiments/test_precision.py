import math

import pytest

from sim.experiments.estimate import Target

NAN = math.nan


@pytest.mark.parametrize("half_width", [None, 1e9])
@pytest.mark.parametrize("values", [[], [5.0], [5.0, NAN, 5.1], [NAN, NAN], [5.0, math.inf]])
def test_nothing_is_ever_reached_on_missing_values_or_on_one(values: list[float], half_width: float | None) -> None:
    assert not Target("revenue", half_width).reached(values)


def test_an_interval_is_narrow_enough_or_not() -> None:
    values = [9.0, 10.0, 11.0]  # half-width 4.30 / sqrt(3) = 2.48
    assert Target("revenue", 2.49).reached(values)
    assert not Target("revenue", 2.48).reached(values)


@pytest.mark.parametrize(
    ("differences", "clear"), [([1.0, 1.1, 0.9], True), ([-1.0, -1.1], True), ([1.0, -1.0], False), ([0.0, 0.0], False)]
)
def test_a_difference_is_clear_when_its_interval_leaves_out_0(differences: list[float], clear: bool) -> None:
    assert Target("revenue", None).reached(differences) == clear


def test_what_is_missing_stays_missing_so_nothing_goes_on_for_it() -> None:
    target = Target("revenue", 1.0)
    assert target.settled([5.0, NAN])
    assert not target.settled([5.0, 50.0])
    assert target.settled([5.0, 5.1, 5.0])
