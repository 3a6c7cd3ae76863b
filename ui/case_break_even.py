"""The table of break-evens: what each assumption would have to be for the fixes just to pay."""

import pandas as pd
import streamlit as st

from sim.finance.case import Case, CaseJob
from sim.finance.case_report import at
from sim.finance.sensitivity import Side, movable
from sim.scenario.paths import quantity_at
from sim.scenario.wording import label_of, setting

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
        "Just pays at": at(case, side),
        "Looked from": setting(side.low, unit),
        "to": setting(side.high, unit),
    }


def _distance(case: Case, side: Side) -> float:
    """How far the break-even is from what it is now, as a share of the range; the largest where there is none."""
    if side.break_even is None:
        return float("inf")
    return abs(side.break_even - quantity_at(case.study.scenario, side.path).value) / (side.high - side.low)
