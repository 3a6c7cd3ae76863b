"""What each visitor has of their own, where saved things are kept, and the scenarios there are to choose from."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from sim.experiments import library
from sim.saved import documents
from sim.saved.database import TABLES, Database
from sim.saved.documents import REMEMBERED_SECONDS
from sim.scenario.scenario import Scenario

Made = TypeVar("Made")


def own(key: str, make: Callable[[], Made]) -> Made:
    """What this visitor has under that key, made when it is first asked for."""
    if key not in st.session_state:
        st.session_state[key] = make()
    found: Made = st.session_state[key]
    return found


@st.cache_resource(show_spinner=False)
def database() -> Database:
    """The database of saved things.

    Raises:
        DatabaseError: it cannot be opened now; the next call tries again.
    """
    return Database(TABLES)


_OPENED = "scenarios opened"
_REMEMBERED = 64  # kept scenarios in this server's memory at once


def titles() -> dict[str, str]:
    """Scenario names with their titles, in order; those that this visitor has opened are last."""
    opened: dict[str, str] = st.session_state.get(_OPENED, {})
    return library.titles() | opened


def first() -> str:
    """The scenario that is shown where a link names none."""
    return next(iter(library.titles()))


def scenario(name: str) -> Scenario:
    """A scenario that comes with Ripple or, with a name that begins with ~, one that is kept here.

    Raises:
        ScenarioError: every fault in its file, or that it is not kept here.
        DatabaseError: kept scenarios cannot be read now.
    """
    return _kept(name) if documents.is_kept(name) else library.load(name)


@st.cache_resource(show_spinner=False, max_entries=_REMEMBERED, ttl=REMEMBERED_SECONDS)
def _kept(name: str) -> Scenario:
    return documents.load(database(), name)


def open_kept(name: str) -> Scenario:
    """Open a kept scenario, so that it is among this visitor's titles from now on. Raises what `scenario` does."""
    opened = scenario(name)
    titles = st.session_state.get(_OPENED, {})
    if name not in titles:
        taken = {*library.titles().values(), *titles.values()}
        st.session_state[_OPENED] = {**titles, name: _told_apart(opened.title, taken)}
    return opened


def _told_apart(title: str, taken: set[str]) -> str:
    """The title of a kept file, unlike any that is taken."""
    told, number = f"{title} (from a file)", 1
    while told in taken:
        number += 1
        told = f"{title} (from file {number})"
    return told
