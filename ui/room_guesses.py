"""The room's own numbers: on the projector what is pooled, on a phone three numbers at a time."""

from dataclasses import replace
from datetime import date

import streamlit as st

from sim.reports.narrative import workshop_story
from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.wording import label_of
from sim.workshop import people, rooms, setting_up
from sim.workshop.room import RoomError, Step
from ui.charts import workshop_charts
from ui.room_view import View, watch
from ui.room_waiting import held, picture, waiting
from ui.state import room as state
from ui.state.shelf import database
from ui.text import escaped, provenance


def asked(view: View) -> None:
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


def pooled(view: View) -> None:
    """What the room believes of each number; on a phone with one's own voice marked."""
    if view.room.hidden:
        held()
    else:
        for path in view.room.settings.guesses:
            _pool(view, path, rounds=1)
        if view.seat is None:
            st.markdown("**Talk about it.** What does whoever stands apart know that the others do not?")
    watch(view)


def asked_again(view: View) -> None:
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


def agreed(view: View) -> None:
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
    return workshop_story.changed(view.scenario, view.believed, path, len(setting_up.voices_of(view.slips, path)))


def _anybody_spoke(view: View) -> bool:
    return any(setting_up.voices_of(view.slips, path) for path in view.room.settings.guesses)


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
    voices = setting_up.voices_of(view.slips, path, rounds)
    pool = setting_up.pool_of(view.slips, path, rounds)
    if pool is None:
        st.caption("Nobody has given a number.")
        return
    before, mine = quantity_at(view.scenario, path), voices.get(view.me or 0)
    chart = workshop_charts.pool(pool.voices, pool, unit, before, mine)
    drawn = chart, workshop_charts.pool_alt(pool, unit, before, mine)
    picture(
        view, workshop_story.pool_called(label, rounds), workshop_story.voices_said(len(voices)), drawn, f"pool {path}"
    )
    st.markdown(escaped(pool.said(unit)))


# ---- from the pool to the scenario -----------------------------------------------------------------


def settled(view: View, host: str) -> View:
    """The view with the room's numbers put into its scenario, where they are to be and were not yet."""
    room, steps = view.room, list(Step)
    if room.made or steps.index(room.step) < steps.index(Step.AGREED) or room.is_over:
        return view
    try:
        found = setting_up.agreed(view.scenario, room, view.slips, date.today())
        if not found:
            state.put_in(room.code)
            return view
        name = setting_up.made(database(), documents.text_now(database(), room.scenario), found)
        rooms.change(database(), host, room, replace(room, made=name))
        state.put_in(room.code)
        seen = people.everything_of(database(), room.code, host)
        return View(seen.room, seen.slips, seen.people)
    except ScenarioError as error:
        state.put_in(room.code, why_not=workshop_story.faults_said(view.scenario, error))
    except DatabaseError as error:
        state.put_in(room.code, why_not=str(error))
    except RoomError as error:
        state.tell(str(error))
    return view
