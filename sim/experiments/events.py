"""What a run comes to, before it starts: its visits, and its events, which both engines count as they go.

An event is what costs time: a visit begun, a touchpoint passed, or a failure that may happen by chance looked at there.
The numbers are what to expect (few customers may come more often by chance) and err on the high side: customers leave
as seldom as the law allows, word of mouth adds people, and each chance that only a run can tell is the one that makes
visits longest (see `passes`).
"""

import heapq
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from sim.scenario.customers import opening_minutes
from sim.scenario.journey import Touchpoint
from sim.scenario.paths import Same
from sim.scenario.quantity import WEEKS_A_YEAR
from sim.scenario.scenario import Scenario
from sim.scenario.walks.passes import Passes, minutes_of, passes_of, weights_of
from sim.scenario.world import without_failures

MOST_EXPECTED = 1_000
"""Passes of one touchpoint on one visit; a way round that is longer on average is taken for one without end."""
_TOLD_AT_MOST = 2.0  # times as many newcomers as come when nothing is said
_GRID = 128
_PEAK, _BUSY, _QUEUEING, _SOME = 3.0, 0.9, 4.0, 200.0
"""Visits a minute at a busy hour, in times of the mean; the load from which a queue may grow and grow; and how many are
there at once, in times of those who would be if nobody queued, and a few."""
_AS_GOOD_AS_CERTAIN = -math.log(1e-12)  # see `behaviour.visiting`


class TooLargeError(ValueError):
    """A job was refused before it started, or stopped when it came to far more than it was priced."""


class OverrunError(TooLargeError):
    """A run came to far more events than it was priced, and stopped itself."""

    def __init__(self, events: float, priced: float) -> None:
        super().__init__(events, priced)
        self.events, self.priced = events, priced

    def __str__(self) -> str:
        """How many, and what was expected."""
        times = self.events / self.priced
        return f"a run stopped itself after {self.events:,.0f} events, {times:.1f} times what it was priced at"


def what_failed(error: BaseException | None) -> str:
    """How a sentence on a page begins that says why there are fewer runs than asked for."""
    overran = isinstance(error, OverrunError)
    return "A run came to far more than its price and stopped itself" if overran else "A run failed"


def visits_of(world: Scenario) -> float:
    """About how many visits a world has, warm-up included; rather more than fewer."""
    customers, weeks, warm_up = world.customers, float(world.weeks), world.warm_up_days / 7
    mix = sum(segment.share.value * segment.visits_times.value for segment in world.segments)
    rate = customers.visits_per_week.value * mix
    weeks_here, weeks_joined = _weeks_as_customer(world, rate)
    talk = min(1 / world.word_of_mouth.considering.value, _TOLD_AT_MOST) if world.word_of_mouth.telling.value else 1.0
    newcomers, leads = talk * customers.newcomers_per_week.value, talk * customers.leads_per_week.value
    first = newcomers * weeks + (leads + customers.passers_by_per_week.value) * (weeks + warm_up)
    base = customers.base.value * (warm_up + weeks_here)
    again = rate * (base + (newcomers + leads * _share_who_buy(world)) * weeks_joined)
    return first + min(again, _visits_that_fit(world, customers.base.value + first) + first)


def _visits_that_fit(world: Scenario, people: float) -> float:
    """How many visits there is time to serve where nobody walks out of a queue: who stands in one does not come again.

    Servers are busy while doors are open, and after that with those who stand there then, each of the people once.
    """
    passes, days = passes_of(world).mean, _days(world)
    fits = math.inf
    for resource in world.resources:
        work = sum(minutes_of(world, world.journey[i]) * passes[i] for i in _served_by(world, resource.id))
        if work > 0 and not _walked_out_of(world, resource.id):
            fits = min(fits, resource.servers.value * _open_minutes(world) / work + people * days)
    return fits


def _days(world: Scenario) -> float:
    return 7.0 * world.weeks + world.warm_up_days


def _open_minutes(world: Scenario) -> float:
    """Minutes with open doors, of all days."""
    hours = [opening_minutes(said) for said in map(world.calendar.opening.on, range(7)) if said]
    return sum(closes - opens for opens, closes in hours) * _days(world) / 7


def _served_by(world: Scenario, resource: str) -> list[int]:
    return [i for i, touchpoint in enumerate(world.journey) if touchpoint.resource == resource]


def _walked_out_of(world: Scenario, resource: str) -> bool:
    """Whether anybody leaves a queue for them: those visits cost no time of theirs."""
    places = {world.journey[i].id for i in _served_by(world, resource)}
    waits = [f for f in world.failures if f.on and f.cause == "wait" and f.at in places]
    return any(response.then == "leave" for failure in waits for response in failure.responses)


