"""Where curves that follow a hand are kept: a desk for each visitor, threads and memory for all of them."""

import streamlit as st

from sim.experiments.inquiry import Memory
from sim.experiments.workers import Workers
from ui.live_desk import LiveDesk
from ui.state.own import own

_REMEMBERED = 3_000  # runs of a few weeks, some kilobytes each: of some sixty choices


def live_desk() -> LiveDesk:
    """Where this visitor's curves are simulated."""
    return own("live desk", LiveDesk)


@st.cache_resource(show_spinner=False)
def live_workers() -> Workers:
    """Threads that let everything else go first."""
    return Workers(patient=True)


@st.cache_resource(show_spinner=False)
def live_memory() -> Memory:
    """What was simulated for anybody's curves; the oldest is forgotten."""
    return Memory(_REMEMBERED)
