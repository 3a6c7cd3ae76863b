"""Intervals: what replications say about a mean, and what they cannot say yet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

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
    sample = np.asarray(values, float)
    if sample.size == 0 or not np.isfinite(sample).all():
        return MISSING
    mean = float(sample.mean())
    if sample.size == 1:
        return Estimate(mean, None, None)
    half = _t(sample.size, confidence) * float(sample.std(ddof=1)) / math.sqrt(sample.size)
    return Estimate(mean, mean - half, mean + half)


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
