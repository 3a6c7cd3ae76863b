"""Where saved things are kept: one database for everybody on this server."""

import streamlit as st

from sim.saved.database import Database
from sim.workshop.storage import ROOMS


@st.cache_resource(show_spinner=False)
def database() -> Database:
    """The database of saved things.

    Raises:
        DatabaseError: it cannot be opened now; the next call tries again.
    """
    return Database(ROOMS.metadata)  # all tables of saved things, those of rooms among them
