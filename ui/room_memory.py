"""What a person's own browser remembers: by which link they are in which room."""

from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    script = (_HERE / "room_memory.js").read_text(encoding="utf-8")
    return st.components.v2.component("room_memory", html="", js=script)


def keep(code: str, token: str) -> None:
    """Have the browser remember the token of who is in that room."""
    _component()(key="room memory", data={"room": code, "me": token}, height=1)


def token_of(code: str) -> str:
    """The token that the browser remembers for that room; empty where there is none, or not yet."""
    found = _component()(
        key=f"room memory of {code}", data={"room": code}, default={"me": ""}, on_me_change=lambda: None, height=1
    )
    return str(found.me or "")[:64]
