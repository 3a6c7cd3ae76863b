"""Who takes part in one replication: customers and outside events, drawn before the clock starts.

All of it is the same in every world with the same market, so twins are the same people in the same weather.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import visiting
from sim.behaviour.chance import choice, lognormal
from sim.behaviour.telling import is_referred
from sim.behaviour.visiting import leaving_hazard, leaving_hazard_a_visit
from sim.engines.clock import DAY, minute_at
from sim.engines.plan import Plan, gap_shape
from sim.engines.randomness import (
    ARRIVAL,
    CHURN,
    PULL,
    RAIN,
    RESIDUAL_LENGTH,
    RESIDUAL_PART,
    SEGMENT,
    SPEND_LEVEL,
    VISIT_RATE,
    Luck,
    key_of,
)
from sim.kernel import kernel
from sim.scenario.customers import Leaving
from sim.scenario.scenario import Scenario

BASE, NEWCOMER, PASSER_BY, LEAD = 0, 1, 2, 3
SOURCES = ("base", "newcomer", "passer_by", "lead")
_ORDINAL_BITS = 29
_CUSTOMER, _RAIN = key_of("customer"), key_of("rain")
_NEWCOMERS, _PASSERS_BY, _LEADS = (key_of(name) for name in ("newcomers", "passers_by", "leads"))
_DAYS_BEFORE_WEEK_0 = 1_000


class Population(NamedTuple):
    """Arrays of shape (customers,) and, for `rain`, (days from the start of warm-up,).

    `who` is the id that keys luck and names the customer in the ledger; `first_week` and `first_minute` are the
    first arrival on the two clocks; `hazard` is of leaving at one visit; `level` multiplies spend. Passers-by have
    neither a rate of visits nor a hazard: NaN. `pull` is how much has to be said for someone to come at all: they come
    where it is below 1 + what word of mouth adds; 0 for those who come anyway.
    """

    who: NDArray[np.int64]
    source: NDArray[np.int64]
    segment: NDArray[np.int64]
    first_week: NDArray[np.float64]
    first_minute: NDArray[np.float64]
    visits_per_week: NDArray[np.float64]
    hazard: NDArray[np.float64]
    level: NDArray[np.float64]
    pull: NDArray[np.float64]
    rain: NDArray[np.bool_]


def population_of(scenario: Scenario, plan: Plan, luck: Luck) -> Population:
    """Draw everybody who may come, and the weather of every day."""
    customers, first_weeks = scenario.customers, _first_weeks(scenario, plan, luck)
    counts = [int(customers.base.value), *(weeks.size for weeks in first_weeks)]
    source = np.repeat(np.arange(len(SOURCES)), counts)
    who = np.concatenate([np.arange(count) + (kind << _ORDINAL_BITS) for kind, count in enumerate(counts)])
    segment = _choices(luck.each(who, _CUSTOMER, SEGMENT), plan.segments["share"])
    base, returning = source == BASE, source != PASSER_BY
    rate = visiting.visit_rates(
        luck.each(who[returning], _CUSTOMER, VISIT_RATE),
        customers.visits_per_week.value * plan.segments["visits_times"][segment[returning]],
        customers.visits_shape.value,
    )
    residual = visiting.residual_weeks(
        luck.each(who[base], _CUSTOMER, RESIDUAL_LENGTH),
        luck.each(who[base], _CUSTOMER, RESIDUAL_PART),
        rate[: counts[BASE]],
        gap_shape(scenario),
    )
    first_week = np.concatenate([residual, *first_weeks])
    pull = _pull(luck, who, source, plan)
    hazard = _hazards(luck.each(who[returning], _CUSTOMER, CHURN), customers.leaving, rate)
    hazard *= np.where(is_referred(pull[returning]), plan.laws["referred_leaving"], 1.0)
    return Population(
        who=who,
        source=source,
        segment=segment,
        first_week=first_week,
        first_minute=_minutes(first_week, plan.minutes, plan.op_weeks, plan.guide),
        visits_per_week=_of_some(returning, rate),
        hazard=_of_some(returning, hazard),
        level=plan.segments["spend_times"][segment]
        * _levels(luck.each(who, _CUSTOMER, SPEND_LEVEL), customers.spend_log_sd.value),
        pull=pull,
        rain=_rain(scenario, luck),
    )


def _first_weeks(scenario: Scenario, plan: Plan, luck: Luck) -> tuple[NDArray[np.float64], ...]:
    """First arrivals on the operational clock of newcomers, passers-by and leads, who would come if enough is said.

    Newcomers become customers, so they come from week 0 on; queues need the others while they warm up.
    """
    customers, considering = scenario.customers, scenario.word_of_mouth.considering.value
    week_0 = float(np.interp(0.0, plan.minutes, plan.op_weeks))
    would_be = [stream.value / considering for stream in (customers.newcomers_per_week, customers.leads_per_week)]
    last = float(plan.op_weeks[-1])
    return (
        _stream(luck, _NEWCOMERS, would_be[0], week_0, last),
        _stream(luck, _PASSERS_BY, customers.passers_by_per_week.value, 0.0, last),
        _stream(luck, _LEADS, would_be[1], 0.0, last),
    )


def _pull(luck: Luck, who: NDArray[np.int64], source: NDArray[np.int64], plan: Plan) -> NDArray[np.float64]:
    """U / c of those who come only if enough is said, c the share who come when nothing is; 0 for the others."""
    pull = np.zeros(who.size)
    asked = (source == NEWCOMER) | (source == LEAD)
    pull[asked] = luck.each(who[asked], _CUSTOMER, PULL) / plan.laws["considering"]
    return pull


def _of_some(some: NDArray[np.bool_], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """These values for some, and NaN for the others: passers-by have no next visit."""
    values = np.full(some.size, np.nan)
    values[some] = known
    return values


def _hazards(u: NDArray[np.float64], leaving: Leaving, visits_per_week: NDArray[np.float64]) -> NDArray[np.float64]:
    """Everybody's natural hazard of leaving at one visit, in the form that the scenario states it; shape (n,)."""
    concentration = leaving.concentration.value
    if leaving.chance_per_visit is not None:
        return leaving_hazard_a_visit(u, leaving.chance_per_visit.value, concentration)
    assert leaving.churn_per_year is not None  # one of the two is given
    return leaving_hazard(u, leaving.churn_per_year.value, concentration, visits_per_week)


