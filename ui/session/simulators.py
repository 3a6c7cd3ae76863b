"""Where simulating is done: threads, memory and answers that everybody on this server shares."""

import streamlit as st

from sim.experiments.answer import AnswerJob
from sim.experiments.cache import Store
from sim.experiments.inquiry import Memory
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from ui.jobs import SharedJobs
from ui.session.scenarios import scenario

SEED = 1
_ANSWER_RUNS = 6
_REMEMBERED = 64  # answers that are done
_HELD = "answers held"


@st.cache_resource(show_spinner=False)
def simulators() -> tuple[Workers, Workers, Memory]:
    """Threads and memory shared by everyone on this server: estimates never queue behind long runs."""
    return Workers(), Workers(patient=True), Memory()


@st.cache_resource(show_spinner=False)
def patient_workers() -> Workers:
    """Threads for work that nobody waits for with a finger on a slider."""
    return Workers(patient=True)


@st.cache_resource(show_spinner=False)
def _answers() -> SharedJobs[AnswerJob]:
    """The answers to scenarios' own questions, under way or done: found once for everybody on this server."""
    return SharedJobs(_REMEMBERED)


def answer_job(name: str, may_begin: bool) -> AnswerJob | None:
    """The answer to a scenario's own question, sought from now on if that may begin and has not yet; or None.

    It is sought for as long as anybody is here who has looked at that scenario.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """
    asked = scenario(name)

    def begin() -> AnswerJob:
        return AnswerJob(asked, Effort(SEED, _ANSWER_RUNS), _answer_workers())

    held = _answers().ask(asked, begin if may_begin else None)
    if held is None:
        return None
    st.session_state.setdefault(_HELD, {})[name] = held
    return held.job


@st.cache_resource(show_spinner=False)
def _answer_workers() -> Workers:
    """Threads that answer one scenario's question after the other, so that many visitors do not slow each other."""
    return Workers(patient=True)


def answer_again() -> None:
    """Forget the answers that failed, so that they are sought anew."""
    _answers().forget_failed()


@st.cache_resource(show_spinner=False)
def case_store() -> Store:
    """What was simulated for cases, kept for everybody on this server and after a restart."""
    return Store()
