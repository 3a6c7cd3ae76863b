"""How many replications are enough: until an interval is narrow, or until a difference is clear of zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiments.estimate import estimate, verdict

AT_MOST = 256


@dataclass(frozen=True)
class Target:
    """What to go on for: an interval of `measure` no wider than `half_width` either way, or, without one, clarity.

    Clear is a paired difference whose 95% interval leaves out 0. Looking again after each doubling gives chance some
    more opportunities than one look would (Law 2015, section 9.4.1): near 0, a "clear" found late deserves a new seed.
    """

    measure: str
    half_width: float | None
    at_most: int = AT_MOST

    def settled(self, values: Sequence[float]) -> bool:
        """Whether there is nothing more to go on for: it is reached, or can never be, because something is missing."""
        return self.reached(values) or not all(map(math.isfinite, values))

    def reached(self, values: Sequence[float]) -> bool:
        """Whether these values, one a replication, are enough; never where any is missing."""
        if self.half_width is None:
            return verdict(values) in ("higher", "lower")
        found = estimate(values).half_width
        return found is not None and found <= self.half_width
