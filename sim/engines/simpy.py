"""The SimPy engine: the journey as a newcomer would tell it.

Customers are processes that come, go through their touchpoints, and decide whether to come back. What they do is
in `sim.behaviour`, and what happens at each step of a visit in `sim.engines.visit_rules`; what may happen to them is in
the plan; their luck is keyed. Here is only the clock, and who waits for whom.
"""

import math
from collections.abc import Generator
from dataclasses import make_dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.resources.resource import Request

from sim.engines import visit_rules as rules
from sim.engines.clock import ARRIVES, DAY, DESK_ENDS, DWELL_ENDS, RENEGES, REPAIR_ENDS, SERVICE_ENDS, Clock
from sim.engines.incidents import change, hand_back, mended, repair_minutes, suffer, tell
from sim.engines.people import NOBODY, Customer, Kind, Trace, Visit, levels_of, people_of, pools_of
from sim.engines.plan import Plan
from sim.engines.population import Population
from sim.engines.randomness import Luck
from sim.engines.records import (
    BUSY,
    CHUNK_ROWS,
    COUNTERS,
    EVENTS_BETWEEN_REPORTS,
    NO_RESPONSE,
    QUEUE,
    ROW,
    WORKING,
    EndlessVisitError,
    Meter,
    Progress,
    Records,
    Sink,
    records_of,
    unheard,
    visit_dtype,
)
from sim.engines.settlement import settle_visit

Steps = Generator[simpy.Event, Any, None]
_columns = attrgetter(*ROW.names)  # type: ignore[misc]


class Row:
    """A row of the ledger while it is written."""

    __slots__ = ROW.names or ()


def run(
    plan: Plan, population: Population, luck: Luck, sink: Sink, progress: Progress = unheard, meter: Meter = unheard
) -> Records:
    """Simulate one replication; visits go to `sink` in chunks as they end.

    Whatever `progress` or `meter` raises ends the run and reaches the caller.
    """
    return SimpyEngine(plan, population, luck, sink).run(progress, meter)


def objects(table: NDArray[np.void]) -> list[Any]:
    """Rows of a structured array as objects with slots: reading a field of those is many times faster."""
    row = make_dataclass("Row", table.dtype.names or (), slots=True)
    return [row(*values) for values in table.tolist()]


