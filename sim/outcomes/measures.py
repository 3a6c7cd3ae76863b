"""Every measure, defined once: name, label, unit, definition and how it is taken from an outcome.

A measure that has nothing to measure is NaN here and `null` or "not measured" wherever it is shown: never 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import minor_units
from sim.engines.records import BUSY, REFUSALS, REPAIRS, REPORTS, SHORTAGES, WORKING
from sim.outcomes.outcome import Outcome
from sim.scenario.scenario import Scenario

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Measure:
    """What is measured. `unit` may hold {currency} and {weeks}; `better` says which way is good news."""

    name: str
    label: str
    unit: str
    definition: str
    better: Better
    take: Callable[[Outcome], float]


MEASURES: dict[str, Measure] = {}


def _measure(
    label: str, unit: str, better: Better = "neither"
) -> Callable[[Callable[[Outcome], float]], Callable[[Outcome], float]]:
    """Register a function under its own name; its docstring is the definition that people read."""

    def register(take: Callable[[Outcome], float]) -> Callable[[Outcome], float]:
        definition = " ".join((take.__doc__ or "").split())
        MEASURES[take.__name__] = Measure(take.__name__, label, unit, definition, better, take)
        return take

    return register


def ratio(part: float, whole: float) -> float:
    """Part / whole; NaN when there is no whole."""
    return part / whole if whole else np.nan


def _money_a_year(outcome: Outcome, minor: float) -> float:
    return minor * outcome.a_year / minor_units(outcome.scenario.currency)


@_measure("Visits", "visits a year")
def visits(outcome: Outcome) -> float:
    """Visits a year to one site, abandoned ones counted."""
    return float(outcome.tally.visits.sum()) * outcome.a_year


@_measure("Revenue", "{currency} a year", "higher")
def revenue(outcome: Outcome) -> float:
    """What customers pay, a year, one site."""
    return _money_a_year(outcome, float(outcome.tally.revenue.sum()))


@_measure("Contribution", "{currency} a year", "higher")
def contribution(outcome: Outcome) -> float:
    """Incremental margin on revenue less the variable cost of visits, a year; fixes' costs are never in it."""
    return _money_a_year(outcome, float(_contributions(outcome, outcome.tally.revenue, outcome.tally.visits).sum()))


