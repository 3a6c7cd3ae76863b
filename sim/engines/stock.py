"""Taking stock after a visit: money, mood, whether to come back; and the row that is written of it."""

from typing import Any

import numpy as np

from sim.behaviour import basket, experience, leaving
from sim.engines.calendar import WEEK
from sim.engines.cast import BASE, PASSER_BY
from sim.engines.people import Customer, Visit
from sim.engines.plan import Plan
from sim.engines.records import CHUNK_ROWS, STILL_HERE, Sink, visit_dtype


class StockTaking:
    """Settles each visit as it ends; rows go to the sink in chunks, nothing is kept of the warm-up."""

    def __init__(self, plan: Plan, customers: int, sink: Sink) -> None:
        self.plan, self.sink = plan, sink
        self.pays_somewhere = bool(plan.touchpoints["pays"].any())
        self.left_week = np.full(customers, STILL_HERE, np.int64)
        self._rows: list[tuple[Any, ...]] = []
        self._dtype = visit_dtype(plan)

    def take(self, visit: Visit, u_leave: float) -> None:
        """Settle a visit; `u_leave` is the luck with which the customer may leave for good."""
        customer = visit.customer
        customer.here = customer.source != PASSER_BY
        if visit.began < 0:
            return
        money = self._settle(visit)
        quality = experience.experience(self.plan.reference, visit.felt)
        customer.satisfaction = experience.satisfaction(customer.satisfaction, quality, self.plan.gain)
        left = self._leaves(visit, u_leave)
        self._rows.append(
            (customer.who, visit.ordinal, int(visit.began // WEEK), customer.segment, visit.trip, *money)
            + (visit.waits, visit.bad_asset, visit.response, quality, customer.satisfaction)
            + (self._completed(visit), left, customer.source == BASE)
        )
        if len(self._rows) >= CHUNK_ROWS:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows not handed over yet."""
        if self._rows:
            self.sink(np.array(self._rows, self._dtype))
            self._rows = []

    def _completed(self, visit: Visit) -> bool:
        return visit.paid if self.pays_somewhere else not visit.over

    def _settle(self, visit: Visit) -> tuple[Any, ...]:
        """Spend, loss by failure, recaptured and revenue, in minor units; the pot of what may yet come back."""
        customer, plan = visit.customer, self.plan
        # A visit that ends before the till, and not because anyone walked out, had nothing to pay for.
        meant = visit.spend if self._completed(visit) or visit.over else 0.0
        spend = basket.to_minor(meant, plan.minor_units)
        lost = basket.lost_total(spend, visit.kept)
        parts = np.zeros(visit.kept.size, np.int64)
        basket.split_loss(lost, visit.kept, parts)
        recaptured = customer.pot if self._completed(visit) else 0
        customer.pot += basket.set_aside(lost, plan.recapture) - recaptured
        return spend, parts, recaptured, spend - lost + recaptured

    def _leaves(self, visit: Visit, u: float) -> bool:
        """The coin of the relationship; nobody flips it on the visit that made them a customer."""
        customer, plan = visit.customer, self.plan
        if customer.source != BASE and visit.ordinal == 0:
            return False
        multiplier = leaving.hazard_multiplier(customer.satisfaction, plan.reference, plan.leaving_sensitivity)
        left = leaving.leaves(u, customer.hazard, multiplier)
        if left:
            self._farewell(customer, visit)
        return left

    def _farewell(self, customer: Customer, visit: Visit) -> None:
        customer.here = False
        self.left_week[customer.ordinal] = int(visit.began // WEEK)
