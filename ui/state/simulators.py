"""Where simulating is done: threads, memory and answers that everybody on this server shares."""

import streamlit as st

from sim.experiments.answer import AnswerJob
from sim.experiments.inquiry import Memory
from sim.experiments.runs import Effort
from sim.experiments.store import Store
from sim.experiments.workers import Workers
from ui.state.scenarios import scenario

SEED = 1
_ANSWER_RUNS = 6


@st.cache_resource(show_spinner=False)
def simulators() -> tuple[Workers, Workers, Memory]:
    """Threads and memory shared by everyone on this server: estimates never queue behind long runs."""
    return Workers(), Workers(patient=True), Memory()


@st.cache_resource(show_spinner=False)
def patient_workers() -> Workers:
    """Threads for work that nobody waits for with a finger on a slider."""
    return Workers(patient=True)


@st.cache_resource(show_spinner=False)
def _answers() -> dict[str, AnswerJob]:
    """The answers to scenarios' own questions, under way or done: found once for everybody on this server."""
    return {}


def answer_job(name: str, may_begin: bool) -> AnswerJob | None:
    """The answer to a scenario's own question, sought from now on if that may begin and has not yet; or None.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """
    answers = _answers()
    if name not in answers and may_begin:
        answers[name] = AnswerJob(scenario(name), Effort(SEED, _ANSWER_RUNS), _answer_workers())
    return answers.get(name)


@st.cache_resource(show_spinner=False)
def _answer_workers() -> Workers:
    """Threads that answer one scenario's question after the other, so that many visitors do not slow each other."""
    return Workers(patient=True)


def answer_again() -> None:
    """Forget the answers that failed, so that they are sought anew."""
    answers = _answers()
    for name in [name for name, job in answers.items() if job.error]:
        del answers[name]


@st.cache_resource(show_spinner=False)
def case_store() -> Store:
    """What was simulated for cases, kept for everybody on this server and after a restart."""
    return Store()
