"""The SimPy engine: the journey as a newcomer would tell it.

Customers are processes that come, go through their touchpoints, and decide whether to come back. What they do is
in `sim.behaviour`; what may happen to them is in the plan; their luck is keyed. Here is only the clock.
"""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.resources.resource import Request

from sim.behaviour import basket, borrowing, chance, experience, telling, visiting
from sim.engines import lowering, randomness, records
from sim.engines.calendar import DAY, WEEK, minute_at, open_from, week_of
from sim.engines.clock import ARRIVES, DESK_ENDS, DWELL_ENDS, RENEGES, REPAIR_ENDS, SERVICE_ENDS, Clock
from sim.engines.lowering import HAND_BACK, LEAVE_SHOP
from sim.engines.plan import Plan
from sim.engines.population import Population, rain_at
from sim.engines.randomness import Luck, tie_of, uniform
from sim.engines.records import EndlessVisitError, EventCount, Meter, Progress, Records, Sink, unheard
from sim.engines.simpy import people
from sim.engines.simpy.dealings import Dealings
from sim.engines.simpy.people import Counted, Customer, Pool, Service, Tables, Visit, Word, objects
from sim.engines.simpy.settlement import Settlement
from sim.engines.simpy.trace import BROKE, FAULTY, NOWHERE, Kind, Trace, untold

Steps = Generator[simpy.Event, Any, None]

_VISIT = 0  # the place of what belongs to a visit as a whole


def run(
    plan: Plan, population: Population, luck: Luck, sink: Sink, progress: Progress = unheard, meter: Meter = unheard
) -> Records:
    """Simulate one replication; visits go to `sink` in chunks as they end.

    Whatever `progress` or `meter` raises ends the run and reaches the caller.
    """
    return SimpyEngine(plan, population, luck, sink).run(progress, meter)


