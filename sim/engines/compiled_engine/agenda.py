"""The compiled engine's agenda: a binary heap of what happens when, in the order that `clock` says."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel

EVENT = np.dtype([("minute", "f8"), ("priority", "i8")])


@kernel
def push(agenda: NDArray[np.void], size: int, minute: float, priority: int) -> None:
    """Add an event to the `size` that are there (agenda: shape (room,), of `EVENT`, room > size)."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        other = agenda[above]
        if other.minute < minute or (other.minute == minute and other.priority <= priority):
            break
        agenda[place].minute = other.minute
        agenda[place].priority = other.priority
        place = above
    agenda[place].minute = minute
    agenda[place].priority = priority


@kernel
def drop_first(agenda: NDArray[np.void], size: int) -> None:
    """Take the first of `size` events away; the next one is at position 0 then."""
    last = size - 1
    minute, priority = agenda[last].minute, agenda[last].priority
    place, below = 0, 1
    while below < last:
        other = below + 1
        if other < last and (
            agenda[other].minute < agenda[below].minute
            or (agenda[other].minute == agenda[below].minute and agenda[other].priority < agenda[below].priority)
        ):
            below = other
        if minute < agenda[below].minute or (minute == agenda[below].minute and priority <= agenda[below].priority):
            break
        agenda[place].minute = agenda[below].minute
        agenda[place].priority = agenda[below].priority
        place, below = below, 2 * below + 1
    agenda[place].minute = minute
    agenda[place].priority = priority
