"""Stepping by key and filling the screen, which Streamlit's own buttons cannot do with more than one key each."""

from pathlib import Path
from typing import Any

import streamlit as st

from ui.state.boardroom import Pressed

_HERE = Path(__file__).parent
_HTML = '<button type="button">Fill the screen</button>'
_CSS = """
button {
  font: inherit; color: var(--st-text-color); background: none; padding: 0.4rem 0.75rem; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:focus-visible { outline: 3px solid var(--st-primary-color); }
"""


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    script = (_HERE / "boardroom_keys.js").read_text(encoding="utf-8")
    return st.components.v2.component("boardroom_keys", html=_HTML, css=_CSS, js=script)


def pressed(key: str) -> Pressed:
    """Draw the button for full screen, and say which keys were pressed so far."""
    found = _component()(key=key, default={"pressed": None}, on_pressed_change=lambda: None).pressed
    return Pressed(found["since"], found["steps"], found["left"]) if found else Pressed()
