"""Opening a room, and coming into one."""

import streamlit as st

from sim.saved.database import DatabaseError
from sim.saved.documents import is_kept
from sim.scenario.faults import ScenarioError
from sim.workshop.people import LONGEST_NAME
from sim.workshop.room import LENGTH, NoRoomError, Room, RoomError, by_default, tidy
from ui.room_memory import token_of
from ui.room_view import speaking
from ui.state import room as state
from ui.state import scenarios
from ui.text import escaped


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
            st.rerun()


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
            st.rerun()


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
            st.rerun()


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
