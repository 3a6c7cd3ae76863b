"""Who and what is in an engine while it runs, and what happens to them.

What changes is an object in the SimPy engine and a record of an array in the compiled one. Both have the fields of the
classes here, under the same names, so that one set of rules serves both. What happens may be heard in the SimPy engine:
replay and tests listen, and it decides nothing.
"""

from collections.abc import Callable
from dataclasses import MISSING, astuple, dataclass, fields
from enum import IntEnum, auto
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.plan import Plan
from sim.engines.population import BASE, Population
from sim.engines.records import COUNTERS, NOT_BORROWED, NOT_JOINED, STILL_HERE, UNTESTED, WORKING

NOBODY = -1
"""Where a person, a row, a touchpoint or a pool is named by its position: none."""
_KINDS: dict[Any, str] = {int: "i8", float: "f8", bool: "?"}


@dataclass(slots=True)
class Customer:
    """What someone carries from visit to visit.

    `counts` is the satisfaction that counts for leaving, as their last visit left it; `warm_ups` of their `visits` came
    before week 0; `pot` is what of losses they may yet spend, in minor units. `slot` is the row of the visit they are
    on, which matters to the compiled engine only.
    """

    who: int
    source: int
    segment: int
    visits_per_week: float
    hazard: float
    level: float
    pull: float
    next_week: float
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
    left_week: int = STILL_HERE
    slot: int = NOBODY


@dataclass(slots=True)
class Visit:
    """What has happened so far on one visit, by the customer at position `person`.

    `slot` is its row in what an engine keeps by failure point and touchpoint; `pass_here` says which pass through this
    touchpoint it is, from 1; `asked` is the minute they asked for a server here.
    """

    person: int
    slot: int
    tie: int
    who: int = 0
    ordinal: int = 0
    segment: int = 0
    began: float = 0.0
    raining: bool = False
    at: int = 0
    pass_here: int = 0
    trip: int = 0
    spend: float = 0.0
    felt: float = 0.0
    pool: int = NOBODY
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
    asked: float = 0.0
    paid: bool = False
    over: bool = False


@dataclass(slots=True)
class Pool:
    """Alike things that are lent out: how many are in the bay, of these faulty, and pulled for repair so far."""

    idle: int
    faulty_idle: int = 0
    pulled: int = 0


@dataclass(slots=True)
class Level:
    """How many there are, and since when that was counted."""

    level: int
    since: float


@dataclass(slots=True)
class Now:
    """What is said about the business: talk still about, since when it was last counted, and the public reviews.

    `counted` are the events so far (see `Meter`), `endless` is the touchpoint at which a visit would go on for ever.
    """

    since: float
    reputation: float
    talk: float = 0.0
    counted: int = 0
    endless: int = NOBODY


def dtype_of(kind: type[Any]) -> np.dtype[np.void]:
    """The record of such an object."""
    return np.dtype([(field.name, _KINDS[field.type]) for field in fields(kind)], align=True)


def table_of(objects: list[Any], kind: type[Any]) -> NDArray[np.void]:
    """Objects of that kind as records; shape (objects,)."""
    return np.array([astuple(one) for one in objects], dtype_of(kind))


def people_of(plan: Plan, population: Population) -> NDArray[np.void]:
    """Everybody before they came, as records of `Customer`, in order of ordinals; shape (customers,)."""
    nobody: Any = [0] * sum(field.default is MISSING for field in fields(Customer))
    people = np.repeat(table_of([Customer(*nobody)], Customer), population.who.size)
    for name in ("who", "source", "segment", "visits_per_week", "hazard", "level", "pull"):
        people[name] = getattr(population, name)
    people["next_week"] = population.first_week
    people["satisfaction"] = people["counts"] = plan.reference
    people["expectation"] = plan.segments["expectation"][population.segment]
    people["trust"], people["cap"] = plan.laws["trust"], plan.laws["cap"]
    people["joined"] = np.where(population.source == BASE, 0, NOT_JOINED)
    return people


def pools_of(plan: Plan) -> list[Pool]:
    """Every pool, whole."""
    return [Pool(idle=size) for size in plan.pools["size"].tolist()]


def levels_of(plan: Plan) -> list[list[Level]]:
    """The levels of services and then pools, by counter: nothing but what is in working order."""
    sizes = [0] * plan.servers.size + plan.pools["size"].tolist()
    return [
        [Level(size if counter == WORKING else 0, plan.starts) for counter in range(len(COUNTERS))] for size in sizes
    ]


class Kind(IntEnum):
    """What may happen. `what` is a pool where things are lent, a failure point where something fails.

    Who leaves for good does so after a visit; who stays away, instead of one that was due.
    """

    ARRIVES = auto()
    COMES_TO = auto()
    TAKES = auto()
    FINDS_NONE = auto()
    FAILS = auto()
    SPEAKS_UP = auto()
    WAITS = auto()
    IS_SERVED = auto()
    IS_REFUSED = auto()
    IS_PULLED = auto()
    MENDING = auto()
    MENDED = auto()
    IS_SETTLED = auto()
    IS_KEPT = auto()
    AGREES = auto()
    DECLINES = auto()
    ADDS = auto()
    PAYS = auto()
    BRINGS_BACK = auto()
    ENDS = auto()
    LEAVES_FOR_GOOD = auto()
    STAYS_AWAY = auto()


SOUND, FAULTY, BROKE = range(3)
"""Of a thing taken or brought back: broke means it was sound when this visit took it."""
NOWHERE = -1

Trace = Callable[[float, Kind, Visit | None, int, int], None]
"""Told the minute, what happens, the visit (None for a thing at repair, and for who stays away), `what` and `detail`.

`detail` is the response to a failure, the state of a thing taken or brought back, the kind of trip of an arrival.
"""
