"""Business case: what fixes are worth, over every future that the assumptions allow."""

from contextlib import AbstractContextManager
from functools import partial

import streamlit as st

from sim.experiments.price import TooLargeError
from sim.finance.case import CaseJob
from sim.reports.narrative import case_story
from sim.scenario.faults import ScenarioError
from sim.scenario.notices import notices_of_both
from sim.scenario.world import world_of
from ui import saving
from ui.case import controls, section
from ui.case.beside import trial, which_wheels, whole_chain
from ui.case.controls import break_even, table_of_assumptions
from ui.controls import choose_scenario, history_bar, notices
from ui.exports.exports import downloads
from ui.session import case as case_state
from ui.session import scenarios, simulators, visit
from ui.session.case_choice import CaseChoice
from ui.text import escaped

_FIRST_SECONDS = 0.6  # the page is drawn once with a case that is kept on disk, rather than twice


def page() -> None:
    name = choose_scenario()
    scenario = scenarios.scenario(name)
    st.title(escaped(f"Business case: {scenario.title}"), anchor=False)
    st.markdown(escaped(scenario.question))
    bar = st.container(key="case-bar")
    choice = controls.choose(name)
    with bar:
        steps = visit.noticed(f"case of {name}", choice.step)
        history_bar(
            f"case of {name}",
            steps,
            partial(case_state.put_case, name),
            case_state.on_explore(choice),
            leaves_out=saving.leaves_out(choice),
        )
    with _place("notices"):
        _notices(choice)
    with _place("case"):
        job = _job(choice)
        if job is not None:
            _case(choice, job)
    with _place("assumptions"):
        table_of_assumptions(choice, case_state.case_desk())
    if job is not None and job.case is not None:
        section.how_to_read(job.case)


def _notices(choice: CaseChoice) -> None:
    """What is hardly meant, as it is or with the fixes; what makes no world is refused where the case would be."""
    try:
        world = world_of(choice.scenario, fixes=choice.fixes)
    except ScenarioError:
        return
    notices(notices_of_both(choice.scenario, world), world)


def _job(choice: CaseChoice) -> CaseJob | None:
    """The case under way, or a sentence on why there is none."""
    desk = case_state.case_desk()
    before = desk.job
    try:
        job = desk.make(choice, simulators.SEED, simulators.case_store())
    except ScenarioError as error:
        _refuse(choice, error)
        return None
    except TooLargeError as error:
        st.error(escaped(f"This case is too large to make here: {error}"), icon=":material/block:")
        return None
    if job is not before:
        job.wait(_FIRST_SECONDS)
    return job


def _refuse(choice: CaseChoice, error: ScenarioError) -> None:
    if not choice.as_is.fixes:
        st.info("This scenario names no fixes, so there is nothing to make a case of. Choose another scenario.")
    elif not choice.fixes:
        st.info("Choose one or more fixes above to see what they are worth.", icon=":material/arrow_upward:")
    else:
        for said in case_story.refusals(choice.as_is, error):
            st.error(escaped(said), icon=":material/block:")


def _case(choice: CaseChoice, job: CaseJob) -> None:
    case, desk = job.case, case_state.case_desk()
    with _place("answer"):
        section.sentence(case, choice.budget)
        section.status(job, desk)
        section.figures(case)
    with _place("pictures"):
        section.futures(case)
        section.what_it_hangs_on(case, job)
        break_even(case, job)
        downloads(choice, case, job.finished)
    with _place("portfolio"):
        which_wheels(choice, job.study, desk.asides)
    with _place("trial"):
        trial(choice, case, job.finished and job.futures_done == job.draws, desk.asides)
    with _place("chain"):
        whole_chain(choice, job.study, desk.asides)


def _place(name: str) -> AbstractContextManager[object]:
    """A part of the page that keeps its place whatever the parts above it hold: what is typed below is not lost."""
    return st.container(key=f"case-place-{name}")


page()
