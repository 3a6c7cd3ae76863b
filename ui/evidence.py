"""Known answers as people read them: figures to the digits that a check can tell apart, and verdicts in words.

Also the one verification that everybody on this server looks at.
"""

from collections.abc import Sequence

import streamlit as st

from sim.experiments.verification import Check, Verification
from sim.experiments.verification.known_answers import (
    FittedAnswer,
    KnownAnswer,
    KnownAnswers,
    decimals,
    read_known_answers,
)
from sim.scenario.wording import rest_of_unit
from ui.jobs import Waiting
from ui.session.simulators import workers
from ui.text import MINUS, MISSING, money

VERDICTS = {
    "passed": "Agrees",
    "failed: outside": "Differs",
    "failed: too wide": "Too vague to tell",
    "failed: not measured": "Nothing measured",
}


@st.cache_resource(show_spinner=False)
def known() -> KnownAnswers:
    """The known answers of this server."""
    return read_known_answers()


@st.cache_resource(show_spinner=False)
def _waiting() -> Waiting:
    return Waiting()


@st.cache_resource(show_spinner=False)
def latest_verification() -> Verification:
    """The check of all answers that was begun last, for whoever is here."""
    begun = Verification(known(), workers())
    begun.only_while(_waiting().is_here)
    return begun


def verification() -> Verification:
    """The latest check of all answers, begun by whoever asks first."""
    _waiting().join()
    return latest_verification()


def check_again() -> None:
    """Begin another one, unless one is under way."""
    if verification().finished:
        latest_verification.clear()


def figure(value: float | None, answer: KnownAnswer) -> str:
    """A figure of that answer, to the digit in which what is just allowed differs; a dash when missing."""
    if value is None:
        return MISSING
    if answer.unit.startswith("GBP"):
        return money(value, "GBP")
    times = 100 if answer.unit.startswith("share") else 1
    size = f"{abs(value) * times:,.{decimals(answer.tolerance * times)}f}"
    return f"{MINUS if value < 0 else ''}{size}{'%' if times == 100 else ''}"


def with_unit(value: float | None, answer: KnownAnswer) -> str:
    """The same with its unit, where the figure does not say it."""
    said = rest_of_unit(answer.unit, "GBP")
    return f"{figure(value, answer)} {said}"


def come_by(answer: KnownAnswer) -> str:
    """How Ripple comes by its figure, in a word or two."""
    return "worked out" if isinstance(answer, FittedAnswer) else "simulated"


def interval(check: Check) -> str:
    """The 99% interval in words; what no luck is in has none."""
    if isinstance(check.answer, FittedAnswer):
        return "no interval"
    if check.found.low is None or check.found.high is None:
        return "missing"
    return f"{figure(check.found.low, check.answer)} to {figure(check.found.high, check.answer)}"


def takeaway(check: Check) -> str:
    """What the picture of a check shows, in a sentence or two."""
    answer = check.answer
    known, found = figure(answer.theory, answer), with_unit(check.found.mean, answer)
    exact = isinstance(answer, FittedAnswer)
    ends = "no interval, as no luck is in it" if exact else f"99% interval {interval(check)}"
    return f"{answer.title}: known {known}, {come_by(answer)} {found}, {ends}. {VERDICTS[check.verdict]}."


def count(checks: Sequence[Check], answers: int) -> str:
    """How many of so many answers are checked, and how that went."""
    if len(checks) < answers:
        so_far = f"{len(checks)} of {answers} checked so far"
        return f"{so_far}, {_went(checks)}" if checks else f"{answers} answers, none checked yet"
    return f"All {answers} checked, {_went(checks)}" if answers > 1 else f"Checked, {_went(checks)}"


def _went(checks: Sequence[Check]) -> str:
    failed = sum(not check.passed for check in checks)
    if failed:
        return f"{failed} {'does' if failed == 1 else 'do'} not agree"
    return "all agree" if len(checks) > 1 else "it agrees"
