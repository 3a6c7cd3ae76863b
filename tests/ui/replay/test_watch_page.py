"""The page Watch through Streamlit's own test harness, with a real run behind it."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.pages import linked
from tests.waiting import run_until


def opened(**link: str) -> AppTest:
    return until(linked("watch", scenario="tiny", **link).run(), lambda app: len(app.dataframe))


def until(app: AppTest, come: Callable[[AppTest], Any]) -> AppTest:
    return run_until(app, lambda: come(app))


def text(app: AppTest) -> str:
    assert not app.exception
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info)).replace("\\", "")


def chooser(app: AppTest, label: str) -> Any:
    return next(one for one in app.selectbox if one.label == label)


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened()


def test_it_opens_on_a_day_with_trouble_and_says_that_one_day_is_no_estimate(page: AppTest) -> None:
    assert "things go wrong" in chooser(page, "Day").format_func(chooser(page, "Day").value)
    assert "What goes wrong: " in text(page)
    assert "Shown first because most kinds of trouble happen in it." in text(page)
    assert "Single days mislead" in text(page)
    assert len(page.dataframe[0].value) > 100


def test_the_table_can_show_what_went_wrong_alone() -> None:
    page = opened()
    everything = len(page.dataframe[0].value)
    page.button_group[0].set_value("What went wrong").run()
    assert not page.exception
    assert 0 < len(page.dataframe[0].value) < everything


def test_another_day_is_chosen_or_stepped_to() -> None:
    page = opened()
    first = chooser(page, "Day").value
    next(button for button in page.button if button.label == "Later").click().run()
    assert chooser(page, "Day").value == first + 1
    chooser(page, "Day").set_value(1).run()
    assert "Nobody comes here in this day. Choose another one." in text(page)
    assert not page.exception


def test_what_was_chosen_elsewhere_is_the_world_that_is_watched() -> None:
    page = opened(assets__trolleys__pool="40", fix="five_more_trolleys")
    assert "With trolleys in the pool at 40 instead of 9; five more trolleys." in text(page)
    assert "A report refused" not in " ".join(page.dataframe[0].value["What happened"])


def test_another_part_of_the_run_is_simulated_when_asked_for() -> None:
    page = opened()
    chooser(page, "Part of the run").set_value(1).run()
    until(page, lambda app: len(app.dataframe))
    assert page.dataframe[0].value["When"].iloc[0] >= "2026-02-02"


def test_the_link_names_the_part_and_the_day_and_opens_there() -> None:
    page = opened(part="2", span="33")
    assert (chooser(page, "Part of the run").value, chooser(page, "Day").value) == (1, 32)
    next(button for button in page.button if button.label == "Later").click().run()
    link = {key: page.query_params[key] for key in page.query_params}
    assert link == {"scenario": "tiny", "part": "2", "span": "34"}
    there = opened(part="2", span="34")
    assert there.dataframe[0].value.equals(page.dataframe[0].value)


def test_a_part_or_a_day_that_is_not_there_is_not_gone_to(page: AppTest) -> None:
    for asked in ({"part": "99", "span": "33"}, {"part": "x", "span": "-1"}, {"span": "9" * 5000}, {"span": "40"}):
        wrong = opened(**asked)
        assert chooser(wrong, "Part of the run").value == 0
        assert chooser(wrong, "Day").value == chooser(page, "Day").value
        wrong.run()
        assert "part" not in wrong.query_params
