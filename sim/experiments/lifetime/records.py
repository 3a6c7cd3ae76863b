"""What the analytic models are given of a replication, what customers lived through, and the figures made of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import STILL_HERE
from sim.outcomes import customer_value
from sim.outcomes.customer_value import FitError
from sim.outcomes.measures import MEASURES
from sim.outcomes.outcome import Outcome, Purchases
from sim.scenario.quantity import WEEKS_A_YEAR, minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of


class Figure(NamedTuple):
    """One figure of a replication. `unit` may hold {currency}, {weeks}, {half} and {rest}: weeks of each half."""

    name: str
    label: str
    unit: str
    definition: str


_MONEY = "{currency} a customer"
_RETENTION = (
    "Share of those at week 0 who are left at the end, all runs together, to the power 1 / years. Not 1 - churn_rate: "
    "that weighs every year that customers lived alike, wherever it lies."
)
_CONTRIBUTION = "Undiscounted. A visit pays for the gap after it, so the years do not end at the last payment."
_ALL = (
    # ---- the values -----------------------------------------------------------------------------------------
    ("lifetime_value", "Simulated", _MONEY, "The measure: mean contribution in {weeks} weeks, discounted by the week."),
    ("gupta_lehmann", "Gupta–Lehmann, for ever", _MONEY, "m r / (1 + i - r) with the simulated m and r."),
    ("gupta_lehmann_in_horizon", "Gupta–Lehmann, {weeks} weeks", _MONEY, "The same sum, cut off at the horizon."),
    ("gupta_lehmann_sbg", "The same where customers differ", _MONEY, "For ever, with retention as sBG projects it."),
    ("bg_nbd_gamma_gamma", "BG/NBD × Gamma–Gamma", _MONEY, "{weeks} weeks, as told from the first {half} alone."),
    # ---- what they are made of ------------------------------------------------------------------------------
    ("retention", "Retention to the horizon r", "share a year", _RETENTION),
    ("retention_first_half", "Retention, weeks to {half}", "share a year", "Of those there at week 0."),
    ("retention_second_half", "Retention after", "share a year", "Of those still there after {half} weeks."),
    ("own_churn", "Own chance to leave, at week 0", "a year", "When nothing goes wrong: mean of those there."),
    ("own_churn_of_stayers", "Own chance to leave, at the end", "a year", "The same of those who are still there."),
    ("contribution_alive", "Contribution m", "{currency} a customer and year paid for", _CONTRIBUTION),
    ("repeat_buyers", "Repeat buyers", "customers", "Bought twice or more in the first {half} weeks."),
    ("never_seen", "Never seen", "share of customers", "At week 0, but without a purchase in the first {half} weeks."),
    ("bg_nbd_r", "BG/NBD r", "shape", "Of the Gamma law of rates of buying."),
    ("bg_nbd_alpha", "BG/NBD alpha", "weeks", "Of the same."),
    ("bg_nbd_a", "BG/NBD a", "shape", "Of the Beta law of leaving after a purchase."),
    ("bg_nbd_b", "BG/NBD b", "shape", "Of the same."),
    ("gamma_gamma_p", "Gamma–Gamma p", "shape", "Of the Gamma law of one customer's spend."),
    ("gamma_gamma_q", "Gamma–Gamma q", "shape", "Of the Gamma law between customers."),
    ("gamma_gamma_gamma", "Gamma–Gamma gamma", "{currency}", "Of the same."),
    # ---- the second half, predicted from the first ----------------------------------------------------------
    ("purchases", "Purchases, simulated", "a customer in {rest} weeks", "Second half, those seen in the first."),
    ("purchases_predicted", "Purchases, predicted", "a customer in {rest} weeks", "BG/NBD, customer by customer."),
    ("revenue", "Revenue, simulated", _MONEY + " in {rest} weeks", "Second half, undiscounted, those seen."),
    ("revenue_predicted", "Revenue, predicted", _MONEY + " in {rest} weeks", "BG/NBD times Gamma-Gamma, each."),
    # ---- Gupta-Lehmann less simulated, in parts that sum to it ----------------------------------------------
    ("after_horizon", "After {weeks} weeks", _MONEY, "What the formula counts that nobody has simulated."),
    ("paid_at_year_end", "Paid at the end of each year", _MONEY, "And only by who stayed; not when customers buy."),
    ("one_retention", "One retention for everybody", _MONEY, "And every year; not the simulated curve."),
    ("paid_beyond", "Time paid for beyond leaving", _MONEY, "Of who left; where they pay after deciding, it is less."),
    ("one_contribution", "One contribution for everybody", _MONEY, "Not that of those who are there at the time."),
    # ---- BG/NBD x Gamma-Gamma less simulated, in parts that sum to it ---------------------------------------
    ("first_half_purchases", "Purchases, first {half} weeks", _MONEY, "Modelled less made, at what one was worth."),
    ("second_half_purchases", "Purchases, last {rest} weeks", _MONEY, "Modelled less made, at what one was worth."),
    ("worth_of_purchase", "Worth of a purchase", _MONEY, "Modelled less simulated, for all purchases modelled."),
    ("customers_never_seen", "Customers never seen", _MONEY, "Less what they brought after the first half."),
    ("costs_without_purchase", "Refunds, visits in vain", _MONEY, "What they cost: no model of purchases sees them."),
    # ---- what is behind it ----------------------------------------------------------------------------------
    ("discounted_away", "Discounting, simulated", _MONEY, "Lifetime value at no discount, less lifetime value."),
    ("discounted_away_gupta_lehmann", "Discounting, Gupta–Lehmann", _MONEY, "The same for the sum for ever."),
    ("discounted_away_bg_nbd", "Discounting, BG/NBD", _MONEY, "The same for BG/NBD times Gamma-Gamma."),
    ("without_failures", "If nothing went wrong", _MONEY, "Lifetime value of the twins without failures, less now."),
)
FIGURES: dict[str, Figure] = {row[0]: Figure(*row) for row in _ALL}

VALUES = ("lifetime_value", "gupta_lehmann", "gupta_lehmann_in_horizon", "gupta_lehmann_sbg", "bg_nbd_gamma_gamma")
FROM_GUPTA_LEHMANN = ("after_horizon", "paid_at_year_end", "one_retention", "paid_beyond", "one_contribution")
"""These sum to `gupta_lehmann` less `lifetime_value`; without the first, to the one cut off less the same."""
FROM_BG_NBD = (
    "first_half_purchases",
    "second_half_purchases",
    "worth_of_purchase",
    "customers_never_seen",
    "costs_without_purchase",
)
"""These sum to `bg_nbd_gamma_gamma` less `lifetime_value`."""


Model = TypeVar("Model")
Floats = NDArray[np.float64]
FEWEST = 50
"""Repeat buyers below which nothing is fitted: four parameters would follow chance."""


class NotMeasuredError(Exception):
    """A figure is missing; the message says why, in words that go on from "not measured: "."""


def discounts_of(world: Scenario) -> Floats:
    """What money of each week is worth at week 0, as in the measure `lifetime_value`; shape (weeks,)."""
    years = np.arange(0.5, world.weeks) / WEEKS_A_YEAR
    worth: Floats = np.exp(-years * np.log1p(world.economics.discount_rate.value))
    return worth


@dataclass(frozen=True)
class Books:
    """One replication and the purchases of its base, with money in currency units."""

    outcome: Outcome
    purchases: Purchases

    @property
    def world(self) -> Scenario:
        """What was simulated."""
        return self.outcome.scenario

    @property
    def discount_rate(self) -> float:
        """A year."""
        return self.world.economics.discount_rate.value

    @property
    def rest(self) -> int:
        """Weeks of the second half."""
        return self.world.weeks - self.purchases.half

    def take(self, measure: str, undiscounted: bool = False) -> float:
        """A measure of this replication, at no discount where that is wanted."""
        world = world_of(self.world, {"economics.discount_rate": 0.0}) if undiscounted else self.world
        return MEASURES[measure].take(replace(self.outcome, scenario=world))

    @cached_property
    def margin(self) -> Floats:
        """Contribution from one more unit of revenue, by customer of the base; shape (customers,)."""
        times = np.array([segment.margin_times.value for segment in self.world.segments])
        segment = self.outcome.population.segment[self.purchases.customers]
        margin: Floats = self.world.economics.incremental_margin.value * times[segment]
        return margin

    @property
    def visit_cost(self) -> float:
        """Variable cost of serving one visit."""
        return self.world.economics.service_cost_per_visit.value

    def money(self, minor: Floats) -> Floats:
        """Minor units as currency units."""
        return minor / minor_units(self.world.currency)

    @cached_property
    def bg_nbd(self) -> customer_value.BgNbd:
        """The model fitted to the first half. Raises NotMeasuredError where there is none."""
        frequency, recency, age = self.purchases.summary
        enough(int((frequency > 0).sum()), f"customers bought twice or more in the first {self.purchases.half} weeks")
        return fitted(lambda: customer_value.fit_bg_nbd(frequency, recency, age), "BG/NBD")


def enough(found: int, of: str) -> None:
    """Raise NotMeasuredError for too few to fit anything to."""
    if found < FEWEST:
        raise NotMeasuredError(f"only {found} {of}; a fit needs {FEWEST}")


def fitted(fit: Callable[[], Model], name: str) -> Model:
    """What the fit gives. Raises NotMeasuredError, which names the model, where it gives nothing."""
    try:
        return fit()
    except FitError as error:
        raise NotMeasuredError(f"{name} cannot be fitted: {error}") from None


class Sums(NamedTuple):
    """Of customers at week 0: `left` and `paid_beyond` have shape (weeks,), by the week in which customers left.

    `paid_beyond` is in years (see `years_paid_beyond`), money in currency units; `worth` is discounted contribution.
    `chance` is everybody's own yearly chance to leave, added up, `chance_of_stayers` that of those still there at the
    end, of whom there are `stayers`.
    """

    customers: float
    contribution: float
    worth: float
    left: Floats
    paid_beyond: Floats
    chance: float
    chance_of_stayers: float
    stayers: float


@dataclass(frozen=True)
class Lived:
    """A world and the sums of all its replications."""

    world: Scenario
    sums: Sums

    @property
    def weeks(self) -> int:
        """How many are simulated."""
        return self.world.weeks

    @property
    def discount_rate(self) -> float:
        """A year."""
        return self.world.economics.discount_rate.value

    @property
    def retention(self) -> Floats:
        """Share of all customers still there at the end of each week, from 1 at the start; shape (weeks + 1,)."""
        return 1.0 - np.concatenate([[0.0], np.cumsum(self.sums.left)]) / self.sums.customers

    @property
    def alive(self) -> Floats:
        """Years that a customer of week 0 is one in each week; the week of leaving counts half. Shape (weeks,)."""
        curve = self.retention
        alive: Floats = (curve[1:] + curve[:-1]) / 2.0 / WEEKS_A_YEAR
        return alive

    @property
    def paid_beyond(self) -> Floats:
        """Years paid for beyond those, a customer of week 0; shape (weeks,)."""
        return self.sums.paid_beyond / self.sums.customers


def lived(books: Books) -> Sums:
    """The sums of one replication; all 0 where nobody is a customer at week 0."""
    base, people, weeks = books.purchases.customers, books.outcome.population, books.world.weeks
    left = books.outcome.records.left_week[base]
    gone = (left != STILL_HERE) & (left < weeks)
    rate = people.visits_per_week[base]
    beyond = years_paid_beyond(books.world, 1.0 / rate[gone])
    chance = -np.expm1(-people.hazard[base] * rate * WEEKS_A_YEAR)
    return Sums(
        customers=float(base.size),
        contribution=books.take("lifetime_value", undiscounted=True) * base.size if base.size else 0.0,
        worth=books.take("lifetime_value") * base.size if base.size else 0.0,
        left=np.bincount(left[gone], minlength=weeks).astype(float),
        paid_beyond=np.bincount(left[gone], beyond, minlength=weeks).astype(float),
        chance=float(chance.sum()),
        chance_of_stayers=float(chance[~gone].sum()),
        stayers=float((~gone).sum()),
    )


def years_paid_beyond(world: Scenario, gap_weeks: Floats) -> Floats:
    """Years that customers who leave have paid for beyond their leaving, by their mean gap between visits; its shape.

    A visit pays for the gap that follows it. By Wald's equation the gaps paid for last as long as the customer was
    there, and what is left of the last gap, less what was left of the gap that week 0 fell into: on average
    gap x (1 + cv^2) / 2 in a renewal process (Ross 2014, section 7.7), cv being that of the gaps. Who leaves after
    paying has all of a gap left, and so has paid for gap x (1 - cv^2) / 2 more; who decides before paying has none
    left, and has paid for gap x (1 + cv^2) / 2 less. Whoever stays is somewhere in a gap at either end: that is 0.
    """
    spread = world.customers.gap_cv.value**2
    left = 0.0 if world.customers.leaving.decides == "before_paying" else 1.0
    beyond: Floats = gap_weeks / WEEKS_A_YEAR * (left - (1.0 + spread) / 2.0)
    return beyond


def together(every: Sequence[Sums]) -> Sums:
    """The sums of several replications, added up in their order."""
    return Sums(*(sum(each[1:], start=each[0]) for each in zip(*every, strict=True)))
