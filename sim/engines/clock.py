"""The order of events at the same instant, said once for both engines.

One 64-bit priority: class << 56 | keyed tie << 32 | entity ordinal. Capacity comes back before people give up,
and both before people arrive. The tie keeps the same people from always winning.
"""

from typing import cast

import simpy
from simpy.events import EventPriority

from sim.kernel import kernel

# From 2 up, so that SimPy's own urgent (0) and normal (1) hops drain before the next timed event.
REPAIR_ENDS, DESK_ENDS, SERVICE_ENDS, DWELL_ENDS, RENEGES, ARRIVES = range(2, 8)


@kernel
def priority(kind: int, tie: int, ordinal: int) -> int:
    """Where an event stands among those of its instant; lower goes first. tie < 2^24, ordinal < 2^32."""
    return kind << 56 | tie << 32 | ordinal


@kernel
def kind_of(code: int) -> int:
    """The class in a priority."""
    return code >> 56


@kernel
def tie_in(code: int) -> int:
    """The tie in a priority."""
    return (code >> 32) & 0xFFFFFF


@kernel
def ordinal_of(code: int) -> int:
    """The entity ordinal in a priority."""
    return code & 0xFFFFFFFF


class Clock:
    """Timed waits in SimPy that keep that order. Plain `env.timeout` would not."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env

    def hold(self, delay: float, kind: int, ordinal: int, tie: int) -> simpy.Event:
        """An event `delay` minutes from now, for one entity."""
        event = simpy.Event(self._env)
        event._ok = True
        event._value = None
        self._env.schedule(event, cast(EventPriority, priority(kind, tie, ordinal)), delay)
        return event
