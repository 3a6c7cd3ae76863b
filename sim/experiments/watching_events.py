"""What may be seen to happen in a simulation, and what it does to the things that are lent out."""

from collections.abc import Sequence
from enum import IntEnum, auto
from typing import NamedTuple


class Kind(IntEnum):
    """What may happen. `what` of an event is a pool where things are lent, a failure point where something fails.

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

Key = tuple[int, int]
"""A visit: the customer's id in the ledger, and which of their visits it is."""

IN_LINE, FAULTY_IN_LINE, AT_REPAIR = range(3)
Stock = tuple[int, int, int]
"""How many things of a pool stand in line sound, stand in line faulty, and are at repair."""

NOWHERE = -1


class Event(NamedTuple):
    """What happens at a minute to a visit, at the touchpoint of that position.

    The visit is None for a thing at repair, and for a customer who stays away, as there is none then.
    `detail` is the response to a failure, the state of a thing taken or brought back, the kind of trip of an arrival.
    """

    minute: float
    kind: Kind
    visit: Key | None
    place: int = NOWHERE
    what: int = NOWHERE
    detail: int = 0


def moved(stock: Stock, event: Event) -> Stock:
    """A pool's stock after an event of its things."""
    line, faulty, repair = stock
    if event.kind is Kind.TAKES:
        return (line, faulty - 1, repair) if event.detail == FAULTY else (line - 1, faulty, repair)
    if event.kind is Kind.BRINGS_BACK:
        return (line + 1, faulty, repair) if event.detail == SOUND else (line, faulty + 1, repair)
    if event.kind is Kind.IS_PULLED:
        return line, faulty, repair + 1
    if event.kind is Kind.MENDED:
        return line + 1, faulty, repair - 1
    return stock


MOVES = frozenset({Kind.TAKES, Kind.BRINGS_BACK, Kind.IS_PULLED, Kind.MENDED})


def stocks_after(stocks: Sequence[Stock], events: Sequence[Event]) -> tuple[Stock, ...]:
    """The stock of every pool after these events."""
    after = list(stocks)
    for event in events:
        if event.kind in MOVES:
            after[event.what] = moved(after[event.what], event)
    return tuple(after)
