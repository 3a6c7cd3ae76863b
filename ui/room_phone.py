"""The phone's page: one thing at a time for one person."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from sim.reports.narrative import workshop_story
from sim.scenario.faults import ScenarioError
from sim.workshop import people
from sim.workshop.people import Seat
from sim.workshop.room import MovedOnError, OverError, Room, Step, called, taking
from ui import room_bets, room_guesses, room_guessing, room_outcome, room_plans
from ui.room_memory import keep
from ui.room_opening import over
from ui.room_view import View, watch
from ui.room_waiting import waiting
from ui.state import room as state
from ui.state.shelf import database
from ui.text import escaped

_GIVEN: dict[Step, Callable[[View], None]] = {
    Step.BETS: room_bets.bet,
    Step.GUESSES: room_guessing.guess,
    Step.REVISE: room_guessing.guess,
    Step.PLANS: room_plans.plan,
}
_SHOWN: dict[Step, Callable[[View], None]] = {
    Step.REVEAL: room_bets.see,
    Step.POOL: room_guesses.pooled,
    Step.AGREED: room_guesses.agreed,
    Step.OUTCOME: room_outcome.outcome,
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
    view = View(room, seat.slips, seat=replace(seat, room=seen or room))
    keep(room.code, state.place().me)
    st.caption(escaped(f"{seat.person.name}, in room {room.code}"))
    st.title(called(room.step), anchor=False)
    _said(view)
    if room.is_over:
        _over(view)
    elif room.step in _GIVEN:
        _give(view)
    elif room.step in _SHOWN:
        _show(view)
    else:
        st.markdown(escaped(f"You are in, {seat.person.name}. Look up at the screen."))
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


def _give(view: View) -> None:
    _GIVEN[view.room.step](view)
    _next(view)
    watch(view)


def _show(view: View) -> None:
    """What the room found, with everybody's slips: none of them with a name that was not allowed."""
    assert view.seat is not None
    every = people.shown_to(database(), view.seat)
    _SHOWN[view.room.step](View(view.room, every.slips, every.people, view.seat))
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
