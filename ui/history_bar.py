"""The row of buttons on a page with levers: undo, redo, the link to copy, and saving."""

from typing import Any

import streamlit as st

from sim.experiments.runs import Comparison
from ui.copy_link import copy_link
from ui.history import History
from ui.saved_button import save_button
from ui.state import history
from ui.state.choice import Choice

UNDO, REDO = "Undo", "Redo"


def history_bar(
    about: str, steps: History[Any], put: history.Put, choice: Choice, found: Comparison | None = None
) -> None:
    """Draw it. `about` names the history, `steps` are its steps as they stand, and `put` goes to one of them.

    `choice` is what would be saved, and `found` what is simulated of it over all its weeks.
    """
    with st.container(horizontal=True, key="history-bar", gap="small"):
        st.button(
            UNDO,
            key=f"undo {about}",
            icon=":material/undo:",
            shortcut="Ctrl+Z",
            disabled=not steps.past,
            on_click=history.undo,
            args=(about, put),
            help="Take the latest change back (Ctrl+Z).",
        )
        st.button(
            REDO,
            key=f"redo {about}",
            icon=":material/redo:",
            shortcut="Ctrl+Y",
            disabled=not steps.future,
            on_click=history.redo,
            args=(about, put),
            help="Make the change again that was taken back (Ctrl+Y).",
        )
        copy_link()
        save_button(choice, found)
