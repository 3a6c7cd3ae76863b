"""The dodgy trolley's shop, written by hand in plain SimPy: what the engines are measured against.

It is what somebody who knows SimPy would write for this one shop, with an eye to speed: one process a shopper, no
process where a function will do, no event that need not be, Python's own random numbers, and plain counters instead
of a ledger. Its numbers come from the scenario, so that it is the same shop; its luck does not, so answers agree as
two runs with different seeds agree.
"""

import math
import random
from bisect import bisect, bisect_right
from collections.abc import Generator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

import simpy

from sim.engines.clock import DAY, WEEK, operational_clock
from sim.scenario.journey import Duration, Failure
from sim.scenario.scenario import Scenario

Steps = Generator[simpy.Event, Any, None]


class OpeningHours:
    """Maps weeks of shopping time, which runs only while the doors are open, to minutes of the clock on the wall."""

    def __init__(self, scenario: Scenario) -> None:
        minutes, weeks = operational_clock(scenario.calendar, -scenario.warm_up_days, scenario.weeks * 7)
        self.minutes: list[float] = minutes.tolist()
        self.weeks: list[float] = weeks.tolist()
        pieces = zip(self.minutes, self.minutes[1:], self.weeks, self.weeks[1:], strict=False)
        self.pace = [(end - start) / (to - since) if to > since else 0.0 for start, end, since, to in pieces]

    def minute_at(self, week: float) -> float:
        """When shopping time shows `week`; infinity after the last closing."""
        if week >= self.weeks[-1]:
            return math.inf
        piece = bisect_right(self.weeks, week) - 1
        return self.minutes[piece] + (week - self.weeks[piece]) * self.pace[piece]

    def week_at(self, minute: float) -> float:
        """What shopping time shows at the start of that minute."""
        return self.weeks[bisect_right(self.minutes, minute) - 1]

    def open_from(self, minute: float) -> float:
        """The first minute from then on at which the doors are open; infinity after the last closing."""
        piece = bisect_right(self.minutes, minute) - 1
        if piece + 1 >= len(self.minutes):
            return math.inf
        return minute if self.pace[piece] else self.minutes[piece + 1]


class TripType:
    """A kind of trip: basket, time and trolley."""

    def __init__(self, scenario: Scenario, position: int) -> None:
        trip = scenario.trips[position]
        aisles, checkout = scenario.journey[1].minutes, scenario.journey[2].minutes
        assert aisles and checkout
        self.position = position
        self.borrows = trip.borrows.value
        self.basket = log_mean_and_sd(trip.spend.value, trip.spend_log_sd.value)
        self.aisles = log_mean_and_sd(aisles.mean.value * trip.time_times.value, aisles.log_sd.value)
        self.checkout = log_mean_and_sd(checkout.mean.value * trip.time_times.value, checkout.log_sd.value)


class Answer(NamedTuple):
    """One thing shoppers do about a failure: share of the basket kept on each kind of trip, feeling, what then."""

    kept: list[float]
    feels: float
    then: str
    not_in_rain: bool


class Trouble:
    """A failure point, and what shoppers do about it."""

    def __init__(self, scenario: Scenario, name: str) -> None:
        failure = next(failure for failure in scenario.failures if failure.id == name)
        law = scenario.relationship
        self.complaint = 0.0
        if failure.reported:
            log_odds = law.complaint_intercept.value + law.complaint_slope.value * failure.severity.value
            self.complaint = 1 / (1 + math.exp(-log_odds))
        self.answers = [self._answer(scenario, failure, position) for position in range(len(failure.responses))]
        shares = [response.share.value for response in failure.responses[1:] if response.share]
        self.upto = list(accumulate(shares))

    @staticmethod
    def _answer(scenario: Scenario, failure: Failure, position: int) -> Answer:
        response = failure.responses[position]
        kept = [
            0.0
            if response.then == "leave"
            else 1 - response.loss.value * (not response.loss_on or trip.id in response.loss_on)
            for trip in scenario.trips
        ]
        return Answer(kept, failure.weight.value * response.feels.value, response.then, response.not_in_rain)

    def answer(self, u: float, raining: bool) -> Answer:
        """What somebody does about it: the first answer is everybody's whom the others leave over."""
        chosen = bisect(self.upto, u) + 1
        found = self.answers[chosen if chosen < len(self.answers) else 0]
        return self.answers[0] if raining and found.not_in_rain else found


