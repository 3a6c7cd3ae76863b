"""Undo and redo of what a visitor chose: one history for each page with levers and each scenario."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

import streamlit as st

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
