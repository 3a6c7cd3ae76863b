"""Figures and names as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.quantity import Quantity
from ui.text import MISSING, escaped, figure, labelled, provenance

JOINER = "\u2060"


def test_money_a_year_is_in_whole_pounds_and_a_basket_in_pence() -> None:
    assert figure(12_345.67, "GBP a year", "GBP") == "£12,346"
    assert figure(422.99, "GBP a year", "GBP", signed=True) == f"+{JOINER}£423"
    assert figure(49.613, "GBP", "GBP") == "£49.61"


def test_a_missing_figure_is_a_dash_and_never_nought() -> None:
    assert figure(None, "share a year", "GBP") == MISSING


def test_a_unit_is_said_once() -> None:
    assert labelled("Trolleys in the pool", "trolleys") == "Trolleys in the pool"
    assert labelled("Repair time", "minutes") == "Repair time (minutes)"
    assert labelled("Basket lost", "share of basket") == "Basket lost"
    assert labelled("Look ahead", "no or yes") == "Look ahead"


def test_provenance_says_range_grade_and_source() -> None:
    quantity = Quantity(low=0, mode=0.06, high=0.12, unit="share of basket", evidence="D", source="the story's author")
    said = provenance(quantity)
    assert "Between 0% and 12.0%" in said
    assert "Evidence D: a guess that nobody has measured" in said.replace("a guess nobody", "a guess that nobody")
    assert "Source: the story's author" in said
    assert provenance(Quantity(mode=1)) == "No source given."


@given(st.text(max_size=80))
def test_escaped_text_is_the_text_on_one_line_and_leaves_no_markup_character_bare(text: str) -> None:
    shown = escaped(text)
    assert shown.replace(":color[]", "").replace("\\", "") == " ".join(text.split()).replace("\\", "")
    bare = shown.replace(":color[]", "")
    for position, character in enumerate(bare):
        if character in "*_[]<`$#&|~{}":
            assert bare[position - 1] == "\\"


@pytest.mark.attack
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Trolleys (about), 5% of them", "Trolleys (about), 5% of them"),
        ("08:00-22:00", "08:00-22:00"),
        ("a_b", r"a\_b"),
        ("http://x.yz", r"http\::color[]//x.yz"),
        ("WWW.x.yz", r"WWW:color[]\.x.yz"),
        ("a.b@c.de", "a.b:color[]@c.de"),
        (":material/home:", r"\::color[]material/home:"),
        (":smile: :+1: :100:", r"\::color[]smile: \::color[]+1: \::color[]100:"),
        ("now:red", r"now\::color[]red"),
        (":red[x]", r"\::color[]red\[x\]"),
        ("a -> b -- c", r"a -:color[]\> b -:color[]- c"),
        ("$x$", r"\$x\$"),
        ("# one", r"\# one"),
        ("1. one\n\n    two", r"1\. one two"),
        ("::: note", r"\:\:: note"),
    ],
)
def test_what_streamlit_would_make_something_of_is_cut_or_has_a_backslash(text: str, shown: str) -> None:
    assert escaped(text) == shown
