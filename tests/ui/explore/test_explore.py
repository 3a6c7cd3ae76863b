"""The page Explore through Streamlit's own test harness, with real runs behind it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.pages import linked
from tests.waiting import run_until


def opened(**link: str) -> AppTest:
    return settled(linked("explore", scenario="tiny", **link).run())


def settled(app: AppTest) -> AppTest:
    """Run again until the whole answer is there."""
    return run_until(app, lambda: any("Simulated: 4 runs of 12 weeks" in badge for badge in badges(app)))


def badges(app: AppTest) -> list[str]:
    return [element.value for element in app.markdown if "badge" in element.value]


def sentence(app: AppTest) -> str:
    """What the levers do: the second heading of its size, below the answer to the scenario's own question."""
    return [element.value for element in app.markdown if element.value.startswith("### ")][-1].replace("\\", "")


def slider(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in app.slider if one.label.replace("\\", "").startswith(label))


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened()


def test_the_page_shows_five_figures_the_causes_and_the_sentence(page: AppTest) -> None:
    assert [metric.label for metric in page.metric] == [
        "Revenue lost",
        "Basket value",
        "Churn rate",
        "Lifetime revenue",
        "Contribution",
    ]
    assert all(metric.value != "—" for metric in page.metric)
    assert sentence(page).startswith("### As it stands, what goes wrong costs £")
    assert any("Reports refused" in element.value for element in page.markdown)


def test_every_lever_of_the_registry_has_a_slider_with_grade_and_source(page: AppTest) -> None:
    labels = [one.label for one in page.slider]
    assert labels == ["Trolleys in the pool", "Breakages per trip", "Basket lost by those who persevere"]
    assert all("source" in one.help.lower() for one in page.slider)
    assert (slider(page, "Trolleys in").min, slider(page, "Trolleys in").max) == (4, 40)


def test_moving_a_lever_changes_figures_sentence_and_link_and_reset_undoes_it() -> None:
    page = opened()
    before = page.metric[0].value
    settled(slider(page, "Trolleys in").set_value(14).run())
    assert sentence(page).startswith("### With trolleys in the pool at 14 instead of 9: reports refused")
    assert page.metric[0].value != before
    assert page.metric[0].delta
    next(button for button in page.button if button.label == "Back to how it is").click()
    settled(page.run())
    assert page.metric[0].value == before
    assert slider(page, "Trolleys in").value == 9


def test_a_link_sets_the_levers_and_a_wrong_one_is_said_and_left_alone() -> None:
    page = opened(assets__trolleys__pool="14", assets__trolleys__breaks="7")
    assert slider(page, "Trolleys in").value == 14
    assert slider(page, "Breakages").value == 1.0
    (warning,) = page.warning
    assert "asks for Breakages per trip at 7" in warning.value.replace("\\", "")


def test_a_fix_can_be_tried() -> None:
    page = opened(fix="five_more_trolleys")
    assert "With five more trolleys: reports refused" in sentence(page)


def test_a_link_opens_the_split_it_names_and_a_lever_moved_keeps_it() -> None:
    asked = {"split": "segment", "measure": "churn_rate", "shares": "department"}
    page = split_there(opened(**asked))
    assert next(one for one in page.selectbox if one.label == "Measure").value == "churn_rate"
    assert next(one for one in page.expander if one.label == "Every figure").proto.expanded
    split_there(settled(slider(page, "Trolleys in").set_value(14).run()))
    said = {key: page.query_params[key] for key in page.query_params}
    assert said == {"scenario": "tiny", "assets.trolleys.pool": "14", **asked}


def split_there(app: AppTest) -> AppTest:
    return run_until(app, lambda: any("Segment" in table.value.columns for table in app.dataframe))
