"""What may be heard to happen in the SimPy engine: a hook that replay and tests listen to, and that decides nothing."""

from collections.abc import Callable
from enum import IntEnum, auto
from typing import Protocol

from sim.engines.simpy.people import Visit


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


class Tell(Protocol):
    """The same, now."""

    def __call__(self, kind: Kind, visit: Visit | None, what: int = NOWHERE, detail: int = 0) -> None:
        """Hand it on to the trace."""


def untold(minute: float, kind: Kind, visit: Visit | None, what: int, detail: int) -> None:
    """Where nobody listens."""