def _contributions(
    outcome: Outcome, revenue_minor: NDArray[np.float64], visit_count: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Contribution in minor units from revenue and visits, each of shape (weeks, segments)."""
    scenario = outcome.scenario
    margins = np.array([segment.margin_times.value for segment in scenario.segments])
    margins = margins * scenario.economics.incremental_margin.value
    visit_cost = scenario.economics.service_cost_per_visit.value * minor_units(scenario.currency)
    return revenue_minor * margins - visit_count * visit_cost


@_measure("Basket value", "{currency}", "higher")
def basket_value(outcome: Outcome) -> float:
    """Mean revenue of a completed purchase visit."""
    total = float(outcome.tally.revenue.sum())
    return ratio(total, float(outcome.tally.completed.sum())) / minor_units(outcome.scenario.currency)


@_measure("Churn rate", "share a year", "lower")
def churn_rate(outcome: Outcome) -> float:
    """Share of customers at week 0 who leave for good, a year: 1 - (1 - left / base)^(52 / weeks)."""
    left = float(outcome.base_left_by_week().sum())
    return float(1.0 - (1.0 - ratio(left, outcome.base_size)) ** (52.0 / outcome.scenario.weeks))


@_measure("Lifetime revenue", "{currency} a customer in {weeks} weeks", "higher")
def lifetime_revenue(outcome: Outcome) -> float:
    """Mean undiscounted revenue, within the weeks simulated, of customers present at week 0."""
    total = float(outcome.tally.base_revenue.sum())
    return ratio(total, outcome.base_size) / minor_units(outcome.scenario.currency)


@_measure("Lifetime value", "{currency} a customer in {weeks} weeks", "higher")
def lifetime_value(outcome: Outcome) -> float:
    """Mean discounted contribution, within the weeks simulated, of customers present at week 0."""
    tally, scenario = outcome.tally, outcome.scenario
    years = (np.arange(scenario.weeks) + 0.5) * 7.0 / 365.0
    discount = (1.0 + scenario.economics.discount_rate.value) ** -years
    earned = _contributions(outcome, tally.base_revenue, tally.base_visits).sum(axis=1)
    return ratio(float(earned @ discount), outcome.base_size) / minor_units(scenario.currency)


@_measure("Satisfaction", "out of 100", "higher")
def satisfaction(outcome: Outcome) -> float:
    """Mean satisfaction after a visit, from 0 to 100."""
    return 100.0 * ratio(float(outcome.tally.satisfaction.sum()), float(outcome.tally.visits.sum()))


@_measure("Abandoned visits", "share of visits", "lower")
def abandoned_share(outcome: Outcome) -> float:
    """Share of visits that end without a purchase."""
    tally = outcome.tally
    return ratio(float(tally.visits.sum() - tally.completed.sum()), float(tally.visits.sum()))


@_measure("Wait", "minutes", "lower")
def mean_wait(outcome: Outcome) -> float:
    """Mean minutes from joining a queue to being served or giving up, over everyone who joined one."""
    return ratio(float(outcome.tally.waits.sum()), float(outcome.tally.waited.sum()))


@_measure("Bad trips", "share of borrowing trips", "lower")
def bad_trip_share(outcome: Outcome) -> float:
    """Trips on which the borrowed thing was faulty, over trips that borrowed one."""
    return ratio(float(outcome.tally.bad.sum()), float(outcome.tally.borrowed.sum()))


@_measure("Reports", "reports a year")
def reports(outcome: Outcome) -> float:
    """Times a year that someone reports a faulty thing."""
    return _a_year(outcome, REPORTS)


@_measure("Refusals", "refusals a year", "lower")
def refusals(outcome: Outcome) -> float:
    """Reports a year refused: not enough left to take one out of action."""
    return _a_year(outcome, REFUSALS)


@_measure("Reports refused", "share of reports", "lower")
def refused_share(outcome: Outcome) -> float:
    """Reports refused over reports made."""
    return ratio(_total(outcome, REFUSALS), _total(outcome, REPORTS))


@_measure("Repairs", "repairs a year")
def repairs(outcome: Outcome) -> float:
    """Things mended a year."""
    return _a_year(outcome, REPAIRS)


@_measure("Empty bay", "times a year", "lower")
def shortages(outcome: Outcome) -> float:
    """Times a year that a customer finds nothing left to borrow."""
    return _a_year(outcome, SHORTAGES)


@_measure("In working order", "share of the pool", "higher")
def working_share(outcome: Outcome) -> float:
    """Time-weighted share of the pool that is in working order, neither faulty nor under repair."""
    size = sum(asset.pool.value for asset in outcome.scenario.assets)
    return ratio(_mean_level(outcome, WORKING), size)


@_measure("Lent out", "share of the pool")
def lent_share(outcome: Outcome) -> float:
    """Time-weighted share of the pool that is out with a customer, closing hours included."""
    size = sum(asset.pool.value for asset in outcome.scenario.assets)
    return ratio(_mean_level(outcome, BUSY), size)


def _total(outcome: Outcome, counter: int) -> float:
    return float(outcome.records.pools[:, counter].sum())


def _a_year(outcome: Outcome, counter: int) -> float:
    return _total(outcome, counter) * outcome.a_year if outcome.scenario.assets else np.nan


def _mean_level(outcome: Outcome, counter: int) -> float:
    return _total(outcome, counter) / (outcome.scenario.weeks * 7 * 24 * 60)


@_measure("Revenue lost", "{currency} a year", "lower")
def revenue_lost_per_year(outcome: Outcome) -> float:
    """Revenue of the twin world with every failure point off, less revenue, a year, one site."""
    return revenue(outcome.unbroken) - revenue(outcome) if outcome.unbroken else np.nan


def unit_of(measure: Measure, scenario: Scenario) -> str:
    """The measure's unit with the scenario's currency and weeks filled in."""
    return measure.unit.format(currency=scenario.currency, weeks=scenario.weeks)
