"""Promises and trust: how a promise is heard, what is delivered, and what the gap between the two does.

Expectation, promise, delivery and trust live in [0, 1]. Trust acts on belief, on conversion and on cross-sale, and
never on leaving. Broken promises cost trust at once and kept ones heal it slowly; after deception it never heals fully.
With a hit of 1 and no healing it is all or nothing.

The form is that of Boulding, Kalra, Staelin and Zeithaml 1993, "A dynamic process model of service quality"; the sizes
are guesses (grade D).
"""

from sim.behaviour.chance import normal_quantile, shifted
from sim.kernel import kernel


@kernel
def heard(expectation: float, promise: float, weight: float, trust: float) -> float:
    """Expectation after a promise: E + weight x T x (promise - E). Weight is 0.4 by default; no trust, no effect."""
    return expectation + weight * trust * (promise - expectation)


@kernel
def delivered(u: float, level: float, spread: float) -> float:
    """Quality of one delivery: normal about its level, kept within [0, 1]; without spread exactly the level."""
    quality = level if spread == 0.0 else level + spread * normal_quantile(u)
    return min(max(quality, 0.0), 1.0)


@kernel
def learned(expectation: float, quality: float, pace: float) -> float:
    """Expectation after a delivery: E + pace x (delivered - E). Pace is 0.2 by default."""
    return expectation + pace * (quality - expectation)


@kernel
def is_broken(quality: float, promise: float) -> bool:
    """Whether less was delivered than promised."""
    return quality < promise


@kernel
def conversion(
    chance: float, expectation_gain: float, by_expectation: float, trust_gain: float, by_trust: float, skill: float
) -> float:
    """Chance to buy: logistic(c0 + gamma x (E - E0) + what trust and skill add), with c0 = logit(chance).

    `expectation_gain` is E - E0 and `trust_gain` T - T0, against those that everybody starts with; gamma,
    `by_expectation`, is 1 by default. `skill` is in log-odds.
    """
    return shifted(chance, by_expectation * expectation_gain + by_trust * trust_gain + skill)


@kernel
def after_broken(trust: float, hit: float) -> float:
    """T x (1 - hit). The hit is 0.3 by default, 1 where trust is all or nothing.

    After Schweitzer, Hershey and Bradlow 2006, "Promises and lies", as are healing and its cap.
    """
    return trust * (1.0 - hit)


@kernel
def after_kept(trust: float, heal: float, cap: float) -> float:
    """T + heal x (cap - T), never beyond the cap and never less than before. Heal is 0.1 by default.

    After Schweitzer, Hershey and Bradlow 2006.
    """
    return trust + heal * max(cap - trust, 0.0)


@kernel
def is_lie(promise: float, known: float) -> bool:
    """Whether more was promised than was known to be deliverable; `known` is NaN where they believed it themselves.

    After Schweitzer, Hershey and Bradlow 2006.
    """
    return promise > known
