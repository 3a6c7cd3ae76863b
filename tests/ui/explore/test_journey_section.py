"""The section that draws the journey: a step looked at, by keyboard or by a click, and the same as a list."""

from types import SimpleNamespace
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.waiting import PATIENCE
from ui.session.simulators import JourneyDesk


def page() -> None:
    import streamlit as st

    from sim.experiments.inquiry import Answer
    from sim.experiments.runs import Comparison, Run
    from tests.ui.explore.journeys import found
    from ui.explore.figures import journey
    from ui.session.choice import Choice
    from ui.session.simulators import JourneyDesk

    result = found()
    if renamed := st.session_state.get("renamed"):
        bay, *others = result.baseline.world.journey
        named = result.baseline.world.model_copy(
            update={"journey": (bay.model_copy(update={"label": renamed}), *others)}
        )
        only = Run(named, result.baseline.replications)
        result = Comparison(only, only)
    baseline = result.baseline.world
    fixes = () if result.world is result.baseline else (baseline.fixes[0].id,)
    answer = Answer(None if st.session_state.get("waiting") else result, False, 3, 3)
    journey(Choice("tiny", baseline, {}, fixes), answer, JourneyDesk(st.session_state, "tiny"))


def opened(**state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=PATIENCE)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def raw(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


def text(app: AppTest) -> str:
    return raw(app).replace("\\", "").replace("\u2060", "")


def test_before_the_first_answer_it_says_that_it_comes() -> None:
    app = opened(waiting=True)
    assert "On its way." in text(app)
    assert not app.get("vega_lite_chart")


def test_both_pictures_and_the_list_are_there_and_no_step_is_looked_at_unasked() -> None:
    app = opened()
    wide, narrow = (chart.proto for chart in app.get("vega_lite_chart"))
    assert wide.alt == narrow.alt
    assert wide.alt.startswith("The journey in 4 steps")
    assert "1. **Trolley bay** (Arrive, Operations)" in text(app)
    assert "    - A bad wheel: £" in text(app)
    assert "What can be moved here" not in text(app)


def test_a_step_picked_shows_what_goes_wrong_its_levers_and_fixes() -> None:
    app = opened()
    (pills,) = app.get("button_group")
    pills.set_value("bay").run()
    assert not app.exception
    said = text(app)
    assert "**Trolley bay**  \nArrive · Operations" in said
    assert ":primary-badge[Trolleys in the pool] at 14, as it is 9" in said
    assert "**Five more trolleys** (being tried): Enough that a bad one can be spared." in said
    assert "sidebar" in said


def test_a_step_without_levers_or_failure_points_says_so() -> None:
    said = text(opened(**{"step of tiny": "aisles"}))
    assert "No lever acts on this step alone." in said
    assert "Nothing that this scenario knows of." in said
    assert "sidebar" not in said


def test_what_an_author_wrote_is_never_markup() -> None:
    app = opened(renamed="**Bay** [x](http://y) <b>", **{"step of tiny": "bay"})
    assert r"\*\*Bay\*\* \[x\](http\::color[]//y) \<b\>" in raw(app)
    assert "**Bay** [x](" not in raw(app)


def test_a_click_looks_at_that_step_and_one_beside_every_step_changes_nothing() -> None:
    kept: dict[Any, Any] = {}
    desk = JourneyDesk(kept, "tiny")
    key = desk.picture_key("wide")
    kept[key] = SimpleNamespace(selection={"step": [{"id": "desk"}]})
    desk.clicked(key)
    assert desk.step == "desk"
    assert desk.picture_key("wide") != key  # a chart tells of no second click on one step
    kept[key] = SimpleNamespace(selection={"step": []})
    desk.clicked(key)
    assert desk.step == "desk"