def _stream(luck: Luck, place: int, per_week: float, first: float, last: float) -> NDArray[np.float64]:
    """Arrival times of a Poisson stream on the operational clock between two of its weeks; shape (n,)."""
    if per_week <= 0:
        return np.empty(0)
    mean = per_week * (last - first)
    enough = math.ceil(mean + 10 * math.sqrt(mean) + 20)
    gaps = -np.log1p(-luck.each(np.arange(enough), place, ARRIVAL)) / per_week
    times = first + np.cumsum(gaps)
    return times[times < last]


def _rain(scenario: Scenario, luck: Luck) -> NDArray[np.bool_]:
    days = np.arange(-scenario.warm_up_days, scenario.weeks * 7 + 1) + _DAYS_BEFORE_WEEK_0
    return luck.each(days, _RAIN, RAIN) < scenario.weather.rain.value


@kernel
def rain_at(rain: NDArray[np.bool_], starts: float, minute: float) -> bool:
    """Whether it rains on the day of that minute; `rain` by day from `starts` on (shape (days,))."""
    return bool(rain[min(math.floor((minute - starts) / DAY), rain.size - 1)])


@kernel
def _choices(u: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    chosen = np.empty(u.size, np.int64)
    for i in range(u.size):
        chosen[i] = choice(u[i], shares)
    return chosen


@kernel
def _levels(u: NDArray[np.float64], log_sd: float) -> NDArray[np.float64]:
    levels = np.empty(u.size)
    for i in range(u.size):
        levels[i] = lognormal(u[i], 1.0, log_sd)
    return levels


@kernel
def _minutes(
    first_week: NDArray[np.float64],
    minutes: NDArray[np.float64],
    op_weeks: NDArray[np.float64],
    guide: NDArray[np.int64],
) -> NDArray[np.float64]:
    at = np.empty(first_week.size)
    for i in range(first_week.size):
        at[i] = minute_at(first_week[i], minutes, op_weeks, guide)
    return at
