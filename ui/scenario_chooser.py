"""The chooser of a scenario, the same on every page that has one."""

import streamlit as st

from ui import state
from ui.text import escaped


def choose_scenario() -> str:
    """Draw it at the top of the sidebar; the name chosen."""
    with st.sidebar:
        st.html('<p class="ripple-brand">Ripple</p><p>What a broken customer experience costs</p>')
        titles = state.titles()
        return st.selectbox(
            "Scenario",
            list(titles),
            format_func=lambda known: titles[known],
            key=state.seed_scenario_key(),
            persist_state="session",
        )


def wrong_asked(name: str) -> None:
    """Say what the link asked of that scenario and cannot have, on every page that takes a choice from the link."""
    for wrong in state.wrong_in_link(name):
        st.warning(escaped(wrong), icon=":material/link_off:")
