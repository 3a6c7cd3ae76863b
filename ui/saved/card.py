"""One saved scenario on the list: what it is, what it came to, and what can be done with it."""

from collections.abc import Callable

import streamlit as st

from sim.saved import documents
from sim.saved.database import DatabaseError
from sim.saved.shelf import Saved
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from ui import saving
from ui.session import saved as state
from ui.session import saved_words
from ui.session.scenarios import scenario
from ui.text import escaped


def card(saved: Saved, may_tick: bool) -> None:
    """Draw it; `may_tick`: whether one more may be set side by side."""
    entry = saved.entry
    with st.container(border=True, key=f"saved-{saved.id}", gap="small"):
        baseline, why_not = _story(saved)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(escaped(entry.name), anchor=False, width="stretch")
            _tick(saved, may_tick and baseline is not None)
        title = baseline.title if baseline else entry.scenario
        at = saved_words.when(saved.changed, state.timezone())
        st.caption(escaped(f"{title} · {saved_words.by(entry)} · {at}"))
        if baseline:
            _told(saved, baseline)
        if why_not:
            st.warning(escaped(why_not), icon=":material/history:")
        _buttons(saved, baseline is not None, why_not is not None)


def _told(saved: Saved, baseline: Scenario) -> None:
    """What differs and what was noted, beside what it came to."""
    choice, results = st.columns([3, 2], gap="small")
    with choice:
        st.markdown(escaped(saved_words.differs(baseline, saved.entry)))
        if saved.entry.note:
            st.text(saved.entry.note)
    with results:
        _results(saved, baseline)


def _story(saved: Saved) -> tuple[Scenario | None, str | None]:
    """Its scenario as it is now, if it can be had; and what is to be said of it."""
    entry = saved.entry
    try:
        baseline = scenario(entry.scenario)
    except (ScenarioError, DatabaseError):
        return None, "This story's file has gone or has faults since. What was kept of it can still be opened."
    if documents.is_edited(entry.scenario, entry.kept):
        return baseline, "This story's file has changed since this was saved; figures may differ."
    return baseline, None


def _tick(saved: Saved, may_tick: bool) -> None:
    st.checkbox(
        "Side by side",
        key=state.tick_key(saved),
        persist_state="session",
        disabled=not may_tick and not state.is_ticked(saved),
    )


def _results(saved: Saved, baseline: Scenario) -> None:
    told = [result for kept in saved.entry.figures if (result := saved_words.result(baseline, kept))]
    if not told:
        st.caption("Its results are not known yet. Set it side by side with another to find them.")
    for label, amount, sure in told:
        st.markdown(f"{escaped(label)}: **{escaped(amount)}**  \n:small[{escaped(sure)}]")


def _buttons(saved: Saved, can_open: bool, is_edited: bool) -> None:
    name, of = saved.entry.name, saved.id
    with st.container(horizontal=True, key=f"saved-do-{of}"):
        if can_open:
            _button("Open", saved, "tune", f"Explore “{name}”.", state.open_saved, False)
        if is_edited:
            as_kept = "The story's file as it was when this was saved."
            _button("Open as it was kept", saved, "history", as_kept, state.open_saved, True)
        if st.button("Rename", key=f"rename {of}", icon=":material/edit:", help=escaped(f"Name and note of “{name}”.")):
            saving.rename(saved)
        _button("Duplicate", saved, "content_copy", f"A copy of “{name}”.", state.duplicate)
        if can_open and st.button(
            "File", key=f"file {of}", icon=":material/download:", help=escaped(f"Save “{name}” to a file.")
        ):
            saving.take(saved.entry)
        _button("Delete", saved, "delete", f"Take “{name}” off the list; can be undone.", state.delete)


def _button(label: str, saved: Saved, icon: str, told: str, done: Callable[..., None], *more: bool) -> None:
    st.button(
        label,
        key=f"{label.lower()} {saved.id}",
        on_click=done,
        args=(saved, *more),
        icon=f":material/{icon}:",
        help=escaped(told),
    )
