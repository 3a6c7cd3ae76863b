"""What is chosen now, to be saved or taken as a file; and a file to be opened."""

import streamlit as st

from sim.saved.shelf import Entry
from ui import saved_words
from ui.saved_button import save_button
from ui.saved_dialogs import take
from ui.state import saved as state
from ui.state.choice import Choice
from ui.text import escaped

_KEY = "scenario file"


def now(choice: Choice) -> None:
    """Draw what is on Explore now, with ways to keep it."""
    entry = Entry("", choice.name, "", sets=choice.sets, fixes=choice.fixes)
    with st.container(border=True, key="saved-now"):
        st.markdown(f"**On Explore now: {escaped(choice.baseline.title)}.**")
        st.markdown(escaped(saved_words.differs(choice.baseline, entry)))
        with st.container(horizontal=True):
            save_button(choice)
            if st.button("Save to a file", key="file of this choice", icon=":material/download:"):
                take(entry)


def opener() -> None:
    """Draw where a scenario file is opened, and what is wrong with the one that was sent."""
    with st.expander("Open a scenario file", icon=":material/upload_file:", expanded=bool(state.desk().faults)):
        st.file_uploader(
            "A scenario file (.yaml)",
            type=["yaml", "yml"],
            key=_KEY,
            on_change=state.open_file,
            args=(_KEY,),
            max_upload_size=1,
            help="It is checked, kept here, and opened with its sliders where its saved choice has them.",
        )
        if faults := state.desk().faults:
            st.error("This file cannot be used yet, and nothing of it was kept. What is wrong with it:")
            st.markdown("\n".join(f"- {escaped(str(fault))}" for fault in faults))
