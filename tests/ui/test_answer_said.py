"""What is said of an answer that is not whole yet."""

from dataclasses import replace

from sim.experiments.inquiry import Answer
from sim.experiments.library import load
from sim.experiments.runs import Effort, compare
from ui.controls import missing, of_measure

SHOP = load("tiny").model_copy(update={"weeks": 2})


def test_what_is_of_customers_needs_all_weeks_and_nothing_else_does() -> None:
    early = Answer(compare(SHOP, SHOP, Effort(1, 2)), True, 2, 2)
    assert of_measure(early, "churn_rate") is None
    assert missing(early) == "Needs all weeks: on its way."
    assert of_measure(early, "revenue_lost_per_year") is early.comparison
    assert of_measure(replace(early, is_estimate=False), "churn_rate") is early.comparison


def test_where_nothing_is_known_it_is_on_its_way() -> None:
    nothing = Answer(None, True, 0, 2)
    assert (of_measure(nothing, "churn_rate"), missing(nothing)) == (None, "On its way.")
