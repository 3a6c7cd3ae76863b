"""Who and what is in the SimPy engine: customers and their visits, queues, pools, and the plan's tables as objects."""

import math
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.engines.calendar import week_of
from sim.engines.plan import Plan
from sim.engines.population import BASE, Population
from sim.engines.records import (
    BUSY,
    COUNTERS,
    NO_RESPONSE,
    NOT_BORROWED,
    NOT_JOINED,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    UNTESTED,
    WORKING,
    add_level,
)


@dataclass(slots=True)
class Customer:
    """What someone carries from visit to visit.

    `counts` is the satisfaction that counts for leaving, as their last visit left it; `warm_ups` of their `visits` came
    before week 0.
    """

    ordinal: int
    who: int
    source: int
    segment: int
    visits_per_week: float
    hazard: float
    level: float
    next_week: float
    pull: float
    satisfaction: float
    counts: float
    expectation: float
    trust: float
    cap: float
    joined: int
    promised: float = np.nan
    shock: float = 0.0
    shocked_at: float = 0.0
    complained_at: float = -np.inf
    agreed: bool = False
    pot: int = 0
    visits: int = 0
    warm_ups: int = 0
    here: bool = True

    @property
    def is_customer(self) -> bool:
        """Whether they have bought before, or were there at week 0."""
        return self.joined != NOT_JOINED


@dataclass(slots=True)
class Visit:
    """What has happened so far on one visit."""

    customer: Customer
    ordinal: int
    began: float
    tie: int
    raining: bool
    kept: NDArray[np.float64]
    response: list[int]
    waits: list[float]
    passes: list[int]
    joins: list[int]
    at: int = 0
    trip: int = 0
    spend: float = 0.0
    felt: float = 0.0
    pool: int = -1
    borrowings: int = 0
    holds_bad: bool = False
    bad_asset: int = NOT_BORROWED
    reporting: bool = False
    complained: bool = False
    unsettled: bool = False
    recovered: bool = False
    refund: float = 0.0
    failed: bool = False
    declined: bool = False
    agreed_to_buy: bool = False
    odds: float = 1.0
    on_top: float = 0.0
    cross_sold: bool = False
    channel: int = 0
    contacts: int = 0
    handled: float = 0.0
    solved_first: bool = False
    promise: int = UNTESTED
    delivered: float = np.nan
    paid: bool = False
    over: bool = False

    @property
    def pass_here(self) -> int:
        """Which pass through this touchpoint it is, from 1."""
        return self.passes[self.at]

    def waited(self, minutes: float) -> None:
        """Add a joining of the queue here, and what it waited there."""
        before = self.waits[self.at]
        self.waits[self.at] = minutes if math.isnan(before) else before + minutes
        self.joins[self.at] += 1

    @property
    def so_far(self) -> tuple[bool, bool, bool]:
        """What a way on may depend on: something to report, a failure here, a customer."""
        return self.reporting, self.failed, self.customer.is_customer


@dataclass(slots=True)
class Word:
    """What is said about the business: talk still about, since when it was last counted, and the public reviews."""

    talk: float
    since: float
    reputation: float


def customers_of(population: Population, plan: Plan) -> list[Customer]:
    """Everybody whose first arrival is before the end, in order of ordinals."""
    who, source, segment = population.who.tolist(), population.source.tolist(), population.segment.tolist()
    rate, hazard, level = population.visits_per_week.tolist(), population.hazard.tolist(), population.level.tolist()
    pull, expectation = population.pull.tolist(), plan.segments["expectation"].tolist()
    law = plan.laws[0]
    return [
        Customer(
            ordinal=i,
            who=who[i],
            source=source[i],
            segment=segment[i],
            visits_per_week=rate[i],
            hazard=hazard[i],
            level=level[i],
            next_week=week,
            pull=pull[i],
            satisfaction=plan.reference,
            counts=plan.reference,
            expectation=expectation[segment[i]],
            trust=float(law["trust"]),
            cap=float(law["cap"]),
            joined=0 if source[i] == BASE else NOT_JOINED,
        )
        for i, week in enumerate(population.first_week.tolist())
        if population.first_minute[i] < plan.ends
    ]


def visit_of(customer: Customer, plan: Plan, began: float, tie: int, raining: bool) -> Visit:
    """A visit that begins now; the customer's next one will have the next ordinal."""
    ordinal = customer.visits
    customer.visits += 1
    return Visit(
        customer=customer,
        ordinal=ordinal,
        began=began,
        tie=tie,
        raining=raining,
        kept=np.ones(plan.failures.size),
        response=[NO_RESPONSE] * plan.failures.size,
        waits=[np.nan] * plan.touchpoints.size,
        passes=[0] * plan.touchpoints.size,
        joins=[0] * plan.touchpoints.size,
    )


