"""Figures and names as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.quantity import Quantity
from ui.text import MISSING, bare, escaped, figure, labelled, money, number, percent, provenance, setting

JOINER = "\u2060"


def test_money_a_year_is_in_whole_pounds_and_a_basket_in_pence() -> None:
    assert figure(12_345.67, "GBP a year", "GBP") == "£12,346"
    assert figure(422.99, "GBP a year", "GBP", signed=True) == f"+{JOINER}£423"
    assert figure(49.613, "GBP", "GBP") == "£49.61"


def test_a_currency_without_a_sign_is_named() -> None:
    assert money(12, "CHF") == "CHF 12"


def test_a_loss_has_a_true_minus_that_no_line_break_parts_from_its_figure() -> None:
    assert money(-5, "GBP") == f"−{JOINER}£5"
    assert percent(-0.0028, signed=True) == f"−{JOINER}0.28 points"
    assert number(-3.21) == f"−{JOINER}3.2"


def test_a_missing_figure_is_a_dash_and_never_nought() -> None:
    assert figure(None, "share a year", "GBP") == MISSING


@pytest.mark.parametrize(("share", "shown"), [(0, "0%"), (1, "100%"), (0.0831, "8.3%"), (0.0006, "0.06%")])
def test_shares_are_shown_in_percent_with_the_decimals_they_need(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_a_unit_is_said_once() -> None:
    assert labelled("Trolleys in the pool", "trolleys") == "Trolleys in the pool"
    assert labelled("Repair time", "minutes") == "Repair time (minutes)"
    assert labelled("Basket lost", "share of basket") == "Basket lost"
    assert setting(240, "minutes") == "240 minutes"


def test_no_or_yes_is_said_in_words_and_never_as_a_unit() -> None:
    assert [bare(value, "no or yes") for value in (0, 1)] == ["no", "yes"]
    assert [setting(value, "no or yes") for value in (0.0, 1.0)] == ["no", "yes"]
    assert setting(0.5, "no or yes") == "0.5"
    assert labelled("Look ahead", "no or yes") == "Look ahead"


def test_provenance_says_range_grade_and_source() -> None:
    quantity = Quantity(low=0, mode=0.06, high=0.12, unit="share of basket", evidence="D", source="the story's author")
    said = provenance(quantity)
    assert "Between 0% and 12.0%" in said
    assert "Evidence D: a guess that nobody has measured" in said.replace("a guess nobody", "a guess that nobody")
    assert "Source: the story's author" in said
    assert provenance(Quantity(mode=1)) == "No source given."


@given(st.text(max_size=80))
def test_escaped_text_leaves_no_markup_character_bare(text: str) -> None:
    shown = escaped(text)
    assert shown.replace("\\", "") == text.replace("\\", "")
    for position, character in enumerate(shown):
        if character in "*_[]<`$#":
            assert shown[position - 1] == "\\"
