"""How much work comes to who serves, and what becomes of the customer base: by arithmetic alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.sparse import csc_array, csr_array, diags_array, eye_array
from scipy.sparse.linalg import splu

from sim.scenario.customers import HOURS_A_DAY, WEEKDAYS, Calendar, Leaving, opening_minutes
from sim.scenario.journey import Duration, Failure, Response, Touchpoint
from sim.scenario.notices.notice import Said
from sim.scenario.paths import Same
from sim.scenario.quantity import WEEKS_A_YEAR
from sim.scenario.scenario import Scenario
from sim.scenario.walks import passes

HOUR = 60
MINUTES_A_WEEK = 7 * HOURS_A_DAY * HOUR
_GOES_ON = 1 - 1e-9  # a journey may go round for as long as makes no difference
_NOT_THEN = ("reporting", "failed", "customer")
_Hour = tuple[int, int, float, float]
"""Weekday, hour, minutes of it that are open, and its weight among the hours of the week."""


@dataclass(frozen=True)
class Queue:
    """What comes to one resource in a normal week, in minutes of work for its servers.

    `stays` is what is left of it when everybody who may give up waiting does; `at` are the touchpoints that bring it.
    `open_minutes` are a week's, of one server; `busiest` is the load of the hour of the week called `when`.
    """

    minutes: float
    stays: float
    at: tuple[Touchpoint, ...]
    servers: int
    open_minutes: float
    busiest: float
    when: str

    @property
    def load(self) -> float:
        """Work over what the servers can do while the doors are open, over the whole week."""
        return self.minutes / (self.servers * self.open_minutes)

    @property
    def stubborn_load(self) -> float:
        """The same of those who never give up."""
        return self.stays / (self.servers * self.open_minutes)

    @property
    def stubborn_load_day_and_night(self) -> float:
        """The same over all hours, for who waits at closing is still served."""
        return self.stays / (self.servers * MINUTES_A_WEEK)

    @property
    def servers_needed(self) -> int:
        """The fewest with a load below 1."""
        return int(self.minutes // self.open_minutes) + 1


def visits_a_week(scenario: Scenario, customers: float) -> float:
    """Visits in a normal week with that many customers, and the streams of those who come for the first time."""
    market = scenario.customers
    mix = sum(segment.share.value * segment.visits_times.value for segment in scenario.segments)
    streams = (market.newcomers_per_week, market.leads_per_week, market.passers_by_per_week)
    meant = customers * market.visits_per_week.value * mix
    return min(meant, customers * _most_visits(scenario)) + sum(stream.value for stream in streams)


def _most_visits(scenario: Scenario) -> float:
    """The most that one customer can make in a week: nobody comes again before the last visit has ended."""
    minutes = sum(often * minutes_of(scenario, place) for place, often in passes_of(scenario))
    return MINUTES_A_WEEK / minutes if minutes > 0 else math.inf


def queues(scenario: Scenario, visits: float) -> dict[str, Queue]:
    """Each resource that serves visits, with what so many visits a week bring to it."""
    hours = list(_hours(scenario.calendar))
    open_minutes = sum(minutes for _, _, minutes, _ in hours)
    weekday, hour, minutes, weight = max(hours, key=lambda one: one[3] / one[2])
    found: dict[str, Queue] = {}
    every_pass = passes_of(scenario)
    for resource in scenario.resources:
        served = [(place, often) for place, often in every_pass if place.resource == resource.id]
        at = tuple(place for place, _ in served)
        work = [visits * often * minutes_of(scenario, place) for place, often in served]
        every, servers = sum(work), int(resource.servers.value)
        stays = sum(brought * (1 - _give_up(scenario, place)) for place, brought in zip(at, work, strict=True))
        busiest = every * weight / (servers * minutes)
        when = f"{WEEKDAYS[weekday].capitalize()} from {hour:02}:00"
        if at:
            found[resource.id] = Queue(every, stays, at, servers, open_minutes, busiest, when)
    return found


def minutes_of(scenario: Scenario, place: Touchpoint) -> float:
    """Mean minutes of one pass."""
    times = sum(trip.share.value * trip.time_times.value for trip in scenario.trips) if place.grows_with_trip else 1.0
    return _mean(place.minutes) * times


def _mean(duration: Duration | None) -> float:
    return duration.mean.value if duration else 0.0


def _give_up(scenario: Scenario, place: Touchpoint) -> float:
    """The share of those who wait who give up, once they have waited for long enough."""
    endless = place.patience is None or place.patience.value >= scenario.weeks * MINUTES_A_WEEK  # longer than the run
    if endless and place.balks_at is None:
        return 0.0
    waits = (failure for failure in scenario.failures if failure.at == place.id)
    return sum(_leave(scenario, failure) for failure in waits if failure.cause == "wait" and failure.on)


def _leave(scenario: Scenario, failure: Failure) -> float:
    """The share of those whom it happens to who leave."""
    taken = [_taken(scenario, response) for response in failure.responses[1:]]
    shares = [max(1.0 - sum(taken), 0.0), *taken]
    return sum(share for share, response in zip(shares, failure.responses, strict=True) if response.then == "leave")


def _taken(scenario: Scenario, response: Response) -> float:
    """The share that a response after the first one takes, over wet days and dry ones."""
    share = response.share.value if response.share else 0.0
    return share * (1.0 - scenario.weather.rain.value) if response.not_in_rain else share


def _hours(calendar: Calendar) -> Iterator[_Hour]:
    """The open hours of a normal week; their weights sum to 1."""
    hours = [(day, hour, minutes, weight) for day, hour, minutes, weight in _weighed(calendar) if minutes > 0]
    whole = sum(weight for *_, weight in hours)
    yield from ((day, hour, minutes, weight / whole) for day, hour, minutes, weight in hours)


def _weighed(calendar: Calendar) -> Iterator[_Hour]:
    for weekday in range(7):
        hours = calendar.opening.on(weekday)
        if hours is None:
            continue
        opens, closes = opening_minutes(hours)
        weights = (calendar.profile.on(weekday) if calendar.profile else None) or (1.0,) * HOURS_A_DAY
        for hour in range(opens // HOUR, -(-closes // HOUR)):
            minutes = min(closes, (hour + 1) * HOUR) - max(opens, hour * HOUR)
            yield weekday, hour, minutes, weights[hour] * minutes / HOUR


def passes_of(scenario: Scenario) -> tuple[tuple[Touchpoint, float], ...]:
    """Each touchpoint, and how often a visit is expected to pass it; solved once for each scenario."""
    return _passes(Same(scenario))


@lru_cache(maxsize=16)
def _passes(same: Same) -> tuple[tuple[Touchpoint, float], ...]:
    return tuple(zip(same.scenario.journey, passes.passes_of(same.scenario).mean.tolist(), strict=True))


def share_who_buy(scenario: Scenario) -> float:
    """The share of leads who buy on a visit on which nothing goes wrong, at the trust that everybody starts with."""
    pays = np.array([place.pays for place in scenario.journey])
    says_yes = np.array([place.converts.chance.value if place.converts else 1.0 for place in scenario.journey])
    onward = _onward(scenario, says_yes)
    if not pays.any():  # who comes to the end has bought
        return _comes_to(onward, says_yes - onward.sum(axis=1))
    return _comes_to(diags_array(1.0 - pays) @ onward, says_yes * pays)


def _comes_to(onward: csr_array, ends_well: NDArray[np.float64]) -> float:
    """The chance that a visit, going on by these shares, ends well; shapes (places, places) and (places,)."""
    steps = eye_array(ends_well.size, format="csc") - csc_array(onward) * _GOES_ON
    return float(splu(steps).solve(ends_well)[0])


def _onward(scenario: Scenario, says_yes: NDArray[np.float64]) -> csr_array:
    """Shares of those at a touchpoint (rows) who go on to another, where nothing goes wrong; a no ends the visit."""
    places = {place.id: i for i, place in enumerate(scenario.journey)}
    taken: list[tuple[float, int, int]] = []
    for i, place in enumerate(scenario.journey):
        left = 1.0
        for route in place.next:
            share = min(route.share.value, left) if route.when not in _NOT_THEN else 0.0
            taken.append((share * says_yes[i], i, places[route.to]))
            left -= share
    shares, at, to = zip(*taken, strict=True) if taken else ((), (), ())
    return csr_array((np.array(shares, np.float64), (at, to)), shape=(len(places), len(places)))


_DIES_OUT, _EXPLODES = 1 / 5, 5.0  # customers at the end over those at the start
_RATES, _TIMES = 24, 40  # points at which rates of visits, and times of joining, are taken


@dataclass(frozen=True)
class Base:
    """Customers at week 0, and those expected after the last week.

    `stay` is the share of those at the start who are still there at the end, `joined_stay` how many weeks' worth of
    those who join along the way are: one a week leaves that many at the end.
    """

    start: float
    joins_per_week: float
    stay: float
    joined_stay: float

    @property
    def end(self) -> float:
        """Customers expected at the end."""
        return self.start * self.stay + self.joins_per_week * self.joined_stay

    @property
    def level(self) -> float | None:
        """How many a week must join for as many at the end as at the start; None where nobody stays."""
        return self.start * (1 - self.stay) / self.joined_stay if self.joined_stay > 0 else None


def base_of(scenario: Scenario) -> Base:
    """The base of a scenario; newcomers join it when they come, leads when they buy."""
    customers, weeks = scenario.customers, scenario.weeks
    times = (np.arange(_TIMES) + 0.5) * (weeks / _TIMES)
    stay = _stay(scenario, np.append(times, weeks))
    leads = customers.leads_per_week.value
    joins = customers.newcomers_per_week.value + (leads * share_who_buy(scenario) if leads > 0 else 0.0)
    return Base(customers.base.value, joins, float(stay[-1]), float(stay[:-1].mean() * weeks))


def _stay(scenario: Scenario, weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of customers who are still there after so many weeks, all of shape (n,)."""
    leaving = scenario.customers.leaving
    if leaving.churn_per_year is not None:
        return _survives(leaving, leaving.churn_per_year.value, weeks / WEEKS_A_YEAR)
    assert leaving.chance_per_visit is not None  # one of the two is given
    rates, shares = _rates(scenario)
    visits = rates[:, None] * weeks
    return shares @ _survives(leaving, leaving.chance_per_visit.value, visits)


