"""Measures of money: what customers pay, what it leaves, what failures take."""

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.measures.registry import in_currency, measure, ratio
from sim.outcomes.outcome import Outcome, yearly
from sim.scenario.quantity import minor_units


@measure("Visits", "visits a year")
def visits(outcome: Outcome) -> float:
    """Visits a year to one site, abandoned ones counted."""
    return float(outcome.tally.visits.sum()) * outcome.a_year


@measure("Revenue", "{currency} a year", "higher")
def revenue(outcome: Outcome) -> float:
    """What customers pay, a year, one site."""
    return in_currency(outcome, float(outcome.tally.revenue.sum())) * outcome.a_year


@measure("Contribution", "{currency} a year", "higher")
def contribution(outcome: Outcome) -> float:
    """Incremental margin on revenue, less refunds and the variable cost of service, a year.

    The cost of service is that of each visit and of coaching sessions; fixes' costs are never in it.
    """
    tally = outcome.tally
    earned = float(contributions(outcome, tally.revenue, tally.visits, tally.refund).sum())
    return in_currency(outcome, earned) * outcome.a_year - outcome.part * coaching_a_year(outcome)


def contributions(
    outcome: Outcome,
    revenue_minor: NDArray[np.float64],
    visit_count: NDArray[np.float64],
    refund_minor: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Contribution in minor units before coaching, from revenue, visits and refunds; all of shape (weeks, segments)."""
    scenario = outcome.scenario
    margins = np.array([segment.margin_times.value for segment in scenario.segments])
    margins = margins * scenario.economics.incremental_margin.value
    visit_cost = scenario.economics.service_cost_per_visit.value * minor_units(scenario.currency)
    return revenue_minor * margins - refund_minor - visit_count * visit_cost


def coaching_a_year(outcome: Outcome) -> float:
    """What coaching sessions cost in currency units a year."""
    every = [(skill.session_cost.value, skill.coaching_every.value) for skill in outcome.scenario.skills]
    return sum(cost * yearly(weeks) for cost, weeks in every if weeks > 0.0)


@measure("Basket value", "{currency}", "higher")
def basket_value(outcome: Outcome) -> float:
    """Mean revenue of a completed purchase visit."""
    return in_currency(outcome, ratio(float(outcome.tally.revenue.sum()), float(outcome.tally.completed.sum())))


@measure("Refunds", "{currency} a year", "lower")
def refunds(outcome: Outcome) -> float:
    """What is given back when complaints are settled, a year."""
    return in_currency(outcome, float(outcome.tally.refund.sum())) * outcome.a_year


@measure("Bought on top", "share of completed visits", "higher")
def cross_sale_share(outcome: Outcome) -> float:
    """Completed visits on which something more was bought, over completed visits; missing where nothing is offered."""
    if not any(touchpoint.cross_sells for touchpoint in outcome.scenario.journey):
        return np.nan
    return ratio(float(outcome.tally.cross_sold.sum()), float(outcome.tally.completed.sum()))


@measure("Out of baskets", "{currency} a year", "lower")
def basket_lost(outcome: Outcome) -> float:
    """What failures take out of baskets at the visit itself, a year; leaving and what comes back are not in it."""
    return in_currency(outcome, float(outcome.tally.lost.sum())) * outcome.a_year


@measure("Revenue lost", "{currency} a year", "lower")
def revenue_lost_per_year(outcome: Outcome) -> float:
    """Revenue of the twin world with every failure point off, less revenue, a year, one site."""
    return revenue(outcome.unbroken) - revenue(outcome) if outcome.unbroken else np.nan
