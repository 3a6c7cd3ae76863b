"""The player of a watched stretch: a component of our own that draws people and things moving through the journey."""

from pathlib import Path

import streamlit as st

from ui.watch_data import Data

_HERE = Path(__file__).parent
_PARTS = ("watch_day.js", "watch_floor.js", "watch_pens.js", "watch_scene.js", "watch_parts.js", "watch.js")
SCRIPT = "\n".join((_HERE / part).read_text(encoding="utf-8") for part in _PARTS)
_PLAYER = st.components.v2.component(
    "watch",
    html='<div class="watch"></div>',
    css=(_HERE / "watch.css").read_text(encoding="utf-8"),
    js=SCRIPT,
)


def player(data: Data) -> None:
    """Draw it. Playing, stopping and stepping happen in the browser alone."""
    _PLAYER(key="watch player", data=data)
