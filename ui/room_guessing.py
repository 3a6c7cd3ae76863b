"""One's own numbers on a phone: one quantity at a time, three numbers each."""

import streamlit as st

from sim.reports.narrative import workshop_story
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Between
from sim.scenario.wording import label_of
from sim.workshop.people import Guess, ends, guess_of
from sim.workshop.room import Step, allowed
from ui.room_fields import number
from ui.room_view import View, hand_in, speaking
from ui.state import room as state
from ui.text import escaped

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


def _given(view: View, path: str, round: int) -> Guess | None:
    assert view.seat is not None
    found = view.seat.slip("guess", path, round)
    return found.said if found and isinstance(found.said, Guess) else None


def _latest(view: View, path: str) -> Guess | None:
    """What counts so far at this step: what was not revised stays."""
    return _given(view, path, _round(view)) or _given(view, path, 1)


def _first_open(view: View) -> int:
    paths = view.room.settings.guesses
    return next((n for n, path in enumerate(paths) if _given(view, path, _round(view)) is None), len(paths))


def _one(view: View, path: str, place: int, key: str) -> None:
    scenario, room = view.scenario, view.room
    bounds = allowed(scenario, path)
    st.markdown(f"## {escaped(label_of(scenario, path))}")
    st.caption(
        escaped(f"The scenario says {workshop_story.range_said(quantity_at(scenario, path))}. Yours is what counts.")
    )
    with st.form(f"guess {path}", border=False):
        numbers = _numbers(view, path, bounds)
        label = "Hand in" if _round(view) == 1 else "Hand in my revised numbers"
        sent = st.form_submit_button(
            label, type="primary", width="stretch", disabled=room.locked, on_click=state.press, args=(room,)
        )
    st.caption(escaped(f"Possible: {ends(bounds)}. The highest and the lowest are as far as you think it can be."))
    if sent:
        with speaking():
            hand_in(view, path, guess_of(*numbers))
            state.put(key, place + 1)
            st.rerun()
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
