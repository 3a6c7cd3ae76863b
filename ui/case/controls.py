"""What a case is made of, asked for: fixes, budget, terms, and the table of assumptions; and where each just pays."""

import pandas as pd
import streamlit as st

from sim.finance.assumptions import RATE, Assumption, Terms, assumptions
from sim.finance.case import Case, CaseJob
from sim.finance.report import breaks_even_at
from sim.finance.sensitivity import Side, movable
from sim.scenario.fixes import Fix
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import EVIDENCE_MEANING
from sim.scenario.scenario import Scenario
from sim.scenario.wording import bare, counted, label_of, setting
from ui.session import case as state
from ui.session import scenarios
from ui.session.case import CaseDesk, CaseKeys
from ui.session.case_choice import GUESS, CaseChoice, Edit, link_of
from ui.session.choice import show_link
from ui.text import escaped, money

_MOST_BUDGET = 1e9  # as much as a portfolio allows
_HORIZON = "What happens after them is left out: nothing is assumed to go on for ever."
_RATE_KINDS = {False: "nominal", True: "real"}
_RATE = "Nominal: inflation is part of it, as in most companies. Real: inflation is taken out of it."
_WHEN_KINDS = {False: "at its end", True: "in its middle"}
_WHEN = (
    "At its end: the usual way, and a little on the low side. In its middle: as cash that comes all year round. "
    "What is spent at the start counts whole either way."
)
_PERCENTS = {
    "tax_rate": ("Tax on what it earns, %", "0 is before tax. The outlay is taken off the first year's profit."),
    "inflation": ("Inflation, % a year", "By which cash grows under a nominal rate. A real rate needs none."),
    "cost_uplift": ("Raise every cost by, %", "For optimism: projects cost more than planned (UK Green Book)."),
    "benefit_cut": ("Cut every benefit by, %", "For risk, on top of the ranges of the assumptions."),
}


def choose(name: str) -> CaseChoice:
    """Draw the choosers of the case; what they choose, put into the link as well."""
    scenario, keys = scenarios.scenario(name), state.case_keys(name)
    for wrong in keys.wrong:
        st.warning(escaped(wrong), icon=":material/link_off:")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        _fixes(scenario, keys)
    with right:
        _budget(scenario, keys)
    with st.expander("Terms: years that count, tax, inflation, caution", key="case terms"):
        _terms(keys)
        choice = state.case_now(name)
        rate = 100 * quantity_at(choice.scenario, RATE).value
        st.caption(f"The discount rate, {rate:.3g}% a year, is one of the assumptions below, and changed there.")
    st.caption(escaped(f"Reckoned over {_reckoned(choice.terms, rate)}."))
    show_link(link_of(choice))
    return choice


