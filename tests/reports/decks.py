"""Decks for tests, made of small runs and of a case made of numbers."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

from pptx import Presentation

from sim.experiments.library import load
from sim.experiments.runs import Comparison, Effort, compare
from sim.finance.case import Case
from sim.finance.sensitivity import Side
from sim.reports.origin import origin
from sim.reports.slides import slides
from sim.reports.slides.answer_slides import Told
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.ui.case.cases import BREAKS, MARGIN, case

FIX = "five_more_trolleys"
WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
LINK = "http://here/take_away?scenario=tiny&fix=five_more_trolleys"
SENTENCE = "With five more trolleys: contribution £123 a year higher (95% interval +£100 to +£146)."
SIDES = (Side(MARGIN, 0.15, 0.32, -500.0, 900.0, 0.2), Side(BREAKS, 0.002, 0.03, 100.0, 400.0, None))


@cache
def compared(fixes: tuple[str, ...] = (FIX,)) -> Comparison:
    scenario = load("tiny")
    return compare(scenario, world_of(scenario, {}, fixes), Effort(1, 3))


def a_case() -> Case:
    return case([1_000.0 + 100 * future for future in range(32)], SIDES)


def told(found: Comparison | None = None, case: Case | None = None, sentence: str = SENTENCE) -> Told:
    found = found or compared()
    where = origin(found.baseline.world.title, "3 runs of 12 weeks", 1, WHEN, LINK)
    return Told(sentence, found, (FIX,), where, case, where if case else None)


def opened(told: Told) -> Any:
    return Presentation(BytesIO(slides(told)))


def worded(found: Comparison, **words: Any) -> Comparison:
    """The same runs of a scenario that is worded otherwise."""

    def said(world: Scenario) -> Scenario:
        return world.model_copy(update=words)

    baseline = type(found.baseline)(said(found.baseline.world), found.baseline.replications, 1)
    return Comparison(baseline, type(found.world)(said(found.world.world), found.world.replications, 1))
