"""What a visitor watches: where it is simulated, and which part of the run and which span of it was chosen."""

import streamlit as st

from ui.state.choice import Choice, asked_of, choice_now
from ui.state.own import own
from ui.watch_desk import WatchDesk

_MOST_DIGITS = 6  # of a number in the link


def watch_desk() -> WatchDesk:
    """Where what this visitor watches is simulated."""
    return own("watch desk", WatchDesk)


def part_key(name: str) -> str:
    """The key of the chooser of a part of that scenario's run."""
    return f"part of {name} to watch"


def span_key(name: str, part: int) -> str:
    """The key of the chooser of a span in that part."""
    return f"span of part {part} of {name} to watch"


def choice_watched(name: str) -> Choice:
    """The choice as it stands; the link says it with the part of the run and the span in it, both counted from 1.

    On a first visit these are what the link asks for; what this run has not is left out when it is drawn.
    """
    if part_key(name) not in st.session_state:
        _seed(name)
    part = st.session_state.get(part_key(name), 0)
    at = {"part": part or None, "span": st.session_state.get(span_key(name, part))}
    return choice_now(name, {look: str(number + 1) for look, number in at.items() if number is not None})


def _seed(name: str) -> None:
    asked = {look: _number(asked_of(name).get(look, "")) for look in ("part", "span")}
    part = st.session_state[part_key(name)] = asked["part"] or 0
    if asked["span"] is not None:
        st.session_state.setdefault(span_key(name, part), asked["span"])


def _number(asked: str) -> int | None:
    """A number of the link, counted from 0; None where it is none."""
    is_one = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS and int(asked) > 0
    return int(asked) - 1 if is_one else None


def seed_part(name: str, parts: int) -> str:
    """The key of the chooser of a part; it holds the first where the run has no such part."""
    key = part_key(name)
    if st.session_state.get(key) not in range(parts):
        st.session_state[key] = 0
    return key


def seed_span(key: str, spans: range, best: int) -> None:
    """Begin with the span in which there is most to see; later keep what the visitor chose."""
    if st.session_state.get(key) not in spans:
        st.session_state[key] = best


def step_span(key: str, spans: range, by: int) -> None:
    """Go to another span of the same part, if there is one; for a button's `on_click`."""
    st.session_state[key] = min(max(st.session_state[key] + by, spans[0]), spans[-1])