def _share_who_buy(world: Scenario) -> float:
    """The share of leads who buy, on the way to a till, or where there is none to an end, that asks them least."""
    places = {touchpoint.id: touchpoint for touchpoint in world.journey}
    pays = any(touchpoint.pays for touchpoint in world.journey)
    passed: set[str] = set()
    likeliest = [(-_says_yes(world.journey[0]), world.journey[0].id)]
    while likeliest:
        share, name = heapq.heappop(likeliest)
        if name in passed:
            continue
        passed.add(name)
        if places[name].pays if pays else sum(r.share.value for r in places[name].next if r.when == "always") < 1:
            return -share
        for route in places[name].next:
            heapq.heappush(likeliest, (share * _says_yes(places[route.to]), route.to))
    return 0.0


def _says_yes(touchpoint: Touchpoint) -> float:
    return touchpoint.converts.chance.value if touchpoint.converts else 1.0


def _weeks_as_customer(world: Scenario, rate: float) -> tuple[float, float]:
    """Weeks for which a customer of week 0 stays, and for which all those stay of whom one joins each week."""
    week = np.linspace(0.0, world.weeks, _GRID + 1)
    stays = _stays(world, rate * week, week)
    each = np.concatenate([[0.0], np.cumsum((stays[1:] + stays[:-1]) / 2 * np.diff(week))])
    return float(each[-1]), float(((each[1:] + each[:-1]) / 2 * np.diff(week)).sum())


def _stays(world: Scenario, visits: NDArray[np.float64], week: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share still here after so many visits or weeks, both (n,): the mean of (1 - p) to that power, p a Beta.

    Everybody is as satisfied as can be, which makes leaving as seldom as it gets.
    """
    law, leaving = world.relationship, world.customers.leaving
    seldom = math.exp(-law.leaving_sensitivity.value * (1.0 - law.reference.value))
    seldom *= world.word_of_mouth.referred_leaving.value if world.word_of_mouth.telling.value else 1.0
    by_year = leaving.churn_per_year is not None
    chance = leaving.churn_per_year if by_year else leaving.chance_per_visit
    mean, times = chance.value if chance else 0.0, week / WEEKS_A_YEAR if by_year else visits
    if mean <= 0.0 or mean >= 1.0:  # as the law has it, which knows no certainty
        return np.exp(-seldom * times * (_AS_GOOD_AS_CERTAIN if mean >= 1.0 else 0.0))
    a, b = mean * leaving.concentration.value, (1.0 - mean) * leaving.concentration.value
    share: NDArray[np.float64] = np.exp(betaln(a, b + seldom * times) - betaln(a, b))
    return share


def people(world: Scenario) -> float:
    """Everybody who may come."""
    customers, considering = world.customers, world.word_of_mouth.considering.value
    would_be = (customers.newcomers_per_week.value + customers.leads_per_week.value) / considering
    weeks = world.weeks + world.warm_up_days / 7
    return customers.base.value + (would_be + customers.passers_by_per_week.value) * weeks


def at_once(world: Scenario) -> float:
    """How many visits may be under way at the same time: where a queue has too much to do, everybody's."""
    everybody = people(world)
    a_minute = _PEAK * visits_of(world) / max(_open_minutes(world), 1.0)
    passes = passes_at_most(world).mean
    for resource in world.resources:
        work = sum(minutes_of(world, world.journey[i]) * passes[i] for i in _served_by(world, resource.id))
        if a_minute * work > _BUSY * resource.servers.value:
            return everybody
    stay = sum(minutes_of(world, world.journey[i]) * float(times) for i, times in enumerate(passes))
    return min(everybody, _SOME + _QUEUEING * a_minute * stay)


def passes_at_most(world: Scenario) -> Passes:
    """How often a visit passes each touchpoint at most (see `passes_of`); solved once for each world."""
    return _passes(Same(world))


@lru_cache(maxsize=256)
def _passes(same: Same) -> Passes:
    return passes_of(same.scenario, "upper")


def unbroken(world: Scenario) -> Scenario:
    """The twin in which nothing fails; made once for each world."""
    return _unbroken(Same(world))


@lru_cache(maxsize=256)
def _unbroken(same: Same) -> Scenario:
    return without_failures(same.scenario)


def events_a_visit(world: Scenario) -> float:
    """Events on a visit, on average: itself, each touchpoint passed, and each failure looked at there."""
    return 1.0 + float(passes_at_most(world).mean @ weights_of(world))


def expected_events(world: Scenario) -> float:
    """About how many events a run of this world comes to; rather more than fewer."""
    return visits_of(world) * events_a_visit(world)


def refuse_endless(world: Scenario) -> None:
    """Refuse a world whose visits go round nearly without end.

    Raises:
        TooLargeError: names the touchpoint, how often it is passed, and what is allowed.
    """
    most = passes_at_most(world).most
    worst = int(most.argmax())
    if most[worst] > MOST_EXPECTED:
        often = f"{most[worst]:,.0f} times" if most[worst] < 1e6 else "more than a million times"
        raise TooLargeError(
            f"a visit may pass {world.journey[worst].label} {often} on average; allowed: {MOST_EXPECTED:,} times. "
            f"Give journey.{world.journey[worst].id} ways on that end sooner."
        )
