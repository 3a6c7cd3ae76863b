"""The phone's page: coming into a room, coming back to it, and one thing at a time for one person."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from sim.reports.narrative import workshop_story
from sim.saved.database import DatabaseError
from sim.saved.documents import is_kept
from sim.scenario.faults import ScenarioError
from sim.workshop import people
from sim.workshop.people import LONGEST_NAME, Seat
from sim.workshop.room import (
    LENGTH,
    MovedOnError,
    NoRoomError,
    OverError,
    Room,
    RoomError,
    Step,
    by_default,
    called,
    taking,
    tidy,
)
from ui.session import scenarios
from ui.session import workshop as state
from ui.session.scenarios import database
from ui.text import escaped
from ui.workshop import estimates, plans
from ui.workshop.view import View, speaking, waiting, watch

_MEMORY = st.components.v2.component(
    "room_memory", html="", js=(Path(__file__).parent / "room_memory.js").read_text(encoding="utf-8")
)


def keep(code: str, token: str) -> None:
    """Have the browser remember the token of who is in that room."""
    _MEMORY(key="room memory", data={"room": code, "me": token}, height=1)


def token_of(code: str) -> str:
    """The token that the browser remembers for that room; empty where there is none, or not yet."""
    found = _MEMORY(
        key=f"room memory of {code}", data={"room": code}, default={"me": ""}, on_me_change=lambda: None, height=1
    )
    return str(found.me or "")[:64]


def opening() -> None:
    """Draw the way in for those who are in no room yet."""
    st.title("Workshop", anchor=False)
    st.markdown(
        "Guess the answer before you see it, put the room’s own numbers in place of guesses, and find what is worth "
        "mending: on one screen, and on everybody’s phone."
    )
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True, height="stretch", key="room-join"):
        _join()
    with right, st.container(border=True, height="stretch", key="room-open"):
        _open()


def _open() -> None:
    st.header("Open a room", anchor=False)
    st.caption("For whoever leads the workshop, on the screen that everybody sees.")
    try:
        name = _scenario()
        scenario = scenarios.scenario(name)
    except (ScenarioError, DatabaseError) as error:
        st.error(escaped(str(error)), icon=":material/block:")
        return
    st.markdown(escaped(scenario.question))
    if st.button("Open a room", type="primary", icon=":material/meeting_room:"):
        with speaking():
            state.opened(name, by_default(scenario))


def _scenario() -> str:
    """The scenario chosen, at first the one that the link asks for. Raises ScenarioError or DatabaseError."""
    asked = state.scenario_asked() or ""
    if is_kept(asked):
        scenarios.open_kept(asked)
    titles = scenarios.titles()
    chosen = asked if asked in titles else scenarios.first()
    return st.selectbox(
        "Scenario", list(titles), format_func=lambda known: titles[known], key=state.seed("room scenario", chosen)
    )


def _join() -> None:
    st.header("Join a room", anchor=False)
    st.caption(f"With the {LENGTH} letters and digits on the screen, or by scanning the picture beside them.")
    with st.form("join a room", border=False):
        code = st.text_input("Code", max_chars=12, key="room code", autocomplete="off")
        asked = st.form_submit_button("Go in", type="primary", icon=":material/login:")
    if asked:
        with speaking():
            found = state.find(tidy(code))
            state.go_to(state.Place(found.code))


def coming_in(code: str) -> None:
    """Draw what somebody sees who followed a room's link and is not in it yet."""
    try:
        found = state.find(code)
    except (NoRoomError, RoomError, DatabaseError) as error:
        _no_way_in(str(error))
        return
    with st.container(key="room-phone"):
        _name(found)


def _no_way_in(said: str) -> None:
    st.title("Workshop", anchor=False)
    st.error(escaped(said), icon=":material/door_front:")
    st.button("Type another code", on_click=state.leave, icon=":material/keyboard:")


def _name(room: Room) -> None:
    st.title("You are nearly in", anchor=False)
    if room.is_over:
        over(room)
        return
    _back(room.code)
    st.markdown(escaped(f"Room {room.code}. What shall the others call you? A first name will do; no account."))
    with st.form("come in", border=False):
        name = st.text_input(
            "First name", max_chars=LONGEST_NAME, key=f"name in {room.code}", autocomplete="given-name"
        )
        asked = st.form_submit_button("Come in", type="primary", width="stretch")
    if asked:
        with speaking():
            state.joined(room.code, name)


