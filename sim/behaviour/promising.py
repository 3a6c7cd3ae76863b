"""Promises: how one is heard, what is delivered, and what the gap between the two does.

Expectation, promise and delivery live in [0, 1]. The form is that of Boulding, Kalra, Staelin and Zeithaml 1993, "A
dynamic process model of service quality"; the sizes are guesses (grade D).
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
