"""What a room is set up with: the question bet on, the numbers guessed at, the budget."""

import math
from collections.abc import Sequence

from pydantic import Field

from sim.rooms.guesses import guesses
from sim.rooms.question import Question, questions
from sim.scenario.quantity import Number, Part, Text
from sim.scenario.scenario import Scenario

MOST_GUESSES = 6
"""More takes a room longer than it listens."""
_AT_FIRST = 2
MOST_BUDGET = 1e9


class Settings(Part):
    """How a room is set up. The budget is for year one, in currency units; None: no limit."""

    question: Question
    guesses: tuple[Text, ...] = Field(default=(), max_length=MOST_GUESSES)
    budget: Number | None = Field(default=None, ge=0, le=MOST_BUDGET)


def by_default(scenario: Scenario) -> Settings:
    """What a room is set up with until its facilitator chooses."""
    return Settings(
        question=questions(scenario)[0],
        guesses=tuple(guesses(scenario)[:_AT_FIRST]),
        budget=budget_of(scenario),
    )


def cost_of(scenario: Scenario, fixes: Sequence[str]) -> float:
    """What these fixes likely cost in year one before they are used: at the start and for a year; currency units."""
    chosen = [fix.costs for fix in scenario.fixes if fix.id in fixes]
    return sum(costs.once.value + costs.per_year.value for costs in chosen)


def budget_of(scenario: Scenario) -> float | None:
    """Enough for half of what all fixes cost and for the dearest of them, as a round number; None without costs."""
    costs = [cost_of(scenario, [fix.id]) for fix in scenario.fixes]
    needed = max([sum(costs) / 2, *costs], default=0.0)
    if needed <= 0:
        return None
    unit = 10.0 ** (math.floor(math.log10(needed)) - 1)
    return min(math.ceil(needed / unit) * unit, MOST_BUDGET)
