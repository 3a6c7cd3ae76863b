"""One person's numbers: a triangular distribution with hard ends, as every range in Ripple is."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Voice:
    """What one person believes of a number: hard ends and the value most likely between them, in its unit.

    All three may be the same: then that person is certain.

    Raises:
        ValueError: not finite, or not in order.
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        said = (self.low, self.mode, self.high)
        if not all(math.isfinite(value) for value in said):
            raise ValueError(f"found {', '.join(f'{value:g}' for value in said)}; allowed: three finite numbers")
        if not self.low <= self.mode <= self.high:
            order = "lowest, most likely and highest in that order, each at least the one before"
            raise ValueError(f"found {', '.join(f'{value:.15g}' for value in said)}; allowed: {order}")

    @property
    def is_certain(self) -> bool:
        """Whether all of it is one number."""
        return self.low == self.high

    @property
    def mean(self) -> float:
        """The mean, in the number's unit; within the ends, whatever rounding does."""
        return min(max(self.low / 3 + self.mode / 3 + self.high / 3, self.low), self.high)

    @property
    def variance(self) -> float:
        """The variance, in the unit squared."""
        below, above = self.mode - self.low, self.high - self.mode
        return (below**2 + below * above + above**2) / 18

    def density(self, at: float) -> float:
        """The probability density there; 0 everywhere for one who is certain."""
        if self.is_certain or not self.low <= at <= self.high:
            return 0.0
        top = 2 / (self.high - self.low)
        if at < self.mode:
            return top * (at - self.low) / (self.mode - self.low)
        return top * (self.high - at) / (self.high - self.mode) if self.mode < self.high else top

    def chance_below(self, at: float) -> float:
        """The chance that the number is `at` or less."""
        if at >= self.high:
            return 1.0
        if at <= self.low:
            return 0.0
        width = self.high - self.low
        if at < self.mode:
            return (at - self.low) / width * ((at - self.low) / (self.mode - self.low))
        return 1 - (self.high - at) / width * ((self.high - at) / (self.high - self.mode))
