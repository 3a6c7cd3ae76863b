"""One replication of one world, in the form that measures read; and what each customer brought and bought in it."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import joins_by, weeks_followed
from sim.engines.population import BASE, Population
from sim.engines.records import NOT_JOINED, STILL_HERE, Records, page_of
from sim.kernel import kernel
from sim.outcomes.tally import Tally
from sim.scenario.quantity import WEEKS_A_YEAR
from sim.scenario.scenario import Scenario


def yearly(weeks: float) -> float:
    """What turns a total over that many weeks into a year's: 365 / (7 x weeks)."""
    return WEEKS_A_YEAR / weeks


@dataclass(frozen=True)
class Outcome:
    """What happened in one replication: the scenario simulated, its visits in sums, its customers and resources.

    `unbroken` is the twin with every failure point off, where that world was simulated too. `part` is 1 for all of it;
    what is cut out of a world bears its part of the costs that no visit causes.
    """

    scenario: Scenario
    tally: Tally
    population: Population
    records: Records
    unbroken: "Outcome | None" = None
    part: float = 1.0

    @property
    def a_year(self) -> float:
        """What turns a total over the recorded weeks into a year's: 365 / (7 x weeks)."""
        return yearly(self.scenario.weeks)

    @property
    def base(self) -> NDArray[np.bool_]:
        """Which customers were there at week 0; shape (customers,)."""
        base: NDArray[np.bool_] = self.population.source == BASE
        return base

    @property
    def base_size(self) -> int:
        """Customers present at week 0."""
        return int(self.base.sum())

    @property
    def joined(self) -> NDArray[np.bool_]:
        """Who became a customer after week 0 began; shape (customers,)."""
        joined: NDArray[np.bool_] = (self.records.joined_week != NOT_JOINED) & ~self.base
        return joined

    @property
    def followed(self) -> NDArray[np.bool_]:
        """Whose worth is followed: the customers at week 0, or else those who joined early; shape (customers,)."""
        by = joins_by(self.scenario)
        return self.base if by == 0 else self.joined & (self.records.joined_week < by)

    @property
    def followed_size(self) -> int:
        """How many are followed."""
        return int(self.followed.sum())

    @property
    def weeks_followed(self) -> int:
        """For how many weeks each is followed."""
        return weeks_followed(self.scenario)

    def left_by_age(self) -> NDArray[np.float64]:
        """How many of those followed left in each week since week 0, or since they joined; shape (weeks followed,)."""
        ages = (self.records.left_week - np.maximum(self.records.joined_week, 0))[
            self.followed & (self.records.left_week != STILL_HERE)
        ]
        return np.bincount(ages[ages < self.weeks_followed], minlength=self.weeks_followed).astype(float)

    @property
    def weeks_lived(self) -> float:
        """Weeks that those followed were customers while followed, all together; a week of leaving counts half."""
        weeks = self.weeks_followed
        unlived = self.left_by_age() * (weeks - np.arange(weeks) - 0.5)
        return float(self.followed_size * weeks - unlived.sum())

    def retention(self) -> NDArray[np.float64]:
        """Share of those followed still active at the end of each week, from 1 at the start.

        Shape (weeks followed + 1,); all NaN where there were none.
        """
        if self.followed_size == 0:
            return np.full(self.weeks_followed + 1, np.nan)
        return 1.0 - np.concatenate([[0.0], np.cumsum(self.left_by_age())]) / self.followed_size

    def lost_by_failure_point(self, minor_units: int) -> dict[str, float]:
        """Basket lost now to each failure point, in currency units a year, straight from the ledger."""
        totals = self.tally.lost.sum(axis=(0, 1)) * self.a_year / minor_units
        return {failure.id: float(total) for failure, total in zip(self.scenario.failures, totals, strict=True)}


SPEND, REVENUE, RECAPTURED, CHANGED = range(4)


class VisitSpend(NamedTuple):
    """Spend of every visit in one world, in minor units, found by customer and visit ordinal.

    `spend` has shape (visits,), by customer and then by ordinal; `first` (customers,) is the ordinal of each
    customer's first visit there, `starts` (customers + 1,) where it stands.
    """

    spend: NDArray[np.int64]
    first: NDArray[np.int64]
    starts: NDArray[np.int64]


class Accounts:
    """A sink that sums one world's money in minor units, and matches its visits with those of a twin world.

    `revenue`, `spent` and `visits` have shape (customers,), in the order of the population. Visits go into sums as they
    end; only a world without a twin keeps what each of them spends, for others to be matched with.
    """

    def __init__(self, population: Population, twin: Self | None = None) -> None:
        self._who = population.who
        self._twin = twin.spend_by_visit if twin else _spend_by_visit(population.who, np.empty((3, 0), np.int64))
        self._kept: list[NDArray[np.int64]] | None = None if twin else []
        self.revenue = np.zeros(population.who.size, np.int64)
        self.spent = np.zeros(population.who.size, np.int64)
        self.visits = np.zeros(population.who.size, np.int64)
        self._sums = np.zeros(4, np.int64)

    def add(self, visits: NDArray[np.void]) -> None:
        """Add a chunk of the ledger (see `visit_dtype`)."""
        _add(self._sums, self.revenue, self.spent, self.visits, self._who, self._twin, page_of(visits).rows)
        if self._kept is not None:
            self._kept.append(np.array([visits["customer"], visits["visit"], visits["spend"]]))

    @cached_property
    def spend_by_visit(self) -> VisitSpend:
        """What every visit spends, once all are there. Raises ValueError in a world that has a twin."""
        if self._kept is None:
            raise ValueError("found a world that has a twin; allowed: one without, which keeps its visits")
        kept, self._kept = np.concatenate([np.empty((3, 0), np.int64), *self._kept], axis=1), None
        return _spend_by_visit(self._who, kept)

    @property
    def spend(self) -> int:
        """What customers meant to buy."""
        return int(self._sums[SPEND])

    @property
    def recaptured(self) -> int:
        """What they bought later of what failures had taken."""
        return int(self._sums[RECAPTURED])

    @property
    def lost(self) -> int:
        """What failures took out of baskets; row by row, revenue is spend less this plus what is recaptured."""
        return int(self._sums[SPEND] + self._sums[RECAPTURED] - self._sums[REVENUE])

    @property
    def changed(self) -> int:
        """What the visits that the twin world has too spend there, less what they spend here.

        Both are one number, drawn by customer and visit; so this is 0 unless a visit ends before the till of its own
        accord, which counts as no spend, in one of the two worlds alone.
        """
        return int(self._sums[CHANGED])


