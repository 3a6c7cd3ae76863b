"""The row of buttons on a page with levers: undo, redo, the link to copy, and saving.

The keys are not Streamlit's `shortcut`: with Ctrl those work in text fields, too, where Ctrl+Z is the field's own.
"""

from typing import Any

import streamlit as st

from ui.copy_link import copy_link
from ui.history import History
from ui.saved_button import save_button
from ui.state import history
from ui.state.choice import Choice

UNDO, REDO = "Undo", "Redo"


def history_bar(
    about: str,
    steps: History[Any],
    put: history.Put,
    choice: Choice,
    leaves_out: str | None = None,
) -> None:
    """Draw it. `about` names the history, `steps` are its steps as they stand, and `put` goes to one of them.

    `choice` is what would be saved, and `leaves_out` says what of the page would not be.
    """
    with st.container(horizontal=True, key="history-bar", gap="small"):
        st.button(
            UNDO,
            key=f"undo {about}",  # copy_link.js presses it
            icon=":material/undo:",
            disabled=not steps.past,
            on_click=history.undo,
            args=(about, put),
            help="Take the latest change back (Ctrl+Z).",
        )
        st.button(
            REDO,
            key=f"redo {about}",
            icon=":material/redo:",
            disabled=not steps.future,
            on_click=history.redo,
            args=(about, put),
            help="Make the change again that was taken back (Ctrl+Y or Ctrl+Shift+Z).",
        )
        copy_link()
        save_button(choice, leaves_out)