class Now(Clock):
    """The minute, and what is said about the business (see `people.Now`)."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.starts)
        self.since, self.reputation = plan.starts, float(plan.laws["reputation_starts"][0])
        self.talk, self.counted, self.endless = 0.0, 0, NOBODY


class SimpyEngine:
    """One replication, and the state that rules see; `trace` hears what happens to whom (see `trace`).

    What is kept of a visit by failure point and touchpoint stands at the position of its customer.
    """

    def __init__(self, plan: Plan, population: Population, luck: Luck, sink: Sink, trace: Trace | None = None) -> None:
        self.trace, self.sink = trace, sink
        self.ends, self.rain = plan.ends, population.rain
        self.seed, self.stream = luck.seed, luck.stream
        tables = {name: table for name, table in plan._asdict().items() if getattr(table, "dtype", None)}
        rows = {name: objects(table) for name, table in tables.items() if table.dtype.names}
        rows["chance_failures"] = plan.chance_failures.tolist()
        self.plan: Any = SimpleNamespace(**plan._asdict() | rows)
        self.env = Now(plan)
        self.now = [self.env]
        self.people = [Customer(*values) for values in people_of(plan, population).tolist()]
        self.first_minute: list[float] = population.first_minute.tolist()
        self.services = [simpy.Resource(self.env, servers) for servers in plan.servers.tolist()]
        self.pools, self.levels = pools_of(plan), levels_of(plan)
        self.counters = [list(np.zeros((len(COUNTERS), plan.weeks))) for _ in self.levels]
        self.flows = list(np.zeros((plan.routes.size, plan.weeks)))
        self.kept: dict[int, NDArray[np.float64]] = {}
        self.response: dict[int, list[int]] = {}
        self.waits: dict[int, list[float]] = {}
        self.passes: dict[int, list[int]] = {}
        self.joins: dict[int, list[int]] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._dtype = visit_dtype(plan)
        self._meter: Meter = unheard
        self._told = 0

    def run(self, progress: Progress, meter: Meter = unheard) -> Records:
        """Simulate all of it."""
        self._meter = meter
        starts = self.plan.starts
        for person, minute in enumerate(self.first_minute):
            if minute < self.ends:
                self.env.process(self.customer(person))
        while self.env.now < self.ends:
            self.env.run(until=min(self.env.now + DAY, self.ends))
            progress((self.env.now - starts) / (self.ends - starts))
        self.env.run()
        self._tell_meter()
        self.flush()
        for thing in range(len(self.levels)):
            for counter in (QUEUE, BUSY, WORKING):
                change(self, thing, counter, 0)
        left, joined = ([getattr(one, name) for one in self.people] for name in ("left_week", "joined"))
        flows = np.reshape(self.flows, (-1, self.plan.weeks))
        counters = np.reshape(self.counters, (-1, len(COUNTERS), self.plan.weeks))
        return records_of(self.plan, np.array(left, np.int64), np.array(joined, np.int64), flows, counters)

    def _count(self) -> None:
        """Tell the meter now and then; an event takes about a hundred times as long as in the compiled engine."""
        if self.env.counted - self._told >= EVENTS_BETWEEN_REPORTS // 64:
            self._tell_meter()

    def _tell_meter(self) -> None:
        self._told = self.env.counted
        self._meter(self._told)

    def flush(self) -> None:
        """Hand over the rows not handed over yet."""
        if self._rows:
            self.sink(np.array(self._rows, self._dtype))
            self._rows = []

    def customer(self, person: int) -> Steps:
        """Come, visit, decide; come again until leaving for good or until the end."""
        customer, planned = self.people[person], self.first_minute[person]
        while planned < self.ends:
            tie = rules.tie_of_next(self, customer)
            yield self.env.hold(planned - self.env.now, ARRIVES, person, tie)
            if not rules.comes(self, customer):
                return
            yield from self.visit(person, tie)
            planned = rules.next_arrival(self, customer)

    def visit(self, person: int, tie: int) -> Steps:
        """Go from touchpoint to touchpoint until there is no way on, then settle."""
        visit = self.begin(person, tie)
        yield from self.meet(visit)
        while (onward := rules.way_on(self, visit)) >= 0:
            visit.at = onward
            tell(self, Kind.COMES_TO, visit)
            yield from self.meet(visit)
        if self.env.endless >= 0:
            raise EndlessVisitError(visit.at)
        hand_back(self, visit)
        self._settle(visit)
        tell(self, Kind.ENDS, visit)

    def begin(self, person: int, tie: int) -> Visit:
        """A visit begins now, on which nothing has happened yet."""
        plan, visit = self.plan, Visit(person=person, slot=person, tie=tie)
        self.kept[person] = np.ones(len(plan.failures))
        self.response[person] = [NO_RESPONSE] * len(plan.failures)
        self.waits[person] = [math.nan] * len(plan.touchpoints)
        self.passes[person] = [0] * len(plan.touchpoints)
        self.joins[person] = [0] * len(plan.touchpoints)
        rules.begin(self, visit)
        self._count()
        return visit

    def meet(self, visit: Visit) -> Steps:
        """One touchpoint: what is met there, then be served or dwell, report, deal and pay."""
        rules.meet(self, visit)
        self._count()
        if visit.over:
            return
        touchpoint = self.plan.touchpoints[visit.at]
        if touchpoint.resource >= 0:
            yield from self._be_served(visit, touchpoint)
        elif touchpoint.timed:
            yield self._hold(visit, rules.minutes(self, visit), DWELL_ENDS)
        if not visit.over:
            rules.settle_up(self, visit)

    def _hold(self, visit: Visit, minutes: float, kind: int) -> simpy.Event:
        return self.env.hold(minutes, kind, visit.person, visit.tie)

    def _be_served(self, visit: Visit, touchpoint: Any) -> Steps:
        """Queue, lose patience or not, be served."""
        number = touchpoint.resource
        service = self.services[number]
        visit.asked = self.env.now
        with service.request() as turn:
            if not turn.triggered:
                balks = rules.balks(self, visit, len(service.queue) - 1)  # without this one
                if visit.over:
                    return
                change(self, number, QUEUE, +1)
                yield from self._wait(visit, touchpoint, turn, balks)
                change(self, number, QUEUE, -1)
            rules.ends_wait(self, visit)
            if visit.over:
                return
            change(self, number, BUSY, +1)
            tell(self, Kind.IS_SERVED, visit)
            kind = DESK_ENDS if touchpoint.hears >= 0 else SERVICE_ENDS
            yield self._hold(visit, rules.minutes(self, visit), kind)
            change(self, number, BUSY, -1)

    def _wait(self, visit: Visit, touchpoint: Any, turn: simpy.Event, balks: bool) -> Steps:
        tell(self, Kind.WAITS, visit)
        if touchpoint.on_wait >= 0 and not balks:
            yield turn | self._hold(visit, rules.patience(self, visit), RENEGES)
            if not turn.triggered:
                suffer(self, visit, touchpoint.on_wait)
        if not visit.over and not turn.triggered:
            yield turn

    def ask_for_repair(self, pool: int, job: int) -> None:
        """A pulled thing asks for the repairer: at once, or in the queue."""
        repairer = self.plan.pools[pool].repairer
        self.env.process(self.repair(pool, job, repairer, self.services[repairer].request()))

    def repair(self, pool: int, job: int, repairer: int, turn: Request) -> Steps:
        """A pulled thing waits for its turn at the repairer, is mended, and comes back sound."""
        with turn:
            if not turn.triggered:
                change(self, repairer, QUEUE, +1)
                yield turn
                change(self, repairer, QUEUE, -1)
            change(self, repairer, BUSY, +1)
            tell(self, Kind.MENDING, None, pool)
            yield self.env.hold(repair_minutes(self, pool, job), REPAIR_ENDS, job, pool)
            change(self, repairer, BUSY, -1)
        mended(self, pool)

    def _settle(self, visit: Visit) -> None:
        """Settle the visit, into a row of the ledger unless it was in the warm-up."""
        row, slot, lost = Row(), visit.slot, np.zeros(len(self.plan.failures), np.int64)
        if settle_visit(self, visit, row, lost):
            marks = lost, self.response[slot], self.waits[slot], self.passes[slot], self.joins[slot]
            self._rows.append((*_columns(row), *marks))
            if len(self._rows) >= CHUNK_ROWS:
                self.flush()
