"""One replication of one world, in the form that measures read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import joins_by, weeks_followed
from sim.engines.population import BASE, Cast
from sim.engines.records import NOT_JOINED, STILL_HERE, Records
from sim.outcomes.tally import Tally
from sim.scenario.scenario import Scenario
from sim.scenario.units import WEEKS_A_YEAR


def yearly(weeks: float) -> float:
    """What turns a total over that many weeks into a year's: 365 / (7 x weeks)."""
    return WEEKS_A_YEAR / weeks


@dataclass(frozen=True)
class Outcome:
    """What happened in one replication: the scenario simulated, its visits in sums, its customers and resources.

    `unbroken` is the twin with every failure point off, where that world was simulated too. `part` is 1 for all of it;
    what is cut out of a world bears its part of the costs that no visit causes.
    """

    scenario: Scenario
    tally: Tally
    cast: Cast
    records: Records
    unbroken: "Outcome | None" = None
    part: float = 1.0

    @property
    def a_year(self) -> float:
        """What turns a total over the recorded weeks into a year's: 365 / (7 x weeks)."""
        return yearly(self.scenario.weeks)

    @property
    def base(self) -> NDArray[np.bool_]:
        """Which customers were there at week 0; shape (customers,)."""
        base: NDArray[np.bool_] = self.cast.source == BASE
        return base

    @property
    def base_size(self) -> int:
        """Customers present at week 0."""
        return int(self.base.sum())

    @property
    def joined(self) -> NDArray[np.bool_]:
        """Who became a customer after week 0 began; shape (customers,)."""
        joined: NDArray[np.bool_] = (self.records.joined_week != NOT_JOINED) & ~self.base
        return joined

    @property
    def followed(self) -> NDArray[np.bool_]:
        """Whose worth is followed: the customers at week 0, or else those who joined early; shape (customers,)."""
        by = joins_by(self.scenario)
        return self.base if by == 0 else self.joined & (self.records.joined_week < by)

    @property
    def followed_size(self) -> int:
        """How many are followed."""
        return int(self.followed.sum())

    @property
    def weeks_followed(self) -> int:
        """For how many weeks each is followed."""
        return weeks_followed(self.scenario)

    def left_by_age(self) -> NDArray[np.float64]:
        """How many of those followed left in each week since week 0, or since they joined; shape (weeks followed,)."""
        ages = (self.records.left_week - np.maximum(self.records.joined_week, 0))[
            self.followed & (self.records.left_week != STILL_HERE)
        ]
        return np.bincount(ages[ages < self.weeks_followed], minlength=self.weeks_followed).astype(float)

    @property
    def weeks_lived(self) -> float:
        """Weeks that those followed were customers while followed, all together; a week of leaving counts half."""
        weeks = self.weeks_followed
        unlived = self.left_by_age() * (weeks - np.arange(weeks) - 0.5)
        return float(self.followed_size * weeks - unlived.sum())

    def retention(self) -> NDArray[np.float64]:
        """Share of those followed still active at the end of each week, from 1 at the start.

        Shape (weeks followed + 1,); all NaN where there were none.
        """
        if self.followed_size == 0:
            return np.full(self.weeks_followed + 1, np.nan)
        return 1.0 - np.concatenate([[0.0], np.cumsum(self.left_by_age())]) / self.followed_size

    def lost_by_failure_point(self, minor_units: int) -> dict[str, float]:
        """Basket lost now to each failure point, in currency units a year, straight from the ledger."""
        totals = self.tally.lost.sum(axis=(0, 1)) * self.a_year / minor_units
        return {failure.id: float(total) for failure, total in zip(self.scenario.failures, totals, strict=True)}
