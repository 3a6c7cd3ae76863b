"""What a visitor watches: where it is simulated, and which part of the run and which span of it was chosen."""

import streamlit as st

from ui.watch_desk import WatchDesk


def watch_desk() -> WatchDesk:
    """Where what this visitor watches is simulated."""
    if "watch desk" not in st.session_state:
        st.session_state["watch desk"] = WatchDesk()
    desk: WatchDesk = st.session_state["watch desk"]
    return desk


def part_key(name: str) -> str:
    """The key of the chooser of a part of that scenario's run."""
    return f"part of {name} to watch"


def span_key(name: str, part: int) -> str:
    """The key of the chooser of a span in that part."""
    return f"span of part {part} of {name} to watch"


def seed_span(key: str, spans: range, best: int) -> None:
    """Begin with the span in which there is most to see; later keep what the visitor chose."""
    if st.session_state.get(key) not in spans:
        st.session_state[key] = best


def step_span(key: str, spans: range, by: int) -> None:
    """Go to another span of the same part, if there is one; for a button's `on_click`."""
    st.session_state[key] = min(max(st.session_state[key] + by, spans[0]), spans[-1])
