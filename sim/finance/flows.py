"""Flows: what the ledger of one simulated world says of money, year by year, before margins and costs are known.

Margin, cost of service, discount rate and what fixes cost change nothing that happens. So they are kept out of what is
simulated, and a case can be reckoned anew with others at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.measures import MEASURES
from sim.outcomes.measures.customers import coaching_a_year
from sim.outcomes.outcome import Outcome, yearly
from sim.scenario.fixes import Fix
from sim.scenario.scenario import Scenario
from sim.scenario.units import minor_units

WEEKS_A_CASE_YEAR = 52
"""Year k of a case is weeks 52 (k - 1) + 1 to 52 k, times 365 / 364: whole weeks, at the pace of a calendar year."""
Price = NDArray[np.float64] | float


@dataclass(frozen=True)
class Flows:
    """Yearly rates of one world, in currency units and visits; `uses` has shape (fixes, years), the rest (years,).

    `earned` is revenue, each segment's times its margin multiple; `returned` is refunds and coaching sessions.
    """

    earned: NDArray[np.float64]
    visits: NDArray[np.float64]
    returned: NDArray[np.float64]
    uses: NDArray[np.float64]

    def packed(self) -> NDArray[np.float64]:
        """All of it in one array of shape (3 + fixes, years)."""
        return np.vstack([self.earned, self.visits, self.returned, self.uses])

    @classmethod
    def unpacked(cls, rows: NDArray[np.float64]) -> "Flows":
        """What `packed` gave, or several of them with dimensions in front: shape (..., 3 + fixes, years)."""
        return cls(rows[..., 0, :], rows[..., 1, :], rows[..., 2, :], rows[..., 3:, :])

    def contribution(self, margin: Price, visit_cost: Price) -> NDArray[np.float64]:
        """Contribution a year: margin on what is earned, less what a visit costs, refunds and coaching."""
        return margin * self.earned - visit_cost * self.visits - self.returned


def years_of(weeks: int) -> list[slice]:
    """The weeks of each simulated year: 52 each, what is over going to the last; at least one year."""
    whole = max(weeks // WEEKS_A_CASE_YEAR, 1)
    ends = [year * WEEKS_A_CASE_YEAR for year in range(1, whole)]
    return [slice(start, end) for start, end in zip([0, *ends], [*ends, weeks], strict=True)]


def flows_of(outcome: Outcome, fixes: tuple[Fix, ...]) -> Flows:
    """The flows of a world that has been simulated, with how often each fix's costs say it is used."""
    years = years_of(outcome.scenario.weeks)
    return Flows(
        earned=_by_year(outcome, outcome.tally.revenue * _margin_times(outcome.scenario), years) / _minor(outcome),
        visits=_by_year(outcome, outcome.tally.visits, years),
        returned=_by_year(outcome, outcome.tally.refund, years) / _minor(outcome) + coaching_a_year(outcome),
        uses=np.array([[_uses(outcome, fix)] * len(years) for fix in fixes]).reshape(len(fixes), len(years)),
    )


def _margin_times(scenario: Scenario) -> NDArray[np.float64]:
    return np.array([segment.margin_times.value for segment in scenario.segments])


def _minor(outcome: Outcome) -> int:
    return minor_units(outcome.scenario.currency)


def _by_year(outcome: Outcome, sums: NDArray[np.float64], years: list[slice]) -> NDArray[np.float64]:
    """Sums of shape (weeks, segments) as yearly rates, one a simulated year."""
    return np.array([sums[weeks].sum() * yearly(weeks.stop - weeks.start) for weeks in years])


def _uses(outcome: Outcome, fix: Fix) -> float:
    """How often a fix is used a year; 0 where its costs count no uses."""
    return MEASURES[fix.costs.use].take(outcome) if fix.costs.use else 0.0
