"""The projector's page: the lobby and the way in, what everybody sees, and the facilitator's controls."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import segno
import streamlit as st

from sim.reports.narrative import workshop_story
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.wording import label_of
from sim.workshop import people, rooms
from sim.workshop.room import (
    MOST_BUDGET,
    MOST_GUESSES,
    Room,
    RoomError,
    Settings,
    Step,
    called,
    guesses,
    questions,
    taking,
)
from sim.workshop.setting_up import remove, set_up, unfit
from ui.session import workshop as state
from ui.session.scenarios import database
from ui.text import escaped
from ui.workshop import estimates, plans
from ui.workshop.view import View, watch

_EDGE = 4  # modules of white around it, as the standard asks


def picture(link: str) -> str:
    """The link as a QR picture that fills its place; black on white on a dark page too."""
    code = segno.make(link, error="m", micro=False)
    source = code.svg_data_uri(border=_EDGE, light="#fff", dark="#000", omitsize=True)
    said = escape(f"QR picture of the link {link}", quote=True)
    return f'<img class="room-qr" src="{escape(source, quote=True)}" alt="{said}">'


def join_link(page: str, code: str) -> str:
    """The link by which people join, from the address of the page."""
    return f"{page.rstrip('/')}?room={code}"


def only_here(page: str) -> bool:
    """Whether that address means the machine itself, so that no phone can follow it."""
    return any(page.partition("//")[2].startswith(name) for name in ("localhost", "127.", "[::1]"))


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
        lost = unfit(scenario, now, wanted, view.submissions)
        if st.form_submit_button("Set it up so", icon=":material/check:") and not lost:
            _lead(set_up, host, view.room, wanted, scenario)
            st.rerun()
    if lost:  # nothing is in the form but what was asked for: this is said before anything is done
        st.warning(escaped(workshop_story.taken_out(lost)), icon=":material/delete:")
        st.button("Take them out and set it up so", on_click=_lead, args=(set_up, host, view.room, wanted, scenario))


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
        st.markdown(escaped(workshop_story.gone_with(person, view.submissions)))
    label = f"Take out {escaped(person.name)}" if person else "Take out"
    st.button(label, key="take out", disabled=person is None, on_click=_lead, args=(remove, host, view.room, which))


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


_DRAWN: dict[Step, Callable[[View], None]] = {
    Step.BETS: estimates.bets_asked,
    Step.REVEAL: estimates.bets_revealed,
    Step.GUESSES: estimates.numbers_asked,
    Step.POOL: estimates.numbers_pooled,
    Step.REVISE: estimates.numbers_asked_again,
    Step.AGREED: estimates.numbers_agreed,
    Step.PLANS: plans.board,
    Step.OUTCOME: plans.outcome,
}


def projector(place: state.Place) -> None:
    """Draw the page. Raises DatabaseError and RoomError."""
    seen = people.everything_of(database(), place.code, place.host)
    view = View(seen.room, seen.submissions, seen.people)
    try:
        view = estimates.settled(view, place.host)
        with st.container(key="room-projector"):
            _head(view)
            if view.room.step is Step.LOBBY:
                lobby(view, place.host)
            else:
                _DRAWN[view.room.step](view)
        _controls(view, place.host)
    except ScenarioError as error:
        st.error(escaped(f"The room's scenario cannot be opened. {error}"), icon=":material/block:")


def _head(view: View) -> None:
    room = view.room
    with st.container(horizontal=True, vertical_alignment="center", key="room-head"):
        with st.container():
            place = view.way.index(room.step) + 1
            st.caption(escaped(f"{view.scenario.title}. Step {place} of {len(view.way)}"))
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


def _lead(act: Callable[..., object], host: str, seen: Room, *what: object) -> None:
    """Change the room; what goes wrong is said on the page that follows."""
    state.hush()
    try:
        act(database(), host, seen, *what)
    except (RoomError, DatabaseError) as error:
        state.tell(str(error))


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
        args=(rooms.change, host, view.room, view.room.at(to or view.room.step)),
    )


def _button(label: str, icon: str, seen: Room, wanted: Room, host: str, key: str | None = None) -> None:
    args = (rooms.change, host, seen, wanted)
    st.button(label, key=f"lead {label}", icon=icon, shortcut=key, on_click=_lead, args=args)
