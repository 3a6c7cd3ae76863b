"""What people put a number on: their bets and the answer, and the numbers that the room puts in place of guesses."""

from dataclasses import replace
from datetime import date
from html import escape

import streamlit as st

from sim.experiments.runs import Effort
from sim.reports.narrative import workshop_story
from sim.reports.origin import runs_said
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Between, Quantity
from sim.scenario.wording import label_of
from sim.workshop import people, rooms, setting_up
from sim.workshop.leaderboard import RevealJob
from sim.workshop.people import MOST, Bet, Guess, ends, guess_of
from sim.workshop.room import RefusedError, RoomError, Step, allowed, unit
from ui.charts import workshop as workshop_charts
from ui.session import workshop as state
from ui.session.scenarios import database
from ui.session.simulators import SEED, case_store, workers
from ui.session.workshop import Refusal
from ui.text import escaped, provenance
from ui.workshop.view import View, hand_in, held, is_done, number, picture, sent, speaking, waiting, watch

_RUNS = 8


def answer_job(view: View) -> RevealJob | Refusal:
    """The simulation of what is bet on, begun by whoever asks first, for everybody who bets on the same."""

    def begin() -> RevealJob:
        return RevealJob(view.scenario, view.question, Effort(SEED, _RUNS), case_store(), workers())

    return state.desk().ask(answer_slot(view), None, 0, begin)


def answer_slot(view: View) -> tuple[str, ...]:
    """By what is asked, whichever rooms ask it."""
    return ("answer", view.room.scenario, view.question.model_dump_json())


# ---- on the projector ------------------------------------------------------------------------------


def bets_asked(view: View) -> None:
    """The question, and how many have bet; the answer is simulated meanwhile."""
    answer_job(view)
    st.html(_large(view))
    st.markdown(escaped(view.scenario.story))
    st.markdown(f"## {workshop_story.count(len(view.handed_in('bet')), len(view.people), 'have bet')}")
    if not view.room.is_late:
        st.caption("Nobody sees anybody’s bet, nor the answer, before the next step.")
    watch(view)


def _large(view: View) -> str:
    return f'<p class="room-question">{escape(view.asked)}</p>'


def bets_revealed(view: View) -> None:
    """The answer with its interval, the bets as dots, and who was nearest."""
    st.html(_large(view))
    found = answer_job(view)
    _answer(view, found)
    watch(view, lambda: isinstance(found, Refusal) or found.finished)


def _answer(view: View, found: RevealJob | Refusal) -> None:
    if view.room.hidden:
        held()
        return
    if not is_done(found, "answer", answer_slot(view)):
        return
    assert found.answer is not None
    scenario, question = view.scenario, view.question
    with st.container(key="room-answer"):
        st.markdown(f"## {escaped(workshop_story.answer(scenario, question, found.answer))}")
    bets = workshop_story.bets_of(view.submissions)
    st.markdown(escaped(workshop_story.nearest(scenario, question, bets, view.people, found.answer)))
    if bets:
        _bets_picture(view, found, bets)


def _bets_picture(view: View, found: RevealJob, bets: dict[int, Bet]) -> None:
    assert found.answer is not None
    mine = bets[view.me].value if view.me in bets else None
    values = [float(bet.value) for bet in bets.values()]
    of_unit = unit(view.scenario, view.question)
    chart = workshop_charts.bets(values, found.answer, mine, of_unit)
    alt = workshop_charts.bets_alt(values, found.answer, mine, of_unit)
    picture(view, "The bets and the answer", runs_said(found.runs, view.scenario.weeks), (chart, alt), "room bets")


# ---- on a phone ------------------------------------------------------------------------------------


def bet(view: View) -> None:
    """One number, and whether one may be named."""
    room, scenario = view.room, view.scenario
    given = view.given(Bet)
    st.markdown(f"**{escaped(view.asked)}**")
    asked_on = view.question.model_dump_json()  # what was typed for one question is no bet on another
    with st.form("bet", border=False):
        now = float(given.value) if given else None
        value = number("Your bet", unit(scenario, view.question), f"bet in {room.code} on {asked_on}", now)
        named = st.toggle(
            "Say my name if I am the nearest",
            key=state.seed(f"named in {room.code}", given.named if given else False),
        )
        pressed = sent(view, "Place another bet" if given else "Place my bet")
    if pressed:
        with speaking():
            hand_in(view, "", Bet(value=_number(value), named=named))
    if given:
        said = workshop_story.bet(scenario, view.question, float(given.value))
        change = "" if room.locked else " You may change it until the step is over."
        st.success(escaped(f"Your bet is in: {said}.{change}"), icon=":material/check:")


