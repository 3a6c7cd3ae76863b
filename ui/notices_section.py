"""What is allowed in a world and probably not meant: quiet, closed until somebody opens it."""

from collections.abc import Sequence

import streamlit as st

from sim.scenario.notices import Notice
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of
from ui.text import escaped

_WHAT_IT_IS = "Nothing is wrong with the file, and all is simulated as it says. Whoever means it so may go on."


def notices(found: Sequence[Notice], world: Scenario) -> None:
    """Draw the notices of a world; nothing, in the same place, where there is none."""
    with st.container(key="notices"):
        if not found:
            return
        with st.expander(title(found), icon=":material/info:", key="notices-open"):
            st.caption(_WHAT_IT_IS)
            for notice in found:
                st.markdown(_said(world, notice))


def _said(world: Scenario, notice: Notice) -> str:
    if not notice.path:
        return f"{escaped(notice.message)}."
    return f"**{escaped(_place(world, notice.path))}** ({escaped(notice.path)}): {escaped(notice.message)}."


def title(found: Sequence[Notice]) -> str:
    """How many there are, in a sentence."""
    return (
        "One thing here is probably not meant"
        if len(found) == 1
        else f"{len(found)} things here are probably not meant"
    )


def _place(world: Scenario, path: str) -> str:
    """Where it is, in words."""
    try:
        return label_of(world, path) or path.capitalize()
    except KeyError:
        return path
