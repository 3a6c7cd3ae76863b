"""What an engine writes down: the same three tables, whichever engine runs."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.calendar import WEEK, week_of
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

Progress = Callable[[float], None]
"""Told the share done, from 0 to 1, at least once a simulated day or many times a second; may raise to stop it."""


_ROW = (
    [(name, "i8") for name in ("customer", "visit", "week", "segment", "trip", "spend", "recaptured", "revenue")]
    + [("bad_asset", "i8"), ("experience", "f8"), ("satisfaction", "f8")]
    + [("completed", "?"), ("left", "?"), ("base", "?")]
)
ROW = np.dtype(_ROW, align=True)


def visit_dtype(plan: Plan) -> np.dtype[np.void]:
    """One visit: money in minor units, waits in minutes (NaN where none was met), codes as positions.

    It begins as `ROW` and goes on with what depends on the plan: `lost` and `response` by failure point, `wait` by
    touchpoint.
    """
    failures, touchpoints = plan.failures.size, plan.touchpoints.size
    shaped = [("lost", "i8", (failures,)), ("wait", "f8", (touchpoints,)), ("response", "i8", (failures,))]
    return np.dtype([*_ROW, *shaped], align=True)


class Page(NamedTuple):
    """A chunk of visits as compiled code sees it: four views of one memory, of the same types whatever the plan."""

    rows: NDArray[np.void]
    lost: NDArray[np.int64]
    wait: NDArray[np.float64]
    response: NDArray[np.int64]


def page_of(visits: NDArray[np.void]) -> Page:
    """The views of a chunk of visits (shape (n,), of `visit_dtype`): rows of shape (n,), the others (n, ...)."""
    rows: NDArray[np.void] = np.ndarray(visits.shape, ROW, visits, strides=visits.strides)
    return Page(rows, *(_columns(visits[name]) for name in ("lost", "wait", "response")))


def _columns(view: NDArray[Any]) -> NDArray[Any]:
    """The view; where it is of nothing, a spare column of its own, for nothing is laid out like any other array.

    Compiled code would be compiled again for it.
    """
    return view if view.shape[1] else np.zeros((view.shape[0], 2), view.dtype)[:, :1]


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
        week = week_of(start)
        if week >= bins.size:
            return
        end = min(now, (week + 1.0) * WEEK)
        bins[week] += level * (end - start)
        start = end
