"""The button that saves what is chosen, for any page."""

import streamlit as st

from ui.saved_dialogs import save
from ui.state import saved as state
from ui.state.choice import Choice
from ui.text import escaped


def save_button(choice: Choice, leaves_out: str | None = None) -> None:
    """Draw it, and its dialog in every run until that is done with: it would close when the page is drawn again.

    `leaves_out` says what of the page is not in the choice.
    """
    st.button(
        "Save",
        key="save this choice",
        icon=":material/bookmark_add:",
        on_click=state.begin_saving,
        args=(choice.name,),
        help="Keep this choice under a name.",
    )
    if state.desk().saving == choice.name:
        save(choice, leaves_out)
    else:
        state.end_saving()
    if said := state.desk().take_notice():
        st.toast(escaped(said), icon=":material/check:")
