"""Fixed-size sums over the ledger: what every measure is computed from, however many visits there were."""

import copy
from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.telling import is_satisfied, promotes
from sim.engines.plan import Plan
from sim.engines.records import BAD, BROKEN, NOT_BORROWED, UNTESTED, page_of
from sim.kernel import inlined, kernel

_OF_VISITS = ("visits", "completed", "revenue", "spend", "recaptured", "refund", "borrowed", "bad", "cross_sold")
_OF_CONTACTS = ("contacts", "issues", "solved_first", "handled", "complaints", "prospects", "won")
_OF_MINDS = ("satisfaction", "experience", "expectation", "trust", "tested", "broken", "delivered", "deliveries")
_OF_SURVEYS = ("satisfied", "promoters", "detractors", "answered")
_AS_SURVEYED = ("satisfied_answers", "promoter_answers", "detractor_answers")
SUM = np.dtype([(name, "f8") for name in (*_OF_VISITS, *_OF_CONTACTS, *_OF_MINDS, *_OF_SURVEYS, *_AS_SURVEYED)])
FOLLOWED = np.dtype([(name, "f8") for name in ("visits", "revenue", "refund")])


class Tally:
    """Sums over visits by week and segment; every array has shape (weeks, segments, ...).

    Money is in minor units. Sums of whole numbers stay exact below 2^53. Rows are added one after the other, so the
    sums do not depend on how the ledger was cut into chunks. `waits` are the minutes in each queue and `waited` how
    often it was joined. `followed` is by age in weeks instead of week, of the customers who are followed alone (see
    `Plan`). Where `places` are given, sets of touchpoints of shape (places, touchpoints), visits that met one are
    summed up for each place too.
    """

    def __init__(self, plan: Plan, places: NDArray[np.bool_] | None = None) -> None:
        shape = (plan.weeks, plan.segments.size)
        self._sums = np.zeros(shape, SUM)
        self._places = np.zeros((0, plan.touchpoints.size), np.bool_) if places is None else places
        self._at = np.zeros((len(self._places), *shape), SUM)
        self.followed = np.zeros(shape, FOLLOWED)
        self.lost = np.zeros((*shape, plan.failures.size))
        self.waits = np.zeros((*shape, plan.touchpoints.size))
        self.waited = np.zeros((*shape, plan.touchpoints.size))
        self.passes = np.zeros((*shape, plan.touchpoints.size))

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        """One of the sums of `SUM` by its name."""
        if name.startswith("_") or name not in (SUM.names or ()):
            raise AttributeError(name)
        total: NDArray[np.float64] = self._sums[name]
        return total

    def add(self, visits: NDArray[np.void]) -> None:
        """Add a chunk of the ledger (see `visit_dtype`)."""
        page = page_of(visits)
        _add(self._sums, self.followed, page.rows)
        if len(self._places):
            _add_at(self._at, self._places, page.rows, page.passes)
        columns = page.lost, page.wait, page.passes, page.joins
        _add_columns(page.rows, columns, (self.lost, self.waits, self.passes, self.waited))

    def cut(self, weeks: slice, segments: slice) -> Self:
        """The same sums over some weeks and segments alone."""
        return self._with(lambda array: array[weeks, segments])

    def at(self, place: int, failures: NDArray[np.bool_]) -> Self:
        """The sums over visits that met that place, and of what happened there: `failures` (failures,) are its own."""
        met = self._with(lambda array: array)
        met._sums = self._at[place]
        met.lost = self.lost * failures
        for name in ("waits", "waited", "passes"):
            setattr(met, name, getattr(self, name) * self._places[place])
        return met

    def _with(self, taken: Callable[[NDArray[Any]], NDArray[Any]]) -> Self:
        part = copy.copy(self)
        for name in ("_sums", "followed", "lost", "waits", "waited", "passes"):
            setattr(part, name, taken(getattr(self, name)))
        return part


@kernel
def _add(sums: NDArray[np.void], followed: NDArray[np.void], rows: NDArray[np.void]) -> None:
    for i in range(rows.size):
        row = rows[i]
        total = sums[row.week, row.segment]
        _add_row(total, row)
        if row.followed:
            worth = followed[row.age, row.segment]
            worth.visits += 1.0
            worth.revenue += row.revenue
            worth.refund += row.refund


@kernel
def _add_at(
    sums: NDArray[np.void], places: NDArray[np.bool_], rows: NDArray[np.void], passes: NDArray[np.int64]
) -> None:
    for i in range(rows.size):
        row = rows[i]
        for place in range(places.shape[0]):
            met = False
            for k in range(places.shape[1]):
                met = met or (places[place, k] and passes[i, k] > 0)
            if met:
                total = sums[place, row.week, row.segment]
                _add_row(total, row)


@inlined
def _add_row(total: Any, row: Any) -> None:
    total.visits += 1.0
    total.completed += row.completed
    total.revenue += row.revenue
    total.spend += row.spend
    total.recaptured += row.recaptured
    total.refund += row.refund
    total.borrowed += row.bad_asset != NOT_BORROWED
    total.bad += row.bad_asset == BAD
    total.cross_sold += row.cross_sold
    total.contacts += row.contacts
    total.issues += row.contacts > 0
    total.solved_first += row.solved_first
    total.handled += row.handled
    total.complaints += row.complained
    total.prospects += row.prospect
    total.won += row.prospect and row.completed
    total.satisfaction += row.satisfaction
    total.experience += row.experience
    total.expectation += row.expectation
    total.trust += row.trust
    if row.promise != UNTESTED:
        total.tested += 1.0
        total.broken += row.promise == BROKEN
    if not np.isnan(row.delivered):
        total.delivered += row.delivered
        total.deliveries += 1.0
    kind = promotes(row.satisfaction)
    total.satisfied += is_satisfied(row.satisfaction)
    total.promoters += kind > 0
    total.detractors += kind < 0
    if row.answered:
        said = promotes(row.score)
        total.answered += 1.0
        total.satisfied_answers += is_satisfied(row.score)
        total.promoter_answers += said > 0
        total.detractor_answers += said < 0


@kernel
def _add_columns(
    rows: NDArray[np.void],
    columns: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int16]],
    sums: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> None:
    (lost, wait, passes, joins), (losses, waits, passed, waited) = columns, sums
    for i in range(rows.size):
        week, segment = rows[i].week, rows[i].segment
        for k in range(losses.shape[2]):
            losses[week, segment, k] += lost[i, k]
        for k in range(waits.shape[2]):
            passed[week, segment, k] += passes[i, k]
            if joins[i, k]:
                waits[week, segment, k] += wait[i, k]
                waited[week, segment, k] += joins[i, k]