def _spend_by_visit(who: NDArray[np.int64], kept: NDArray[np.int64]) -> VisitSpend:
    """Sort (customer, visit, spend), shape (3, visits), by customer: each one's visits end in order of ordinals."""
    customer = np.searchsorted(who, kept[0])
    order = np.argsort(customer, kind="stable")
    starts = np.searchsorted(customer[order], np.arange(who.size + 1))
    first = np.zeros(who.size, np.int64)
    came = starts[1:] > starts[:-1]
    first[came] = kept[1][order][starts[:-1][came]]
    return VisitSpend(kept[2][order], first, starts)


@kernel
def _add(
    sums: NDArray[np.int64],
    revenue: NDArray[np.int64],
    spent: NDArray[np.int64],
    visits: NDArray[np.int64],
    who: NDArray[np.int64],
    twin: VisitSpend,
    rows: NDArray[np.void],
) -> None:
    for i in range(rows.size):
        row = rows[i]
        customer = np.searchsorted(who, row.customer)
        revenue[customer] += row.revenue
        spent[customer] += row.spend
        visits[customer] += 1
        sums[SPEND] += row.spend
        sums[REVENUE] += row.revenue
        sums[RECAPTURED] += row.recaptured
        start, place = twin.starts[customer], row.visit - twin.first[customer]
        if 0 <= place < twin.starts[customer + 1] - start:
            sums[CHANGED] += twin.spend[start + place] - row.spend


Floats = NDArray[np.float64]


class Sums(NamedTuple):
    """Sums by half of the weeks and customer, shape (2, customers); revenue in minor units.

    `discounted` ones weigh each visit by what money of its week is worth at week 0.
    """

    purchases: Floats
    visits: Floats
    revenue: Floats
    discounted_purchases: Floats
    discounted_visits: Floats
    discounted_revenue: Floats


class Purchases:
    """A sink that sums what the customers of the base buy; memory does not grow with visits.

    `customers` are their positions in the population, shape (customers,). `first` and `last` are the weeks of their
    first and last purchase within the first half, of `half` weeks; where there is none, `first` is `half` or more.
    `discounts` has shape (weeks,).
    """

    def __init__(self, population: Population, discounts: Floats) -> None:
        self.customers = np.flatnonzero(population.source == BASE)
        self.discounts, self.half = discounts, discounts.size // 2
        self._who = population.who[self.customers]
        self.first = np.full(self._who.size, discounts.size)
        self.last = np.full(self._who.size, -1)
        self.sums = Sums(*np.zeros((len(Sums._fields), 2, self._who.size)))

    def add(self, visits: NDArray[np.void]) -> None:
        """Add a chunk of the ledger (see `visit_dtype`)."""
        if self._who.size == 0:
            return
        place = np.searchsorted(self._who, visits["customer"])
        place[place == self._who.size] = 0  # after all of the base, and so not of it
        mine = self._who[place] == visits["customer"]
        self._add(place[mine], visits["week"][mine], visits["revenue"][mine], visits["completed"][mine])

    def _add(
        self,
        customer: NDArray[np.int64],
        week: NDArray[np.int64],
        revenue: NDArray[np.int64],
        completed: NDArray[np.bool_],
    ) -> None:
        worth, late = self.discounts[week], week >= self.half
        each = (completed, np.ones(week.size), revenue, completed * worth, worth, revenue * worth)
        place = customer + late * self._who.size
        for total, weights in zip(self.sums, each, strict=True):
            np.add(total, np.bincount(place, weights, total.size).reshape(total.shape), out=total)
        early = completed & ~late
        np.minimum.at(self.first, customer[early], week[early])
        np.maximum.at(self.last, customer[early], week[early])

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Who bought in the first half at all; shape (customers,)."""
        seen: NDArray[np.bool_] = self.sums.purchases[0] > 0
        return seen

    @property
    def summary(self) -> tuple[Floats, Floats, Floats]:
        """Frequency, recency and age in weeks of those seen, as BG/NBD reads them; shape (seen,) each.

        The clock of each starts at their first purchase seen. The ledger has weeks, not hours: a purchase counts as
        made in the middle of its week, and what was seen ends with the last week of the first half.
        """
        first, last = self.first[self.seen], self.last[self.seen]
        return self.sums.purchases[0][self.seen] - 1.0, (last - first).astype(float), self.half - first - 0.5