def log_mean_and_sd(mean: float, log_sd: float) -> tuple[float, float]:
    """Parameters of the log-normal with that mean."""
    return (math.log(mean) - log_sd**2 / 2 if mean > 0 else -math.inf), log_sd


def exponential_mean(duration: Duration | None) -> float:
    """Mean minutes of a step that must be exponential: this model knows no other law there."""
    assert duration is not None and duration.law == "exponential"
    return duration.mean.value


@dataclass(slots=True)
class Shopper:
    """What a shopper carries from visit to visit; `gap` scales the weeks between visits."""

    base: bool
    gap: float
    hazard: float
    level: float
    patience: float
    hurt: float
    next_week: float
    satisfaction: float
    may_leave: bool
    pot: float = 0.0
    here: bool = True


@dataclass(slots=True)
class Visit:
    """What has happened so far on one visit."""

    shopper: Shopper
    began: float
    trip: TripType
    raining: bool
    kept: float = 1.0
    felt: float = 0.0
    has_trolley: bool = False
    is_bad: bool = False
    reporting: bool = False
    walked_out: bool = False


class Counts:
    """What is counted after the warm-up."""

    def __init__(self) -> None:
        self.visits = self.warm_up_visits = self.base_left = 0
        self.revenue = self.lost = self.satisfaction = 0.0
        self.borrowed = self.bad = self.shortages = self.reports = self.refused = 0
        self.queued, self.waited = 0, 0.0
        self.base_days_gone = 0.0


