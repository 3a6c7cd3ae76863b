"""The button that saves what is chosen, for any page."""

import streamlit as st

from sim.experiments.runs import Comparison
from ui import saved_dialogs
from ui.state import saved as state
from ui.state.choice import Choice
from ui.text import escaped


def save_button(choice: Choice, found: Comparison | None = None) -> None:
    """Draw it. `found` is this very choice over all its weeks; without it, what this server knows is looked up."""
    if st.button("Save", key="save this choice", icon=":material/bookmark_add:", help="Keep this choice under a name."):
        saved_dialogs.save(choice, found.world if found else None)
    if said := state.desk().take_notice():
        st.toast(escaped(said), icon=":material/check:")
