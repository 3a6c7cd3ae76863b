"""The charts that this visitor has seen in rooms and side by side."""

import streamlit as st

from ui.take_away_album import Album

_ALBUM = "album"


def album() -> Album:
    """Where they are kept until the visitor goes."""
    if _ALBUM not in st.session_state:
        st.session_state[_ALBUM] = Album()
    found: Album = st.session_state[_ALBUM]
    return found
