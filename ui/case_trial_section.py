"""The section that designs a trial: how many stores and weeks show the effect, what that costs and is worth."""

from functools import partial
from typing import cast

import pandas as pd
import streamlit as st

from sim.experiments.price import price_of, spoken
from sim.finance import trial_report
from sim.finance.case import Case
from sim.finance.trial import POWER, STORES, WEEKS, StoreTask, TrialJob, TrialPlan
from ui.asides_desk import Asides
from ui.case_asides import Aside, answer
from ui.case_choice import CaseChoice
from ui.charts.beside_case import power
from ui.text import escaped

_MOST_STORES = 1_000_000


def trial(choice: CaseChoice, case: Case | None, is_done: bool, asides: Asides) -> None:
    """Draw the section; a trial is planned for a case that is done."""
    st.markdown("#### A trial")
    stores = _stores(choice)
    if case is None or not is_done:
        st.caption("Can be planned once every future of the case is simulated.")
        return
    aside = Aside(
        "trial",
        (choice.asked, stores),
        "How large a trial would show it?",
        _trial_costs(case),
        partial(TrialJob, case, stores=stores),
    )
    job = cast(TrialJob | None, answer(asides, aside))
    if job is not None and job.plan is not None:
        _show_trial(job.plan)


def _stores(choice: CaseChoice) -> int:
    """How many stores would go by the trial's answer: as many as the chain has, to begin with."""
    chain = choice.scenario.chain
    known = 1 if chain is None else round(sum(kind.count.value for kind in chain.stores))
    asked: int = st.number_input(
        "Sites that would go by the answer",
        1,
        _MOST_STORES,
        known,
        key=f"sites of {choice.name}",
        help="The more sites the decision is for, the more an answer is worth.",
        width=280,
    )
    return asked


def _trial_costs(case: Case) -> str:
    store = StoreTask(case.study, case.fixes, max(WEEKS), 0)
    seconds = price_of([store.task(mended) for mended in (False, True)] * STORES).seconds
    return f"Simulates {STORES} sites with the fixes and without for {max(WEEKS)} weeks: about {spoken(seconds)}."


def _show_trial(plan: TrialPlan) -> None:
    for said in trial_report.sentences(plan):
        st.markdown(escaped(said))
    st.caption(f"Chance that a trial shows the effect. Dashed: the {POWER:.0%} that is usually asked for.")
    st.vega_lite_chart(power(plan), key="trial power", alt=trial_report.enough(plan))
    with st.expander("Every design that was looked at"):
        st.dataframe(pd.DataFrame(trial_report.rows(plan)), hide_index=True, alt="Power, cost and worth by design.")
    st.caption(escaped(trial_report.rests_on(plan)))
