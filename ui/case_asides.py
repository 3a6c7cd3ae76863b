"""What is asked beside the case, each with a button that says what it will cost, progress and a way to stop it."""

from dataclasses import dataclass

import streamlit as st

from sim.experiments.events import what_failed
from sim.experiments.workers import Background
from sim.reports.narrative.case_story import duration
from ui.asides_desk import Asides, Begin
from ui.redraw import redraw
from ui.text import escaped

_POLL_SECONDS = 0.5


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
        _wait(aside, job)
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

    def poll() -> None:
        if job.finished:
            redraw()
        with st.container(horizontal=True, vertical_alignment="center", key=f"status of {aside.kind}"):
            left = "" if job.seconds_left is None else f", about {duration(job.seconds_left)} left"
            st.progress(job.share_done, f"Simulating{left}", width="stretch")
            st.button("Cancel", key=f"cancel {aside.kind}", on_click=job.stop, help="What is simulated is kept.")

    st.fragment(poll, run_every=_POLL_SECONDS)()
