"""Home: choose a story, each a picture and a question."""

import base64
from html import escape

import streamlit as st

from sim.saved.documents import is_kept
from ui import home
from ui.home import Story
from ui.session import scenarios
from ui.text import escaped

_EXPLORE = "app_pages/explore.py"
_WHAT_FOR = (
    "A trolley with a bad wheel, a promise that nobody keeps: Ripple plays through what that does to your customers, "
    "one by one, week after week, and tells what it costs, what mending it is worth, and how sure that is."
)
_STEPS = ("Choose a story", "Move the marked slider", "Read the sentence")


def page() -> None:
    if "scenario" in st.query_params:
        st.switch_page(_EXPLORE, query_params=st.query_params.to_dict())
    st.title("What does a broken customer experience cost?", anchor=False)
    st.markdown(_WHAT_FOR)
    st.html('<ol class="ripple-steps">' + "".join(f"<li>{step}</li>" for step in _STEPS) + "</ol>")
    told = _stories({name: title for name, title in scenarios.titles().items() if not is_kept(name)})
    with st.container(key="stories"):
        for number, story in enumerate(one for one in told if not one.is_more):
            _card(number, story)
    more = [story for story in told if story.is_more]
    if more:
        with st.expander("More"), st.container(key="more-stories"):
            for story in more:
                _link(story)


@st.cache_data(show_spinner="Opening the stories…")
def _stories(titles: dict[str, str]) -> tuple[Story, ...]:
    return home.stories(titles)


def _card(number: int, story: Story) -> None:
    """A picture and, stretched over the whole card by the style sheet, one link."""
    picture = base64.b64encode(story.picture.encode()).decode()
    with st.container(key=f"story-{number}"):
        source = f"data:image/svg+xml;base64,{picture}"
        st.html(f'<img class="ripple-picture" alt="{escape(story.alt)}" src="{source}">')
        _link(story)


def _link(story: Story) -> None:
    label = f"**{escaped(story.title)}** {escaped(story.question)}"
    st.page_link(_EXPLORE, label=label, query_params={"scenario": story.name}, width="stretch")


page()
