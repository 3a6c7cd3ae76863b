"""Fixed-size sums over the ledger: what every measure is computed from, however many visits there were."""

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import Plan
from sim.engines.records import BAD, NOT_BORROWED


class Tally:
    """Sums over visits by week and segment; every array has shape (weeks, segments, ...).

    Money is in minor units. Sums of whole numbers stay exact below 2^53.
    """

    def __init__(self, plan: Plan) -> None:
        self.weeks, self.segments = plan.weeks, plan.segments.size
        shape = (self.weeks, self.segments)
        self.visits, self.completed = np.zeros(shape), np.zeros(shape)
        self.base_visits, self.base_revenue = np.zeros(shape), np.zeros(shape)
        self.revenue, self.spend, self.recaptured = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.borrowed, self.bad = np.zeros(shape), np.zeros(shape)
        self.satisfaction, self.experience = np.zeros(shape), np.zeros(shape)
        self.lost = np.zeros((*shape, plan.failures.size))
        self.waits = np.zeros((*shape, plan.touchpoints.size))
        self.waited = np.zeros((*shape, plan.touchpoints.size))

    def add(self, visits: NDArray[np.void]) -> None:
        """Add a chunk of the ledger (see `visit_dtype`)."""
        cell = visits["week"] * self.segments + visits["segment"]
        self._add(self.visits, cell, np.ones(visits.size))
        self._add(self.completed, cell, visits["completed"])
        self._add(self.base_visits, cell, visits["base"])
        self._add(self.base_revenue, cell, visits["revenue"] * visits["base"])
        for name in ("revenue", "spend", "recaptured", "satisfaction", "experience"):
            self._add(getattr(self, name), cell, visits[name])
        self._add(self.borrowed, cell, visits["bad_asset"] != NOT_BORROWED)
        self._add(self.bad, cell, visits["bad_asset"] == BAD)
        for k in range(self.lost.shape[2]):
            self._add(self.lost[..., k], cell, visits["lost"][:, k])
        for k in range(self.waits.shape[2]):
            wait = visits["wait"][:, k]
            self._add(self.waits[..., k], cell, np.nan_to_num(wait))
            self._add(self.waited[..., k], cell, ~np.isnan(wait))

    def _add(self, total: NDArray[np.float64], cell: NDArray[np.int64], amount: NDArray[np.generic]) -> None:
        total += np.bincount(cell, amount, self.weeks * self.segments).reshape(self.weeks, self.segments)