class Shop:
    """The shop: its numbers, its trolleys, its people."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.random = random.Random(seed)
        self.env = simpy.Environment(-scenario.warm_up_days * DAY)
        self.ends = scenario.weeks * WEEK
        self.hours = OpeningHours(scenario)
        self.counts = Counts()
        tills, desk, repairer = (int(resource.servers.value) for resource in scenario.resources)
        self.tills, self.desk = simpy.Resource(self.env, tills), simpy.Resource(self.env, desk)
        self.repairer = simpy.Resource(self.env, repairer)
        self._read_trolleys()
        self._read_journey()
        self._read_people()

    def _read_trolleys(self) -> None:
        trolleys = self.scenario.assets[0]
        self.idle, self.bad_idle = int(trolleys.pool.value), 0
        self.breaks, self.reserve = trolleys.breaks.value, int(trolleys.reserve.value)
        self.repair_minutes = exponential_mean(trolleys.repair.minutes)

    def _read_journey(self) -> None:
        scenario, draw = self.scenario, self.random.random
        _, _, checkout, desk = scenario.journey
        assert checkout.patience
        self.patience, self.desk_minutes = checkout.patience.value, exponential_mean(desk.minutes)
        self.trips = [TripType(scenario, position) for position in range(len(scenario.trips))]
        self.trips_upto = list(accumulate(trip.share.value for trip in scenario.trips))[:-1]
        self.wheel, self.empty_bay, self.queue, self.refusal = (
            Trouble(scenario, name) for name in ("wheel", "empty_bay", "queue", "refused")
        )
        days = scenario.warm_up_days + scenario.weeks * 7 + 1
        self.rain = [draw() < scenario.weather.rain.value for _ in range(days)]

    def _read_people(self) -> None:
        customers, law = self.scenario.customers, self.scenario.relationship
        self.gap_shape = 1 / customers.gap_cv.value**2
        self.level = log_mean_and_sd(1.0, customers.spend_log_sd.value)
        churn, size = customers.leaving.churn_per_year.value, customers.leaving.concentration.value
        self.churn = churn * size, (1 - churn) * size
        self.segments_upto = list(accumulate(segment.share.value for segment in self.scenario.segments))[:-1]
        self.reference, self.gain, self.recapture = law.reference.value, law.gain.value, law.recapture.value
        self.loss_aversion, self.sensitivity = law.loss_aversion.value, law.leaving_sensitivity.value

    def run(self) -> Counts:
        """Let the weeks pass, and the last visits end."""
        for _ in range(int(self.scenario.customers.base.value)):
            self.env.process(self.shopper(self.someone(base=True)))
        self.env.process(self.newcomers())
        self.env.run()
        return self.counts

    # ---------------------------------------------------------------------------------------- who comes, and when

    def someone(self, base: bool, week: float = 0.0) -> Shopper:
        """A shopper: one of long standing whose next visit is due some time, or one who first comes in that week."""
        customers, luck = self.scenario.customers, self.random
        segment = self.scenario.segments[bisect(self.segments_upto, luck.random())]
        shape, mean = customers.visits_shape.value, customers.visits_per_week.value * segment.visits_times.value
        rate = max(luck.gammavariate(shape, mean / shape), 1e-5)
        gap = 1 / (rate * self.gap_shape)
        churn = min(luck.betavariate(*self.churn), 1 - 1e-12)
        return Shopper(
            base=base,
            gap=gap,
            hazard=-math.log1p(-churn) / (365 / 7 * rate),
            level=math.exp(luck.gauss(*self.level)) * segment.spend_times.value,
            patience=self.patience * segment.patience_times.value,
            hurt=segment.hurt_times.value,
            # The gap in progress at a random moment is length-biased, and the moment is anywhere in it.
            next_week=luck.random() * luck.gammavariate(self.gap_shape + 1, gap) if base else week,
            satisfaction=self.reference,
            may_leave=base,
        )

    def newcomers(self) -> Steps:
        """People who come for the first time, and may come again."""
        env, per_week = self.env, self.scenario.customers.newcomers_per_week.value
        week = self.hours.week_at(0.0)
        while per_week > 0:
            week += self.random.expovariate(per_week)
            arrives = self.hours.minute_at(week)
            if arrives >= self.ends:
                return
            yield env.timeout(arrives - env.now)
            env.process(self.shopper(self.someone(base=False, week=week)))

    def shopper(self, shopper: Shopper) -> Steps:
        """Come again and again until leaving for good or until the end."""
        env, hours, ends = self.env, self.hours, self.ends
        arrives = hours.minute_at(shopper.next_week)
        while arrives < ends:
            if arrives > env.now:
                yield env.timeout(arrives - env.now)
            yield from self.visit(shopper)
            if not shopper.here:
                return
            shopper.next_week += self.random.gammavariate(self.gap_shape, shopper.gap)
            arrives = hours.minute_at(shopper.next_week)
            if arrives < env.now:
                arrives = hours.open_from(env.now)

    # ------------------------------------------------------------------------------------------------- one visit

    def visit(self, shopper: Shopper) -> Steps:
        """Bay, aisles, checkout, and the desk where there is something to report."""
        now, luck = self.env.now, self.random
        trip = self.trips[bisect(self.trips_upto, luck.random())]
        visit = Visit(shopper, now, trip, self.rain[int(now // DAY) + self.scenario.warm_up_days])
        if luck.random() < trip.borrows:
            self.take_trolley(visit)
        if not visit.walked_out:
            yield self.env.timeout(math.exp(luck.gauss(*trip.aisles)))
            yield from self.check_out(visit)
        if visit.reporting and not visit.walked_out:
            yield from self.report(visit)
        if visit.has_trolley:
            self.hand_back(visit)
        self.take_stock(visit)

    def take_trolley(self, visit: Visit) -> None:
        """Draw one of the trolleys in the bay, if there is one."""
        recorded = self.env.now >= 0
        if not self.idle:
            self.counts.shortages += recorded
            self.suffer(visit, self.empty_bay)
            return
        visit.has_trolley = True
        visit.is_bad = bool(self.bad_idle) and self.random.random() * self.idle < self.bad_idle
        self.idle -= 1
        self.counts.borrowed += recorded
        if visit.is_bad:
            self.bad_idle -= 1
            self.counts.bad += recorded
            self.suffer(visit, self.wheel)

    def suffer(self, visit: Visit, trouble: Trouble) -> None:
        """Something goes wrong: basket and mood suffer, and the trolley may go back or be reported."""
        kept, feels, then, _ = trouble.answer(self.random.random(), visit.raining)
        visit.kept *= kept[visit.trip.position]
        feels *= visit.shopper.hurt
        visit.felt += feels if feels >= 0 else feels * self.loss_aversion
        if then == "leave":
            visit.walked_out = True
        elif then == "hand_back" and visit.has_trolley:
            self.hand_back(visit)
        elif visit.is_bad and self.random.random() < trouble.complaint:
            visit.reporting = True

    def check_out(self, visit: Visit) -> Steps:
        """Queue, lose patience or not, pay."""
        env, luck, counts = self.env, self.random, self.counts
        asked = env.now
        with self.tills.request() as turn:
            if not turn.triggered:
                yield turn | env.timeout(luck.expovariate(1 / visit.shopper.patience))
                if not turn.triggered:
                    self.suffer(visit, self.queue)
                    if not visit.walked_out:
                        yield turn
            if visit.began >= 0:
                counts.queued += 1
                counts.waited += env.now - asked
            if not visit.walked_out:
                yield env.timeout(math.exp(luck.gauss(*visit.trip.checkout)))

    def report(self, visit: Visit) -> Steps:
        """Queue at the desk, and have the trolley pulled, or be refused."""
        asked = self.env.now
        with self.desk.request() as turn:
            yield turn
            if visit.began >= 0:
                self.counts.queued += 1
                self.counts.waited += self.env.now - asked
            yield self.env.timeout(self.random.expovariate(1 / self.desk_minutes))
        recorded = self.env.now >= 0
        self.counts.reports += recorded
        if self.idle >= self.reserve:
            visit.has_trolley = False
            self.env.process(self.repair())
        else:
            self.counts.refused += recorded
            kept = visit.kept  # the basket is paid: being refused only hurts
            self.suffer(visit, self.refusal)
            visit.kept = kept

    def repair(self) -> Steps:
        """Wait for the repairer; come back sound."""
        with self.repairer.request() as turn:
            yield turn
            yield self.env.timeout(self.random.expovariate(1 / self.repair_minutes))
        self.idle += 1

    def hand_back(self, visit: Visit) -> None:
        """Put the trolley back into line; a sound one may come back broken."""
        self.idle += 1
        if visit.is_bad or self.random.random() < self.breaks:
            self.bad_idle += 1
        visit.has_trolley = visit.is_bad = False

    def take_stock(self, visit: Visit) -> None:
        """Money, mood, and whether to come back; nothing is recorded or remembered of the warm-up."""
        shopper, counts, luck = visit.shopper, self.counts, self.random
        if visit.began < 0:
            counts.warm_up_visits += 1
            return
        spend = math.exp(luck.gauss(*visit.trip.basket)) * shopper.level
        lost = spend * (1 - visit.kept)
        recaptured = 0.0 if visit.walked_out else shopper.pot
        shopper.pot += lost * self.recapture - recaptured
        felt = min(max(self.reference + visit.felt, 0.0), 1.0)
        shopper.satisfaction += self.gain * (felt - shopper.satisfaction)
        counts.visits += 1
        counts.revenue += spend - lost + recaptured
        counts.lost += lost
        counts.satisfaction += shopper.satisfaction
        if shopper.may_leave:
            multiplier = math.exp(-self.sensitivity * (shopper.satisfaction - self.reference))
            shopper.here = luck.random() >= 1 - math.exp(-shopper.hazard * multiplier)
            if shopper.base and not shopper.here:
                counts.base_left += 1
                counts.base_days_gone += self.scenario.weeks * 7 - self.env.now / DAY
        shopper.may_leave = True  # nobody leaves on the visit that made them a customer


def answers(scenario: Scenario, counts: Counts) -> dict[str, float]:
    """What the counts say, by the names and definitions of Ripple's measures."""
    a_year = 365 / (7 * scenario.weeks)
    years_lived = scenario.customers.base.value / a_year - counts.base_days_gone / 365
    return {
        "visits": counts.visits * a_year,
        "revenue": counts.revenue * a_year,
        "satisfaction": 100 * counts.satisfaction / counts.visits,
        "mean_wait": counts.waited / counts.queued,
        "bad_trip_share": counts.bad / counts.borrowed,
        "refused_share": counts.refused / counts.reports if counts.reports else math.nan,
        "shortages": counts.shortages * a_year,
        "churn_rate": 1 - math.exp(-counts.base_left / years_lived),
    }


def simulate(scenario: Scenario, seed: int) -> Counts:
    """Run the shop once."""
    return Shop(scenario, seed).run()
