"""What an engine writes down: the same three tables, whichever engine runs."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.clock import WEEK, week_of
from sim.engines.plan import Plan
from sim.kernel import kernel

NOT_BORROWED, SOUND, BAD = -1, 0, 1
UNTESTED, BROKEN, KEPT = -1, 0, 1
NO_RESPONSE = -1
STILL_HERE = -1
NOT_JOINED = -1
CHUNK_ROWS = 1 << 15
MOST_PASSES = 10_000
"""Of one touchpoint on one visit; whoever comes there more often is going round for ever. Below 2^15: see `joins`."""

QUEUE, BUSY, WORKING, REPORTS, REFUSALS, REPAIRS, SHORTAGES = range(7)
COUNTERS = ("queue", "busy", "working", "reports", "refusals", "repairs", "shortages")

Sink = Callable[[NDArray[np.void]], None]
"""Takes a chunk of visits, rows in the order in which visits ended."""

Progress = Callable[[float], None]
"""Told the share done, from 0 to 1, at least once a simulated day or many times a second; may raise to stop it."""

Meter = Callable[[int], None]
"""Told the events so far as often as the share done, and at the end all of them; may raise to stop it.

An event is a visit begun, a touchpoint passed, or a failure that may happen by chance looked at there.
"""
EVENTS_BETWEEN_REPORTS = 1 << 18
"""At most about so many in the compiled engine, so that a stop is heard soon however much happens at once."""


def unheard(_: float) -> None:
    """Where nobody wants to be told."""


_ROW = (
    [(name, "i8") for name in ("customer", "visit", "week", "age", "segment", "channel", "trip")]
    + [(name, "i8") for name in ("spend", "recaptured", "revenue", "refund", "bad_asset", "promise", "contacts")]
    + [(name, "f8") for name in ("handled", "experience", "satisfaction", "expectation", "trust", "delivered", "score")]
    + [(name, "?") for name in ("completed", "left", "followed", "prospect", "solved_first", "complained")]
    + [(name, "?") for name in ("cross_sold", "answered")]
)
ROW = np.dtype(_ROW, align=True)


def visit_dtype(plan: Plan) -> np.dtype[np.void]:
    """One visit: money in minor units, times in minutes (NaN where none was met), codes as positions, levels in [0, 1].

    It begins as `ROW` and goes on with what depends on the plan: `lost` and `response` by failure point, `wait`,
    `passes` and `joins` by touchpoint. `wait` is summed over every joining of the queue there, of which there were
    `joins`, being served at once and giving up included. `age` is in weeks since week 0 or, later, since joining;
    `left` marks the visit after which a customer left for good, and none where that is decided before paying: what was
    due then is no visit. `followed` marks visits that count towards what a customer is worth; `delivered` is NaN and
    `promise` UNTESTED where nothing was; `score` is what a survey would hear, `answered` whether it did.
    """
    failures, touchpoints = plan.failures.size, plan.touchpoints.size
    by_failure = [(name, "i8", (failures,)) for name in ("lost", "response")]
    by_touchpoint = [(name, kind, (touchpoints,)) for name, kind in (("wait", "f8"), ("passes", "i8"), ("joins", "i2"))]
    return np.dtype([*_ROW, *by_failure, *by_touchpoint], align=True)


def visit_bytes(failures: int, touchpoints: int) -> int:
    """How much memory a row takes, with so many columns of each kind."""
    return ROW.itemsize + 16 * failures + 24 * touchpoints


class EndlessVisitError(RuntimeError):
    """A visit passed a touchpoint, given by its position, so often that it would never end."""

    def __init__(self, touchpoint: int) -> None:
        super().__init__(touchpoint)  # SimPy makes its own copy of an error, from its arguments
        self.touchpoint = touchpoint

    def __str__(self) -> str:
        """Which touchpoint, and how often."""
        return f"a visit passed touchpoint {self.touchpoint} {MOST_PASSES:,} times"


class Page(NamedTuple):
    """A chunk of visits as compiled code sees it: six views of one memory, of the same types whatever the plan."""

    rows: NDArray[np.void]
    lost: NDArray[np.int64]
    wait: NDArray[np.float64]
    response: NDArray[np.int64]
    passes: NDArray[np.int64]
    joins: NDArray[np.int16]


def page_of(visits: NDArray[np.void]) -> Page:
    """The views of a chunk of visits (shape (n,), of `visit_dtype`): rows of shape (n,), the others (n, ...)."""
    rows: NDArray[np.void] = np.ndarray(visits.shape, ROW, visits, strides=visits.strides)
    return Page(rows, *(_columns(visits[name]) for name in Page._fields[1:]))


def _columns(view: NDArray[Any]) -> NDArray[Any]:
    """The view; where it is of nothing, a spare column of its own, for nothing is laid out like any other array.

    Compiled code would be compiled again for it.
    """
    return view if view.shape[1] else np.zeros((view.shape[0], 2), view.dtype)[:, :1]


class Records(NamedTuple):
    """What is left when a replication ends, beside the visits, which went to the sink as they ended.

    `left_week` and `joined_week` have shape (customers,): STILL_HERE where nobody left, NOT_JOINED where nobody became
    a customer, 0 for those of week 0. `flows` has shape (routes, weeks): how often each was taken. `resources` and
    `pools` have shape (things, counters, weeks): time-weighted levels in thing-minutes (QUEUE, BUSY, WORKING), the
    rest in counts.
    """

    left_week: NDArray[np.int64]
    joined_week: NDArray[np.int64]
    flows: NDArray[np.float64]
    resources: NDArray[np.float64]
    pools: NDArray[np.float64]


def records_of(
    plan: Plan,
    left_week: NDArray[np.int64],
    joined_week: NDArray[np.int64],
    flows: NDArray[np.float64],
    counters: NDArray[np.float64],
) -> Records:
    """What is left, where `counters` are those of services and then of pools."""
    services = plan.servers.size
    return Records(left_week, joined_week, flows, counters[:services], counters[services:])


@kernel
def is_followed(in_base: bool, joined: int, age: int, joins_by: int, weeks: int) -> bool:
    """Whether what a customer does at this age counts towards what one is worth (see `Plan`)."""
    if joins_by == 0:
        return in_base
    return 0 <= joined < joins_by and age < weeks


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