class Counted:
    """Levels and counts by week; shape (counters, weeks), see `Records`."""

    def __init__(self, env: simpy.Environment, weeks: int) -> None:
        self.env = env
        self.counters = np.zeros((len(COUNTERS), weeks))
        self.level = [0] * len(COUNTERS)
        self.since = [env.now] * len(COUNTERS)

    def change(self, counter: int, by: int) -> None:
        """Move a level by that much, from now on."""
        now = self.env.now
        add_level(self.counters[counter], float(self.level[counter]), self.since[counter], now)
        self.level[counter] += by
        self.since[counter] = now

    def count(self, counter: int) -> None:
        """Count one more in this week; warm-up is not counted."""
        week = week_of(self.env.now)
        if 0 <= week < self.counters.shape[1]:
            self.counters[counter, week] += 1

    def close(self) -> None:
        """Bring every level up to now."""
        for counter in (QUEUE, BUSY, WORKING):
            self.change(counter, 0)


class Service(Counted):
    """Servers with one queue, first come first served."""

    def __init__(self, env: simpy.Environment, servers: int, weeks: int) -> None:
        super().__init__(env, weeks)
        self._resource = simpy.Resource(env, servers)

    def request(self) -> Any:
        """Ask for a server; use it in a `with`."""
        return self._resource.request()

    @property
    def standing(self) -> int:
        """How many stand in the queue now; who has just been called stands there no longer."""
        return len(self._resource.queue)

    def wait(self, by: int) -> None:
        """Someone joins (+1) or leaves (-1) the queue."""
        self.change(QUEUE, by)

    def serve(self, by: int) -> None:
        """Someone begins (+1) or ends (-1) being served."""
        self.change(BUSY, by)


class Pool(Counted):
    """Alike things: sound or faulty, in the bay, out with a customer, or under repair."""

    def __init__(self, env: simpy.Environment, row: Any, weeks: int) -> None:
        super().__init__(env, weeks)
        self.key, self.breaks, self.reserve, self.repairer = row.key, row.breaks, row.reserve, row.repairer
        self.law, self.mean, self.log_sd = row.law, row.mean, row.log_sd
        self.idle, self.faulty_idle, self.pulled = row.size, 0, 0
        self.change(WORKING, row.size)

    def lend(self, faulty: bool) -> None:
        """One leaves the bay with a customer."""
        self.idle -= 1
        self.faulty_idle -= faulty
        self.change(BUSY, +1)

    def take_back(self, faulty: bool, breaks: bool) -> None:
        """One comes back into line, faulty if it was or if it just broke."""
        self.idle += 1
        self.faulty_idle += faulty or breaks
        self.change(BUSY, -1)
        if breaks:
            self.change(WORKING, -1)

    def pull(self) -> int:
        """A faulty one in a customer's hands goes to repair; returns the number of the repair job."""
        self.pulled += 1
        self.change(BUSY, -1)
        self.change(QUEUE, +1)
        return self.pulled

    def mended(self) -> None:
        """One comes back from repair, sound."""
        self.idle += 1
        self.change(QUEUE, -1)
        self.change(WORKING, +1)
        self.count(REPAIRS)

    def count_report(self) -> None:
        """Someone reported a faulty one."""
        self.count(REPORTS)

    def count_refusal(self) -> None:
        """A report was refused: not enough left to take one out."""
        self.count(REFUSALS)

    def count_shortage(self) -> None:
        """Someone found the bay empty."""
        self.count(SHORTAGES)


def objects(table: NDArray[np.void]) -> list[Any]:
    """Rows of a structured array as named tuples: reading a field of those is ten times faster."""
    row: Any = namedtuple("Row", table.dtype.names or ())  # type: ignore[misc]
    return [row(*values) for values in table.tolist()]


class Tables:
    """What may happen where and to whom, row by row, in the plan's order."""

    def __init__(self, plan: Plan) -> None:
        self.touchpoints = objects(plan.touchpoints)
        self.routes = objects(plan.routes)
        self.failures = objects(plan.failures)
        self.attributes = objects(plan.attributes)
        self.skills = objects(plan.skills)
        self.laws = objects(plan.laws)
        self.responses = objects(plan.responses)
        self.trips = objects(plan.trips)
        self.segments = objects(plan.segments)
