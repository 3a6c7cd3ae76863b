"""What a case is made of, asked for: scenario, fixes, budget, terms."""

from typing import Any

import streamlit as st

from sim.finance.assumptions import RATE, Terms
from sim.scenario.fixes import Fix
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui import session
from ui.session.case import HORIZON, PERCENTS, RATE_KINDS, WHEN_KINDS, CaseKeys, Percent, horizon_ends, meant, summary
from ui.session.case_choice import CaseChoice, with_edits
from ui.text import escaped, money

_MOST_BUDGET = 1e9  # as much as a portfolio allows


def choose(name: str) -> CaseChoice:
    """Draw the choosers of the case; what they choose, put into the link as well."""
    scenario, keys = session.scenario(name), session.case_keys(name)
    for wrong in keys.wrong:
        st.warning(escaped(wrong), icon=":material/link_off:")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        fixes = _fixes(scenario, keys)
    with right:
        budget = _budget(scenario, keys)
    edits = session.case_desk().edits(name)
    terms = _terms(keys, quantity_at(with_edits(scenario, edits), RATE).value)
    choice = CaseChoice(name, scenario, edits, fixes, terms, budget)
    session.link_case(choice)
    return choice


def _fixes(scenario: Scenario, keys: CaseKeys) -> tuple[str, ...]:
    known = {fix.id: fix for fix in scenario.fixes}
    chosen = st.multiselect(
        "Fixes to pay for",
        list(known),
        format_func=lambda name: _with_cost(scenario, known[name]),
        key=keys.fixes,
        placeholder="Choose one or more" if known else "This scenario has none",
        disabled=not known,
        select_all=False,
        persist_state="session",
        help="Fixes chosen together are simulated together: what they bring is not added up.",
    )
    return tuple(name for name in known if name in chosen)


def _with_cost(scenario: Scenario, fix: Fix) -> str:
    """A fix's label with what it likely costs."""
    costs = {"": fix.costs.once, " a year": fix.costs.per_year, " a use": fix.costs.per_use}
    said = [f"{money(cost.value, scenario.currency)}{each}" for each, cost in costs.items() if cost.value]
    return f"{fix.label} ({' + '.join(said) or 'no cost given'})"


def _budget(scenario: Scenario, keys: CaseKeys) -> float | None:
    return st.number_input(
        f"Budget for year one, {scenario.currency}",
        min_value=0.0,
        max_value=_MOST_BUDGET,
        step=500.0,
        format="%.0f",
        key=keys.budget,
        placeholder="none",
        persist_state="session",
        help="What may be spent in the first year: at the start and running it. It may be left empty.",
    )


def _terms(keys: CaseKeys, rate: float) -> Terms:
    with st.expander("Terms: years that count, tax, inflation, caution", key="case terms"):
        given: dict[str, Any] = {"horizon_years": _horizon(keys)}
        left, right = st.columns(2)
        with left:
            given["real"] = _is_real(keys)
        with right:
            given["mid_year"] = _is_mid_year(keys)
        columns = st.columns(len(PERCENTS), vertical_alignment="bottom")
        for percent, column in zip(PERCENTS, columns, strict=True):
            with column:
                plays_no_part = percent.term == "inflation" and given["real"]
                given[percent.term] = meant(percent.term, _percent(keys, percent, plays_no_part))
        st.caption(f"The discount rate, {100 * rate:.3g}% a year, is one of the assumptions below, and changed there.")
    terms = Terms(**given)
    st.caption(escaped(f"Reckoned over {summary(terms, 100 * rate)}."))
    return terms


def _percent(keys: CaseKeys, percent: Percent, disabled: bool) -> float:
    least, most = percent.ends
    return st.number_input(
        percent.label,
        least,
        most,
        step=1.0,
        format="%.1f",
        key=keys.term(percent.term),
        persist_state="session",
        help=percent.help,
        disabled=disabled,
    )


def _horizon(keys: CaseKeys) -> int:
    least, most = horizon_ends()
    return st.slider(
        HORIZON,
        least,
        most,
        key=keys.term("horizon_years"),
        persist_state="session",
        help="What happens after them is left out: nothing is assumed to go on for ever.",
    )


def _is_real(keys: CaseKeys) -> bool:
    said = "Nominal: inflation is part of it, as in most companies. Real: inflation is taken out of it."
    return _one_of("The discount rate is", RATE_KINDS, keys.term("real"), said)


def _is_mid_year(keys: CaseKeys) -> bool:
    said = (
        "At its end: the usual way, and a little on the low side. In its middle: as cash that comes all year "
        "round. What is spent at the start counts whole either way."
    )
    return _one_of("A year's cash counts", WHEN_KINDS, keys.term("mid_year"), said)


def _one_of(label: str, kinds: dict[bool, str], key: str, said: str) -> bool:
    return st.radio(
        label,
        list(kinds),
        format_func=lambda kind: kinds[kind],
        key=key,
        horizontal=True,
        persist_state="session",
        help=said,
    )
