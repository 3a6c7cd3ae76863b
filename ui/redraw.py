"""Drawing the whole page again for a poller that found news."""

import streamlit as st

from ui.state import saved


def redraw() -> None:
    """Draw the whole page anew; not while the dialog that saves is open, since that would take the cursor out of it.

    A poller that finds news again the next time, as all do, draws them once the dialog is closed.
    """
    if saved.desk().saving is None:
        st.rerun()
