"""Cash as the workbook lays it out: years 0 to 10, what lies beyond the horizon 0; its own figures, to check it by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.finance.appraisal import times
from sim.finance.case import Case
from sim.finance.cash import before_tax

YEARS = 10
"""As many as the horizon may have."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Base:
    """What each simulated year brings and takes in today's prices, before any adjustment; both (futures, years)."""

    gain: Floats
    running: Floats


def base(case: Case) -> Base:
    """What fixes bring and what they take, future by future."""
    now, then, prices = case.twins.now, case.twins.then, case.prices
    gain = then.contribution(prices.then.margin[:, None], prices.then.visit_cost[:, None])
    gain = gain - now.contribution(prices.now.margin[:, None], prices.now.visit_cost[:, None])
    used = (prices.per_use.T[:, :, None] * then.uses).sum(axis=1)
    always = prices.per_year.sum(axis=0) + prices.then.acquisition - prices.now.acquisition
    return Base(gain, used + always[:, None])


@dataclass(frozen=True)
class Spent:
    """Cash before tax: benefit and running costs (futures, 10), the outlay (futures,)."""

    benefit: Floats
    running: Floats
    outlay: Floats


def spent(case: Case) -> Spent:
    """The tool's own cash before tax, every year there can be."""
    cash = before_tax(case.twins.now, case.twins.then, case.prices, case.terms)
    return Spent(_padded(cash.benefit), _padded(cash.running), cash.outlay)


def _padded(yearly: Floats) -> Floats:
    return np.pad(yearly, ((0, 0), (0, YEARS - yearly.shape[1])))


@dataclass(frozen=True)
class MeanCash:
    """The mean over futures, money out below 0, each row (11,) from year 0; `factor` is at the likeliest rate.

    `when` is how many years from now the cash comes.
    `present` is the mean of present values, each future's at its own rate.
    """

    benefit: Floats
    outlay: Floats
    running: Floats
    tax: Floats
    net: Floats
    cumulative: Floats
    when: Floats
    factor: Floats
    discounted: Floats
    cumulative_discounted: Floats
    present: Floats


def mean_cash(case: Case) -> MeanCash:
    """The rows of the page Cash flows."""
    cash, horizon = spent(case), case.terms.horizon_years
    counts = np.arange(YEARS + 1) <= horizon
    benefit, running = _from_year_0(cash.benefit), 0 - _from_year_0(cash.running)
    outlay = np.zeros(YEARS + 1)
    outlay[0] = -cash.outlay.mean()
    tax = -case.terms.tax_rate * (benefit + running + np.roll(outlay, 1))
    net = benefit + outlay + running + tax
    when = times(YEARS, case.terms.mid_year)
    factor = np.where(counts, (1 + case.rate) ** -when, 0)
    running_total, discounted_total = (np.where(counts, flows.cumsum(), 0) for flows in (net, net * factor))
    present = np.zeros(YEARS + 1)
    present[: horizon + 1] = (case.cash.net * (1 + case.cash.rate[:, None]) ** -when[: horizon + 1]).mean(axis=0)
    worth = factor, net * factor, discounted_total, present
    return MeanCash(benefit, outlay, running, tax, net, running_total, when, *worth)


def _from_year_0(yearly: Floats) -> Floats:
    mean: Floats = np.concatenate([[0.0], yearly.mean(axis=0)])
    return mean
