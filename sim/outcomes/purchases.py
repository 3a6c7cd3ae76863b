"""Purchases: what each customer of the base bought in the first half of the weeks simulated, and in the second.

This is all that a model of past purchases may see of them: how many, in which weeks, for how much.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.population import BASE, Cast

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

    `customers` are their positions in the cast, shape (customers,). `first` and `last` are the weeks of their first
    and last purchase within the first half, which has `half` weeks; where there is none, `first` is `half` or more.
    `discounts` has shape (weeks,).
    """

    def __init__(self, cast: Cast, discounts: Floats) -> None:
        self.customers = np.flatnonzero(cast.source == BASE)
        self.discounts, self.half = discounts, discounts.size // 2
        self._who = cast.who[self.customers]
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
