"""The scenarios there are to choose from."""

import streamlit as st

from sim.experiments import library
from sim.scenario.scenario import Scenario


@st.cache_data(show_spinner=False)
def titles() -> dict[str, str]:
    """Scenario names with their titles, in order."""
    return library.titles()


def first() -> str:
    """The scenario that is shown where a link names none."""
    return next(iter(titles()))


@st.cache_resource(show_spinner=False)
def scenario(name: str) -> Scenario:
    """A scenario that comes with Ripple."""
    return library.load(name)
