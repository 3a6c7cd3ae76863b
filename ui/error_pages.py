"""What a visitor sees where a page cannot be: calm, in plain words, with a way on, and never a stack trace."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.errors import FragmentHandledException
from streamlit.navigation.page import Page

from sim.saved.database import DatabaseError
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.spelling.names import nearest, shown
from ui.text import escaped

_HOME = "app_pages/home.py"
_WHAT_NOW = "Try again, or load the page anew. If it stays, whoever runs this page finds what happened in its log."
_IN_THE_ADDRESS = "Nothing is lost: what you chose is in the address above."


@contextmanager
def told() -> Iterator[None]:
    """Say what went wrong in the block, in its place on the page.

    What is not foreseen is raised again, so that it is logged and a test sees it; the style sheet puts Streamlit's own
    box away where this one is.
    """
    try:
        yield
    except ScenarioError as error:
        with _block("This scenario cannot be used yet", "What is wrong with it:"):
            st.markdown("\n".join(f"- {escaped(_where(fault))}" for fault in error.faults))
            _home("Choose another story")
    except DatabaseError as error:
        _try_again("What is saved here cannot be reached just now", str(error), _IN_THE_ADDRESS)
    except FragmentHandledException:  # a part of the page that says so itself, and is logged
        raise
    except Exception:
        _try_again("Something went wrong on our side", _IN_THE_ADDRESS, _WHAT_NOW)
        raise


def _where(fault: Fault) -> str:
    """Where it is, what was found, what is allowed."""
    line = "" if fault.line is None else f", line {fault.line}"
    return ": ".join(part for part in (Path(fault.file).name + line, fault.path, fault.message) if part)


def _try_again(title: str, *sentences: str) -> None:
    with _block(title, *sentences):
        st.button("Try again", key="trouble-again")


def unknown_scenario(asked: str, titles: Mapping[str, str], page: Page) -> None:
    """A link to a scenario that is not here; those of much the same name."""
    why = "The link may have lost a letter, or its scenario may be on the machine of whoever made the link."
    with _block(f"There is no scenario called “{shown(asked)}” here", why):
        for name in nearest(asked, titles):
            st.page_link(page, label=escaped(f"Did you mean “{titles[name]}”?"), query_params={"scenario": name})
        _home("All stories")


def lost_pages(url: str | None, pages: Sequence[Page]) -> list[Page]:
    """A page that says so, where the address is that of none; in its place Streamlit would show the first page."""
    asked = unquote(urlsplit(url or "").path).strip("/ ")
    if not asked or "/" in asked or asked in (Path(_HOME).stem, *(page.url_path for page in pages)):
        return []
    return [st.Page(_lost, title="Not here", url_path=asked, visibility="hidden")]


def _lost() -> None:
    with _block("There is no page at this address", "It may have moved. The pages there are stand at the top."):
        _home("Start from the stories")


def _home(label: str) -> None:
    st.page_link(_HOME, label=label, icon=":material/home:")


@contextmanager
def _block(title: str, *sentences: str) -> Iterator[None]:
    with st.container(border=True, key="trouble"):
        st.header(escaped(title), anchor=False)
        for sentence in sentences:
            st.markdown(escaped(sentence))
        yield
