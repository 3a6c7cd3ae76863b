"""The link that is the case, and what a wrong one is told."""

import pytest

from sim.finance.assumptions import Terms
from sim.scenario.faults import MOST
from tests.ui.case.cases import BREAKS, FIX, MARGIN, TINY
from ui.session.case_choice import CaseChoice, Edit, link_of, read

CHOICE = CaseChoice(
    "tiny",
    TINY,
    (Edit(MARGIN, 0.2, 0.1, 0.3), Edit(BREAKS, 0.02)),
    (FIX,),
    Terms(horizon_years=5, real=True, mid_year=True, tax_rate=0.25),
    4_500.0,
)


def test_a_link_read_again_is_the_same_case() -> None:
    asked = read(link_of(CHOICE), TINY)
    assert (asked.edits, asked.fixes, asked.terms, asked.budget) == (
        CHOICE.edits,
        CHOICE.fixes,
        CHOICE.terms,
        CHOICE.budget,
    )
    assert asked.wrong == ()


def test_a_link_says_only_what_is_not_as_it_comes() -> None:
    plain = CaseChoice("tiny", TINY, (), (FIX,), Terms())
    assert link_of(plain) == {"scenario": "tiny", "fix": FIX}
    asked = read({"scenario": "tiny"}, TINY)
    assert (asked.fixes, asked.terms, asked.budget, asked.edits) == (None, Terms(), None, ())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("fix", "gold_plating", f"asks for the fix gold_plating; allowed: {FIX}"),
        ("budget", "-1", "allowed: an amount from 0"),
        ("budget", "plenty", "a budget of plenty"),
        ("horizon_years", "11", "found 11; allowed: a whole number from 1 to 10"),
        ("horizon_years", "soon", "allowed: a whole number"),
        ("tax_rate", "2", "found 2.0; allowed: a number from 0 to 0.9"),
        ("real", "perhaps", "allowed: yes or no"),
        ("mid_year", "perhaps", "allowed: yes or no"),
        (MARGIN, "1.5", "found 1.5; allowed: a number from 0 to 1"),
        (MARGIN, "0.3..0.2..0.1", "allowed: low <= mode <= high"),
        (MARGIN, "a..b", "allowed: a value, or low..value..high"),
        ("economics.luck", "1", "allowed: the path of a quantity"),
        ("failures.wheel.on", "1", "allowed: the path of a quantity"),
    ],
)
def test_what_a_link_cannot_have_is_said_and_left_alone(name: str, text: str, said: str) -> None:
    asked = read({"scenario": "tiny", name: text}, TINY)
    (wrong,) = asked.wrong
    assert said in wrong
    assert (asked.edits, asked.terms, asked.budget) == ((), Terms(), None)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (MARGIN, "25%", "allowed: a value, or low..value..high; did you mean 0.25?"),
        (MARGIN, "0,25", "did you mean 0.25?"),
        ("budget", "10,000", "; did you mean 10000 or 10.000?"),
        ("real", "true", "allowed: yes or no."),
        ("tax_rate", "25%", "did you mean 0.25?"),
        ("economics.incremental_margn", "1", f'did you mean "{MARGIN}"?'),
    ],
)
def test_a_link_is_answered_with_what_was_likely_meant(name: str, text: str, said: str) -> None:
    (wrong,) = read({"scenario": "tiny", name: text}, TINY).wrong
    assert wrong.endswith(said)


def test_a_long_link_is_answered_in_short_and_what_is_right_in_it_holds() -> None:
    strange = {f"assets.x{i}.pool": "1" for i in range(3_000)} | {"y" * 50_000: "1"}
    asked = read({"scenario": "tiny"} | strange | {MARGIN: "0.2"}, TINY)
    assert asked.edits == (Edit(MARGIN, 0.2),)
    assert asked.wrong[-1] == f"And {3_001 - MOST:,} more."
    assert len(asked.wrong) == MOST + 1
    assert sum(map(len, asked.wrong)) < MOST * 300
