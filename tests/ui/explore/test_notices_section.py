"""What is probably not meant, on the pages: quiet, closed, and following the levers and fixes."""

from streamlit.testing.v1 import AppTest

from sim.scenario.notices import Notice
from tests.ui.explore.test_explore import slider
from tests.ui.pages import fine, linked
from ui.controls import title

RESERVE = "assets.trolleys.reserve"


def opened(page: str, scenario: str, **link: str) -> AppTest:
    return fine(linked(page, scenario=scenario, **link).run())


def told(app: AppTest) -> list[str]:
    """The notices on a page; none of them open."""
    found = [one for one in app.expander if "probably not meant" in one.label]
    assert all(not one.proto.expanded for one in found)
    return [said.value.replace("\\", "") for one in found for said in one.markdown]


def test_explore_says_nothing_where_there_is_nothing_and_follows_a_slider() -> None:
    page = opened("explore", "tiny")
    assert told(page) == []
    slider(page, "Trolleys in").set_value(7).run()
    (said,) = told(page)
    assert said.startswith(f"**Trolleys: reserve** ({RESERVE}): found 7 to be left in line of a pool of 7")
    slider(page, "Trolleys in").set_value(8).run()
    assert told(page) == []


def test_a_link_into_a_world_with_notices_shows_them() -> None:
    page = opened("explore", "placebo")
    (said,) = told(page)
    assert said.startswith("**Repaint the bays** (fixes.repaint.changes): found a fix that moves nothing")
    fixed = opened("explore", "placebo", fix="repaint")
    assert told(fixed) == [said]


def test_the_business_case_says_what_is_not_meant_with_its_fixes() -> None:
    page = opened("business_case", "placebo", fix="repaint")
    (said,) = told(page)
    assert "found a fix that moves nothing" in said
    assert told(opened("business_case", "tiny", fix="five_more_trolleys")) == []


def test_how_many_there_are_is_a_sentence() -> None:
    notice = Notice("weather.rain", "found 2")
    assert title([notice]) == "One thing here is probably not meant"
    assert title([notice, notice]) == "2 things here are probably not meant"
