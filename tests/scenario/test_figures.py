"""Figures as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.wording import MISSING, bare, money, number, percent, setting, size

JOINER = "\u2060"


def test_money_is_in_whole_units_of_its_currency_or_to_two_decimals() -> None:
    assert money(12_345.67, "GBP") == "£12,346"
    assert money(49.613, "EUR", whole=False) == "€49.61"
    assert money(422.99, "USD", signed=True) == f"+{JOINER}$423"


def test_a_currency_without_a_sign_is_named() -> None:
    assert money(12, "CHF") == "CHF 12"


def test_a_loss_has_a_true_minus_that_no_line_break_parts_from_its_figure() -> None:
    assert money(-5, "GBP") == f"−{JOINER}£5"
    assert percent(-0.0028, signed=True) == f"−{JOINER}0.28 points"
    assert number(-3.21) == f"−{JOINER}3.2"


@given(st.floats(-0.499, 0.499))
def test_less_than_half_a_unit_is_nothing_without_a_sign(amount: float) -> None:
    assert money(amount, "GBP") == "£0"


@pytest.mark.parametrize(("share", "shown"), [(0, "0%"), (1, "100%"), (0.0831, "8.3%"), (0.0006, "0.06%")])
def test_shares_are_shown_in_percent_with_the_decimals_they_need(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_numbers_have_a_decimal_below_a_hundred() -> None:
    assert [number(value) for value in (0, 3.21, 99.96, 1_234.5)] == ["0", "3.2", "100.0", "1,234"]


@pytest.mark.parametrize(
    ("unit", "shown"), [("share of customers", "2.0 points"), ("GBP a year", "£0"), ("minutes", "0.0")]
)
def test_the_size_of_a_change_has_no_sign_and_of_a_share_is_in_points(unit: str, shown: str) -> None:
    assert size(-0.02, unit, "GBP") == size(0.02, unit, "GBP") == shown
    assert size(None, unit, "GBP") == MISSING


def test_a_setting_has_its_unit() -> None:
    assert setting(240, "minutes") == "240 minutes"
    assert setting(0.06, "share of basket") == "6.0%"
    assert bare(1_500, "trolleys") == "1,500"


def test_no_or_yes_is_said_in_words_and_never_as_a_unit() -> None:
    assert [bare(value, "no or yes") for value in (0, 1)] == ["no", "yes"]
    assert [setting(value, "no or yes") for value in (0.0, 1.0)] == ["no", "yes"]
    assert setting(0.5, "no or yes") == "0.5"
