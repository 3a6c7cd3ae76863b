"""A visit: how somebody came to a page, what was chosen and can be taken back, what is presented; drawing it again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, Self, TypeVar

import streamlit as st

from sim.saved import documents
from sim.scenario.offers import Agenda, agenda_of
from sim.scenario.wording import clean
from ui.session import saved
from ui.session.choice import Choice, asked_of, choice_now
from ui.session.scenarios import open_kept, titles

MOST = 200
"""Steps remembered; earlier ones are forgotten."""
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class History(Generic[Kept]):
    """What is chosen now, what was chosen before it (latest last), and what was taken back (latest first)."""

    present: Kept
    past: tuple[Kept, ...] = ()
    future: tuple[Kept, ...] = ()

    def now(self, chosen: Kept) -> Self:
        """One step on, unless that is what is chosen already; what was taken back is then gone for good."""
        if chosen == self.present:
            return self
        return type(self)(chosen, (*self.past, self.present)[-MOST:])

    def undone(self) -> Self:
        """One step back; the same where there is none."""
        if not self.past:
            return self
        return type(self)(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redone(self) -> Self:
        """The step taken back last, taken again; the same where there is none."""
        if not self.future:
            return self
        return type(self)(self.future[0], (*self.past, self.present), self.future[1:])


Put = Callable[[Any], None]
"""Puts everything where a step had it: writes the keys of widgets, so it is called before they are drawn."""


def noticed(about: str, chosen: Any) -> History[Any]:
    """The history of that, with what is chosen now as its latest step."""
    key = _key(about)
    before: History[Any] | None = st.session_state.get(key)
    st.session_state[key] = after = before.now(chosen) if before else History(chosen)
    return after


def undo(about: str, put: Put) -> None:
    """Take the latest step back; for a button's `on_click`."""
    _go(about, put, st.session_state[_key(about)].undone())


def redo(about: str, put: Put) -> None:
    """Take the step that was taken back last again; for a button's `on_click`."""
    _go(about, put, st.session_state[_key(about)].redone())


def _go(about: str, put: Put, history: History[Any]) -> None:
    put(history.present)
    st.session_state[_key(about)] = history


def _key(about: str) -> str:
    return f"history of {about}"


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


# ---- the boardroom ---------------------------------------------------------------------------------------


_PRESENT = "present"


class Pressed(NamedTuple):
    """All keys since the button was drawn first: how many steps onward, less those back; and whether to leave."""

    since: int = 0
    steps: int = 0
    left: bool = False


def prepared(name: str) -> tuple[Choice, Agenda]:
    """What stands as the sliders do, with the scenario's own proposal where the visitor chose no fixes; and its agenda.

    The link says the same, and which step is being presented.
    """
    step = presented(name)
    chosen = choice_now(name, {} if step is None else {_PRESENT: str(step)})
    agenda = agenda_of(chosen.baseline, chosen.fixes)
    return replace(chosen, fixes=tuple(fix.id for fix in agenda.fixes)), agenda


def _step_key(name: str) -> str:
    return f"presented of {name}"


def presented(name: str) -> int | None:
    """The step that is being presented, from 1; None where nothing is."""
    key = _step_key(name)
    if key not in st.session_state:
        asked = asked_of(name).get(_PRESENT, "")
        st.session_state[key] = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 1 else None
    step: int | None = st.session_state[key]
    return step


def present(name: str, step: int | None) -> None:
    """Present that step, or nothing any more; for a button's `on_click`."""
    st.session_state[_step_key(name)] = step


def go_by_keys(name: str, keys: Pressed, at: int, steps: int) -> bool:
    """Go where the keys lead that were pressed since the last were followed; whether there were any."""
    key = f"keys followed of {name}"
    followed = st.session_state.get(key, Pressed())
    before = followed if followed.since == keys.since else Pressed(keys.since)
    st.session_state[key] = keys
    if keys == before:
        return False
    present(name, None if keys.left else min(max(at + keys.steps - before.steps, 1), steps))
    return True
