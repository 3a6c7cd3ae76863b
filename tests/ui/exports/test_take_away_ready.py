"""Charts drawn on Explore before: those of this choice can be taken away, those of another cannot."""

from collections.abc import Iterator

import pytest

from sim.experiments.answer import AnswerJob
from sim.experiments.attribution import AttributionJob
from sim.experiments.curve import CurveJob, Surroundings
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from tests.experiments.test_answer import asking
from tests.ui.case.cases import FIX, TINY
from ui.exports.context import ready
from ui.session import Choice

CHOICE, OTHER = Choice("tiny", TINY, {}, (FIX,)), Choice("tiny", TINY, {}, ())


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as workers:
        yield workers


def test_a_curve_is_there_by_its_measures_wherever_its_lever_stands(workers: Workers) -> None:
    lever = TINY.levers[0]
    job = CurveJob(Surroundings(TINY, {}, (FIX,)), lever, Effort(1, 2), workers)
    job.follow(lambda share: None)
    moved = Choice("tiny", TINY, {lever.path: 20.0}, (FIX,))
    found = list(ready(moved, None, None, job))
    assert [one.name for one in found] == [
        "Reports refused by “Trolleys in the pool”",
        "Contribution by “Trolleys in the pool”",
    ]
    assert found[0].simulated == "2 runs of 12 weeks"
    drawn = [one.draw() for one in found]
    assert all("layer" in spec for spec, _ in drawn)
    assert drawn[0] != drawn[1]
    assert not list(ready(OTHER, None, None, job))


def test_who_loses_what_is_there_for_the_very_world(workers: Workers) -> None:
    job = AttributionJob(CHOICE.world, Effort(1, 2), workers)
    job.follow(lambda share: None)
    found = list(ready(CHOICE, None, job, None))
    assert [one.name for one in found] == ["Who loses what", "Who loses what, by department"]
    drawn = [one.draw() for one in found]
    assert all("layer" in spec for spec, _ in drawn)
    assert drawn[0][1] != drawn[1][1]
    assert not list(ready(OTHER, None, job, None))


def test_an_answer_by_a_lever_is_there_as_its_curve(workers: Workers) -> None:
    scenario = asking(lever="assets.trolleys.breaks")
    job = AnswerJob(scenario, Effort(1, 2), workers)
    job.follow(lambda share: None)
    _, by_lever = ready(Choice("asking", scenario, {}, ()), job, None, None)
    assert by_lever.name == "The answer, by “Breaks”"
    spec, said = by_lever.draw()
    assert "layer" in spec
    assert "Breaks" in said


def test_the_answer_is_there_whatever_was_chosen(workers: Workers) -> None:
    job = AnswerJob(TINY, Effort(1, 2), workers)
    job.follow(lambda share: None)
    for choice in (CHOICE, OTHER):
        first, *_ = ready(choice, job, None, None)
        spec, said = first.draw()
        assert first.name == "What mending each failure point alone would bring"
        assert spec["layer"]
        assert said
