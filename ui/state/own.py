"""What each visitor has of their own for as long as they are here."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

Made = TypeVar("Made")


def own(key: str, make: Callable[[], Made]) -> Made:
    """What this visitor has under that key, made when it is first asked for."""
    if key not in st.session_state:
        st.session_state[key] = make()
    found: Made = st.session_state[key]
    return found
