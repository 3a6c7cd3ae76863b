import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim.scenario.quantity import EVIDENCE_MEANING, LogSd, Money, PerWeek, Quantity, Servers, Share, Things, minor_units

NUMBERS = st.integers(-1000, 1000) | st.floats(-1000, 1000)
RANGES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted)


def read(kind: Any, value: Any) -> Quantity:
    quantity = TypeAdapter(kind).validate_python(value)
    assert isinstance(quantity, Quantity)
    return quantity


def words(kind: Any, value: Any) -> str:
    """What is said of a value that is refused."""
    with pytest.raises(ValidationError) as refused:
        read(kind, value)
    return refused.value.errors()[0]["msg"].removeprefix("Value error, ")


@given(NUMBERS)
def test_a_plain_number_is_its_own_value(number: float) -> None:
    quantity = read(Quantity, number)
    assert quantity == Quantity(mode=number)
    assert quantity.value == number
    assert isinstance(quantity.value, float)


@given(RANGES)
def test_a_range_with_a_mode_counts_as_its_mode(ends: list[float]) -> None:
    low, mode, high = ends
    assert read(Quantity, {"low": low, "mode": mode, "high": high}).value == mode


@given(RANGES)
def test_a_range_without_a_mode_counts_as_its_middle(ends: list[float]) -> None:
    low, _, high = ends
    value = read(Quantity, {"low": low, "high": high}).value
    assert value == pytest.approx((low + high) / 2)
    assert low <= value <= high


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "found true (true/false); allowed: a number, or a mapping of low, mode, high, unit, evidence, source"),
        (None, "found nothing; allowed: a number, or a mapping of low, mode, high, unit, evidence, source"),
        ("6", 'found "6" (text); allowed: a number, or a mapping of low, mode, high, unit, evidence, source'),
        ([1, 2], "found a list (length 2); allowed: a number, or a mapping of low, mode, high, unit, evidence, source"),
        ({}, "has no value; allowed: a mode, or both low and high"),
        ({"low": 1}, "has no value; allowed: a mode, or both low and high"),
        ({"low": 1, "mode": 2}, "found one end of a range; allowed: both low and high, or neither"),
        ({"mode": 2, "high": 3}, "found one end of a range; allowed: both low and high, or neither"),
        ({"low": 3, "mode": 2, "high": 4}, "found [3, 2, 4]; allowed: low <= mode <= high"),
        ({"low": 1, "mode": 5, "high": 4}, "found [1, 5, 4]; allowed: low <= mode <= high"),
        ({"low": 2, "high": 1.5}, "found [2, 1.5]; allowed: low <= mode <= high"),
    ],
)
def test_what_is_no_quantity_is_refused_in_words_that_help(value: Any, said: str) -> None:
    assert words(Quantity, value) == said


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["low", "mode", "high"])
def test_numbers_that_are_not_finite_are_refused_wherever_they_stand(number: float, field: str) -> None:
    ends = {"low": -1, "mode": 0, "high": 1} | {field: number}
    assert "finite" in words(Quantity, ends) or "valid integer" in words(Quantity, ends)
    with pytest.raises(ValidationError, match="finite number"):
        read(Share, number)


@pytest.mark.parametrize("field", ["low", "mode", "high"])
@pytest.mark.parametrize("value", [True, False, "0.5"])
def test_true_and_text_are_no_numbers_even_inside_a_mapping(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        read(Quantity, {"low": 0, "mode": 0.5, "high": 1} | {field: value})


def test_a_grade_is_one_of_four_each_with_a_meaning() -> None:
    assert list(EVIDENCE_MEANING) == ["A", "B", "C", "D"]
    assert words(Quantity, {"mode": 1, "evidence": "E"}) == "Input should be 'A', 'B', 'C' or 'D'"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Share, 1.2, "found 1.2; allowed: a number from 0 to 1"),
        (Share, -0.1, "found -0.1; allowed: a number from 0 to 1"),
        (Share, {"low": -0.5, "mode": 0.5, "high": 0.6}, "found -0.5; allowed: a number from 0 to 1"),
        (Share, {"low": 0.5, "mode": 0.5, "high": 1.5}, "found 1.5; allowed: a number from 0 to 1"),
        (Share, {"low": 0.5, "high": 1.5}, "found 1.5; allowed: a number from 0 to 1"),
        (LogSd, 3.01, "found 3.01; allowed: a number from 0 to 3"),
        (Servers, 0, "found 0; allowed: a whole number from 1 to 1000"),
        (Servers, 2.5, "found 2.5; allowed: a whole number from 1 to 1000"),
        (Things, {"low": 1, "mode": 2.5, "high": 4}, "found 2.5; allowed: a whole number from 0 to 100000"),
        (Money, 1_000_000_001, "found 1000000001; allowed: a number from 0 to 1000000000"),
    ],
)
def test_every_end_of_a_quantity_keeps_within_its_fields_bounds(kind: Any, value: Any, said: str) -> None:
    assert words(kind, value) == said


@pytest.mark.parametrize(("kind", "ends"), [(Share, (0, 1)), (Servers, (1, 1000)), (Money, (0, 1e9))])
def test_both_bounds_are_themselves_allowed(kind: Any, ends: tuple[float, float]) -> None:
    for end in ends:
        assert read(kind, end).value == end


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert read(Servers, 3.0).value == 3


def test_a_field_fills_in_its_unit_only_where_the_file_gives_none() -> None:
    assert read(PerWeek, 2).unit == "a week"
    assert read(PerWeek, {"low": 1, "high": 2}).unit == "a week"
    assert read(PerWeek, {"mode": 2, "unit": "visits a week"}).unit == "visits a week"


@given(RANGES, st.floats(0, 10), NUMBERS)
def test_a_change_multiplies_and_then_adds_and_keeps_range_and_provenance(
    ends: list[float], times: float, add: float
) -> None:
    low, mode, high = ends
    quantity = Quantity(low=low, mode=mode, high=high, unit="carts", evidence="C", source="counted")
    moved = quantity.changed(times, add)
    assert (moved.low, moved.mode, moved.high) == (low * times + add, mode * times + add, high * times + add)
    assert (moved.unit, moved.evidence, moved.source) == ("carts", "C", "counted")


def test_a_change_leaves_absent_ends_absent() -> None:
    assert Quantity(mode=3).changed(2, 1) == Quantity(mode=7)
    assert Quantity(low=1, high=2).changed(add=1) == Quantity(low=2, high=3)


def test_a_quantity_cannot_be_changed_in_place() -> None:
    quantity = Quantity(mode=1)
    with pytest.raises(ValidationError, match="frozen"):
        quantity.mode = 2  # type: ignore[misc]


def test_money_has_the_minor_units_of_its_currency() -> None:
    assert [minor_units(currency) for currency in ("GBP", "EUR", "JPY", "KWD")] == [100, 100, 1, 1000]
