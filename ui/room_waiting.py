"""What stands where something is still to come, held back, or cannot be had."""

import streamlit as st

from sim.experiments.library import COMPILING, is_compiled
from sim.experiments.workers import Background
from ui.room_desk import Refusal
from ui.room_view import View
from ui.state import room as state
from ui.state.album import album
from ui.take_away_links import to_room
from ui.take_away_ready import Drawn
from ui.text import escaped

_LOOKS_SECONDS = 1.0


def held() -> None:
    """Say that results are hidden just now."""
    st.info("The facilitator holds the results back for now.", icon=":material/visibility_off:")


def under_way(job: Background | Refusal, what: str, slot: tuple[str, ...] | None = None) -> bool:
    """Whether there is all of it; else how far it is, or why there is none, is said."""
    if isinstance(job, Refusal):
        refused(job, what)
        return False
    if job.finished and (job.error or job.stopped):
        st.error(f"Simulating the {what} failed." if job.error else f"Simulating the {what} was stopped.")
        if slot:
            st.button("Try again", on_click=state.desk().forget, args=(slot,), key=f"again {what}")
        return False
    if not job.finished:
        progress(job, f"Simulating the {what}")
    return job.finished


def refused(job: Refusal, what: str) -> None:
    """Say why it is not simulated."""
    st.error(escaped(job.said), icon=":material/block:")
    if job.passing:
        st.button("Try again", key=f"again {what}")  # whatever draws the page asks anew


def progress(job: Background, said: str) -> None:
    """How far a job is; polls while it is under way."""

    def poll() -> None:
        left = "" if job.seconds_left is None else f", about {job.seconds_left:.0f} s left"
        waiting = COMPILING if job.share_done == 0 and not is_compiled() else f"{said}{left}"
        st.progress(job.share_done, waiting)
        if job.finished:
            st.rerun()

    st.fragment(poll, run_every=_LOOKS_SECONDS)()


def waiting(said: str, what: str = "step") -> None:
    """What happens next, for somebody with nothing to do just now; by `what` is waited for."""
    with st.container(key=f"room-waiting-{what}"):
        st.markdown(f":material/hourglass_top: {escaped(said)}")


def picture(view: View, name: str, simulated: str, drawn: Drawn, key: str) -> None:
    """Draw a chart of a room, and keep it to be taken away by its name, with how much was simulated for it.

    Its marks are silent: what it shows is said once.
    """
    room, (spec, alt) = view.room, drawn
    album().keep(to_room(room.code), {room.scenario, room.believed, view.linked}, name, simulated, drawn)
    st.vega_lite_chart(spec | {"config": {**spec.get("config", {}), "mark": {"aria": False}}}, key=key, alt=alt)
