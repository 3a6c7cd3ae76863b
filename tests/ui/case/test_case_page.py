"""The page Business case through Streamlit's own test harness, with real futures behind it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.experiments import library
from sim.experiments.library import load
from sim.finance.case import CaseJob
from sim.finance.cash import TwinTask
from tests.ui.pages import fine, linked
from tests.waiting import held, run_until
from ui.session import case, simulators
from ui.text import MISSING

FUTURES = 48
FIX, MARGIN, BREAKS = "five_more_trolleys", "economics.incremental_margin", "assets.trolleys.breaks"
RANGES = {MARGIN: "0.15..0.25..0.32", BREAKS: "0.005..0.01..0.03"}


@pytest.fixture(scope="module", autouse=True)
def a_server_that_remembers() -> Iterator[None]:
    """Nothing is left on disk; what one test simulated the next one has at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RIPPLE_NO_CACHE", "1")
        patch.setattr(case, "CaseJob", partial(CaseJob, draws=FUTURES))
        simulators.case_store.clear()
        yield
        simulators.case_store.clear()


def opened(scenario: str = "tiny", **link: str) -> AppTest:
    return fine(linked("business_case", scenario=scenario, **link).run())


def until(app: AppTest, come: Callable[[], Any]) -> AppTest:
    return run_until(app, come, lambda: text(app))


def settled(app: AppTest) -> AppTest:
    return until(app, lambda: "All 48 futures" in text(app) and not named(app.button, "Cancel"))


def text(app: AppTest) -> str:
    assert not app.exception
    every = (*app.markdown, *app.caption, *app.info, *app.error, *app.warning)
    return " ".join(element.value for element in every).replace("\\", "")


def named(elements: Any, label: str) -> Any:
    return next((one for one in elements if one.label == label), None)


def sentence(app: AppTest) -> str:
    return next(one.value for one in app.markdown if one.value.startswith("### ")).replace("\\", "")


def edit(app: AppTest, path: str, **ends: float | None) -> AppTest:
    named(app.selectbox, "Change an assumption").set_value(path).run()
    for label, value in ends.items():
        field = next(one for one in app.number_input if one.label.startswith(label.replace("_", " ")))
        field.set_value(value)
    named(app.button, "Change it").click().run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def page() -> AppTest:
    return settled(opened(**RANGES))


def test_one_sentence_says_what_it_takes_and_returns(page: AppTest) -> None:
    assert sentence(page).startswith("### For £800 in year one this returns £")
    assert "of 50 futures pay back; break-even where “" in sentence(page)


def test_every_key_figure_is_there_with_a_range_or_why_none(page: AppTest) -> None:
    assert len(page.metric) == 8
    assert all(metric.value != MISSING for metric in page.metric)
    assert "luck alone, with the same inputs, by £" in text(page)


def test_every_picture_says_its_takeaway(page: AppTest) -> None:
    alts = [chart.proto.alt for chart in page.get("vega_lite_chart")]
    assert any("of 50 futures pay back" in alt for alt in alts)
    assert any("at the lowest point" in alt for alt in alts)
    assert any("moves it most" in alt for alt in alts)
    assert all(alts)


def test_guesses_are_in_plain_sight_and_where_it_just_pays_is_said(page: AppTest) -> None:
    pays, assumed = page.dataframe[0].value, page.dataframe[-1].value
    row = assumed.set_index("Assumption").loc["Incremental margin"]
    assert (row["Value"], row["Lowest"], row["Highest"], row["Grade"]) == ("25.0%", "15.0%", "32.0%", "D: a guess")
    assert row["Source"] == "set by you"
    assert set(pays["Just pays at"]) >= {"no value in its range"} or len(pays) == 4
    assert "2 changed by you" in text(page)


def test_the_link_is_the_case() -> None:
    app = opened(**RANGES, horizon_years="5", mid_year="yes", budget="500")
    assert named(app.slider, "Years that count").value == 5
    assert "Reckoned over 5 years at 10% a year (nominal), each year's cash in its middle, before tax." in text(app)
    settled(app)
    assert "A year's cash counts in the middle of the year" in text(app)
    assert "£300 more than the budget of £500" in text(app)
    params = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    assert params == {
        "scenario": "tiny",
        "fix": FIX,
        "horizon_years": "5",
        "mid_year": "yes",
        "budget": "500",
        **RANGES,
    }


