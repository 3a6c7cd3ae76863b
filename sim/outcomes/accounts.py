"""Accounts: what each customer brought in one world, so that a twin who is worse off can be told from the rest."""

from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sim.engines.population import Cast
from sim.engines.records import page_of
from sim.kernel import kernel

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

    `revenue`, `spent` and `visits` have shape (customers,), in the order of the cast. Visits go into sums as they end;
    only a world without a twin keeps what each of them spends, for others to be matched with.
    """

    def __init__(self, cast: Cast, twin: Self | None = None) -> None:
        self._who = cast.who
        self._twin = twin.spend_by_visit if twin else _spend_by_visit(cast.who, np.empty((3, 0), np.int64))
        self._kept: list[NDArray[np.int64]] | None = None if twin else []
        self.revenue = np.zeros(cast.who.size, np.int64)
        self.spent = np.zeros(cast.who.size, np.int64)
        self.visits = np.zeros(cast.who.size, np.int64)
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