def _number(value: float | None) -> float:
    if value is None or not -MOST <= value <= MOST:
        raise RefusedError("Give a number first." if value is None else "Give a smaller number.")
    return value


def answer_seen(view: View) -> None:
    """The answer beside one's own bet."""
    found = answer_job(view)
    st.markdown(f"**{escaped(view.asked)}**")
    _answer(view, found)
    mine = workshop_story.bets_of(view.submissions).get(view.me or 0)
    if mine and not view.room.hidden:
        said = workshop_story.bet(view.scenario, view.question, float(mine.value))
        st.markdown(f"Your bet was **{escaped(said)}**.")
    watch(view, lambda: isinstance(found, Refusal) or found.finished)


_ENDS = ("Lowest", "Most likely", "Highest")
_NARROW, _FINE = 2.0, 0.05
"""On a scale as narrow as this a field's buttons move by little."""


def guess(view: View) -> None:
    """The quantity that is next, or the one that its person went back to."""
    paths = view.room.settings.guesses
    key = f"guess at {' '.join((view.room.code, view.room.step, *paths))}"
    place = min(state.number_at(key, _first_open(view)), len(paths))
    if place == len(paths):
        _overview(view, key)
        return
    if len(paths) > 1:
        st.caption(f"{place + 1} of {len(paths)}")
    _one(view, paths[place], place, key)
    if place and st.button("Back", icon=":material/arrow_back:", key="guess back", width="stretch"):
        state.put(key, place - 1)
        st.rerun()


def _round(view: View) -> int:
    return 2 if view.room.step is Step.REVISE else 1


def _latest(view: View, path: str) -> Guess | None:
    """What counts so far at this step: what was not revised stays."""
    return view.given(Guess, path, _round(view)) or view.given(Guess, path)


def _first_open(view: View) -> int:
    paths = view.room.settings.guesses
    return next((n for n, path in enumerate(paths) if view.given(Guess, path, _round(view)) is None), len(paths))


def _one(view: View, path: str, place: int, key: str) -> None:
    scenario = view.scenario
    bounds = allowed(scenario, path)
    st.markdown(f"## {escaped(label_of(scenario, path))}")
    st.caption(
        escaped(f"The scenario says {workshop_story.range_said(quantity_at(scenario, path))}. Yours is what counts.")
    )
    with st.form(f"guess {path}", border=False):
        numbers = _numbers(view, path, bounds)
        pressed = sent(view, "Hand in" if _round(view) == 1 else "Hand in my revised numbers")
    st.caption(escaped(f"Possible: {ends(bounds)}. The highest and the lowest are as far as you think it can be."))
    if pressed:
        with speaking():
            hand_in(view, path, guess_of(*numbers))
            state.put(key, place + 1)
    keep = "Keep mine as it was" if _latest(view, path) else "Give none"
    if _round(view) == 2 and st.button(keep, key=f"keep {path}", width="stretch"):
        state.put(key, place + 1)
        st.rerun()


def _numbers(view: View, path: str, bounds: Between) -> list[float | None]:
    before = _latest(view, path)
    known = (None, None, None) if before is None else (before.low, before.mode, before.high)
    keys = [f"{label} {path} {view.room.code} {_round(view)}" for label in _ENDS]
    narrow = bounds.most - bounds.least <= _NARROW and not bounds.unit.startswith("share")
    step = _FINE if narrow else 1.0
    return [number(label, bounds.unit, key, now, step) for label, key, now in zip(_ENDS, keys, known, strict=True)]


def _overview(view: View, key: str) -> None:
    """What one has given, whether or not that is all of it."""
    paths = view.room.settings.guesses
    change = "" if view.room.locked else " You may change them until the step is over."
    if all(_latest(view, path) for path in paths):
        st.success(f"All your numbers are in.{change}", icon=":material/check:")
    else:
        st.info(f"Not all your numbers are in.{change}", icon=":material/edit:")
    for place, path in enumerate(paths):
        given = _latest(view, path)
        unit = quantity_at(view.scenario, path).unit or ""
        said = workshop_story.guess_said(given, unit) if given else "nothing given"
        st.markdown(f"**{escaped(label_of(view.scenario, path))}**: {escaped(said)}")
        if not view.room.locked and st.button("Change", key=f"change {path}", width="stretch"):
            state.put(key, place)
            st.rerun()


