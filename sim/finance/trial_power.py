"""How often a trial in matched pairs of stores finds what there is to find: trials drawn from stores that were seen.

In a pair one store has the fixes and the other has not. The difference between them, each first adjusted for what it
was before, is the effect, the luck of either store, and a mismatch of the pair's own that no number of weeks cures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.engines import randomness
from sim.engines.randomness import HAPPENS, Luck

LEVEL = 0.05
TRIALS = 1_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """The luck of trials, each of shape (trials, pairs): which stores make a pair, in (0, 1), and a standard normal.

    A trial of fewer pairs is the first pairs of one with more, and trials of any length are of the same stores: so
    designs differ by their design alone.
    """

    mended: Floats
    other: Floats
    mismatch: Floats


def draws_of(seed: int, pairs: int, trials: int = TRIALS) -> Draws:
    """The luck of so many trials."""
    luck, who = Luck(seed, 0), np.arange(trials * pairs)
    mended, other, mismatch = (
        luck.each(who, randomness.key_of(f"trial {purpose}"), HAPPENS).reshape(trials, pairs)
        for purpose in ("mended", "other", "mismatch")
    )
    return Draws(mended, other, special.ndtri(mismatch))


def adjusted(shown: Floats, plain: Floats, before: Floats) -> Floats:
    """What stores show in a trial, (stores,), adjusted for what the same stores were before it; the mean stays.

    By as much as `plain`, the trial's weeks without the fixes, goes with `before` (analysis of covariance; Deng et al.
    2013): whose customers spend more goes on bringing more, and a chance good month does not.
    """
    about_mean = before - before.mean()
    spread = float((about_mean**2).sum())
    slope = float((about_mean * plain).sum()) / spread if spread > 0 else 0.0
    as_expected: Floats = shown - min(max(slope, 0.0), 1.0) * about_mean
    return as_expected


def differences(mended: Floats, plain: Floats, mismatch_sd: float, draws: Draws) -> Floats:
    """What pairs of stores show, (trials, pairs), where stores (stores,) would bring so much with and without fixes.

    Both stores of a pair are drawn from those seen (Efron 1979), never one and the same: real stores are not twins.
    As all stores are seen both with the fixes and without, the mean over all pairs is the twins' own, exactly 0 where
    the fixes do nothing.
    """
    stores = len(mended)
    first = np.floor(draws.mended * stores).astype(int)
    second = (first + 1 + np.floor(draws.other * (stores - 1)).astype(int)) % stores
    shown: Floats = mended[first] - plain[second] + mismatch_sd * draws.mismatch
    return shown


def share_found(shown: Floats, direction: float = 1.0) -> float:
    """In what share of trials (trials, pairs) a two-sided paired t-test at 5% finds an effect in that direction."""
    pairs = shown.shape[1]
    error = shown.std(axis=1, ddof=1) / np.sqrt(pairs)
    needed = special.stdtrit(pairs - 1, 1 - LEVEL / 2) * error
    return float((direction * shown.mean(axis=1) > needed).mean())


def interval(share: float, trials: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share seen in so many trials (Wilson 1927)."""
    from scipy import stats  # slow to import, and most commands need none of it

    bounds = stats.binomtest(round(share * trials), trials).proportion_ci(0.95, method="wilson")
    return float(bounds.low), float(bounds.high)


def pair_sd(mended: Floats, plain: Floats, mismatch_sd: float) -> float:
    """The standard deviation of what a pair shows about the effect: the luck of two stores, and their mismatch."""
    return float(np.sqrt(mended.var(ddof=1) + plain.var(ddof=1) + mismatch_sd**2))
