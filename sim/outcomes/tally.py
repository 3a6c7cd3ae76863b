"""Fixed-size sums over the ledger: what every measure is computed from, however many visits there were."""

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import Plan
from sim.engines.records import BAD, NOT_BORROWED, page_of
from sim.kernel import kernel

_SUMS = ("visits", "completed", "base_visits", "base_revenue", "revenue", "spend", "recaptured", "borrowed", "bad")
SUM = np.dtype([(name, "f8") for name in (*_SUMS, "satisfaction", "experience")])


class Tally:
    """Sums over visits by week and segment; every array has shape (weeks, segments, ...).

    Money is in minor units. Sums of whole numbers stay exact below 2^53. Rows are added one after the other, so the
    sums do not depend on how the ledger was cut into chunks.
    """

    def __init__(self, plan: Plan) -> None:
        shape = (plan.weeks, plan.segments.size)
        self._sums = np.zeros(shape, SUM)
        self.lost = np.zeros((*shape, plan.failures.size))
        self.waits = np.zeros((*shape, plan.touchpoints.size))
        self.waited = np.zeros((*shape, plan.touchpoints.size))

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        """One of the sums of `SUM` by its name."""
        if name not in (SUM.names or ()):
            raise AttributeError(name)
        total: NDArray[np.float64] = self._sums[name]
        return total

    def add(self, visits: NDArray[np.void]) -> None:
        """Add a chunk of the ledger (see `visit_dtype`)."""
        _add(self._sums, self.lost, self.waits, self.waited, *page_of(visits))


@kernel
def _add(
    sums: NDArray[np.void],
    losses: NDArray[np.float64],
    waits: NDArray[np.float64],
    waited: NDArray[np.float64],
    rows: NDArray[np.void],
    lost: NDArray[np.int64],
    wait: NDArray[np.float64],
    response: NDArray[np.int64],
) -> None:
    for i in range(rows.size):
        row = rows[i]
        week, segment = row.week, row.segment
        total = sums[week, segment]
        total.visits += 1.0
        total.completed += row.completed
        total.base_visits += row.base
        total.base_revenue += row.revenue * row.base
        total.revenue += row.revenue
        total.spend += row.spend
        total.recaptured += row.recaptured
        total.borrowed += row.bad_asset != NOT_BORROWED
        total.bad += row.bad_asset == BAD
        total.satisfaction += row.satisfaction
        total.experience += row.experience
        for k in range(losses.shape[2]):
            losses[week, segment, k] += lost[i, k]
        for k in range(waits.shape[2]):
            if not np.isnan(wait[i, k]):
                waits[week, segment, k] += wait[i, k]
                waited[week, segment, k] += 1.0