def test_a_financial_edit_answers_at_once_and_undo_takes_it_back(page: AppTest) -> None:
    app = settled(opened(**RANGES))
    before = sentence(app)
    edit(app, "fixes.five_more_trolleys.costs.once", Likeliest_value=1_500.0)
    assert "All 48 futures" in text(app) or "so far" in text(app)
    assert sentence(app).startswith("### For £1,550 in year one")
    named(app.button, "Undo").click().run()
    assert sentence(settled(app)) == before
    named(app.button, "As the scenario has it").click().run()
    assert "changed by you" not in text(app)
    named(app.button, "Undo").click().run()
    assert "2 changed by you" in text(app)


def test_one_history_goes_over_fixes_budget_terms_and_assumptions_and_back() -> None:
    app = opened(**RANGES)
    seen = [case_of(app)]
    for change in (
        lambda: named(app.slider, "Years that count").set_value(5),
        lambda: app.number_input[0].set_value(900.0),
        lambda: edit(app, MARGIN, Likeliest_value=20.0),
        lambda: app.multiselect[0].set_value([]),
    ):
        change()
        app.run()
        seen.append(case_of(app))
    assert len(set(seen)) == 5
    assert named(app.button, "Redo").disabled
    for before in reversed(seen[:-1]):
        named(app.button, "Undo").click().run()
        assert case_of(app) == before
    assert named(app.button, "Undo").disabled
    for after in seen[1:]:
        named(app.button, "Redo").click().run()
        assert case_of(app) == after
    assert not app.exception


def case_of(app: AppTest) -> tuple[Any, ...]:
    """What its own widgets and the address say of it."""
    link = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    shown = (tuple(app.multiselect[0].value), app.number_input[0].value, named(app.slider, "Years that count").value)
    return (*shown, *sorted(link.items()))


def test_an_edit_that_makes_no_scenario_says_which_field_and_changes_nothing(page: AppTest) -> None:
    app = settled(opened(**RANGES))
    before = sentence(app)
    edit(app, MARGIN, Likeliest_value=140.0)
    assert f"Incremental margin ({MARGIN}): found" in text(app)
    assert "allowed: " in text(app)
    assert sentence(app) == before
    assert named(app.button, "Undo").disabled


def test_no_fix_and_fixes_without_costs_are_said_and_the_rest_stays() -> None:
    app = settled(opened(**RANGES))
    app.multiselect[0].set_value([]).run()
    assert "Choose one or more fixes above" in text(app)
    assert not app.metric
    assert len(app.dataframe) == 1
    edit(app, "economics.discount_rate", Likeliest_value=8.0)
    app.multiselect[0].set_value([FIX]).run()
    assert "Reckoned over 3 years at 8% a year" in text(app)
    edit(app, f"fixes.{FIX}.costs.once", Likeliest_value=0.0)
    edit(app, f"fixes.{FIX}.costs.per_year", Likeliest_value=0.0)
    assert "Five more trolleys: found no cost at all" in text(app)
    assert len(app.dataframe) == 1


def test_fixes_that_contradict_each_other_are_said() -> None:
    app = opened("tiny")
    fix = load("tiny").fixes[0]
    change = {"changes": (fix.changes[0].model_copy(update={"add": 0, "set": 14}),)}
    both = tuple(
        fix.model_copy(update={"id": name, "label": label, **change})
        for name, label in (("this_way", "One way"), ("that_way", "Another way"))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", lambda name: load(name).model_copy(update={"fixes": both}))
        app = opened("tiny", fix="this_way,that_way")
    assert "both “One way” and “Another way” set it; choose one" in text(app)
    assert len(app.dataframe) == 1


def test_a_case_can_be_cancelled_and_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    is_held = True
    monkeypatch.setattr(TwinTask, "carry_out", held(TwinTask.carry_out, lambda task: is_held))
    app = opened("tiny", **{BREAKS: "0.02"})
    app.session_state["case desk"].job.stop()
    until(app, lambda: named(app.button, "Go on"))
    is_held = False
    named(app.button, "Go on").click().run()
    settled(app)


def test_the_choice_is_kept_while_another_page_is_looked_at() -> None:
    app = settled(opened(**RANGES, budget="1000"))
    job = app.session_state["case desk"].job
    app.switch_page("app_pages/explore.py").run()
    app.switch_page("app_pages/business_case.py").run()
    assert app.number_input[0].value == 1_000
    assert app.session_state["case desk"].job is job
    assert "2 changed by you" in text(app)


def test_nothing_of_the_scenario_is_read_as_markup() -> None:
    nasty = "*Trolleys* [in](http://x) $the$ pool <b>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", lambda name: load(name).model_copy(update={"title": nasty, "question": nasty}))
        app = opened("tiny")
    for element in (*app.markdown, *app.caption, *app.title):
        assert nasty not in element.value
