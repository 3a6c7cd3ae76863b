"""Boardroom: a question, a sentence, a number, three sliders and a picture, for a reader with one minute."""

import streamlit as st

from sim.scenario.faults import ScenarioError
from sim.scenario.offers import Agenda
from ui import boardroom as parts
from ui import controls
from ui.controls import choose_scenario, wrong_asked
from ui.session import simulators, visit
from ui.session.choice import Choice
from ui.session.simulators import live_desk
from ui.text import escaped


def page() -> None:
    choice, agenda = visit.prepared(choose_scenario())
    step = visit.presented(choice.name)
    controls.notice(choice.name)
    if step is None:
        _sidebar(choice)
        wrong_asked(choice.name)
    live_desk().supersede(choice)
    try:
        inquiry = simulators.inquiry(choice)
    except ScenarioError as error:
        if step is not None:
            visit.present(choice.name, None)  # there is nothing to present, and the ways back belong here
            _sidebar(choice)
        _refused(choice, agenda, error)
        return
    view = parts.View(choice, agenda, inquiry, inquiry.answer)
    if step is None:
        _whole(view)
    else:
        parts.presented(view, step)


def _sidebar(choice: Choice) -> None:
    """The ways back, out of the sight of somebody with one minute: also for what was moved on another page."""
    with st.sidebar:
        controls.bar_and_presets(choice)
        controls.back_to_how_it_is(choice.name)


def _whole(view: parts.View) -> None:
    title, present = st.columns([5, 1], vertical_alignment="center")
    with title:
        st.title(escaped(view.agenda.question), anchor=False)
    with present:
        args = (view.choice.name, 1)
        st.button("Present", on_click=visit.present, args=args, icon=":material/present_to_all:", width="stretch")
    parts.sentence(view)
    parts.status(view)
    left, right = st.columns([3, 2], gap="large")
    with left:
        parts.number(view)
        parts.picture(view)
    with right:
        if view.agenda.levers:
            with st.container(border=True, key="boardroom-sliders"):
                parts.sliders(view.choice, view.agenda)
        with st.container(border=True):
            parts.costs(view)
        with st.container(border=True):
            parts.least_sure(view)


def _refused(choice: Choice, agenda: Agenda, error: ScenarioError) -> None:
    """The sliders stay, so that what contradicts itself can be moved back."""
    st.title(escaped(agenda.question), anchor=False)
    for fault in error.faults:
        st.error(escaped(f"{fault.path}: {fault.message}"))
    parts.sliders(choice, agenda)


page()
