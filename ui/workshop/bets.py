"""Placing bets, and seeing the answer."""

from html import escape

import streamlit as st

from sim.experiments.runs import Effort
from sim.reports.narrative import workshop_story
from sim.reports.origin import runs_said
from sim.workshop.leaderboard import RevealJob
from sim.workshop.people import MOST, Bet
from sim.workshop.room import RefusedError, unit
from ui.charts import workshop_charts
from ui.session import SEED
from ui.session import workshop as state
from ui.session.workshop import Refusal
from ui.text import escaped
from ui.workshop.view import View, hand_in, held, number, picture, speaking, under_way, watch

_RUNS = 8


def job(view: View) -> RevealJob | Refusal:
    """The simulation of what is bet on, begun by whoever asks first, for everybody who bets on the same."""
    room = view.room

    def begin() -> RevealJob:
        effort = Effort(SEED, _RUNS)
        return RevealJob(view.scenario, room.settings.question, effort, state.store(), state.quick_workers())

    return state.desk().ask(slot(view), None, 0, begin)


def slot(view: View) -> tuple[str, ...]:
    """By what is asked, whichever rooms ask it."""
    return ("answer", view.room.scenario, view.room.settings.question.model_dump_json())


# ---- on the projector ------------------------------------------------------------------------------


def asked(view: View) -> None:
    """The question, and how many have bet; the answer is simulated meanwhile."""
    job(view)
    st.html(_large(view))
    st.markdown(escaped(view.scenario.story))
    st.markdown(f"## {workshop_story.count(len(view.handed_in('bet')), len(view.people), 'have bet')}")
    if not view.room.is_late:
        st.caption("Nobody sees anybody’s bet, nor the answer, before the next step.")
    watch(view)


def _large(view: View) -> str:
    return f'<p class="room-question">{escape(workshop_story.question(view.scenario, view.room.settings.question))}</p>'


def revealed(view: View) -> None:
    """The answer with its interval, the bets as dots, and who was nearest."""
    st.html(_large(view))
    found = job(view)
    _answer(view, found)
    watch(view, lambda: isinstance(found, Refusal) or found.finished)


def _answer(view: View, found: RevealJob | Refusal) -> None:
    if view.room.hidden:
        held()
        return
    if not under_way(found, "answer", slot(view)):
        return
    assert not isinstance(found, Refusal)
    assert found.answer is not None
    scenario, question = view.scenario, view.room.settings.question
    with st.container(key="room-answer"):
        st.markdown(f"## {escaped(workshop_story.answer(scenario, question, found.answer))}")
    bets = workshop_story.bets_of(view.slips)
    st.markdown(escaped(workshop_story.nearest(scenario, question, bets, view.people, found.answer)))
    if bets:
        _picture(view, found, bets)


def _picture(view: View, found: RevealJob, bets: dict[int, Bet]) -> None:
    assert found.answer is not None
    mine = bets[view.me].value if view.me in bets else None
    values = [float(bet.value) for bet in bets.values()]
    of_unit = unit(view.scenario, view.room.settings.question)
    chart = workshop_charts.bets(values, found.answer, mine, of_unit)
    alt = workshop_charts.bets_alt(values, found.answer, mine, of_unit)
    picture(view, "The bets and the answer", runs_said(found.runs, view.scenario.weeks), (chart, alt), "room bets")


# ---- on a phone ------------------------------------------------------------------------------------


def bet(view: View) -> None:
    """One number, and whether one may be named."""
    room, scenario = view.room, view.scenario
    assert view.seat is not None
    before = view.seat.slip("bet")
    given = before.said if before and isinstance(before.said, Bet) else None
    st.markdown(f"**{escaped(workshop_story.question(scenario, room.settings.question))}**")
    asked_on = room.settings.question.model_dump_json()  # what was typed for one question is no bet on another
    with st.form("bet", border=False):
        now = float(given.value) if given else None
        value = number("Your bet", unit(scenario, room.settings.question), f"bet in {room.code} on {asked_on}", now)
        named = st.toggle(
            "Say my name if I am the nearest",
            key=state.seed(f"named in {room.code}", given.named if given else False),
        )
        label = "Place another bet" if given else "Place my bet"
        sent = st.form_submit_button(
            label, type="primary", width="stretch", disabled=room.locked, on_click=state.press, args=(room,)
        )
    if sent:
        with speaking():
            hand_in(view, "", Bet(value=_number(value), named=named))
            st.rerun()
    if given:
        said = workshop_story.bet(scenario, room.settings.question, float(given.value))
        change = "" if room.locked else " You may change it until the step is over."
        st.success(escaped(f"Your bet is in: {said}.{change}"), icon=":material/check:")


def _number(value: float | None) -> float:
    if value is None or not -MOST <= value <= MOST:
        raise RefusedError("Give a number first." if value is None else "Give a smaller number.")
    return value


def see(view: View) -> None:
    """The answer beside one's own bet."""
    found = job(view)
    st.markdown(f"**{escaped(workshop_story.question(view.scenario, view.room.settings.question))}**")
    _answer(view, found)
    mine = workshop_story.bets_of(view.slips).get(view.me or 0)
    if mine and not view.room.hidden:
        said = workshop_story.bet(view.scenario, view.room.settings.question, float(mine.value))
        st.markdown(f"Your bet was **{escaped(said)}**.")
    watch(view, lambda: isinstance(found, Refusal) or found.finished)
