"""Who is in the SimPy engine: customers, and the visits they are on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.cast import BASE, Cast
from sim.engines.plan import Plan
from sim.engines.records import NO_RESPONSE, NOT_BORROWED, NOT_JOINED, UNTESTED


@dataclass(slots=True)
class Customer:
    """What someone carries from visit to visit.

    `counts` is the satisfaction that counts for leaving, as their last visit left it; `warm_ups` of their `visits` came
    before week 0.
    """

    ordinal: int
    who: int
    source: int
    segment: int
    visits_per_week: float
    hazard: float
    level: float
    next_week: float
    pull: float
    satisfaction: float
    counts: float
    expectation: float
    trust: float
    cap: float
    joined: int
    promised: float = np.nan
    shock: float = 0.0
    shocked_at: float = 0.0
    complained_at: float = -np.inf
    agreed: bool = False
    pot: int = 0
    visits: int = 0
    warm_ups: int = 0
    here: bool = True

    @property
    def is_customer(self) -> bool:
        """Whether they have bought before, or were there at week 0."""
        return self.joined != NOT_JOINED


@dataclass(slots=True)
class Visit:
    """What has happened so far on one visit."""

    customer: Customer
    ordinal: int
    began: float
    tie: int
    raining: bool
    kept: NDArray[np.float64]
    response: list[int]
    waits: list[float]
    passes: list[int]
    joins: list[int]
    trip: int = 0
    spend: float = 0.0
    felt: float = 0.0
    pool: int = -1
    borrowings: int = 0
    holds_bad: bool = False
    bad_asset: int = NOT_BORROWED
    reporting: bool = False
    complained: bool = False
    unsettled: bool = False
    recovered: bool = False
    refund: float = 0.0
    failed: bool = False
    declined: bool = False
    agreed_to_buy: bool = False
    odds: float = 1.0
    on_top: float = 0.0
    cross_sold: bool = False
    channel: int = 0
    contacts: int = 0
    handled: float = 0.0
    solved_first: bool = False
    promise: int = UNTESTED
    delivered: float = np.nan
    paid: bool = False
    over: bool = False

    @property
    def so_far(self) -> tuple[bool, bool, bool]:
        """What a way on may depend on: something to report, a failure here, a customer."""
        return self.reporting, self.failed, self.customer.is_customer


@dataclass(slots=True)
class Word:
    """What is said about the business: talk still about, since when it was last counted, and the public reviews."""

    talk: float
    since: float
    reputation: float


def customers_of(cast: Cast, plan: Plan) -> list[Customer]:
    """Everybody whose first arrival is before the end, in order of ordinals."""
    who, source, segment = cast.who.tolist(), cast.source.tolist(), cast.segment.tolist()
    rate, hazard, level = cast.visits_per_week.tolist(), cast.hazard.tolist(), cast.level.tolist()
    pull, expectation = cast.pull.tolist(), plan.segments["expectation"].tolist()
    law = plan.laws[0]
    return [
        Customer(
            ordinal=i,
            who=who[i],
            source=source[i],
            segment=segment[i],
            visits_per_week=rate[i],
            hazard=hazard[i],
            level=level[i],
            next_week=week,
            pull=pull[i],
            satisfaction=plan.reference,
            counts=plan.reference,
            expectation=expectation[segment[i]],
            trust=float(law["trust"]),
            cap=float(law["cap"]),
            joined=0 if source[i] == BASE else NOT_JOINED,
        )
        for i, week in enumerate(cast.first_week.tolist())
        if cast.first_minute[i] < plan.ends
    ]


def visit_of(customer: Customer, plan: Plan, began: float, tie: int, raining: bool) -> Visit:
    """A visit that begins now; the customer's next one will have the next ordinal."""
    ordinal = customer.visits
    customer.visits += 1
    return Visit(
        customer=customer,
        ordinal=ordinal,
        began=began,
        tie=tie,
        raining=raining,
        kept=np.ones(plan.failures.size),
        response=[NO_RESPONSE] * plan.failures.size,
        waits=[np.nan] * plan.touchpoints.size,
        passes=[0] * plan.touchpoints.size,
        joins=[0] * plan.touchpoints.size,
    )
