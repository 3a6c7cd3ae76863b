"""What several people believe of one number, as one distribution and as one range."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean


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


ENDS = (0.1, 0.9)
"""P10 and P90: what lies outside is far out."""


@dataclass(frozen=True)
class OpinionPool:
    """The equal-weight mixture of what people said, at least one of them; whoever speaks first makes no difference."""

    voices: tuple[Voice, ...]

    def density(self, at: float) -> float:
        """The probability density there, per unit; people who are certain add spikes that it leaves out."""
        return fmean(voice.density(at) for voice in self.voices)

    def chance_below(self, at: float) -> float:
        """The chance that the number is `at` or less: the mean of what the voices say."""
        return fmean(voice.chance_below(at) for voice in self.voices)

    def quantile(self, at: float) -> float:
        """The least value whose chance of being enough is at least `at`, a probability.

        Raises:
            ValueError: no probability.
        """
        if not 0 <= at <= 1:
            raise ValueError(f"found {at:g}; allowed: a probability from 0 to 1")
        corners = self._corners
        place = bisect_left(corners, at, key=self.chance_below) if at > 0 else 0
        if place == 0:
            return corners[0]
        if place == len(corners):  # rounding left the last sum a hair below 1
            return corners[-1]
        return self._between(corners[place - 1], corners[place], at)

    def _between(self, low: float, high: float, at: float) -> float:
        """Where the chance reaches `at`, between two corners beside each other."""
        from scipy.optimize import brentq  # slow to import, and most pages need none of it

        if self.chance_below(math.nextafter(high, low)) < at:
            return high  # somebody certain of this very number makes the chance jump here
        nearly = math.nextafter(high, low)
        precise = max((high - low) * 1e-12, 1e-300)
        return float(brentq(lambda value: self.chance_below(value) - at, low, nearly, xtol=precise))

    @cached_property
    def _corners(self) -> list[float]:
        """Where the mixture's shape may change; between two neighbours the chance is a smooth curve."""
        return sorted({end for voice in self.voices for end in (voice.low, voice.mode, voice.high)})

    @property
    def mean(self) -> float:
        """The mean: that of the voices' means."""
        return fmean(voice.mean for voice in self.voices)

    @property
    def sd(self) -> float:
        """The standard deviation: how unsure each is, and how far people differ, together."""
        return math.sqrt(self._within + self._between_people)

    @property
    def disagreement(self) -> float | None:
        """The share of the variance, 0 to 1, that lies between people; None where nobody doubts or differs."""
        total = self._within + self._between_people
        return self._between_people / total if total > 0 else None

    @property
    def _within(self) -> float:
        return fmean(voice.variance for voice in self.voices)

    @property
    def _between_people(self) -> float:
        return fmean((voice.mean - self.mean) ** 2 for voice in self.voices)

    def range(self, least: float, most: float, whole: bool = False) -> tuple[float, float, float]:
        """The triangular range that stands for the pool in a scenario: low, most likely, high, within [least, most].

        Its most likely value is the mean of theirs, and its mean is the pool's. The means of their ends are drawn
        apart alike until the standard deviation is the pool's too, but no end further than anybody's. One voice comes
        back as it is. Whole numbers are rounded to the nearest.
        """
        first = self.voices[0]
        alike = all(voice == first for voice in self.voices)
        ends = (first.low, first.mode, first.high) if alike else self._fitted(least, most)
        if whole:
            least, most = math.ceil(least), math.floor(most)
            ends = (_nearest(ends[0]), _nearest(ends[1]), _nearest(ends[2]))
        low, mode, high = (min(max(end, least), most) for end in ends)
        return low, mode, high

    def _fitted(self, least: float, most: float) -> tuple[float, float, float]:
        low, mode, high = (fmean(getattr(voice, end) for voice in self.voices) for end in ("low", "mode", "high"))
        room = min(low - max(self._corners[0], least), min(self._corners[-1], most) - high)
        further = max(min(_drawn_apart(mode - low, high - mode, self.sd), room), 0.0)
        return low - further, mode, high + further

    @cached_property
    def apart(self) -> tuple[Voice, ...]:
        """The voices that stand apart: all of what they say lies outside P10 to P90 of what the others say together.

        Of fewer than three nobody does.
        """
        return tuple(voice for voice in self.voices if len(self.voices) > 2 and self._stands_apart(voice))

    def _stands_apart(self, voice: Voice) -> bool:
        everybody, others = len(self.voices), len(self.voices) - 1
        others_below = self.chance_below(math.nextafter(voice.low, -math.inf)) * everybody / others
        others_up_to = (self.chance_below(voice.high) * everybody - 1) / others
        return others_up_to < ENDS[0] or others_below > ENDS[1]


def pooled(voices: Sequence[Voice]) -> OpinionPool:
    """The pool of these voices.

    Raises:
        ValueError: there are none.
    """
    if not voices:
        raise ValueError("found nobody's numbers; allowed: those of one person or more")
    return OpinionPool(tuple(voices))


def _nearest(value: float) -> float:
    return float(math.floor(value + 0.5))


def _drawn_apart(below: float, above: float, sd: float) -> float:
    """How much further both ends of a triangular have to be from its mode for that standard deviation.

    The root of (p² + pq + q²) / 18 = sd², where p and q are what is `below` and `above` the mode, each that much more.
    """
    half = (below + above) / 2
    return math.sqrt(max(half**2 - (below**2 + below * above + above**2) / 3 + 6 * sd**2, 0.0)) - half
