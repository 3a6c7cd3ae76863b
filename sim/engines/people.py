"""Who is in the SimPy engine: customers, and the visits they are on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.cast import Cast
from sim.engines.plan import Plan
from sim.engines.records import NO_RESPONSE, NOT_BORROWED


@dataclass(slots=True)
class Customer:
    """What someone carries from visit to visit."""

    ordinal: int
    who: int
    source: int
    segment: int
    visits_per_week: float
    hazard: float
    level: float
    next_week: float
    satisfaction: float
    pot: int = 0
    visits: int = 0
    here: bool = True


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
    trip: int = 0
    spend: float = 0.0
    felt: float = 0.0
    pool: int = -1
    borrowings: int = 0
    holds_bad: bool = False
    bad_asset: int = NOT_BORROWED
    reporting: bool = False
    paid: bool = False
    over: bool = False


def customers_of(cast: Cast, plan: Plan) -> list[Customer]:
    """Everybody whose first arrival is before the end, in order of ordinals."""
    who, source, segment = cast.who.tolist(), cast.source.tolist(), cast.segment.tolist()
    rate, hazard, level = cast.visits_per_week.tolist(), cast.hazard.tolist(), cast.level.tolist()
    return [
        Customer(i, who[i], source[i], segment[i], rate[i], hazard[i], level[i], week, plan.reference)
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
    )