class SimpyEngine(Tables):
    """One replication; `trace` hears what happens to whom (see `trace`)."""

    def __init__(self, plan: Plan, population: Population, luck: Luck, sink: Sink, trace: Trace = untold) -> None:
        super().__init__(plan)
        self.trace = trace
        self.plan, self.population = plan, population
        self.seed, self.stream = luck.seed, luck.stream
        self.env = simpy.Environment(initial_time=plan.starts)
        self.clock, self.count = Clock(self.env), EventCount()
        self.services = [Service(self.env, servers, plan.weeks) for servers in plan.servers.tolist()]
        self.pools = [Pool(self.env, row, plan.weeks) for row in objects(plan.pools)]
        self.chances = [
            plan.chance_failures[t.first_chance : t.first_chance + t.chances].tolist() for t in self.touchpoints
        ]
        self.shares = [
            np.ascontiguousarray(plan.responses["share"][f.first_response : f.first_response + f.responses])
            for f in self.failures
        ]
        self.trip_shares = np.ascontiguousarray(plan.trips["share"])
        self.flows = np.zeros((plan.routes.size, plan.weeks))
        self.word = Word(talk=0.0, since=plan.starts, reputation=self.laws[0].reputation_starts)
        self.settlement = Settlement(plan, population, self.laws[0], self.word, sink)
        self.dealings = Dealings(plan, self, self.word, self.draw, self._suffer, self._tell)

    def run(self, progress: Progress, meter: Meter = unheard) -> Records:
        """Simulate all of it."""
        self.count.meter = meter
        for customer in people.customers_of(self.population, self.plan):
            self.env.process(self.customer(customer))
        span = self.plan.ends - self.plan.starts
        while self.env.now < self.plan.ends:
            self.env.run(until=min(self.env.now + DAY, self.plan.ends))
            progress((self.env.now - self.plan.starts) / span)
        self.env.run()
        self.count.tell()
        self.settlement.flush()
        for counted in (*self.services, *self.pools):
            counted.close()
        levels = self._counters(self.services), self._counters(self.pools)
        return Records(self.settlement.left_week, self.settlement.joined_week, self.flows, *levels)

    def _counters(self, counted: Sequence[Counted]) -> NDArray[np.float64]:
        return np.array([one.counters for one in counted]).reshape(-1, len(records.COUNTERS), self.plan.weeks)

    def _tell(self, kind: Kind, visit: Visit | None, what: int = NOWHERE, detail: int = 0) -> None:
        self.trace(self.env.now, kind, visit, what, detail)

    def draw(self, visit: Visit, place: int, purpose: int, k: int = 0) -> float:
        """The luck of this customer on this visit, at this place, for this purpose."""
        return uniform(self.seed, self.stream, visit.customer.who, visit.ordinal, place, purpose, k)

    def customer(self, customer: Customer) -> Steps:
        """Come, visit, decide; come again until leaving for good or until the end."""
        planned = self._planned(customer)
        while planned < self.plan.ends:
            tie = self._tie(customer)
            yield self.clock.hold(planned - self.env.now, ARRIVES, customer.ordinal, tie)
            if self.env.now >= self.plan.ends or not self._comes(customer):
                return
            if self.plan.decides_before and self._stays_away(customer):
                self._tell(Kind.STAYS_AWAY, None)
                return
            yield from self.visit(customer, tie)
            if not customer.here:
                return
            planned = self._next_arrival(customer)

    def _comes(self, customer: Customer) -> bool:
        """Whether someone who would come only if enough is said comes now, for the first time."""
        if customer.visits > 0 or customer.pull == 0.0:
            return True
        law = self.laws[0]
        would_be_a_week = (law.newcomers_a_week + law.leads_a_week) / law.considering
        talk = chance.faded(self.word.talk, (self.env.now - self.word.since) / WEEK, law.talk_half_life)
        return telling.comes(customer.pull, telling.shift(talk, law.talk_half_life, would_be_a_week))

    def _stays_away(self, customer: Customer) -> bool:
        """Whether the customer leaves for good instead of coming; the visit that was due is none."""
        u = uniform(self.seed, self.stream, customer.who, customer.visits, _VISIT, randomness.LEAVE, 0)
        return self.settlement.stays_away(customer, self.env.now, u)

    def _tie(self, customer: Customer) -> int:
        return tie_of(uniform(self.seed, self.stream, customer.who, customer.visits, _VISIT, randomness.TIE, 0))

    def _next_arrival(self, customer: Customer) -> float:
        """When the customer comes again; who is still here when the next visit is due begins it on leaving."""
        u = uniform(self.seed, self.stream, customer.who, customer.visits, _VISIT, randomness.GAP, 0)
        plan = self.plan
        customer.next_week += visiting.gap_weeks(u, customer.visits_per_week, plan.gaps)
        planned = self._planned(customer)
        return planned if planned >= self.env.now else open_from(self.env.now, plan.minutes, plan.op_weeks)

    def _planned(self, customer: Customer) -> float:
        return minute_at(customer.next_week, self.plan.minutes, self.plan.op_weeks, self.plan.guide)

    def visit(self, customer: Customer, tie: int) -> Steps:
        """Go from touchpoint to touchpoint until there is no way on, then take stock."""
        visit = self._begin(customer, tie)
        yield from self.meet(visit)
        while (onward := self._way_on(visit)) >= 0:
            visit.at = onward
            self._tell(Kind.COMES_TO, visit)
            yield from self.meet(visit)
        self._hand_back(visit)
        self.settlement.take(visit, self.env.now, lambda purpose: self.draw(visit, _VISIT, purpose))
        self._tell(Kind.ENDS, visit)

    def _begin(self, customer: Customer, tie: int) -> Visit:
        now = self.env.now
        self.count.add(1)
        visit = people.visit_of(customer, self.plan, now, tie, rain_at(self.population.rain, self.plan.starts, now))
        visit.trip = chance.choice(self.draw(visit, _VISIT, randomness.TRIP), self.trip_shares)
        trip = self.trips[visit.trip]
        visit.spend = basket.intended_spend(
            self.draw(visit, _VISIT, randomness.SPEND), trip.spend, customer.level, trip.log_sd
        )
        self._tell(Kind.ARRIVES, visit, NOWHERE, visit.trip)
        return visit

    def meet(self, visit: Visit) -> Steps:
        """One touchpoint: borrow, suffer what happens by chance, be served or dwell, report, pay."""
        touchpoint = self.touchpoints[visit.at]
        visit.passes[visit.at] += 1
        self.count.add(1 + len(self.chances[visit.at]))
        self.dealings.enter(visit)
        if touchpoint.borrows >= 0 and not visit.over:
            self._borrow(visit, touchpoint, visit.pass_here)
        self._suffer_chances(visit)
        if visit.over:
            return
        if touchpoint.resource >= 0:
            yield from self._be_served(visit)
        elif touchpoint.timed:
            yield self._hold(visit, self._minutes(visit), DWELL_ENDS)
        if not visit.over:
            self._settle_up(visit)

    def _settle_up(self, visit: Visit) -> None:
        touchpoint = self.touchpoints[visit.at]
        if touchpoint.hears >= 0 and visit.reporting:
            self._report(visit, touchpoint, visit.pass_here)
        if touchpoint.deals:
            self.dealings.deal(visit, self.env.now)
        if touchpoint.pays and not (visit.paid or visit.over or visit.declined):
            visit.paid = True
            self._tell(Kind.PAYS, visit)

    def _hold(self, visit: Visit, minutes: float, kind: int) -> simpy.Event:
        return self.clock.hold(minutes, kind, visit.customer.ordinal, visit.tie)

    def _minutes(self, visit: Visit) -> float:
        touchpoint = self.touchpoints[visit.at]
        times = self.trips[visit.trip].time_times if touchpoint.grows else 1.0
        u = self.draw(visit, touchpoint.key, randomness.DURATION, visit.pass_here)
        minutes = chance.duration(u, touchpoint.law, touchpoint.mean * times, touchpoint.log_sd)
        if touchpoint.contact:
            visit.handled += minutes
        return minutes

    def _borrow(self, visit: Visit, touchpoint: Any, k: int) -> None:
        """Draw one of the things in the bay at random; an empty bay is a failure of its own."""
        pool = self.pools[touchpoint.borrows]
        wants = self.draw(visit, pool.key, randomness.BORROWS) < self.trips[visit.trip].borrows
        if visit.pool >= 0 or not wants:
            return
        if pool.idle == 0:
            pool.count_shortage()
            self._tell(Kind.FINDS_NONE, visit, touchpoint.borrows)
            self._suffer(visit, touchpoint.on_shortage, k)
            return
        visit.pool = touchpoint.borrows
        visit.borrowings += 1
        u = self.draw(visit, pool.key, randomness.FAULTY, k)
        visit.holds_bad = borrowing.draws_faulty(u, pool.faulty_idle, pool.idle)
        visit.bad_asset = records.BAD if visit.holds_bad else records.SOUND
        pool.lend(visit.holds_bad)
        self._tell(Kind.TAKES, visit, visit.pool, visit.bad_asset)
        if visit.holds_bad:
            self._suffer(visit, touchpoint.on_asset, k)

    def _suffer_chances(self, visit: Visit) -> None:
        k = visit.pass_here
        for failure in self.chances[visit.at]:
            row = self.failures[failure]
            p = chance.shifted(row.chance, self.dealings.lift(row.skill, row.lift, self.env.now))
            if not visit.over and self.draw(visit, row.key, randomness.HAPPENS, k) < p:
                self._suffer(visit, failure, k)
            elif row.breaks_promise and visit.promise == records.UNTESTED:
                visit.promise = records.KEPT

    def _suffer(self, visit: Visit, failure: int, k: int) -> None:
        """A failure happens: the customer responds, and it takes its part of basket and mood."""
        if failure < 0:
            return
        row = self.failures[failure]
        chosen = chance.choice(self.draw(visit, row.key, randomness.RESPONSE, k), self.shares[failure])
        if visit.raining and self.responses[row.first_response + chosen].not_in_rain:
            chosen = 0
        response = self.responses[row.first_response + chosen]
        visit.response[failure], visit.failed = chosen, True
        hurt = response.feels * self.segments[visit.customer.segment].hurt_times
        visit.felt += experience.felt(hurt, row.weight, self.plan.loss_aversion)
        if not visit.paid:
            visit.kept[failure] *= 1.0 - self.plan.losses[row.first_response + chosen, visit.trip]
        self._tell(Kind.FAILS, visit, failure, chosen)
        self._act(visit, failure, response.then)
        odds = row.customer_odds if visit.customer.is_customer else row.prospect_odds
        visit.odds = 1.0 if visit.agreed_to_buy else odds
        if row.breaks_promise:
            self.dealings.break_promise(visit)
        if row.complaint > 0.0 and (visit.holds_bad or not row.of_asset):
            self._complain(visit, self.draw(visit, row.key, randomness.COMPLAINT, k) < row.complaint)

    def _complain(self, visit: Visit, complains: bool) -> None:
        visit.reporting, visit.complained = visit.reporting or complains, visit.complained or complains
        if complains:
            self._tell(Kind.SPEAKS_UP, visit)

    def _act(self, visit: Visit, failure: int, then: int) -> None:
        if then == HAND_BACK:
            self._hand_back(visit)
        elif then == LEAVE_SHOP:
            visit.over = True
            if not visit.paid:
                visit.kept[failure] = 0.0

    def _be_served(self, visit: Visit) -> Steps:
        """Queue, lose patience or not, be served."""
        touchpoint = self.touchpoints[visit.at]
        service = self.services[touchpoint.resource]
        asked = self.env.now
        with service.request() as turn:
            if not turn.triggered:
                balks = self._balks(visit)
                if visit.over:
                    return
                service.wait(+1)
                yield from self._wait(visit, turn, balks)
                service.wait(-1)
            visit.waited(self.env.now - asked)
            if visit.over:
                return
            service.serve(+1)
            self._tell(Kind.IS_SERVED, visit)
            kind = DESK_ENDS if touchpoint.hears >= 0 else SERVICE_ENDS
            yield self._hold(visit, self._minutes(visit), kind)
            service.serve(-1)

    def _balks(self, visit: Visit) -> bool:
        """Whether the queue is too long already; then what a long wait does happens at once."""
        touchpoint = self.touchpoints[visit.at]
        waiting = self.services[touchpoint.resource].standing - 1  # without this one
        if touchpoint.on_wait < 0 or touchpoint.balks_at < 0 or waiting < touchpoint.balks_at:
            return False
        self._suffer(visit, touchpoint.on_wait, visit.pass_here)
        return True

    def _wait(self, visit: Visit, turn: simpy.Event, balks: bool) -> Steps:
        touchpoint = self.touchpoints[visit.at]
        self._tell(Kind.WAITS, visit)
        if touchpoint.on_wait >= 0 and not balks:
            k = visit.pass_here
            mean = touchpoint.patience * self.segments[visit.customer.segment].patience_times
            patience = chance.exponential(self.draw(visit, touchpoint.key, randomness.PATIENCE, k), mean)
            yield turn | self._hold(visit, patience, RENEGES)
            if not turn.triggered:
                self._suffer(visit, touchpoint.on_wait, k)
        if not visit.over and not turn.triggered:
            yield turn

    def _report(self, visit: Visit, touchpoint: Any, k: int) -> None:
        """Report the bad thing in hand: it is pulled, or refused and put back into line."""
        visit.reporting = False
        if visit.pool != touchpoint.hears or not visit.holds_bad:
            return
        pool = self.pools[visit.pool]
        pool.count_report()
        visit.unsettled = False
        if touchpoint.always_acts or borrowing.may_be_pulled(pool.idle, pool.reserve):
            turn = self.services[pool.repairer].request()
            self.env.process(self.repair(visit.pool, pool.pull(), turn))
            self._tell(Kind.IS_PULLED, visit, visit.pool)
            visit.pool, visit.holds_bad = -1, False
        else:
            pool.count_refusal()
            self._tell(Kind.IS_REFUSED, visit, visit.pool)
            visit.unsettled = True
            self._suffer(visit, touchpoint.on_unresolved, k)

    def repair(self, number: int, job: int, turn: Request) -> Steps:
        """A pulled thing waits for its turn at the repairer, is mended, and comes back sound."""
        pool = self.pools[number]
        service = self.services[pool.repairer]
        with turn:
            if not turn.triggered:
                service.wait(+1)
                yield turn
                service.wait(-1)
            service.serve(+1)
            self._tell(Kind.MENDING, None, number)
            u = uniform(self.seed, self.stream, job, 0, pool.key, randomness.REPAIR, 0)
            yield self.clock.hold(chance.duration(u, pool.law, pool.mean, pool.log_sd), REPAIR_ENDS, job, number)
            service.serve(-1)
        pool.mended()
        self._tell(Kind.MENDED, None, number)

    def _hand_back(self, visit: Visit) -> None:
        """Give back what was borrowed; a sound one may come back broken, and the next borrower meets it."""
        if visit.pool < 0:
            return
        pool = self.pools[visit.pool]
        breaks = not visit.holds_bad and self.draw(visit, pool.key, randomness.BREAKS, visit.borrowings) < pool.breaks
        pool.take_back(visit.holds_bad, breaks)
        self._tell(
            Kind.BRINGS_BACK, visit, visit.pool, FAULTY if visit.holds_bad else BROKE if breaks else records.SOUND
        )
        visit.pool, visit.holds_bad = -1, False

    def _way_on(self, visit: Visit) -> int:
        """The next touchpoint, or -1 when the visit ends here."""
        touchpoint = self.touchpoints[visit.at]
        if visit.pass_here >= records.MOST_PASSES:
            raise EndlessVisitError(visit.at)
        if touchpoint.routes == 0 or visit.declined or visit.over:
            return -1
        u, passed = self.draw(visit, touchpoint.key, randomness.ROUTE, visit.pass_here), 0.0
        for number in range(touchpoint.first_route, touchpoint.first_route + touchpoint.routes):
            route = self.routes[number]
            passed += route.share if self._holds(visit, route) else 0.0
            if u < passed:
                self._count_flow(number)
                return int(route.to)
        return -1

    def _count_flow(self, route: int) -> None:
        week = week_of(self.env.now)
        if 0 <= week < self.plan.weeks:
            self.flows[route, week] += 1.0

    def _holds(self, visit: Visit, route: Any) -> bool:
        """Whether that way is open to this visit."""
        customer, channel = visit.customer, self.touchpoints[route.to].channel
        may_go = channel < 0 or self.segments[customer.segment].may_use >> channel & 1
        chosen = route.segments >> customer.segment & 1 and route.trips >> visit.trip & 1
        return bool(may_go and chosen and lowering.holds(route.when, *visit.so_far))
