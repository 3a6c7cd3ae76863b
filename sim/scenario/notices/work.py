"""How much work comes to who serves, and what becomes of the customer base: by arithmetic alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.sparse import csc_array, diags_array

from sim.scenario.customers import HOURS_A_DAY, WEEKDAYS, Calendar, Leaving, opening_minutes
from sim.scenario.journey import Touchpoint
from sim.scenario.quantity import WEEKS_A_YEAR
from sim.scenario.scenario import Scenario
from sim.scenario.walks import routes_of, shares_taken
from sim.scenario.walks.passes import minutes_of, passes_of, shares_of, summed

Said = tuple[str, str]
"""A path, and what is said of it."""
HOUR = 60
MINUTES_A_WEEK = 7 * HOURS_A_DAY * HOUR
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
    return min(meant, customers * visits_at_most(scenario)) + sum(stream.value for stream in streams)


def visits_at_most(scenario: Scenario) -> float:
    """The most that one customer, or one thing lent, can make in a week: none begins before the last has ended."""
    minutes = sum(often * minutes_of(scenario, place) for place, often in passed(scenario))
    return MINUTES_A_WEEK / minutes if minutes > 0 else math.inf


def passed(scenario: Scenario) -> Iterator[tuple[Touchpoint, float]]:
    """Each touchpoint, and how often a visit is expected to pass it."""
    return zip(scenario.journey, passes_of(scenario).mean.tolist(), strict=True)


def queues(scenario: Scenario, visits: float) -> dict[str, Queue]:
    """Each resource that serves visits, with what so many visits a week bring to it."""
    hours = list(_hours(scenario.calendar))
    open_minutes = sum(minutes for _, _, minutes, _ in hours)
    weekday, hour, minutes, weight = max(hours, key=lambda one: one[3] / one[2])
    found: dict[str, Queue] = {}
    for resource in scenario.resources:
        served = [(place, often) for place, often in passed(scenario) if place.resource == resource.id]
        at = tuple(place for place, _ in served)
        work = [visits * often * minutes_of(scenario, place) for place, often in served]
        every, servers = sum(work), int(resource.servers.value)
        stays = sum(brought * (1 - _give_up(scenario, place)) for place, brought in zip(at, work, strict=True))
        busiest = every * weight / (servers * minutes)
        when = f"{WEEKDAYS[weekday].capitalize()} from {hour:02}:00"
        if at:
            found[resource.id] = Queue(every, stays, at, servers, open_minutes, busiest, when)
    return found


def _give_up(scenario: Scenario, place: Touchpoint) -> float:
    """The share of those who wait who give up, once they have waited for long enough."""
    endless = place.patience is None or place.patience.value >= scenario.weeks * MINUTES_A_WEEK  # longer than the run
    waits = [one for one in scenario.failures if one.at == place.id and one.cause == "wait" and one.on]
    if endless and place.balks_at is None:
        return 0.0
    return sum(
        share
        for failure in waits
        for share, response in zip(shares_of(scenario, failure), failure.responses, strict=True)
        if response.then == "leave"
    )


def _hours(calendar: Calendar) -> Iterator[_Hour]:
    """The open hours of a normal week; their weights sum to 1."""
    found: list[_Hour] = []
    for weekday in range(7):
        hours = calendar.opening.on(weekday)
        opens, closes = opening_minutes(hours) if hours else (0, 0)
        weights = (calendar.profile.on(weekday) if calendar.profile else None) or (1.0,) * HOURS_A_DAY
        for hour in range(opens // HOUR, -(-closes // HOUR)):
            minutes = min(closes, (hour + 1) * HOUR) - max(opens, hour * HOUR)
            found.append((weekday, hour, minutes, weights[hour] * minutes / HOUR))
    whole = sum(weight for *_, weight in found)
    yield from ((day, hour, minutes, weight / whole) for day, hour, minutes, weight in found)


def share_who_buy(scenario: Scenario) -> float:
    """The share of leads who buy on a visit on which nothing goes wrong, at the trust that everybody starts with."""
    pays = np.array([place.pays for place in scenario.journey])
    says_yes = np.array([place.converts.chance.value if place.converts else 1.0 for place in scenario.journey])
    routes, size = routes_of(scenario), pays.size
    taken = shares_taken(routes, ~np.isin(routes.when, _NOT_THEN)[:, None])[:, 0] * says_yes[routes.at]
    onward = csc_array((taken, (routes.at, routes.to)), shape=(size, size))
    if not pays.any():  # who comes to the end has bought
        return float(summed(onward, says_yes - onward.sum(axis=1))[0])
    return float(summed(csc_array(diags_array(1.0 - pays) @ onward), says_yes * pays)[0])


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
        nobody = "found nobody who comes: no base that visits, no newcomers, no leads, no passers-by"
        yield "customers", f"{nobody}. Give one"
    elif base.start >= 1 and not base.start * _DIES_OUT <= base.end <= base.start * _EXPLODES:
        people = scenario.customers
        stream = "leads" if people.leads_per_week.value > people.newcomers_per_week.value else "newcomers"
        yield f"customers.{stream}_per_week", _unlevel(scenario, base)


def _unlevel(scenario: Scenario, base: Base) -> str:
    dies = base.end < base.start
    stay = f"natural leaving keeps {base.stay:.1%} of them, and {base.joins_per_week:.3g} a week join"
    hardly = "is hardly there" if dies else "is another one"
    remedy = "Nobody stays, however many join: write less leaving"
    if base.level is not None:
        remedy = f"About {base.level:.3g} a week who join in place of {base.joins_per_week:.3g} keep it level"
    return (
        f"found a base that {'dies out' if dies else 'explodes'}: of {base.start:,.0f} customers at the start about "
        f"{base.end:,.0f} are expected after {scenario.weeks} weeks ({stay}; what failures and word of mouth do to it "
        f"is left out), so that figures a year are of a business that {hardly} at the end. {remedy}"
    )
