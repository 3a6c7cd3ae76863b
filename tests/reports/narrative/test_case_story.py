"""What pictures of a case say, how far it is, and what a refusal says."""

from typing import Any, cast

import pytest

from sim.finance.case import CaseJob, check
from sim.reports.narrative import case_story
from sim.scenario.faults import ScenarioError
from tests.ui.case.cases import TINY, case
from ui.text import MINUS

GAINS = [1_000.0 + 100 * future for future in range(16)]


class Job:
    def __init__(self, done: int, left: float | None = None) -> None:
        self.futures_done, self.draws, self.seconds_left = done, 256, left


def job(*given: Any) -> CaseJob:
    return cast(CaseJob, Job(*given))


def test_the_dots_and_the_fan_say_their_takeaway() -> None:
    found = case(GAINS)
    assert case_story.dots(found).startswith(f"{found.dots_paying_back} of 50 futures pay back.")
    assert f"On average {MINUS}£750 at the lowest point; after 3 years between" in case_story.fan(found)


def test_the_budget_is_said_only_where_there_is_one() -> None:
    found = case(GAINS)
    assert case_story.budget(found, None) is None
    assert case_story.budget(found, 1_000.0) == "Year one takes £800: within the budget of £1,000."
    assert case_story.budget(found, 500.0) == "Year one takes £800: £300 more than the budget of £500."


def test_how_far_it_is() -> None:
    assert case_story.badge(job(3)) == "3 of the first 16 futures"
    assert case_story.badge(job(64)) == "64 of 256 futures so far"
    assert case_story.badge(job(256)) == "All 256 futures"
    assert case_story.progress(job(3, 300.0)).endswith("first figures soon, about 5 minutes for all of it")
    assert case_story.progress(job(64, 60.0)).endswith("about 60 s left")
    assert case_story.progress(job(256)) == "Moving one assumption at a time"


def test_a_refusal_has_labels_instead_of_ids() -> None:
    free = TINY.model_copy(
        update={"fixes": tuple(fix.model_copy(update={"costs": type(fix.costs)()}) for fix in TINY.fixes)}
    )
    with pytest.raises(ScenarioError) as refused:
        check(free, ("five_more_trolleys",))
    assert case_story.refusals(free, refused.value) == [
        "Five more trolleys: found no cost at all; allowed: a cost once, per year or per use."
    ]
