"""Taking stock after a visit: money, mood, whether to come back; and the row that is written of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import basket, experience, leaving
from sim.engines.calendar import week_of
from sim.engines.cast import BASE, PASSER_BY
from sim.engines.people import Customer, Visit
from sim.engines.plan import Plan
from sim.engines.records import CHUNK_ROWS, STILL_HERE, Sink, visit_dtype


class StockTaking:
    """Settles each visit as it ends; rows go to the sink in chunks, nothing is kept of the warm-up."""

    def __init__(self, plan: Plan, customers: int, sink: Sink) -> None:
        self.plan, self.sink = plan, sink
        self.left_week = np.full(customers, STILL_HERE, np.int64)
        self._rows: list[tuple[Any, ...]] = []
        self._dtype = visit_dtype(plan)

    def take(self, visit: Visit, u_leave: float) -> None:
        """Settle a visit; `u_leave` is the luck with which the customer may leave for good."""
        customer = visit.customer
        customer.here = customer.source != PASSER_BY
        if visit.began < 0:
            return
        money, parts = self._settle(visit)
        quality = experience.experience(self.plan.reference, visit.felt)
        customer.satisfaction = experience.satisfaction(customer.satisfaction, quality, self.plan.gain)
        left = self._leaves(visit, u_leave)
        self._rows.append(
            (customer.who, visit.ordinal, week_of(visit.began), customer.segment, visit.trip, *money)
            + (visit.bad_asset, quality, customer.satisfaction, self._completed(visit), left, customer.source == BASE)
            + (parts, visit.waits, visit.response)
        )
        if len(self._rows) >= CHUNK_ROWS:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows not handed over yet."""
        if self._rows:
            self.sink(np.array(self._rows, self._dtype))
            self._rows = []

    def _completed(self, visit: Visit) -> bool:
        return basket.is_completed(visit.paid, self.plan.pays_somewhere, visit.over)

    def _settle(self, visit: Visit) -> tuple[tuple[int, int, int], NDArray[np.int64]]:
        """Spend, recaptured and revenue, and the loss by failure, in minor units; the pot of what may yet come back."""
        customer, plan = visit.customer, self.plan
        completed = self._completed(visit)
        spend = basket.to_minor(basket.meant(visit.spend, completed, visit.over), plan.minor_units)
        lost = basket.lost_total(spend, visit.kept)
        parts = np.zeros(visit.kept.size, np.int64)
        basket.split_loss(lost, visit.kept, parts)
        recaptured = customer.pot if completed else 0
        customer.pot += basket.set_aside(lost, plan.recapture) - recaptured
        return (spend, recaptured, spend - lost + recaptured), parts

    def _leaves(self, visit: Visit, u: float) -> bool:
        """Flip the coin of the relationship."""
        customer, plan = visit.customer, self.plan
        if not leaving.may_leave(customer.source == BASE, visit.ordinal):
            return False
        multiplier = leaving.hazard_multiplier(customer.satisfaction, plan.reference, plan.leaving_sensitivity)
        left = leaving.leaves(u, customer.hazard, multiplier)
        if left:
            self._farewell(customer, visit)
        return left

    def _farewell(self, customer: Customer, visit: Visit) -> None:
        customer.here = False
        self.left_week[customer.ordinal] = week_of(visit.began)
