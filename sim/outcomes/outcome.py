"""One replication of one world, in the form that measures read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.cast import BASE, Cast
from sim.engines.records import STILL_HERE, Records
from sim.outcomes.tally import Tally
from sim.scenario.scenario import Scenario


def yearly(weeks: int) -> float:
    """What turns a total over that many weeks into a year's: 365 / (7 x weeks)."""
    return 365.0 / (7.0 * weeks)


@dataclass(frozen=True)
class Outcome:
    """What happened in one replication: the scenario simulated, its visits in sums, its customers and resources.

    `unbroken` is the twin with every failure point off, where that world was simulated too.
    """

    scenario: Scenario
    tally: Tally
    cast: Cast
    records: Records
    unbroken: "Outcome | None" = None

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

    def base_left_by_week(self) -> NDArray[np.float64]:
        """How many of the customers at week 0 left in each week; shape (weeks,)."""
        weeks = self.records.left_week[self.base & (self.records.left_week != STILL_HERE)]
        return np.bincount(weeks, minlength=self.scenario.weeks).astype(float)

    def retention(self) -> NDArray[np.float64]:
        """Share of the week-0 customers still active at the end of each week, from 1 at the start.

        Shape (weeks + 1,); all NaN where there were none.
        """
        if self.base_size == 0:
            return np.full(self.scenario.weeks + 1, np.nan)
        return 1.0 - np.concatenate([[0.0], np.cumsum(self.base_left_by_week())]) / self.base_size

    def lost_by_failure_point(self, minor_units: int) -> dict[str, float]:
        """Basket lost now to each failure point, in currency units a year, straight from the ledger."""
        totals = self.tally.lost.sum(axis=(0, 1)) * self.a_year / minor_units
        return {failure.id: float(total) for failure, total in zip(self.scenario.failures, totals, strict=True)}
