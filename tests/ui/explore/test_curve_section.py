"""The section that draws what one lever does: asked for, followed, stopped, superseded."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments.cache import REPLICATION
from sim.experiments.curve import Surroundings
from sim.experiments.library import load
from sim.experiments.runs import Effort
from sim.experiments.task import simulate
from tests.waiting import PATIENCE, held, run_until
from ui.session import simulators

POOL, BREAKS = "assets.trolleys.pool", "assets.trolleys.breaks"
TINY = load("tiny")


@pytest.fixture(autouse=True)
def nothing_is_known() -> None:
    """What one test simulated the next one does not have."""
    simulators.results.clear()


def page() -> None:
    import streamlit as st

    from sim.experiments.library import load
    from ui.explore.on_request import curves
    from ui.session.choice import Choice
    from ui.session.simulators import CurveDesk

    baseline = load("tiny").model_copy(update=st.session_state.get("changes", {"weeks": 2}))
    choice = Choice("tiny", baseline, st.session_state.get("sets", {}), st.session_state.get("fixes", ()))
    if "desk" not in st.session_state:
        st.session_state["desk"] = CurveDesk()
    curves(choice, st.session_state["desk"])


def opened(sets: dict[str, float] | None = None, **changes: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=PATIENCE)
    app.session_state["changes"] = {"weeks": 2} | changes
    app.session_state["sets"] = sets or {}
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next((one for one in app.button if one.label == label), None)


def drawn(app: AppTest) -> AppTest:
    button(app, "Draw the curve").click().run()
    return run_until(app, lambda: app.get("vega_lite_chart") and not button(app, "Stop"))


def text(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info)).replace("\\", "")


def test_it_says_what_it_will_cost_and_does_nothing_unasked() -> None:
    app = opened()
    assert "Simulates 9 values, 6 runs each on the same luck: about" in text(app)
    assert app.selectbox[0].options == [lever.label for lever in TINY.levers]
    assert not app.get("vega_lite_chart")


def test_asked_it_shows_the_outcome_and_contribution_with_what_they_say() -> None:
    app = drawn(opened(weeks=12))
    outcome, worth = app.get("vega_lite_chart")
    assert "“Reports refused” goes down: 100% at 4 and 0% at 40" in text(app)
    assert "These guesses have no best inside the range for “Contribution”: the higher the better" in text(app)
    assert "Contribution leaves out what moving the lever costs" in text(app)
    assert outcome.proto.alt.startswith("Trolleys in the pool. “Reports refused” goes down")
    assert worth.proto.alt.startswith("Trolleys in the pool. These guesses have no best inside")
    assert "Trolleys in the pool" in json.loads(outcome.proto.spec)["layer"][1]["encoding"]["x"]["title"]
    assert button(app, "Draw the curve") is None


def test_points_come_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    is_held = True
    may_wait = held(simulate, lambda task: is_held and (task.replication, task.world.assets[0].pool.value) > (1, 9))
    monkeypatch.setattr(REPLICATION, "make", may_wait)
    app = opened()
    button(app, "Draw the curve").click().run()
    job = app.session_state["desk"].job
    run_until(app, lambda: app.get("vega_lite_chart"))
    assert "of 9 values so far." in text(app)
    button(app, "Stop").click().run()
    is_held = False
    app.run()
    assert button(app, "Simulate the rest") is not None
    assert app.get("vega_lite_chart")
    button(app, "Simulate the rest").click().run()
    assert app.session_state["desk"].job.done.keys() >= job.done.keys()
    app.session_state["desk"].job.stop()


def test_another_lever_or_another_world_supersedes_it_but_its_own_place_does_not() -> None:
    app = drawn(opened())
    job = app.session_state["desk"].job
    app.session_state["sets"] = {POOL: 14.0}
    app.run()
    assert app.session_state["desk"].job is job
    rules = json.loads(app.get("vega_lite_chart")[0].proto.spec)["layer"][:2]
    assert rules[0]["mark"]["strokeDash"] == [6, 4]
    assert "strokeDash" not in rules[1]["mark"]
    app.session_state["sets"] = {BREAKS: 0.03}
    app.run()
    assert app.session_state["desk"].job is None
    assert button(app, "Draw the curve") is not None
    drawn(app)
    app.selectbox[0].select_index(1).run()
    assert app.session_state["desk"].job is None
    assert not app.get("vega_lite_chart")


def test_a_fix_of_the_same_number_is_said_to_come_on_top() -> None:
    app = opened()
    app.session_state["fixes"] = ("five_more_trolleys",)
    drawn(app.run())
    assert "on top comes “Five more trolleys”." in text(app)
    app.session_state["fixes"] = ()
    app.run()
    assert app.session_state["desk"].job is None


def test_what_is_not_clear_can_be_gone_on_with() -> None:
    app = opened(weeks=1)
    app.selectbox[0].select_index(2).run()
    drawn(app)
    desk = app.session_state["desk"]
    assert "not distinguishable yet from 6 runs" in text(app)
    assert "The scenario expects “Revenue lost” to go up." in text(app)
    button(app, "Go on to 12 runs").click().run()
    assert desk.job.runs == 12
    assert desk.job.runs_done >= 6


def test_too_much_or_no_such_world_is_said_and_cannot_be_asked() -> None:
    huge = opened(weeks=1_040, sets={"customers.base": 1_000_000})
    assert "allowed:" in text(huge)
    assert button(huge, "Draw the curve") is None
    levers = tuple(lever.model_copy(update={"min": -4}) for lever in TINY.levers)
    impossible = opened(levers=levers)
    assert "found -4; allowed: a whole number" in text(impossible)
    assert button(impossible, "Draw the curve") is None


def test_without_levers_there_is_no_section() -> None:
    assert text(opened(levers=())) == ""


def test_nothing_of_the_scenario_is_read_as_markup() -> None:
    label = "*Trolleys* [in](http://x) $the$ pool <b>"
    levers = (TINY.levers[0].model_copy(update={"label": label}), *TINY.levers[1:])
    app = drawn(opened(levers=levers, sets={BREAKS: 0.03}))
    for element in (*app.markdown, *app.caption):
        assert label not in element.value


def test_the_same_curve_goes_on_from_what_is_known_wherever_the_lever_stands() -> None:
    app = drawn(opened())
    desk = app.session_state["desk"]
    first = desk.job
    moved = Surroundings(first.around.scenario, {POOL: 14.0})
    assert desk.curve_for(moved, first.lever) is first
    desk.draw(first.around, first.lever, Effort(1, 6))
    assert desk.job is not first
    assert desk.job.finished
    assert desk.curve_for(Surroundings(first.around.scenario, {BREAKS: 0.03}), first.lever) is None
