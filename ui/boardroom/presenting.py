"""Presenting the boardroom: one thing at a time, large, by button or key."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui.boardroom import panels as parts
from ui.boardroom.panels import View, pressed
from ui.session import boardroom
from ui.text import escaped

Step = Callable[[View], None]


def presented(view: View, at: int) -> None:
    """Draw one step, counted from 1, and what leads to the others."""
    st.html(Path("ui/boardroom/presenting.css"))
    steps = steps_of(view)
    at = min(max(at, 1), len(steps))
    with st.container(key="presented"):
        steps[at - 1](view)
    _buttons(view.choice.name, at, len(steps))


def steps_of(view: View) -> list[Step]:
    """What is shown, in order: the same steps wherever the sliders stand, so that moving one stays at its step."""
    what_if = [_what_if] if view.agenda.levers else []
    return [_question, _today, _proposal, _picture, _costs, _least_sure, *what_if]


def _question(view: View) -> None:
    st.title(escaped(view.agenda.question), anchor=False)
    st.markdown(escaped(view.choice.baseline.story))


def _today(view: View) -> None:
    parts.number(view, as_it_is=True)
    parts.status(view)


def _proposal(view: View) -> None:
    if view.done:
        parts.number(view)
    else:
        st.header("Nothing is proposed", anchor=False)
        if view.agenda.levers:
            st.markdown("What a slider of the last step changes is told here once it is moved.")
    parts.sentence(view, with_sliders=False)
    parts.status(view)


def _picture(view: View) -> None:
    parts.picture(view, is_large=True)
    parts.status(view)


def _costs(view: View) -> None:
    parts.costs(view)


def _least_sure(view: View) -> None:
    parts.least_sure(view)


def _what_if(view: View) -> None:
    parts.sentence(view)
    parts.sliders(view.choice, view.agenda)
    parts.status(view)


def _buttons(name: str, at: int, steps: int) -> None:
    back, onward = max(at - 1, 1), min(at + 1, steps)
    with st.container(horizontal=True, vertical_alignment="center", key="presenter"):
        st.button("Back", on_click=boardroom.present, args=(name, back), disabled=at == 1, icon=":material/arrow_back:")
        st.caption(f"{at} of {steps}", width="content")
        st.button(
            "Next",
            on_click=boardroom.present,
            args=(name, onward),
            disabled=at == steps,
            icon=":material/arrow_forward:",
            type="primary",
        )
        st.button("Leave", on_click=boardroom.present, args=(name, None), icon=":material/close:")
        keys = pressed(f"keys of {name}")
    if boardroom.follow(name, keys, at, steps):
        st.rerun()
