"""The stores of a trial, week by week: each simulated with the fixes and without, on luck of its own.

As the world stands it is level. So the weeks after those of the trial do for the weeks before it: the same customers,
on other luck.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.cache import key_of
from sim.experiments.task import Task, outcome_of
from sim.finance.study import Study
from sim.outcomes.measures.customers import coaching_a_year, contributions
from sim.outcomes.outcome import Outcome
from sim.scenario.units import WEEKS_A_YEAR, minor_units

_LUCK = 2_000_000  # no future of a case is on the luck of a trial's store
_NO_PART = {"fixes", "chain", "trial"}  # of a world that has its fixes already


@dataclass(frozen=True)
class StoreTask:
    """A store to simulate twice, without the fixes and with them, every quantity at its likeliest value."""

    study: Study
    fixes: tuple[str, ...]
    weeks: int
    number: int

    def task(self, mended: bool) -> Task:
        """One of the two worlds: as it stands over twice the trial's weeks, or mended over the trial's."""
        world = self.study.world(self.fixes if mended else (), {})
        longer = world.model_copy(update={"weeks": self.weeks if mended else 2 * self.weeks})
        return Task(longer, self.study.seed, _LUCK + self.number, with_unbroken=False)

    def carry_out(self, progress: Progress = lambda share: None) -> NDArray[np.float64]:
        """Contribution a week in currency units before the trial, and in it without and with the fixes: (3, weeks)."""
        plain = self._kept(self.task(mended=False), lambda done: progress(done / 2))
        mended = self._kept(self.task(mended=True), lambda done: progress((1 + done) / 2))
        return np.stack([plain[self.weeks :], plain[: self.weeks], mended])

    def _kept(self, task: Task, progress: Progress) -> NDArray[np.float64]:
        """Contribution a week, simulated unless it is kept from before."""
        key = key_of("weekly", task.world.model_dump_json(exclude=_NO_PART), task.seed, task.replication)
        kept = self.study.store.get(key)
        if kept is None:
            kept = weekly_contribution(outcome_of(task, progress))[np.newaxis]
            self.study.store.put(key, kept)
        return kept.ravel()


def weekly_contribution(outcome: Outcome) -> NDArray[np.float64]:
    """Contribution of each week in currency units, shape (weeks,), coaching spread evenly over the year."""
    tally = outcome.tally
    earned = contributions(outcome, tally.revenue, tally.visits, tally.refund).sum(axis=1)
    weekly: NDArray[np.float64] = earned / minor_units(outcome.scenario.currency)
    return weekly - coaching_a_year(outcome) / WEEKS_A_YEAR
