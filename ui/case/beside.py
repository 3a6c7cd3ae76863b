"""What is asked beside the case: a chain, a portfolio, a trial; each with its cost, progress and a way to stop."""

from dataclasses import dataclass
from functools import partial
from typing import cast

import pandas as pd
import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.price import price_of, spoken
from sim.experiments.workers import Background
from sim.finance.case import AGAIN, Case
from sim.finance.chain import DRAWS, ChainCase, ChainJob
from sim.finance.portfolio import EXACT, RUNS, Portfolio, PortfolioJob
from sim.finance.report import chain_rows, trial_rows
from sim.finance.study import Study
from sim.finance.trial import POWER, STORES, WEEKS, StoreTask, TrialJob, TrialPlan
from sim.reports.narrative import beside_case_story
from sim.reports.narrative.case_story import duration
from sim.scenario.world import store_of
from ui.charts import case as case_charts
from ui.controls import follow
from ui.session.case import Asides, Begin
from ui.session.case_choice import CaseChoice
from ui.text import escaped, money


@dataclass(frozen=True)
class Aside:
    """A question beside the case: what kind it is, what decides its answer, its button, and what it costs to answer."""

    kind: str
    asked: object
    button: str
    costs: str
    begin: Begin


def answer(asides: Asides, aside: Aside) -> Background | None:
    """Draw button or progress; the job, once it is done."""
    job = asides.job(aside.kind, aside.asked)
    if job is not None and not job.finished:
        follow(False, lambda: job.finished, lambda: _wait(aside, job))
        return None
    if job is not None and not job.stopped and not job.error:
        return job
    _offer(asides, aside, job)
    return None


def _offer(asides: Asides, aside: Aside, before: Background | None) -> None:
    if aside.kind in asides.refused:
        st.error(escaped(asides.refused[aside.kind]), icon=":material/block:")
    elif before is not None and before.error:
        st.error(f"{what_failed(before.error)}, so there is no answer.")
    with st.container(horizontal=True, vertical_alignment="center"):
        question = (aside.kind, aside.asked, aside.begin)
        st.button(aside.button, key=f"ask {aside.kind}", on_click=asides.ask, args=question)
        st.caption(escaped(f"Stopped; what was simulated is kept. {aside.costs}" if before else aside.costs))


def _wait(aside: Aside, job: Background) -> None:
    """How far it is and a way to stop it."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"status of {aside.kind}"):
        left = "" if job.seconds_left is None else f", about {duration(job.seconds_left)} left"
        st.progress(job.share_done, f"Simulating{left}", width="stretch")
        st.button("Cancel", key=f"cancel {aside.kind}", on_click=job.stop, help="What is simulated is kept.")


def whole_chain(choice: CaseChoice, study: Study, asides: Asides) -> None:
    """Draw the section, where the scenario says which stores there are."""
    st.markdown("#### The whole chain")
    if study.scenario.chain is None:
        st.caption("This scenario says nothing of other sites, so its figures are one site's, and are not multiplied.")
        return
    begin = partial(ChainJob, study, choice.fixes, choice.terms)
    aside = Aside("chain", choice.asked, "What is it worth in every store?", _chain_costs(study, choice.fixes), begin)
    job = cast(ChainJob | None, answer(asides, aside))
    if job is not None and job.chain is not None:
        _show_chain(job.chain, study.currency)


def _chain_costs(study: Study, fixes: tuple[str, ...]) -> str:
    assert study.scenario.chain is not None
    types = study.scenario.chain.stores
    owns = [Study(store_of(study.scenario, kind.id), study.seed, study.store) for kind in types]
    worlds = [own.task(own.setting(fixes, {}, 0)) for own in owns]
    seconds = price_of(worlds * 2 * (DRAWS + AGAIN)).seconds
    return f"Simulates a store of each of the {len(types)} types in {DRAWS} futures: at most about {spoken(seconds)}."


def _show_chain(found: ChainCase, currency: str) -> None:
    st.markdown(f"**{escaped(beside_case_story.headline(found))}**")
    st.caption("What all stores of each type add. Line: 95% interval from so many futures.")
    said = beside_case_story.made_of(found)
    st.vega_lite_chart(case_charts.mix(found, currency), key="chain mix", alt=said)
    rows = pd.DataFrame(chain_rows(found))
    st.dataframe(rows, hide_index=True, key="chain table", alt=said)
    st.markdown(escaped(beside_case_story.spread(found)))


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
    said = beside_case_story.best(found, budget)
    st.markdown(f"**{escaped(said)}**")
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("What each budget buys at best. Upright lines: 95% interval from luck alone.")
        st.vega_lite_chart(case_charts.frontier(found, budget), key="frontier", alt=said)
    with right:
        _credit(found)
    for sentence in beside_case_story.of_portfolio(found):
        st.markdown(escaped(sentence))
    with st.expander("The sets on that line"):
        st.dataframe(pd.DataFrame(_rows(found)), hide_index=True, alt="The best set of fixes for each budget.")


def _credit(found: Portfolio) -> None:
    credits = case_charts.shared_out(found)
    if credits:
        st.caption("Whose the worth of all fixes together is: each its fair share (Shapley), whichever comes first.")
    for name, (chart, said) in credits.items():
        st.vega_lite_chart(chart, key=f"credit {name}", alt=said)


def _rows(found: Portfolio) -> list[dict[str, str]]:
    return [
        {
            "Fixes": beside_case_story.named(found, bundle.fixes),
            "Spent in year one": money(bundle.needs, found.study.currency),
            "Net present value": money(bundle.worth, found.study.currency),
        }
        for bundle in found.frontier
    ]


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
    for said in (beside_case_story.enough(plan), beside_case_story.worth(plan)):
        st.markdown(escaped(said))
    st.caption(f"Chance that a trial shows the effect. Dashed: the {POWER:.0%} that is usually asked for.")
    st.vega_lite_chart(case_charts.power(plan), key="trial power", alt=beside_case_story.enough(plan))
    with st.expander("Every design that was looked at"):
        st.dataframe(pd.DataFrame(trial_rows(plan)), hide_index=True, alt="Power, cost and worth by design.")
    st.caption(escaped(beside_case_story.rests_on(plan)))