def numbers_asked(view: View) -> None:
    """Each number asked for, and how many have given theirs."""
    for path in view.room.settings.guesses:
        with st.container(border=True):
            st.markdown(f"## {escaped(label_of(view.scenario, path))}")
            said = quantity_at(view.scenario, path)
            st.markdown(escaped(f"The scenario says {workshop_story.range_said(said)}."))
            st.caption(escaped(provenance(Quantity(mode=said.value, evidence=said.evidence, source=said.source))))
            done = view.handed_in("guess", path)
            st.markdown(f"**{workshop_story.count(len(done), len(view.people), 'have given their numbers')}**")
    watch(view)


def numbers_pooled(view: View) -> None:
    """What the room believes of each number; on a phone with one's own voice marked."""
    if view.room.hidden:
        held()
    else:
        for path in view.room.settings.guesses:
            _pool(view, path, rounds=1)
        if view.seat is None:
            st.markdown("**Talk about it.** What does whoever stands apart know that the others do not?")
    watch(view)


def numbers_asked_again(view: View) -> None:
    """What was pooled, and how many have revised theirs."""
    for path in view.room.settings.guesses:
        done = view.handed_in("guess", path, rounds=(2,))
        with st.container(border=True):
            if view.room.hidden:
                st.markdown(f"## {escaped(label_of(view.scenario, path))}")
            else:
                _pool(view, path, rounds=1)
            st.markdown(f"**{workshop_story.count(len(done), len(view.people), 'have revised theirs')}**")
    st.caption("Whoever leaves theirs as it is keeps their voice.")
    watch(view)


def numbers_agreed(view: View) -> None:
    """The ranges with which the room goes on, each beside what it replaces."""
    if view.room.hidden:
        held()
    elif view.seat and not view.room.made and _anybody_spoke(view) and not state.why_not_put_in(view.room):
        waiting("The room’s numbers are being put into its scenario.", "numbers")
    else:
        for path in view.room.settings.guesses:
            _pool(view, path, rounds=2)
            st.markdown(f"**{escaped(changed_said(view, path))}**")
        if view.seat is None:
            _where(view)
    watch(view)


def changed_said(view: View, path: str) -> str:
    """What the room put in place of that number."""
    return workshop_story.changed(view.scenario, view.believed, path, len(setting_up.voices_of(view.submissions, path)))


def _anybody_spoke(view: View) -> bool:
    return any(setting_up.voices_of(view.submissions, path) for path in view.room.settings.guesses)


def _where(view: View) -> None:
    """Where the scenario with the room's numbers is to be looked at."""
    if view.room.made:
        link = {"scenario": view.room.made}
        st.page_link(
            "app_pages/explore.py", label="Open the room’s scenario", query_params=link, icon=":material/tune:"
        )
    elif _anybody_spoke(view):
        st.button("Put the numbers in again", icon=":material/refresh:")  # whatever draws the page tries it
    else:
        st.info("Nobody gave a number, so the room goes on with the scenario as it is.")


def _pool(view: View, path: str, rounds: int) -> None:
    unit, label = quantity_at(view.scenario, path).unit or "", label_of(view.scenario, path)
    st.markdown(f"## {escaped(label)}")
    voices = setting_up.voices_of(view.submissions, path, rounds)
    pool = setting_up.pool_of(view.submissions, path, rounds)
    if pool is None:
        st.caption("Nobody has given a number.")
        return
    before, mine = quantity_at(view.scenario, path), voices.get(view.me or 0)
    chart = workshop_charts.pool(pool.voices, pool, unit, before, mine)
    drawn = chart, workshop_charts.pool_alt(pool, unit, before, mine)
    picture(
        view, workshop_story.pool_called(label, rounds), workshop_story.voices_said(len(voices)), drawn, f"pool {path}"
    )
    st.markdown(escaped(workshop_story.pool_said(pool, unit)))


# ---- from the pool to the scenario -----------------------------------------------------------------


def settled(view: View, host: str) -> View:
    """The view with the room's numbers put into its scenario, where they are to be and were not yet."""
    room, steps = view.room, list(Step)
    if room.made or steps.index(room.step) < steps.index(Step.AGREED) or room.is_over:
        return view
    try:
        found = setting_up.agreed(view.scenario, room, view.submissions, date.today())
        if not found:
            state.put_in(room.code)
            return view
        name = setting_up.made(database(), documents.text_now(database(), room.scenario), found)
        rooms.change(database(), host, room, replace(room, made=name))
        state.put_in(room.code)
        seen = people.everything_of(database(), room.code, host)
        return View(seen.room, seen.submissions, seen.people)
    except ScenarioError as error:
        state.put_in(room.code, why_not=workshop_story.faults_said(view.scenario, error))
    except DatabaseError as error:
        state.put_in(room.code, why_not=str(error))
    except RoomError as error:
        state.tell(str(error))
    return view
