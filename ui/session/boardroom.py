"""What a visitor has chosen for the boardroom, whether it is being presented, and the link that says the same."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from sim.experiments.inquiry import FULL_RUNS
from sim.experiments.runs import NEEDS_TWIN, Effort, WorldsJob
from sim.experiments.sensitivity import Doubts
from sim.scenario.offers import Agenda, agenda_of
from ui.jobs import SharedJobs
from ui.session.choice import Choice, asked_of, choice_now
from ui.session.simulators import SEED, case_store, workers

_PRESENT = "present"
_REMEMBERED = 64  # searches that are done
_HELD = "doubts held"


class Pressed(NamedTuple):
    """All keys since the button was drawn first: how many steps onward, less those back; and whether to leave."""

    since: int = 0
    steps: int = 0
    left: bool = False


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


def follow(name: str, keys: Pressed, at: int, steps: int) -> bool:
    """Go where the keys lead that were pressed since the last were followed; whether there were any."""
    key = f"keys followed of {name}"
    followed = st.session_state.get(key, Pressed())
    before = followed if followed.since == keys.since else Pressed(keys.since)
    st.session_state[key] = keys
    if keys == before:
        return False
    present(name, None if keys.left else min(max(at + keys.steps - before.steps, 1), steps))
    return True


@st.cache_resource(show_spinner=False)
def _jobs() -> SharedJobs[WorldsJob]:
    """Searches for the greatest doubt, under way or done: one of a kind for everybody on this server."""
    return SharedJobs(_REMEMBERED)


def doubts_job(doubts: Doubts, may_begin: bool) -> WorldsJob | None:
    """The search for what is least sure, begun now if that may begin and has not yet; or None.

    It supersedes what this visitor asked before, which is given up where nobody else waits for it.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """

    def begin() -> WorldsJob:
        effort, with_twin = Effort(SEED, FULL_RUNS), doubts.measure in NEEDS_TWIN
        return WorldsJob(doubts.worlds, effort, case_store(), workers(), with_twin)

    key = doubts.scenario, tuple(sorted(doubts.sets.items())), doubts.fixes
    held = _jobs().ask(key, begin if may_begin else None)
    st.session_state[_HELD] = held
    return held.job if held else None


def doubt_again() -> None:
    """Forget searches that failed, so that they are begun anew."""
    _jobs().forget_failed()
