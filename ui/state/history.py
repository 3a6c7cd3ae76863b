"""Undo and redo of what a visitor chose: one history for each page with levers and each scenario, kept all session.

A step is noticed, not announced: whatever changed the choice (a slider, a preset, a link, another page), the next run
of the page finds that it is another one. So nothing that changes it can forget to say so.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.history import History

Put = Callable[[Any], None]
"""Puts everything where a step had it: writes the keys of widgets, so it is called before they are drawn."""


def noticed(about: str, chosen: Any) -> History[Any]:
    """The history of that, with what is chosen now as its latest step."""
    key = _key(about)
    before: History[Any] | None = st.session_state.get(key)
    st.session_state[key] = after = before.now(chosen) if before else History(chosen)
    return after


def undo(about: str, put: Put) -> None:
    """Take the latest step back; for a button's `on_click`."""
    _go(about, put, st.session_state[_key(about)].undone())


def redo(about: str, put: Put) -> None:
    """Take the step that was taken back last again; for a button's `on_click`."""
    _go(about, put, st.session_state[_key(about)].redone())


def _go(about: str, put: Put, history: History[Any]) -> None:
    put(history.present)
    st.session_state[_key(about)] = history


def _key(about: str) -> str:
    return f"history of {about}"
