"""What the analytic models are given of one replication: what happened, and what each customer of the base bought."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import bg_nbd
from sim.outcomes.maximum_likelihood import FitError
from sim.outcomes.measures import MEASURES
from sim.outcomes.outcome import Outcome
from sim.outcomes.purchases import Purchases
from sim.scenario.scenario import Scenario
from sim.scenario.units import WEEKS_A_YEAR, minor_units
from sim.scenario.world import world_of

Model = TypeVar("Model")
Floats = NDArray[np.float64]
FEWEST = 50
"""Repeat buyers below which nothing is fitted: four parameters would follow chance."""


class NotMeasuredError(Exception):
    """A figure is missing; the message says why, in words that go on from "not measured: "."""


def discounts_of(world: Scenario) -> Floats:
    """What money of each week is worth at week 0, as in the measure `lifetime_value`; shape (weeks,)."""
    years = np.arange(0.5, world.weeks) / WEEKS_A_YEAR
    worth: Floats = np.exp(-years * np.log1p(world.economics.discount_rate.value))
    return worth


@dataclass(frozen=True)
class Books:
    """One replication and the purchases of its base, with money in currency units."""

    outcome: Outcome
    purchases: Purchases

    @property
    def world(self) -> Scenario:
        """What was simulated."""
        return self.outcome.scenario

    @property
    def discount_rate(self) -> float:
        """A year."""
        return self.world.economics.discount_rate.value

    @property
    def rest(self) -> int:
        """Weeks of the second half."""
        return self.world.weeks - self.purchases.half

    def take(self, measure: str, undiscounted: bool = False) -> float:
        """A measure of this replication, at no discount where that is wanted."""
        world = world_of(self.world, {"economics.discount_rate": 0.0}) if undiscounted else self.world
        return MEASURES[measure].take(replace(self.outcome, scenario=world))

    @cached_property
    def margin(self) -> Floats:
        """Contribution from one more unit of revenue, by customer of the base; shape (customers,)."""
        times = np.array([segment.margin_times.value for segment in self.world.segments])
        segment = self.outcome.cast.segment[self.purchases.customers]
        margin: Floats = self.world.economics.incremental_margin.value * times[segment]
        return margin

    @property
    def visit_cost(self) -> float:
        """Variable cost of serving one visit."""
        return self.world.economics.service_cost_per_visit.value

    def money(self, minor: Floats) -> Floats:
        """Minor units as currency units."""
        return minor / minor_units(self.world.currency)

    @cached_property
    def bg_nbd(self) -> bg_nbd.BgNbd:
        """The model fitted to the first half. Raises NotMeasuredError where there is none."""
        frequency, recency, age = self.purchases.summary
        enough(int((frequency > 0).sum()), f"customers bought twice or more in the first {self.purchases.half} weeks")
        return fitted(lambda: bg_nbd.fit(frequency, recency, age), "BG/NBD")


def enough(found: int, of: str) -> None:
    """Raise NotMeasuredError for too few to fit anything to."""
    if found < FEWEST:
        raise NotMeasuredError(f"only {found} {of}; a fit needs {FEWEST}")


def fitted(fit: Callable[[], Model], name: str) -> Model:
    """What the fit gives. Raises NotMeasuredError, which names the model, where it gives nothing."""
    try:
        return fit()
    except FitError as error:
        raise NotMeasuredError(f"{name} cannot be fitted: {error}") from None
