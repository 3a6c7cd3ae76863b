"""The levers through Streamlit's own test harness: presets, switches and the link. Nothing is simulated."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments import library
from tests.scenario.kiosk import KIOSK
from ui.session.choice import Choice

POOL, CARE = "assets.carts.pool", "policies.care.value"
OFFERS = """\
  - path: policies.care.value
    label: Wheels looked after
    min: 0
    max: 1
    step: 1
    help: Whether wheels are greased.
    outcome: bad_trip_share
    direction: down
policies:
  - id: care
    label: Wheels looked after
    help: Grease.
    value: {mode: 0, unit: no or yes}
    moves: [{path: assets.carts.breaks, through: [[0, 0.01], [1, 0.001]], evidence: D, source: a guess}]
presets:
  - {id: careful, label: Careful, help: Greased., sets: [{path: policies.care.value, value: 1}]}
  - {id: large, label: Large, help: More., sets: [{path: assets.carts.pool, value: 30}], fixes: [four_more]}
"""


def script() -> None:
    import streamlit as st

    from ui import controls

    st.session_state["chosen"] = controls.choose()


@pytest.fixture(autouse=True)
def _two_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "kiosk.yaml").write_text(KIOSK + OFFERS, encoding="utf-8")
    (tmp_path / "also.yaml").write_text(KIOSK.replace("title: A kiosk", "title: Also"), encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    yield


def opened(**link: str) -> AppTest:
    app = AppTest.from_function(script)
    for key, value in {"scenario": "kiosk", **link}.items():
        app.query_params[key.replace("__", ".")] = value
    return fine(app.run())


def fine(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def choice(app: AppTest) -> tuple[dict[str, float], tuple[str, ...]]:
    chosen: Choice = app.session_state["chosen"]
    assert chosen.world  # whatever is shown can be simulated
    return chosen.sets, chosen.fixes


def link(app: AppTest) -> dict[str, Any]:
    """What the address says; the harness gives lists once a script has changed it."""
    return {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}


def start_from(app: AppTest, preset: str | None) -> AppTest:
    return fine(presets(app).set_value(preset).run())


def presets(app: AppTest) -> Any:
    return next(pills for pills in app.pills if pills.label == "Start from")


def test_a_preset_puts_levers_fixes_and_link_where_it_has_them_and_all_else_back() -> None:
    app = opened()
    assert (presets(app).value, choice(app)) == (None, ({}, ()))
    start_from(app, "large")
    assert (presets(app).value, choice(app)) == ("large", ({POOL: 30}, ("four_more",)))
    assert app.slider[0].value == 30
    assert link(app) == {"scenario": "kiosk", POOL: "30", "fix": "four_more"}
    start_from(app, "careful")
    assert choice(app) == ({CARE: 1}, ())
    assert (app.slider[0].value, app.toggle[0].value) == (10, True)
    start_from(app, None)
    assert choice(app) == ({}, ())
    assert app.toggle[0].value is False


def test_a_link_to_what_a_preset_has_shows_that_preset_until_a_lever_is_moved() -> None:
    app = opened(**{"assets__carts__pool": "30", "fix": "four_more"})
    assert presets(app).value == "large"
    fine(app.slider[0].set_value(29).run())
    assert (presets(app).value, choice(app)) == (None, ({POOL: 29}, ("four_more",)))
    fine(app.slider[0].set_value(30).run())
    assert presets(app).value == "large"


def test_back_to_how_it_is_leaves_every_preset() -> None:
    app = start_from(opened(), "large")
    next(button for button in app.button if button.label == "Back to how it is").click()
    fine(app.run())
    assert (presets(app).value, choice(app)) == (None, ({}, ()))


def test_no_or_yes_is_a_switch_that_says_so() -> None:
    app = opened(policies__care__value="1")
    assert [toggle.label for toggle in app.toggle] == ["Wheels looked after"]
    assert [slider.label for slider in app.slider] == ["Carts"]
    assert (app.toggle[0].value, choice(app)) == (True, ({CARE: 1}, ()))
    assert "Now no" in app.toggle[0].help
    fine(app.toggle[0].set_value(False).run())
    assert choice(app) == ({}, ())
    assert link(app) == {"scenario": "kiosk"}


def test_where_there_are_no_presets_there_is_no_row_of_them() -> None:
    assert [pills.label for pills in opened(scenario="also").pills] == ["Try a fix"]


def test_without_a_link_the_scenario_is_shown_that_its_file_puts_first(tmp_path: Path) -> None:
    app = fine(AppTest.from_function(script).run())
    assert (app.selectbox[0].value, link(app)) == ("also", {"scenario": "also"})
    (tmp_path / "kiosk.yaml").write_text(f"order: 1\n{KIOSK}", encoding="utf-8")
    app = fine(AppTest.from_function(script).run())
    assert (app.selectbox[0].value, link(app)) == ("kiosk", {"scenario": "kiosk"})
    assert app.selectbox[0].options == ["A kiosk", "Also"]


# ---- undo, redo, and the way back of one lever --------------------------------------------------------------


def button(app: AppTest, label: str) -> Any:
    return next((one for one in app.button if one.label.replace("\\", "") == label), None)


def press(app: AppTest, label: str) -> AppTest:
    return fine(button(app, label).click().run())


def test_every_kind_of_change_is_one_step_that_is_taken_back_and_again_with_the_link() -> None:
    app = opened()
    seen = [(choice(app), link(app), presets(app).value)]
    for change in (
        lambda: app.slider[0].set_value(12).run(),
        lambda: app.toggle[0].set_value(True).run(),
        lambda: next(pills for pills in app.pills if pills.label == "Try a fix").set_value(["four_more"]).run(),
        lambda: presets(app).set_value("large").run(),
        lambda: button(app, "Back to how it is").click().run(),
    ):
        fine(change())
        seen.append((choice(app), link(app), presets(app).value))
    for before in reversed(seen[:-1]):
        press(app, "Undo")
        assert (choice(app), link(app), presets(app).value) == before
    assert button(app, "Undo").disabled
    for after in seen[1:]:
        press(app, "Redo")
        assert (choice(app), link(app), presets(app).value) == after
    assert button(app, "Redo").disabled


def test_a_change_after_undo_cuts_off_what_was_taken_back() -> None:
    app = opened()
    fine(app.slider[0].set_value(12).run())
    press(app, "Undo")
    assert not button(app, "Redo").disabled
    fine(app.slider[0].set_value(14).run())
    assert button(app, "Redo").disabled
    press(app, "Undo")
    assert choice(app) == ({}, ())


def test_each_scenario_has_a_history_of_its_own() -> None:
    app = opened()
    fine(app.slider[0].set_value(12).run())
    fine(app.selectbox[0].set_value("also").run())
    assert button(app, "Undo").disabled
    fine(app.selectbox[0].set_value("kiosk").run())
    assert choice(app) == ({POOL: 12}, ())
    press(app, "Undo")
    assert choice(app) == ({}, ())


def test_a_lever_that_was_moved_alone_has_a_way_back() -> None:
    app = opened(assets__carts__pool="12", policies__care__value="1")
    assert "Put “Carts” back to 10" in button(app, "Back to 10").help.replace("\\", "")
    press(app, "Back to 10")
    assert choice(app) == ({CARE: 1}, ())
    assert button(app, "Back to 10") is None
    press(app, "Undo")
    assert choice(app) == ({POOL: 12, CARE: 1}, ())


def test_what_is_looked_at_is_in_the_link_and_a_link_looks_at_it() -> None:
    app = opened(curve=CARE, step="nowhere")
    assert app.session_state["curve of kiosk"] == CARE
    assert "step of kiosk" not in app.session_state
    assert link(app) == {"scenario": "kiosk", "curve": CARE}


def test_how_figures_are_split_and_shared_out_is_in_the_link_and_what_is_not_known_is_left_out() -> None:
    asked = {"split": "segment", "measure": "churn_rate", "shares": "department"}
    app = opened(**asked)
    assert link(app) == {"scenario": "kiosk", **asked}
    assert [app.session_state[key] for key in ("split by", "measure to split", "attribution-by")] == [*asked.values()]
    assert link(opened(split="luck", measure="beauty", shares="point")) == {"scenario": "kiosk"}
    assert link(opened(measure="churn_rate")) == {"scenario": "kiosk"}


def test_a_screen_reader_hears_no_backslash_in_a_unit() -> None:
    app = opened(scenario="also")
    assert not [one.label for one in app.slider if "\\(" in one.label]
