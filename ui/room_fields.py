"""Numbers typed on a phone, in the unit in which people say them."""

import streamlit as st

from ui.state import room as state
from ui.text import escaped

_PERCENT = 100.0


def number(label: str, unit: str, key: str, now: float | None, step: float = 1.0) -> float | None:
    """A field for a number in that unit, shares in percent; at first `now`. What it holds, in the unit itself.

    `step` is how far its buttons move what is shown.
    """
    scale = _PERCENT if unit.startswith("share") else 1.0
    given = st.number_input(
        escaped(f"{label}, {'%' if scale == _PERCENT else unit}"),
        key=state.seed(key, None if now is None else round(float(now) * scale, 10)),
        value=None,
        step=step,
        format="%.10g",
        placeholder="a number",
    )
    return None if given is None else round(given / scale, 12)