def _survives(leaving: Leaving, mean: float, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """E[(1 - p)^times] of a p that is Beta between customers: B(a, b + times) / B(a, b)."""
    if mean <= 0 or mean >= 1:
        return np.where(times > 0, 1.0 - mean, 1.0)
    b, both = (1 - mean) * leaving.concentration.value, leaving.concentration.value
    log = special.gammaln(b + times) - special.gammaln(b) - special.gammaln(both + times) + special.gammaln(both)
    survives: NDArray[np.float64] = np.exp(log)
    return survives


def _rates(scenario: Scenario) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Visits a week of customers in equal parts of each segment's Gamma, and the share of all that each part is."""
    customers, segments = scenario.customers, scenario.segments
    shape = customers.visits_shape.value
    parts = special.gammaincinv(shape, (np.arange(_RATES) + 0.5) / _RATES) / shape
    means = np.array([customers.visits_per_week.value * segment.visits_times.value for segment in segments])
    shares = np.array([segment.share.value for segment in segments])
    return np.outer(means, parts).ravel(), np.repeat(shares, _RATES) / _RATES


def dies_out_or_explodes(scenario: Scenario) -> Iterator[Said]:
    """A base that is hardly there at the end, or many times what it was."""
    base = base_of(scenario)
    if visits_a_week(scenario, max(base.start, base.end)) == 0:
        yield (
            "customers",
            "found nobody who comes: no base that visits, no newcomers, no leads, no passers-by. Give one",
        )
    elif base.start >= 1 and not base.start * _DIES_OUT <= base.end <= base.start * _EXPLODES:
        yield f"customers.{_stream(scenario)}_per_week", _unlevel(scenario, base)


def _stream(scenario: Scenario) -> str:
    """The stream that joins, by the name of its field."""
    people = scenario.customers
    return "leads" if people.leads_per_week.value > people.newcomers_per_week.value else "newcomers"


def _unlevel(scenario: Scenario, base: Base) -> str:
    dies = base.end < base.start
    stay = f"natural leaving keeps {base.stay:.1%} of them, and {base.joins_per_week:.3g} a week join"
    hardly = "is hardly there" if dies else "is another one"
    return (
        f"found a base that {'dies out' if dies else 'explodes'}: of {base.start:,.0f} customers at the start about "
        f"{base.end:,.0f} are expected after {scenario.weeks} weeks ({stay}; what failures and word of mouth do to it "
        f"is left out), so that figures a year are of a business that {hardly} at the end. {_level(base)}"
    )


def _level(base: Base) -> str:
    if base.level is None:
        return "Nobody stays, however many join: write less leaving"
    now = f" in place of {base.joins_per_week:.3g}"
    return f"About {base.level:.3g} a week who join{now} keep it level"
