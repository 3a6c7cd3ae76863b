"""What a room bets on: a figure that can be simulated."""

from collections.abc import Iterator

from pydantic import Field

from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.quantity import Id, Part, Text
from sim.scenario.scenario import Scenario

_EARNED = "contribution"


class Question(Part):
    """A measure: as things stand, or, with fixes, by how much they move it."""

    measure: Text
    fixes: tuple[Id, ...] = Field(default=())


def questions(scenario: Scenario) -> list[Question]:
    """What can be bet on, the first by default: what the scenario's own one answer adds, else its headline."""
    found = [Question(measure=scenario.headline), *_of_fixes(scenario)]
    default = _by_default(scenario)
    return [default, *(question for question in found if question != default)]


def _of_fixes(scenario: Scenario) -> Iterator[Question]:
    for fix in scenario.fixes:
        yield Question(measure=_EARNED, fixes=(fix.id,))


def _by_default(scenario: Scenario) -> Question:
    if len(scenario.answer.fixes) == 1:
        return Question(measure=scenario.answer.measure, fixes=scenario.answer.fixes)
    return Question(measure=scenario.headline)


def unit(scenario: Scenario, question: Question) -> str:
    """The unit of the answer, and of bets on it."""
    return unit_of(MEASURES[question.measure], scenario)


def asked(scenario: Scenario, question: Question) -> str:
    """The question in words."""
    label = MEASURES[question.measure].label
    if not question.fixes:
        return f"{label}: how much is it, as things stand?"
    labels = [f"“{fix.label}”" for fix in scenario.fixes if fix.id in question.fixes]
    return f"{label}: how much more of it with {' and '.join(labels)}?"
