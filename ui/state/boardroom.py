"""What a visitor has chosen for the boardroom, whether it is being presented, and the link that says the same."""

from dataclasses import replace

import streamlit as st

from sim.experiments.doubts import Doubts
from sim.experiments.inquiry import FULL_RUNS
from sim.experiments.runs import Effort
from sim.experiments.worlds import WorldsJob
from sim.scenario.agenda import Agenda, agenda_of
from ui.state.choice import Choice, asked_of, choice_now
from ui.state.simulators import SEED, case_store, patient_workers

_PRESENT = "present"
_REMEMBERED = 64


def prepared(name: str) -> tuple[Choice, Agenda]:
    """What stands as the sliders do, with the scenario's own proposal where the visitor chose no fixes; and its agenda.

    The link says the same, and which step is being presented.
    """
    step = presented(name)
    chosen = choice_now(name, {} if step is None else {_PRESENT: str(step)})
    agenda = agenda_of(chosen.baseline, chosen.fixes)
    return replace(chosen, fixes=tuple(fix.id for fix in agenda.fixes)), agenda


def _step_key(name: str) -> str:
    return f"presented of {name}"


def presented(name: str) -> int | None:
    """The step that is being presented, from 1; None where nothing is."""
    key = _step_key(name)
    if key not in st.session_state:
        asked = asked_of(name).get(_PRESENT, "")
        st.session_state[key] = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 1 else None
    step: int | None = st.session_state[key]
    return step


def present(name: str, step: int | None) -> None:
    """Present that step, or nothing any more; for a button's `on_click`."""
    st.session_state[_step_key(name)] = step


@st.cache_resource(show_spinner=False)
def _jobs() -> dict[tuple[str, str], WorldsJob]:
    """Searches for the greatest doubt, under way or done: one of a kind for everybody on this server."""
    return {}


def doubts_job(doubts: Doubts, may_begin: bool) -> WorldsJob | None:
    """The search for what is least sure, begun now if that may begin and has not yet; or None.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """
    jobs, key = _jobs(), _doubts_key(doubts)
    if key not in jobs and may_begin:
        while len(jobs) >= _REMEMBERED:
            jobs.pop(next(iter(jobs))).stop()
        effort = Effort(SEED, FULL_RUNS)
        jobs[key] = WorldsJob(doubts.worlds, doubts.measure, effort, case_store(), patient_workers())
    return jobs.get(key)


def _doubts_key(doubts: Doubts) -> tuple[str, str]:
    return doubts.scenario.model_dump_json(), repr((sorted(doubts.sets.items()), doubts.fixes))


def doubt_again(doubts: Doubts) -> None:
    """Forget a search that failed, so that it is begun anew."""
    _jobs().pop(_doubts_key(doubts), None)
