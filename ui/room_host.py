"""The projector's page: what everybody sees, and the facilitator's controls."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from sim.reports.narrative import workshop_story
from sim.scenario.faults import ScenarioError
from sim.workshop import people, rooms
from sim.workshop.room import Room, Step, called, taking
from ui import room_bets, room_guesses, room_outcome, room_plans
from ui.room_qr import join_link, picture
from ui.room_setup import leaving, lobby
from ui.room_view import View, leading
from ui.state import room as state
from ui.state.shelf import database
from ui.text import escaped

_DRAWN: dict[Step, Callable[[View], None]] = {
    Step.BETS: room_bets.asked,
    Step.REVEAL: room_bets.revealed,
    Step.GUESSES: room_guesses.asked,
    Step.POOL: room_guesses.pooled,
    Step.REVISE: room_guesses.asked_again,
    Step.AGREED: room_guesses.agreed,
    Step.PLANS: room_plans.board,
    Step.OUTCOME: room_outcome.outcome,
}


def projector(place: state.Place) -> None:
    """Draw the page. Raises DatabaseError and RoomError."""
    seen = people.everything_of(database(), place.code, place.host)
    view = View(seen.room, seen.slips, seen.people)
    try:
        view = room_guesses.settled(view, place.host)
        with st.container(key="room-projector"):
            _head(view)
            _body(view, place.host)
        _controls(view, place.host)
    except ScenarioError as error:
        st.error(escaped(f"The room's scenario cannot be opened. {error}"), icon=":material/block:")


def _head(view: View) -> None:
    room = view.room
    with st.container(horizontal=True, vertical_alignment="center", key="room-head"):
        with st.container():
            st.caption(escaped(_where(view)))
            st.title(called(room.step), anchor=False)
        if room.step is not Step.LOBBY and not room.is_over:
            corner = picture(join_link(st.context.url or "", room.code))
            st.html(
                f'<div class="room-corner">{corner}<span class="room-code">{room.code}</span></div>', width="content"
            )
    if said := state.told(room):
        st.warning(escaped(said), icon=":material/sync_problem:")
    if why := state.why_not_put_in(room):
        st.error(escaped(workshop_story.not_put_in(why)), icon=":material/block:")
    if (late := workshop_story.late(room)) and not room.is_over:
        st.warning(escaped(late), icon=":material/visibility:")
    if room.is_over:
        st.info("This room has expired." if room.expired else "This room is closed: nobody can hand anything in.")


def _where(view: View) -> str:
    steps = view.way
    return f"{view.scenario.title}. Step {steps.index(view.room.step) + 1} of {len(steps)}"


def _body(view: View, host: str) -> None:
    if view.room.step is Step.LOBBY:
        lobby(view, host)
    else:
        _DRAWN[view.room.step](view)


def _lead(seen: Room, wanted: Room, host: str) -> None:
    """Change the room; what goes wrong is said on the page that follows."""
    with leading():
        rooms.change(database(), host, seen, wanted)


def _controls(view: View, host: str) -> None:
    """The steps by buttons and arrow keys, and what else a facilitator may do."""
    room = view.room
    with st.container(horizontal=True, vertical_alignment="center", key="room-controls"):
        _step(view, host, -1)
        _step(view, host, +1)
        if taking(room.step) and not room.is_over:
            lock = "Unlock" if room.locked else "Lock"
            icon = ":material/lock_open:" if room.locked else ":material/lock:"
            _button(lock, icon, room, replace(room, locked=not room.locked), host, "L")
        show = "Show names and results" if room.hidden else "Hide names and results"
        icon = ":material/visibility:" if room.hidden else ":material/visibility_off:"
        _button(show, icon, room, replace(room, hidden=not room.hidden), host, "H")
        if not room.expired:
            close = "Open it again" if room.closed else "Close the room"
            _button(close, ":material/door_front:", room, replace(room, closed=not room.closed), host)
        if view.people and not room.is_over:
            with st.popover("Take somebody out", icon=":material/person_remove:"):
                leaving(view, host)
        st.button("Leave", key="leave the room", icon=":material/logout:", on_click=state.leave, help=_LEAVE)


_LEAVE = "The link that you opened this room by leads back here. Keep it to yourself: whoever has it leads the room."


def _step(view: View, host: str, by: int) -> None:
    to, forward = view.next(by), by > 0
    st.button(
        f"Next: {called(to)}" if forward and to else "Back" if not forward else "The last step",
        key="next step" if forward else "step back",
        type="primary" if forward else "secondary",
        icon=":material/arrow_forward:" if forward else ":material/arrow_back:",
        shortcut="Right" if forward else "Left",
        disabled=to is None or view.room.is_over,
        on_click=_lead,
        args=(view.room, view.room.at(to or view.room.step), host),
    )


def _button(label: str, icon: str, seen: Room, wanted: Room, host: str, key: str | None = None) -> None:
    st.button(label, key=f"lead {label}", icon=icon, shortcut=key, on_click=_lead, args=(seen, wanted, host))
