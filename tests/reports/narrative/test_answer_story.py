import pytest

from sim.experiments.answer import Found, answer
from sim.experiments.runs import Effort
from sim.reports.narrative import answer_story
from tests.experiments.test_answer import asking, found
from ui.charts import experiments


def said(one: Found) -> list[str]:
    return list(answer_story.sentences(one))


def test_a_fix_that_does_nothing_is_said_to() -> None:
    first = said(found(fixes=["idle"]))[0]
    assert first == "“A poster” makes exactly no difference to contribution, and costs £300 once and £20 a year."


def test_one_fix_is_answered_by_yes_or_no_or_not_clear() -> None:
    first, second, last = said(found(fixes=["mend"]))
    assert first.startswith(("Yes: “Oil” brings ", "No: “Oil” brings ", "Not clear yet: “Oil” brings "))
    assert "95% interval" in first
    assert second.startswith("Over 3 years that leaves ")
    assert last.startswith("The biggest failure point is “")


def test_of_several_fixes_the_best_after_costs_is_named_and_what_clearly_pays() -> None:
    first, _, second, _ = said(found(fixes=["idle", "mend"]))
    assert first.startswith("“Oil” is the ")
    assert "the next, “A poster”" in second


def test_a_lever_is_answered_by_its_best_place_or_by_there_being_none() -> None:
    first = said(found(lever="assets.trolleys.breaks"))[0]
    assert first.startswith(
        ("Best of the places tried: “Breaks”", "These guesses have no best", "Where “Breaks” is best is not")
    )


def test_where_nothing_is_tried_the_biggest_failure_point_is_the_whole_answer() -> None:
    (only,) = said(found())
    assert only.startswith("The biggest failure point is “")


def test_one_run_has_no_interval_and_says_so() -> None:
    one = answer(asking(fixes=["mend"]), Effort(seed=3, replications=1))
    assert "one run: no interval" in said(one)[0]
    assert said(one)[0].startswith("Not clear yet")


@pytest.mark.parametrize("draw", [experiments.fixes, experiments.mended])
def test_a_chart_has_a_dot_for_everything_tried_the_best_first(draw: object) -> None:
    one = found(fixes=["idle", "mend"])
    assert callable(draw)
    rows = draw(one)["data"]["values"]
    assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)
    assert len(rows) == (2 if draw is experiments.fixes else 4)