def _fixes(scenario: Scenario, keys: CaseKeys) -> None:
    known = {fix.id: fix for fix in scenario.fixes}
    st.multiselect(
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


def _with_cost(scenario: Scenario, fix: Fix) -> str:
    """A fix's label with what it likely costs."""
    costs = {"": fix.costs.once, " a year": fix.costs.per_year, " a use": fix.costs.per_use}
    said = [f"{money(cost.value, scenario.currency)}{each}" for each, cost in costs.items() if cost.value]
    return f"{fix.label} ({' + '.join(said) or 'no cost given'})"


def _budget(scenario: Scenario, keys: CaseKeys) -> None:
    st.number_input(
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


def _terms(keys: CaseKeys) -> None:
    years = state.bounds("horizon_years")
    st.slider("Years that count", *years, key=keys.term("horizon_years"), persist_state="session", help=_HORIZON)
    left, right = st.columns(2)
    with left:
        is_real = _one_of("The discount rate is", _RATE_KINDS, keys.term("real"), _RATE)
    with right:
        _one_of("A year's cash counts", _WHEN_KINDS, keys.term("mid_year"), _WHEN)
    columns = st.columns(len(_PERCENTS), vertical_alignment="bottom")
    for column, (term, (label, said)) in zip(columns, _PERCENTS.items(), strict=True):
        column.number_input(
            label,
            *state.bounds(term),
            step=1.0,
            format="%.1f",
            key=keys.term(term),
            persist_state="session",
            help=said,
            disabled=term == "inflation" and is_real,
        )


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


_GUESSED = "color: #C75B00; font-weight: 600"
_SHORT = {"A": "A: measured", "B": "B: published", "C": "C: one source", "D": "D: a guess"}
_TABLE = 400
_LABELS = ("Likeliest value", "Lowest", "Highest")


def _reckoned(terms: Terms, rate: float) -> str:
    """The terms in a sentence."""
    years = counted(terms.horizon_years, "year")
    said = [f"{years} at {rate:.3g}% a year ({_RATE_KINDS[terms.real]})"]
    if terms.mid_year:
        said.append("each year's cash in its middle")
    said.append(f"after {100 * terms.tax_rate:.3g}% tax" if terms.tax_rate else "before tax")
    if terms.inflation and not terms.real:
        said.append(f"{100 * terms.inflation:.3g}% inflation")
    if terms.cost_uplift:
        said.append(f"costs raised by {100 * terms.cost_uplift:.3g}%")
    if terms.benefit_cut:
        said.append(f"benefits cut by {100 * terms.benefit_cut:.3g}%")
    return ", ".join(said)


def table_of_assumptions(choice: CaseChoice, desk: CaseDesk) -> None:
    """Draw the table and, below it, what changes one of its rows."""
    st.markdown("#### What it assumes")
    every = assumptions(choice.scenario, choice.fixes)
    rows = {one.path: one for one in sorted(every, key=lambda one: not one.financial)}
    st.caption(escaped(_summary(list(rows.values()), choice)))
    with st.container(key="case-table"):
        _table(choice.name, rows)
    _as_it_comes(choice, desk)
    path = st.selectbox(
        "Change an assumption",
        list(rows),
        format_func=lambda known: rows[known].label,
        index=None,
        key=state.case_assumption_key(choice.name),
        placeholder="Type a word of it, or tick a row of the table",
    )
    if path:
        _form(choice, desk, rows[path])


def _table(name: str, rows: dict[str, Assumption]) -> None:
    st.dataframe(
        styled(list(rows.values())),
        height=_TABLE,
        hide_index=True,
        key=state.case_table_key(name),
        on_select=lambda: state.choose_assumption(name, list(rows)),
        selection_mode="single-row",
        column_config={"Source": st.column_config.TextColumn(width="large")},
        alt="Every quantity the case rests on, with its range, unit, grade of evidence and source.",
    )


def _summary(rows: list[Assumption], choice: CaseChoice) -> str:
    guesses = sum(one.evidence == GUESS for one in rows)
    meanings = "; ".join(f"{grade}: {meaning}" for grade, meaning in EVIDENCE_MEANING.items())
    changed = f" {len(choice.edits)} changed by you." if choice.edits else ""
    return f"{len(rows)} quantities, {guesses} of them guesses (D).{changed} Grades: {meanings}."


def styled(rows: list[Assumption]) -> "pd.io.formats.style.Styler":
    """The table, guesses in bold and orange besides being called that."""
    table = pd.DataFrame([_cells(one) for one in rows])
    return table.style.map(lambda grade: _GUESSED if grade == _SHORT[GUESS] else "", subset=["Grade"])


def _cells(one: Assumption) -> dict[str, str]:
    unit = one.unit or ""
    return {
        "Assumption": one.label,
        "Value": bare(one.value, unit),
        "Lowest": "" if one.low is None else bare(one.low, unit),
        "Highest": "" if one.high is None else bare(one.high, unit),
        "Unit": unit,
        "Grade": _SHORT.get(one.evidence or "", "none given"),
        "Source": one.source or "none given",
    }


def _as_it_comes(choice: CaseChoice, desk: CaseDesk) -> None:
    st.button(
        "As the scenario has it",
        key="as it comes",
        icon=":material/restart_alt:",
        disabled=not choice.edits,
        on_click=desk.assume,
        args=(choice.name, ()),
        help="Put every assumption back to what the scenario says. Undo, at the top of the page, takes that back.",
    )


def _form(choice: CaseChoice, desk: CaseDesk, one: Assumption) -> None:
    """Three numbers for one quantity, as it is now to begin with; in percent where it is a share."""
    grade, source = _SHORT.get(one.evidence or "", "No grade given"), one.source or "none given"
    st.caption(escaped(f"{one.label}. {grade}. Source: {source}."))
    key = f"edit {one.path} {one.low} {one.value} {one.high}"  # another after each change: it starts from what is
    with st.form(key):
        given = _ends(one, key)
        if st.form_submit_button("Change it", type="primary"):
            desk.try_to_edit(choice, Edit(one.path, one.value if given[0] is None else given[0], *given[1:]))
            st.rerun()
    if desk.refused and desk.refused.path == one.path:
        st.error(escaped(desk.refused.said), icon=":material/block:")


def _ends(one: Assumption, key: str) -> list[float | None]:
    """Value, lowest and highest as they are put in, None where left empty."""
    unit = one.unit or ""
    scale = 100.0 if unit.startswith("share") else 1.0
    given = [
        column.number_input(
            escaped(f"{label}, {'%' if scale == 100 else unit}"),
            value=None if now is None else round(now * scale, 10),
            format="%.10g",
            key=f"{key} {label}",
            placeholder="no range",
        )
        for column, label, now in zip(st.columns(3), _LABELS, (one.value, one.low, one.high), strict=True)
    ]
    return [None if number is None else round(number / scale, 12) for number in given]


_MOST_ROWS = 8


def break_even(case: Case | None, job: CaseJob) -> None:
    """Draw the table; those that have a break-even first, the nearest to what they are now before the others."""
    st.markdown("#### Where it just pays")
    height = min(len(movable(job.study.scenario, job.fixes)), _MOST_ROWS) * 35 + 40
    if case is None or not case.sides:
        st.caption("On its way: it comes once every future is simulated.")
        st.skeleton(height=height)
        return
    st.caption("The value at which the fixes are worth exactly what they cost, all else at its likeliest.")
    table = pd.DataFrame(rows(case))
    said = f"{len(table)} assumptions and where each just pays."
    st.dataframe(table, height=height, hide_index=True, key="break-even", alt=said)


def rows(case: Case) -> list[dict[str, str]]:
    """A row for each assumption that has somewhere to go."""
    return [_row(case, side) for side in sorted(case.sides, key=lambda side: _distance(case, side))]


def _row(case: Case, side: Side) -> dict[str, str]:
    said = quantity_at(case.study.scenario, side.path)
    unit = said.unit or ""
    return {
        "Assumption": label_of(case.study.scenario, side.path),
        "Now": setting(said.value, unit),
        "Just pays at": breaks_even_at(case, side),
        "Looked from": setting(side.low, unit),
        "to": setting(side.high, unit),
    }


def _distance(case: Case, side: Side) -> float:
    """How far the break-even is from what it is now, as a share of the range; the largest where there is none."""
    if side.break_even is None:
        return float("inf")
    return abs(side.break_even - quantity_at(case.study.scenario, side.path).value) / (side.high - side.low)
