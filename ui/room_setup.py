"""The lobby on the projector: the way in, who is there, and what the room is set up with."""

from html import escape

import streamlit as st

from sim.reports.narrative import workshop_story
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of
from sim.workshop.room import MOST_BUDGET, MOST_GUESSES, Settings, guesses, questions
from sim.workshop.setting_up import remove, set_up, unfit
from ui.room_qr import join_link, only_here, picture
from ui.room_view import View, leading, watch
from ui.state import room as state
from ui.state.shelf import database
from ui.text import escaped


def lobby(view: View, host: str) -> None:
    """Draw the lobby for the facilitator of that token."""
    page = st.context.url or ""
    link = join_link(page, view.room.code)
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left:
        st.html(f'<div class="room-scan">{picture(link)}</div>')
    with right:
        st.html(f'<p class="room-say">Scan the picture, or type the code:</p><p class="room-code">{view.room.code}</p>')
        st.code(link, language=None)
        if only_here(page):
            st.caption("This address means this machine alone: phones need the name by which they can reach it.")
        _people(view)
    if not view.room.is_over:
        with st.expander("What this room is set up with", icon=":material/tune:"):
            _setup(view, host)
    watch(view)


def _people(view: View) -> None:
    st.markdown(f"**{workshop_story.people_said(len(view.people))}**")
    if view.people and not view.room.hidden:
        names = "".join(f"<li>{escape(person.name)}</li>" for person in view.people)
        st.html(f'<ul class="room-names">{names}</ul>')


def _setup(view: View, host: str) -> None:
    scenario, now, code = view.scenario, view.room.settings, view.room.code
    asked = questions(scenario)
    asked = asked if now.question in asked else [now.question, *asked]
    with st.form("set up", border=False):
        place = st.selectbox(
            "What everybody bets on",
            list(range(len(asked))),
            format_func=lambda one: workshop_story.question(scenario, asked[one]),
            key=state.seed(f"question of {code}", asked.index(now.question)),
        )
        chosen = _guesses(scenario, code, now)
        budget = _budget(scenario, code, now)
        wanted = Settings(question=asked[place], guesses=tuple(chosen), budget=budget)
        lost = unfit(scenario, now, wanted, view.slips)
        if st.form_submit_button("Set it up so", icon=":material/check:") and not lost:
            _set_up(view, host, wanted)
            st.rerun()
    if lost:  # nothing is in the form but what was asked for: this is said before anything is done
        st.warning(escaped(workshop_story.taken_out(lost)), icon=":material/delete:")
        st.button("Take them out and set it up so", on_click=_set_up, args=(view, host, wanted))


def _set_up(view: View, host: str, wanted: Settings) -> None:
    with leading():
        set_up(database(), host, view.room, wanted, view.scenario)


def leaving(view: View, host: str) -> None:
    """Draw how somebody is taken out of the room: who came in twice, say, and would have two voices."""
    names = {person.id: person.name for person in view.people}
    which = st.selectbox(
        "Who is taken out",
        list(names),
        format_func=lambda one: f"{names[one]} (number {one})",
        index=None,
        key="who is taken out",
    )
    person = next((one for one in view.people if one.id == which), None)
    if person:
        st.markdown(escaped(workshop_story.gone_with(person, view.slips)))
    label = f"Take out {escaped(person.name)}" if person else "Take out"
    st.button(label, key="take out", disabled=person is None, on_click=_remove, args=(view, host, which))


def _remove(view: View, host: str, person: int) -> None:
    with leading():
        remove(database(), host, view.room, person)


def _guesses(scenario: Scenario, code: str, now: Settings) -> list[str]:
    return st.multiselect(
        "Which numbers the room puts its own in place of",
        list(dict.fromkeys([*now.guesses, *guesses(scenario)])),
        format_func=lambda path: label_of(scenario, path),
        key=state.seed(f"guesses of {code}", list(now.guesses)),
        max_selections=MOST_GUESSES,
        select_all=False,
        help="Those that nobody has measured, or that have a range. Without any, these steps are left out.",
    )


def _budget(scenario: Scenario, code: str, now: Settings) -> float | None:
    budget = None if now.budget is None else float(now.budget)
    return st.number_input(
        f"Budget for fixes in year one, {scenario.currency}",
        min_value=0.0,
        max_value=MOST_BUDGET,
        value=None,
        step=100.0,
        format="%.0f",
        key=state.seed(f"budget of {code}", budget),
        placeholder="no limit",
        help="What they cost at the start and for a year. It may be left empty.",
    )