def _back(code: str) -> None:
    """Whoever is in already should come back to their own place: a second one would be a second voice."""
    known = state.Place(code, me=token_of(code))
    seat = state.seat(known) if known.me else None
    if seat:
        said = f"Come back as {escaped(seat.person.name)}"
        st.button(said, key="come back", type="primary", width="stretch", on_click=state.go_to, args=(known,))
        st.caption("This browser was in the room before. Only somebody else gives another name.")
    else:
        st.caption("Were you here before? Open your own link instead: by this you come in as somebody new.")


def over(room: Room) -> None:
    """Say that a room takes nothing any more, and why."""
    if room.expired:
        st.info("This room has expired. What it found is kept with whoever led it.", icon=":material/event_busy:")
    else:
        st.info("This room is closed. Thank you for being in it.", icon=":material/meeting_room:")
    st.button("Leave this room", on_click=state.leave, key="leave when over")


_GIVEN: dict[Step, Callable[[View], None]] = {
    Step.BETS: estimates.bet,
    Step.GUESSES: estimates.guess,
    Step.REVISE: estimates.guess,
    Step.PLANS: plans.plan,
}
_SHOWN: dict[Step, Callable[[View], None]] = {
    Step.REVEAL: estimates.answer_seen,
    Step.POOL: estimates.numbers_pooled,
    Step.AGREED: estimates.numbers_agreed,
    Step.OUTCOME: plans.outcome,
}


def phone(seat: Seat) -> None:
    """Draw the page of the person who sits there. Raises DatabaseError."""
    with st.container(key="room-phone"):
        try:
            _page(seat)
        except ScenarioError as error:
            st.error(escaped(f"The room’s scenario cannot be opened. {error}"), icon=":material/block:")


def _page(seat: Seat) -> None:
    room, seen = seat.room, state.pressed(seat.room.code)
    if seen:
        _refuse(seen, room)
    view = View(room, seat.submissions, seat=replace(seat, room=seen or room))
    keep(room.code, state.place().me)
    st.caption(escaped(f"{seat.person.name}, in room {room.code}"))
    st.title(called(room.step), anchor=False)
    _said(view)
    if room.is_over:
        _over(view)
    elif room.step in _SHOWN:
        _show(view)
    else:
        _GIVEN.get(room.step, _nothing_yet)(view)
        _next(view)
        watch(view)


def _refuse(seen: Room, now: Room) -> None:
    """Say that what was pressed came too late: what stood around it may be drawn no more, to say so itself."""
    takes = taking(seen.step)
    try:
        people.refuse_late(seen, now, takes.kind if takes else "")
    except (MovedOnError, OverError) as error:
        state.tell(str(error))


def _said(view: View) -> None:
    """What there is to say first. It has a place of its own: what is being typed below must not be moved by it."""
    with st.container(key="room-said"):
        if said := state.told(view.room):
            st.error(escaped(said), icon=":material/block:")
        if why := state.why_not_put_in(view.room):
            st.error(escaped(workshop_story.not_put_in(why)), icon=":material/block:")
        if view.room.locked and not view.room.is_over:
            st.info("Locked: nothing can be changed at this step any more.", icon=":material/lock:")


def _nothing_yet(view: View) -> None:
    assert view.seat is not None
    st.markdown(escaped(f"You are in, {view.seat.person.name}. Look up at the screen."))


def _show(view: View) -> None:
    """What the room found, with everybody's slips: none of them with a name that was not allowed."""
    assert view.seat is not None
    every = people.shown_to(database(), view.seat)
    _SHOWN[view.room.step](View(view.room, every.submissions, every.people, view.seat))
    _next(view)


def _next(view: View) -> None:
    coming = view.next()
    if taking(view.room.step) is None or view.room.locked:
        waiting(workshop_story.coming(coming))
    else:
        st.caption(escaped(workshop_story.coming(coming)))


def _over(view: View) -> None:
    """The room takes nothing any more; what came of it stays to be read."""
    over(view.room)
    if view.room.step is Step.OUTCOME:
        _show(view)
        return
    if view.room.made and not view.room.hidden:
        link = {"scenario": view.room.made}
        st.page_link("app_pages/explore.py", label="Look at the room’s scenario", query_params=link)
    watch(view)
