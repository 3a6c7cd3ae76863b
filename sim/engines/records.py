"""What an engine writes down: the same three tables, whichever engine runs."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.calendar import WEEK
from sim.engines.plan import Plan
from sim.kernel import kernel

NOT_BORROWED, SOUND, BAD = -1, 0, 1
NO_RESPONSE = -1
STILL_HERE = -1
CHUNK_ROWS = 1 << 15

QUEUE, BUSY, WORKING, REPORTS, REFUSALS, REPAIRS, SHORTAGES = range(7)
COUNTERS = ("queue", "busy", "working", "reports", "refusals", "repairs", "shortages")

Sink = Callable[[NDArray[np.void]], None]
"""Takes a chunk of visits, rows in the order in which visits ended."""


def visit_dtype(plan: Plan) -> np.dtype[np.void]:
    """One visit: money in minor units, waits in minutes (NaN where none was met), codes as positions."""
    failures, touchpoints = plan.failures.size, plan.touchpoints.size
    return np.dtype(
        [("customer", "i8"), ("visit", "i8"), ("week", "i8"), ("segment", "i8"), ("trip", "i8")]
        + [("spend", "i8"), ("lost", "i8", (failures,)), ("recaptured", "i8"), ("revenue", "i8")]
        + [("wait", "f8", (touchpoints,)), ("bad_asset", "i8"), ("response", "i8", (failures,))]
        + [("experience", "f8"), ("satisfaction", "f8"), ("completed", "?"), ("left", "?"), ("base", "?")]
    )


class Records(NamedTuple):
    """What is left when a replication ends, beside the visits, which went to the sink as they ended.

    `left_week` has shape (customers,), STILL_HERE where nobody left. `resources` and `pools` have shape (things,
    counters, weeks): time-weighted levels in thing-minutes (QUEUE, BUSY, WORKING), the rest in counts.
    """

    left_week: NDArray[np.int64]
    resources: NDArray[np.float64]
    pools: NDArray[np.float64]


@kernel
def add_level(bins: NDArray[np.float64], level: float, since: float, now: float) -> None:
    """Add level x minutes between `since` and `now` to weekly bins (shape (weeks,)), in place."""
    start = max(since, 0.0)
    while level != 0.0 and start < now:
        week = int(start // WEEK)
        if week >= bins.size:
            return
        end = min(now, (week + 1.0) * WEEK)
        bins[week] += level * (end - start)
        start = end
