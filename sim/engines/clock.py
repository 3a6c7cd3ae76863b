"""The order of events at the same instant, said once for both engines.

One 64-bit priority: class << 56 | keyed tie << 32 | entity ordinal. Capacity comes back before people give up,
and both before people arrive. The tie keeps the same people from always winning.
"""

from typing import cast

import simpy
from simpy.events import EventPriority

# From 2 up, so that SimPy's own urgent (0) and normal (1) hops drain before the next timed event.
REPAIR_ENDS, DESK_ENDS, SERVICE_ENDS, DWELL_ENDS, RENEGES, ARRIVES = range(2, 8)


def priority(kind: int, tie: int, ordinal: int) -> int:
    """Where an event stands among those of its instant; lower goes first. tie < 2^24, ordinal < 2^32."""
    return kind << 56 | tie << 32 | ordinal


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
