"""Every scenario answers its own question, with an interval, and names the failure point that costs most."""

from functools import cache

import pytest

from sim.experiments.answer import Found, answer, kind_of
from sim.experiments.library import load, names
from sim.experiments.price import expected_visits
from sim.experiments.runs import Effort
from sim.experiments.task import Task
from sim.reports.narrative import answer_story
from ui.charts import experiments

_VISITS = 60_000
NOTHING = "makes exactly no difference"


@cache
def asked(name: str) -> Found:
    """The answer from few weeks, so that a large scenario takes no longer than a small one."""
    scenario = load(name)
    weeks = min(scenario.weeks, max(8, int(scenario.weeks * _VISITS / expected_visits(Task(scenario, 1, 0)))))
    return answer(scenario.model_copy(update={"weeks": weeks}), Effort(seed=1, replications=3))


@pytest.mark.parametrize("name", names())
def test_the_page_answers_the_question_and_names_the_biggest_failure_point(name: str) -> None:
    found = asked(name)
    said = list(answer_story.sentences(found))
    assert "95% interval" in " ".join(said) or NOTHING in said[0]
    biggest = found.ranked(found.mended)[0]
    assert next(point.label for point in found.scenario.failures if point.id == biggest) in said[-1]
    assert len(experiments.mended(found)["data"]["values"]) == len([f for f in found.scenario.failures if f.on])
    if kind_of(found.scenario) != "failures":
        assert len(said) >= 2


@pytest.mark.parametrize("name", names())
def test_somewhere_a_fix_worth_nothing_is_said_to_be_and_nowhere_else(name: str) -> None:
    """A lever with direction none marks the one scenario in which something does nothing."""
    found = asked(name)
    idle = [lever for lever in found.scenario.levers if lever.direction == "none"]
    does_nothing = any(NOTHING in sentence for sentence in answer_story.sentences(found))
    assert does_nothing == bool(idle)
