"""A button that copies the page's address, which says everything chosen on it; and the keys of its whole row."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_BUTTON = st.components.v2.component(
    "copy_link",
    html='<button type="button"><span aria-hidden="true"></span> Copy link</button><p role="status"></p>',
    css=(_HERE / "copy_link.css").read_text(encoding="utf-8"),
    js=(_HERE / "copy_link.js").read_text(encoding="utf-8"),
)


def copy_link(key: str = "copy link") -> None:
    """Draw the button. Where a browser lets no page copy (plain http), it shows the address, marked to be copied.

    While it is there, Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z (or Cmd) press Undo and Redo beside it.
    """
    _BUTTON(key=key, width="content")
