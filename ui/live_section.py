"""The estimate that follows a hand: while a slider is dragged, sentence and curve move with it.

The sliders are Streamlit's own, which tell the server nothing until they are let go. What is mounted here watches them
in the browser and draws from curves simulated in advance; where it cannot run, the sliders work as they always do.
"""

from pathlib import Path

import streamlit as st

from sim.experiments.inquiry import Inquiry
from ui import state
from ui.live_data import Followed, headline_of, live_data
from ui.redraw import redraw
from ui.state import Choice
from ui.state.live import live_desk, live_memory, live_workers

_POLL_SECONDS = 1.0
_HERE = Path(__file__).parent
_FOLLOWING = st.components.v2.component(
    "live_levers",
    html=(_HERE / "live.html").read_text(encoding="utf-8"),
    css=(_HERE / "live.css").read_text(encoding="utf-8"),
    js=(_HERE / "live.js").read_text(encoding="utf-8"),
)


def live_levers(choice: Choice, inquiry: Inquiry, followed: Followed | None = None) -> None:
    """Draw it, following the scenario's headline unless the page shows something else.

    The curves are simulated once the visitor's own question has been answered, and not after a stop.
    """
    shown = followed or headline_of(choice.baseline)
    desk = live_desk()
    if inquiry.finished and inquiry.complete:
        desk.begin(choice, state.SEED, live_workers(), live_memory())
    was_busy = desk.is_busy

    def poll() -> None:
        done = {"finished": inquiry.finished}
        _FOLLOWING(key="live", data=live_data(choice, inquiry.answer, desk, shown) | done)
        if was_busy and not desk.is_busy:
            redraw()  # the whole page, once: only that ends the polling

    st.fragment(poll, run_every=_POLL_SECONDS if was_busy else None)()
