"""How a visitor came to a page, and drawing it again for a poller that found news."""

import streamlit as st

from sim.saved import documents
from sim.scenario.wording import clean
from ui.session import saved
from ui.session.choice import Choice
from ui.session.scenarios import open_kept, titles

_PAGE = "page"
_HAS_MOVED = "has moved"


def arrive(page: str) -> str | None:
    """Show the scenario that the address names when somebody comes to that page; what it names if there is none.

    A dialog that was left open on another page is closed.

    A link may be followed any number of times in one visit; the chooser goes by it, until it is moved.

    Raises:
        ScenarioError: the address names a kept scenario that is not here, or has faults.
        DatabaseError: it names a kept scenario, and those cannot be read now.
    """
    asked = clean(st.query_params.get("scenario", ""))
    has_come = st.session_state.get(_PAGE) != page
    if has_come:
        saved.end_saving()
    if asked and asked not in titles():
        st.session_state[_PAGE] = None  # the next link is followed, also one to this page
        if not documents.is_kept(asked):
            return asked
        open_kept(asked)
    if asked and has_come:
        st.session_state["scenario"] = asked
    st.session_state[_PAGE] = page
    return None


def is_newcomer(choice: Choice) -> bool:
    """Whether nothing was moved yet in this visit."""
    if choice.sets or choice.fixes:
        st.session_state[_HAS_MOVED] = True
    return _HAS_MOVED not in st.session_state


def redraw() -> None:
    """Draw the whole page anew; not while the dialog that saves is open, since that would take the cursor out of it.

    A poller that finds news again the next time, as all do, draws them once the dialog is closed.
    """
    if saved.desk().saving is None:
        st.rerun()
