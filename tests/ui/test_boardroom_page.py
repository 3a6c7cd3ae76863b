"""The page Boardroom through Streamlit's own test harness, with real runs behind it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import state

APP = Path(__file__).parents[2] / "app.py"
PATIENCE = 180
POOL, FIX = "assets.trolleys.pool", "five_more_trolleys"


@pytest.fixture(scope="module", autouse=True)
def a_server_that_forgets() -> Iterator[None]:
    """Nothing is left on disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RIPPLE_NO_CACHE", "1")
        state.case_store.clear()
        yield
        state.case_store.clear()


def opened(scenario: str = "tiny", **link: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    ask(app, scenario=scenario, **link)
    app.run()  # Explore, which puts its own choice into the link
    ask(app, scenario=scenario, **link)
    app.switch_page("app_pages/boardroom.py").run()
    return settled(app)


def ask(app: AppTest, **link: str) -> None:
    for key, value in link.items():
        app.query_params[key] = value


def settled(app: AppTest) -> AppTest:
    """Run again until the whole answer is there, where it is shown."""
    gives_up = time.monotonic() + PATIENCE
    while "badge" in text(app) and "Simulated: 4 runs" not in text(app):
        assert time.monotonic() < gives_up, text(app)
        time.sleep(0.2)
        app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    said = [*app.title, *app.markdown, *app.caption, *app.error]
    return "\n".join(str(element.value) for element in said).replace("\\", "")


def large(app: AppTest) -> list[str]:
    return [str(one.proto.body) for one in app.get("html") if '<p class="ripple-large' in str(one.proto.body)]


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in app.button if one.label == label)


def test_a_question_a_sentence_a_number_three_sliders_a_picture_the_cost_and_the_doubt() -> None:
    app = opened(fix=FIX)
    assert app.title[0].value.replace("\\", "").startswith("Do five more trolleys keep")
    assert "### With “Five more trolleys”, sales lost to what goes wrong would be £" in text(app)
    assert "95% interval" in text(app)
    assert len(large(app)) == 1 and "better" in large(app)[0]
    assert len(app.slider) == 3
    assert len(app.get("vega_lite_chart")) == 1
    assert "“Five more trolleys”: £750 once and £50 a year." in text(app)
    assert "What we are least sure of" in text(app)
    assert [one.label for one in app.button] == ["Present"]


def test_nothing_proposed_and_nothing_moved_is_told_as_it_is() -> None:
    app = opened()
    assert "### As it is today, sales lost to what goes wrong: £" in text(app)
    assert "Not costed." in text(app)


def test_a_moved_slider_changes_sentence_and_link_and_explore_has_it_too() -> None:
    app = opened()
    settled(app.slider[0].set_value(14).run())
    assert "### With trolleys in the pool at 14 instead of 9, " in text(app)
    assert app.query_params[POOL] == "14"
    app.switch_page("app_pages/explore.py").run()
    assert next(one for one in app.slider if one.label.startswith("Trolleys in")).value == 14


def test_the_scenarios_own_proposal_is_made_where_none_is_chosen_and_is_not_put_into_the_link() -> None:
    app = opened("placebo")
    assert "### With “Repaint the bays”, what is left of sales" in text(app)
    assert "exactly the same as today" in text(app)
    assert "fix" not in app.query_params


def test_steps_are_presented_one_at_a_time_and_left() -> None:
    app = opened(fix=FIX)
    button(app, "Present").click()
    app.run()
    assert app.query_params["present"] == "1"
    seen = []
    for _ in range(6):
        seen.append((len(large(app)), len(app.get("vega_lite_chart")), len(app.slider)))
        button(app, "Next").click()
        settled(app.run())
    assert seen == [(0, 0, 0), (1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 0)]
    assert len(app.slider) == 3 and button(app, "Next").disabled
    button(app, "Leave").click()
    settled(app.run())
    assert "present" not in app.query_params and button(app, "Present")


@pytest.mark.parametrize(("asked", "step"), [("3", "3 of 7"), ("9", "7 of 7"), ("0", "1 of 7")])
def test_a_link_opens_a_step(asked: str, step: str) -> None:
    assert step in text(opened(fix=FIX, present=asked))


@pytest.mark.parametrize("asked", ["x", "12", "-1", "²", ""])
def test_a_link_to_no_step_opens_the_page(asked: str) -> None:
    assert button(opened(fix=FIX, present=asked), "Present")
