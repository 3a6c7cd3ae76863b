"""The section that asks which fixes a budget should buy."""

from functools import partial
from typing import cast

import pandas as pd
import streamlit as st

from sim.experiments.price import price_of, spoken
from sim.finance import portfolio_report
from sim.finance.portfolio import EXACT, RUNS, Portfolio, PortfolioJob
from sim.finance.study import Study
from ui.asides_desk import Asides
from ui.case_asides import Aside, answer
from ui.case_choice import CaseChoice
from ui.charts import beside_case
from ui.text import escaped, money

_SEARCHED = 9  # sets beside singles and pairs that a search simulates


def which_wheels(choice: CaseChoice, study: Study, asides: Asides) -> None:
    """Draw the section; its candidates are all the fixes of the scenario."""
    st.markdown("#### Which wheels to oil")
    every = tuple(fix.id for fix in choice.scenario.fixes)
    if len(every) < 2:
        st.caption("This scenario has one fix, so there is nothing to choose between.")
        return
    begin = partial(PortfolioJob, study, every, choice.terms)
    asked = (choice.name, choice.edits, choice.terms.model_dump_json())
    aside = Aside("portfolio", asked, "Which fixes should a budget buy?", _portfolio_costs(study, len(every)), begin)
    job = cast(PortfolioJob | None, answer(asides, aside))
    if job is not None and job.portfolio is not None:
        _show_portfolio(job.portfolio, choice.budget)


def _portfolio_costs(study: Study, size: int) -> str:
    sets = 2**size if size <= EXACT else 1 + size + size * (size - 1) // 2 + _SEARCHED
    task = study.task(study.setting((), {}, 0))
    seconds = price_of([task] * sets * RUNS).seconds
    looked = "Simulates every set" if size <= EXACT else "Searches the sets"
    return f"{looked} of the {size} fixes: {sets} of them, {RUNS} runs each, at most about {spoken(seconds)}."


def _show_portfolio(found: Portfolio, budget: float | None) -> None:
    said = portfolio_report.best(found, budget)
    st.markdown(f"**{escaped(said)}**")
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("What each budget buys at best. Upright lines: 95% interval from luck alone.")
        st.vega_lite_chart(beside_case.frontier(found, budget), key="frontier", alt=said)
    with right:
        _credit(found)
    for sentence in portfolio_report.sentences(found):
        st.markdown(escaped(sentence))
    with st.expander("The sets on that line"):
        st.dataframe(pd.DataFrame(_rows(found)), hide_index=True, alt="The best set of fixes for each budget.")


def _credit(found: Portfolio) -> None:
    credits = beside_case.shared_out(found)
    if credits:
        st.caption("Whose the worth of all fixes together is: each its fair share (Shapley), whichever comes first.")
    for name, (chart, said) in credits.items():
        st.vega_lite_chart(chart, key=f"credit {name}", alt=said)


def _rows(found: Portfolio) -> list[dict[str, str]]:
    return [
        {
            "Fixes": portfolio_report.named(found, bundle),
            "Spent in year one": money(bundle.needs, found.study.currency),
            "Net present value": money(bundle.worth, found.study.currency),
        }
        for bundle in found.frontier
    ]
