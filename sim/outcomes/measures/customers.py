"""Measures of customers: who comes, who stays, and what one is worth."""

import math

import numpy as np

from sim.engines.population import LEAD, NEWCOMER
from sim.outcomes.measures.money import contributions
from sim.outcomes.measures.registry import Pooled, in_currency, measure, ratio
from sim.outcomes.outcome import Outcome
from sim.scenario.quantity import WEEKS_A_YEAR


def leavers_and_years(outcome: Outcome) -> tuple[float, float]:
    """How many of those followed left, and the years that all of them were customers while followed."""
    return float(outcome.left_by_age().sum()), outcome.weeks_lived / WEEKS_A_YEAR


LEAVING = Pooled(leavers_and_years, of=lambda hazard: -math.expm1(-hazard), slope=lambda hazard: math.exp(-hazard))


@measure("Churn rate", "share a year", "lower", about="customers", pooled=LEAVING)
def churn_rate(outcome: Outcome) -> float:
    """Share of customers who leave for good, a year: 1 - exp(-leavers / years that customers were customers).

    Both are summed over all runs before they are divided; the week in which someone leaves counts half. Of the
    customers at week 0, over all weeks; where there are none, of those who joined in the first quarter, over the three
    quarters for which each is followed. It weighs every year lived alike, unlike retention to the horizon, which
    Gupta and Lehmann's formula is given: that looks at who is left at the end alone.
    """
    return LEAVING.of(ratio(*leavers_and_years(outcome)))


@measure("Lifetime revenue", "{currency} a customer in {weeks} weeks", "higher", about="customers")
def lifetime_revenue(outcome: Outcome) -> float:
    """Mean undiscounted revenue of the customers present at week 0, within the weeks simulated.

    Where there are none, of those who joined in the first quarter, each followed for three quarters.
    """
    return in_currency(outcome, ratio(float(outcome.tally.followed["revenue"].sum()), outcome.followed_size))


@measure("Lifetime value", "{currency} a customer in {weeks} weeks", "higher", about="customers")
def lifetime_value(outcome: Outcome) -> float:
    """The same in contribution, discounted from week 0 or from joining, less acquisition cost where there is one.

    Discounted week by week; a business case counts each year's cash at the year's end, or at its middle.
    """
    worth, scenario = outcome.tally.followed, outcome.scenario
    years = (np.arange(worth.shape[0]) + 0.5) / WEEKS_A_YEAR
    discount = (1.0 + scenario.economics.discount_rate.value) ** -years
    earned = contributions(outcome, worth["revenue"], worth["visits"], worth["refund"]).sum(axis=1)
    value = in_currency(outcome, ratio(float((earned * discount).sum()), outcome.followed_size))
    cost = acquisition_cost(outcome)
    return value if np.isnan(cost) or outcome.base_size else value - cost


@measure("Conversion", "share of journeys begun by non-customers", "higher", about="customers")
def conversion(outcome: Outcome) -> float:
    """Journeys begun by non-customers that end in a purchase, over all journeys that they begin."""
    return ratio(float(outcome.tally.won.sum()), float(outcome.tally.prospects.sum()))


@measure("Customers won", "customers a year", "higher", about="customers")
def customers_won(outcome: Outcome) -> float:
    """Newcomers and would-be customers who became customers, a year."""
    return float(outcome.joined.sum()) * outcome.a_year


@measure("Acquisition cost", "{currency} a customer", "lower", about="business")
def acquisition_cost(outcome: Outcome) -> float:
    """What is spent on winning customers over customers won; missing where nothing is spent or nobody won."""
    spent = outcome.scenario.economics.acquisition_spend_per_year.value
    return ratio(spent, customers_won(outcome)) if spent else np.nan


@measure("Referred", "share of customers won", "higher", about="customers")
def referred_share(outcome: Outcome) -> float:
    """Customers won who would not have come, had nobody said anything; missing where word of mouth adds nobody."""
    talk = outcome.scenario.word_of_mouth
    if not talk.telling.value or talk.considering.value >= 1:
        return np.nan
    won = outcome.joined & np.isin(outcome.population.source, (NEWCOMER, LEAD))
    return ratio(float((outcome.population.pull[won] >= 1.0).sum()), float(won.sum()))
