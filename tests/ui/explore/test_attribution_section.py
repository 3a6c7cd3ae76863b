"""The section that shares the loss out: asked for, followed, stopped, superseded."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments.runs import Effort
from sim.experiments.sharing import SHARING, share_out
from tests.engines.worlds import tiny
from tests.waiting import PATIENCE, again_and_again, run_until
from ui.explore.on_request import SHARING_RUNS
from ui.session import simulators

ASK = "Who loses what? Share the loss out exactly"


@pytest.fixture(autouse=True)
def nothing_is_known() -> None:
    """What one test simulated the next one does not have."""
    simulators.results.clear()


def page() -> None:
    import streamlit as st

    from tests.engines.worlds import tiny
    from ui.explore.on_request import attribution

    changes = st.session_state.get("changes", {})
    attribution(tiny({"weeks": 2} | changes))


def opened(**changes: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=PATIENCE)
    app.session_state["changes"] = {path.replace("__", "."): value for path, value in changes.items()}
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next((one for one in app.button if one.label == label), None)


def text(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info)).replace("\\", "")


def test_it_says_what_it_will_cost_and_does_nothing_unasked() -> None:
    app = opened()
    assert "12 worlds, 4 runs each, at most about" in text(app)
    assert button(app, ASK) is not None
    assert not app.get("vega_lite_chart")


def test_asked_it_shows_picture_sentences_and_figures() -> None:
    app = opened()
    button(app, ASK).click().run()
    run_until(app, lambda: app.get("vega_lite_chart") and not button(app, "Cancel"))
    assert "Of the £" in text(app)
    assert "Mending everything would leave" in text(app)
    (figures,) = app.dataframe
    table = figures.value
    assert table["Failure point"].tolist() == [*(f.label for f in tiny().failures), "All"]
    assert table["Share"].iloc[:-1].sum() == pytest.approx(table["Share"].iloc[-1], abs=3)
    assert button(app, ASK) is None


def test_by_department_it_draws_departments() -> None:
    app = opened()
    button(app, ASK).click().run()
    run_until(app, lambda: app.get("vega_lite_chart") and not button(app, "Cancel"))
    (by,) = app.get("button_group")
    by.set_value("department").run()
    assert not app.exception
    spec = app.get("vega_lite_chart")[0].proto.spec
    assert "Customer service" in spec
    assert "A bad wheel" not in spec


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sharing out takes for ever."""
    monkeypatch.setattr(SHARING, "make", again_and_again(share_out))


def test_a_cancel_stops_it_and_it_can_be_asked_again(endless: None) -> None:
    app = opened()
    button(app, ASK).click().run()
    assert button(app, ASK) is None
    button(app, "Cancel").click().run()
    app.run()
    assert button(app, "Cancel") is None
    assert button(app, ASK) is not None


def test_other_levers_supersede_it(endless: None) -> None:
    app = opened()
    button(app, ASK).click().run()
    job = app.session_state["attribution desk"].job
    app.session_state["changes"] = {"assets.trolleys.pool": 14}
    app.run()
    assert job.stopped
    assert button(app, ASK) is not None


def test_with_nothing_on_or_too_much_it_says_so() -> None:
    off = {f"failures__{failure.id}__on": False for failure in tiny().failures}
    assert "nothing to share out" in text(opened(**off))
    app = opened(weeks=1_040, customers__base=1_000_000)
    assert "allowed:" in text(app)
    assert button(app, ASK) is None


def test_asked_again_it_goes_on_from_what_is_known_and_another_world_starts_from_nothing() -> None:
    app = opened()
    button(app, ASK).click().run()
    run_until(app, lambda: app.get("vega_lite_chart") and not button(app, "Cancel"))
    desk = app.session_state["attribution desk"]
    first = desk.job
    assert desk.job_for(first.world) is first
    desk.share_out(first.world, Effort(1, SHARING_RUNS))
    assert desk.job is not first
    assert desk.job.finished
    assert desk.job.result == first.result
    assert desk.job_for(tiny({"weeks": 3})) is None
