"""The page Boardroom through Streamlit's own test harness, with real runs behind it."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments.cache import Store
from sim.experiments.inquiry import Answer, Inquiry
from sim.experiments.workers import Workers
from sim.reports.one_file import OneFileJob
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.offers import agenda_of
from tests.ui.pages import fine, linked
from tests.waiting import run_until
from ui.boardroom import View
from ui.session import scenarios, simulators
from ui.session.choice import Choice

POOL, FIX = "assets.trolleys.pool", "five_more_trolleys"
NOTHING = Answer(None, True, 0, 0)
CLERKS, RAIN = "resources.clerks.servers", "weather.rain"


@pytest.fixture(scope="module", autouse=True)
def a_server_that_forgets() -> Iterator[None]:
    """Nothing is left on disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RIPPLE_NO_CACHE", "1")
        simulators.case_store.clear()
        yield
        simulators.case_store.clear()


def opened(scenario: str = "tiny", **link: str) -> AppTest:
    return settled(linked("boardroom", scenario=scenario, **link).run())


def settled(app: AppTest) -> AppTest:
    """Run again until the whole answer is there, where it is shown."""
    return run_until(app, lambda: "badge" not in text(app) or "Simulated: 4 runs" in text(app), lambda: text(app))


def text(app: AppTest) -> str:
    assert not app.exception
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
    assert [one.label for one in app.main.button] == ["Present"]
    assert [one.label for one in app.sidebar.button] == ["Undo", "Redo", "Save", "Back to how it is"]


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


def test_moves_are_taken_back_in_the_sidebar_also_those_of_levers_that_are_not_drawn() -> None:
    app = opened("placebo", **{RAIN: "0.5"})
    assert "“Repaint the bays” and " in text(app) and f"placebo {RAIN}" not in [one.key for one in app.slider]
    assert "Start from" in [one.label for one in app.sidebar.get("button_group")]
    app.slider[0].set_value(3).run()
    button(app, "Back to 1").click()
    app.run()
    assert link(app) == {"scenario": "placebo", RAIN: "0.5"}
    button(app, "Undo").click()
    app.run()
    assert link(app) == {"scenario": "placebo", RAIN: "0.5", CLERKS: "3"}
    button(app, "Back to how it is").click()
    assert not app.run().exception
    assert link(app) == {"scenario": "placebo"}


def link(app: AppTest) -> dict[str, str]:
    """What the address says; the harness gives lists once a script has changed it."""
    return {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}


@pytest.mark.parametrize("to", ["boardroom", "watch", "take_away", "saved", "explore"])
def test_what_a_link_asks_for_and_cannot_have_is_said_on_every_page(to: str) -> None:
    app = linked(to, scenario="tiny", fix="no_such", **{POOL: "4000"}).run()
    said = "\n".join(str(one.value) for one in app.warning)
    assert "Trolleys in the pool at 4000" in said and "no\\_such" in said


@pytest.mark.parametrize("page", ["watch", "take_away"])
def test_a_choice_is_saved_where_it_is_used(page: str) -> None:
    assert button(fine(linked(page, scenario="tiny").run()), "Save")


def test_what_contradicts_itself_is_not_presented_and_the_ways_back_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(choice: Choice) -> Inquiry:
        raise ScenarioError((Fault("tiny", None, "fixes", "found two that do not go together"),))

    app = opened(present="2")
    assert "Back to how it is" not in [button.label for button in app.button]
    monkeypatch.setattr(simulators, "inquiry", refuses)
    app.run()
    assert ["found two" in error.value for error in app.error] == [True]
    assert "Back to how it is" in [button.label for button in app.button]
    assert not app.exception
    monkeypatch.undo()
    app.run()
    assert "present" not in app.query_params


def test_a_slider_moved_while_nothing_is_proposed_stays_at_its_step_and_is_told_at_the_proposals() -> None:
    app = opened(present="3")
    assert "Nothing is proposed" in [one.value for one in app.header] and "3 of 7" in text(app)
    for _ in range(4):
        button(app, "Next").click()
        app.run()
    settled(app.slider[0].set_value(14).run())
    assert "7 of 7" in text(app) and len(app.slider) == 3
    assert "Undo" not in [one.label for one in app.button]


def test_page_and_file_ask_the_same_of_what_is_least_sure(tmp_path: Path) -> None:
    scenario, sets, fixes = scenarios.scenario("placebo"), {CLERKS: 3.0, RAIN: 0.5}, ("repaint",)
    view = View(Choice("placebo", scenario, sets, fixes), agenda_of(scenario), cast(Inquiry, None), NOTHING)
    with Workers() as workers:
        file = OneFileJob(scenario, sets, (), 1, Store(tmp_path), workers, "a link")
        file.stop()
    assert view.doubts == file.plan.doubts and view.doubts.sets == {RAIN: 0.5}


@pytest.mark.parametrize(("asked", "step"), [("3", "3 of 7"), ("9", "7 of 7"), ("0", "1 of 7")])
def test_a_link_opens_a_step(asked: str, step: str) -> None:
    assert step in text(opened(fix=FIX, present=asked))


@pytest.mark.parametrize("asked", ["x", "12", "-1", "²", ""])
def test_a_link_to_no_step_opens_the_page(asked: str) -> None:
    assert button(opened(fix=FIX, present=asked), "Present")
