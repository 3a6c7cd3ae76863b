"""What the customers of the base lived through and brought: sums of one replication, or of several put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import STILL_HERE
from sim.experiments.lifetime_books import Books
from sim.scenario.scenario import Scenario
from sim.scenario.units import WEEKS_A_YEAR

Floats = NDArray[np.float64]


class Sums(NamedTuple):
    """Of customers at week 0: `left` and `paid_beyond` have shape (weeks,), by the week in which customers left.

    `paid_beyond` is in years (see `years_paid_beyond`), money in currency units; `worth` is discounted contribution.
    `chance` is everybody's own yearly chance to leave, added up, `chance_of_stayers` that of those still there at the
    end, of whom there are `stayers`.
    """

    customers: float
    contribution: float
    worth: float
    left: Floats
    paid_beyond: Floats
    chance: float
    chance_of_stayers: float
    stayers: float


@dataclass(frozen=True)
class Lived:
    """A world and the sums of all its replications."""

    world: Scenario
    sums: Sums

    @property
    def weeks(self) -> int:
        """How many are simulated."""
        return self.world.weeks

    @property
    def discount_rate(self) -> float:
        """A year."""
        return self.world.economics.discount_rate.value

    @property
    def retention(self) -> Floats:
        """Share of all customers still there at the end of each week, from 1 at the start; shape (weeks + 1,)."""
        return 1.0 - np.concatenate([[0.0], np.cumsum(self.sums.left)]) / self.sums.customers

    @property
    def alive(self) -> Floats:
        """Years that a customer of week 0 is one in each week; the week of leaving counts half. Shape (weeks,)."""
        curve = self.retention
        alive: Floats = (curve[1:] + curve[:-1]) / 2.0 / WEEKS_A_YEAR
        return alive

    @property
    def paid_beyond(self) -> Floats:
        """Years paid for beyond those, a customer of week 0; shape (weeks,)."""
        return self.sums.paid_beyond / self.sums.customers


def lived(books: Books) -> Sums:
    """The sums of one replication; all 0 where nobody is a customer at week 0."""
    base, cast, weeks = books.purchases.customers, books.outcome.cast, books.world.weeks
    left = books.outcome.records.left_week[base]
    gone = (left != STILL_HERE) & (left < weeks)
    rate = cast.visits_per_week[base]
    beyond = years_paid_beyond(books.world, 1.0 / rate[gone])
    chance = -np.expm1(-cast.hazard[base] * rate * WEEKS_A_YEAR)
    return Sums(
        customers=float(base.size),
        contribution=books.take("lifetime_value", undiscounted=True) * base.size if base.size else 0.0,
        worth=books.take("lifetime_value") * base.size if base.size else 0.0,
        left=np.bincount(left[gone], minlength=weeks).astype(float),
        paid_beyond=np.bincount(left[gone], beyond, minlength=weeks).astype(float),
        chance=float(chance.sum()),
        chance_of_stayers=float(chance[~gone].sum()),
        stayers=float((~gone).sum()),
    )


def years_paid_beyond(world: Scenario, gap_weeks: Floats) -> Floats:
    """Years that customers who leave have paid for beyond their leaving, by their mean gap between visits; its shape.

    A visit pays for the gap that follows it. By Wald's equation the gaps paid for last as long as the customer was
    there, and what is left of the last gap, less what was left of the gap that week 0 fell into: on average
    gap x (1 + cv^2) / 2 in a renewal process (Ross 2014, section 7.7), cv being that of the gaps. Who leaves after
    paying has all of a gap left, and so has paid for gap x (1 - cv^2) / 2 more; who decides before paying has none
    left, and has paid for gap x (1 + cv^2) / 2 less. Whoever stays is somewhere in a gap at either end: that is 0.
    """
    spread = world.customers.gap_cv.value**2
    left = 0.0 if world.customers.leaving.decides == "before_paying" else 1.0
    beyond: Floats = gap_weeks / WEEKS_A_YEAR * (left - (1.0 + spread) / 2.0)
    return beyond


def together(every: Sequence[Sums]) -> Sums:
    """The sums of several replications, added up in their order."""
    return Sums(*(sum(each[1:], start=each[0]) for each in zip(*every, strict=True)))
