"""The register of measures: each is defined once, with name, label, unit, definition and how it is taken.

A measure that has nothing to measure is NaN here and `null` or "not measured" wherever it is shown: never 0.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.engines.plan import weeks_followed
from sim.outcomes.outcome import Outcome
from sim.scenario.quantity import minor_units
from sim.scenario.scenario import Scenario

Better = Literal["higher", "lower", "neither"]
About = Literal["visits", "contacts", "customers", "things", "business"]
"""What a measure is taken from, which says what it can be split by (see `sim.outcomes.breakdown`)."""
Take = Callable[[Outcome], float]
Sample = tuple[float, ...]
"""What one replication says of a measure: its value; or, where it is pooled, the part and the whole of its ratio."""


@dataclass(frozen=True)
class Pooled:
    """A measure that is a function of a ratio, part / whole, both summed over replications before it is worked out.

    The mean of what each replication has alone would be off, the more so the fewer there are in one. `totals` gives
    part and whole, both 0 or more; `of` makes the measure of their ratio and rises with it; `slope` is its derivative.
    """

    totals: Callable[[Outcome], tuple[float, float]]
    of: Callable[[float], float]
    slope: Callable[[float], float]


@dataclass(frozen=True)
class Measure:
    """What is measured. `unit` may hold {currency} and {weeks}; `better` says which way is good news."""

    name: str
    label: str
    unit: str
    definition: str
    better: Better
    about: About
    take: Take
    pooled: Pooled | None = None

    def sample(self, outcome: Outcome) -> Sample:
        """What this replication adds to the figure of all of them."""
        return self.pooled.totals(outcome) if self.pooled else (self.take(outcome),)


MEASURES: dict[str, Measure] = {}


def measure(
    label: str, unit: str, better: Better = "neither", about: About = "visits", pooled: Pooled | None = None
) -> Callable[[Take], Take]:
    """Register a function under its own name; its docstring is the definition that people read."""

    def register(take: Take) -> Take:
        definition = " ".join((take.__doc__ or "").split())
        MEASURES[take.__name__] = Measure(take.__name__, label, unit, definition, better, about, take, pooled)
        return take

    return register


def totals_of(outcome: Outcome, measures: Iterable[Measure]) -> dict[str, Sample]:
    """Part and whole of those of the measures that are pooled, by name."""
    return {measure.name: measure.sample(outcome) for measure in measures if measure.pooled}


def unit_of(measure: Measure, scenario: Scenario) -> str:
    """The measure's unit with the scenario's currency, and the weeks each customer is followed, filled in."""
    return measure.unit.format(currency=scenario.currency, weeks=weeks_followed(scenario))


def ratio(part: float, whole: float) -> float:
    """Part / whole; NaN when there is no whole."""
    return part / whole if whole else np.nan


def in_currency(outcome: Outcome, minor: float) -> float:
    """Minor units in units of the scenario's currency."""
    return minor / minor_units(outcome.scenario.currency)
