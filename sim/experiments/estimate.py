"""Intervals: what replications say about a mean, what they cannot say yet, and how many are enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.outcomes.measures import Measure, Pooled, Sample

CONFIDENCE = 0.95
_MANY = 1_000


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its Student-t interval, 95% unless said otherwise; None is missing, never 0.

    With one replication there is a mean and no interval; with a missing value in any replication, neither.
    """

    mean: float | None
    low: float | None
    high: float | None

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width; None without an interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


MISSING = Estimate(None, None, None)


def estimate(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """Mean and Student-t interval of independent replications (Law 2015, section 4.5)."""
    if isinstance(values, PooledValues):
        return values.estimate(confidence)
    sample = np.asarray(values, float)
    if sample.size == 0 or not np.isfinite(sample).all():
        return MISSING
    mean = float(sample.mean())
    if sample.size == 1:
        return Estimate(mean, None, None)
    half = _t(sample.size, confidence) * float(sample.std(ddof=1)) / math.sqrt(sample.size)
    return Estimate(mean, mean - half, mean + half)


class PooledValues(list[float]):
    """One value a replication of a measure that is pooled: all that a mean, an interval and a difference need of it.

    With R = sum of parts / sum of wholes, replication i has f(R) + f'(R) (part_i - R whole_i) / mean whole. Their mean
    is f(R), the pooled figure; their Student-t interval is that of the ratio estimate (Cochran 1977, chapter 6) carried
    over by the slope of f, and so is that of paired differences. All are NaN where there is no whole at all.
    """

    def __init__(self, pooled: Pooled, totals: Sequence[Sample], times: float = 1.0) -> None:
        parts, wholes = np.array(totals, float).reshape(-1, 2).T
        whole = float(wholes.sum())
        self._ratio = float(parts.sum()) / whole if whole else math.nan
        self._off = (parts - self._ratio * wholes) * (parts.size / whole if whole else math.nan)
        self._of, self._times = pooled.of, times
        at, slope = (times * each(self._ratio) for each in (pooled.of, pooled.slope))
        super().__init__((at + slope * self._off).tolist())

    def estimate(self, confidence: float) -> Estimate:
        """The pooled figure; its interval is taken of the ratio, so that it keeps to values that there can be."""
        spread = estimate(self._off.tolist(), confidence)
        if spread.mean is None:
            return MISSING
        half = spread.half_width
        ends = (None, None) if half is None else (self._said(self._ratio - half), self._said(self._ratio + half))
        return Estimate(self._said(self._ratio), *ends)

    def _said(self, ratio: float) -> float:
        return self._times * self._of(max(ratio, 0.0))


def values_of(measure: Measure, samples: Sequence[Sample], times: float = 1.0) -> list[float]:
    """One value a replication from what each says of that measure, times a number of 0 or more; NaN for nothing."""
    if measure.pooled:
        return PooledValues(measure.pooled, samples, times)
    return [times * value for (value,) in samples]


def _t(runs: int, confidence: float = CONFIDENCE) -> float:
    return float(special.stdtrit(runs - 1, 0.5 + confidence / 2))


def verdict(differences: Sequence[float]) -> str:
    """What paired differences say, in words: higher, lower, no difference, or not distinguishable yet."""
    found = estimate(differences)
    if found.mean is None:
        return "not measured"
    if all(difference == 0 for difference in differences):
        return "no difference"
    if found.low is None or found.high is None:
        return "not distinguishable yet: one run has no interval"
    if found.low > 0:
        return "higher"
    if found.high < 0:
        return "lower"
    return f"not distinguishable yet: {_more_runs(differences)}"


def _more_runs(differences: Sequence[float]) -> str:
    """About how many more runs would bring this difference clear of 0, if it is what it seems."""
    sample = np.asarray(differences, float)
    mean, sd = abs(float(sample.mean())), float(sample.std(ddof=1))
    runs = sample.size
    while runs < sample.size + _MANY:
        runs += 1
        if mean > 0 and _t(runs) * sd / math.sqrt(runs) < mean:
            more = runs - sample.size
            return f"about {more} more run{'s' if more > 1 else ''}"
    return f"more than {_MANY:,} more runs"


def variance_ratio(baseline: Sequence[float], world: Sequence[float]) -> float | None:
    """What pairing bought: variance of the difference had the worlds been independent, over the paired one.

    None where it cannot be said: fewer than two runs, something missing, or no variance left at all.
    """
    a, b = np.asarray(baseline, float), np.asarray(world, float)
    if a.size < 2 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return None
    paired = float((b - a).var(ddof=1))
    return (float(a.var(ddof=1)) + float(b.var(ddof=1))) / paired if paired > 0 else None


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
