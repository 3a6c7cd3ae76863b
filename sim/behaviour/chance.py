"""From one uniform to one outcome: quantiles by inversion, and choices among shares."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel

FIXED, EXPONENTIAL, LOGNORMAL = 0, 1, 2

# Wichura 1988, algorithm AS 241 (PPND16): rational approximations, relative error about 1e-16.
_CENTRE = np.array(
    [
        [3.3871328727963666080e0, 1.0],
        [1.3314166789178437745e2, 4.2313330701600911252e1],
        [1.9715909503065514427e3, 6.8718700749205790830e2],
        [1.3731693765509461125e4, 5.3941960214247511077e3],
        [4.5921953931549871457e4, 2.1213794301586595867e4],
        [6.7265770927008700853e4, 3.9307895800092710610e4],
        [3.3430575583588128105e4, 2.8729085735721942674e4],
        [2.5090809287301226727e3, 5.2264952788528545610e3],
    ]
)
_SHOULDER = np.array(
    [
        [1.42343711074968357734e0, 1.0],
        [4.63033784615654529590e0, 2.05319162663775882187e0],
        [5.76949722146069140550e0, 1.67638483018380384940e0],
        [3.64784832476320460504e0, 6.89767334985100004550e-1],
        [1.27045825245236838258e0, 1.48103976427480074590e-1],
        [2.41780725177450611770e-1, 1.51986665636164571966e-2],
        [2.27238449892691845833e-2, 5.47593808499534494600e-4],
        [7.74545014278341407640e-4, 1.05075007164441684324e-9],
    ]
)
_TAIL = np.array(
    [
        [6.65790464350110377720e0, 1.0],
        [5.46378491116411436990e0, 5.99832206555887937690e-1],
        [1.78482653991729133580e0, 1.36929880922735805310e-1],
        [2.96560571828504891230e-1, 1.48753612908506148525e-2],
        [2.65321895265761230930e-2, 7.86869131145613259100e-4],
        [1.24266094738807843860e-3, 1.84631831751005468180e-5],
        [2.71155556874348757815e-5, 1.42151175831644588870e-7],
        [2.01033439929228813265e-7, 2.04426310338993978564e-15],
    ]
)


@kernel
def _ratio(table: NDArray[np.float64], r: float) -> float:
    over, under = 0.0, 0.0
    for i in range(7, -1, -1):
        over = over * r + table[i, 0]
        under = under * r + table[i, 1]
    return over / under


@kernel
def normal_quantile(u: float) -> float:
    """Standard normal deviate at probability u in (0, 1) (Wichura 1988, AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_CENTRE, 0.180625 - q * q)
    r = math.sqrt(-math.log(min(u, 1.0 - u)))
    size = _ratio(_SHOULDER, r - 1.6) if r <= 5.0 else _ratio(_TAIL, r - 5.0)
    return -size if q < 0.0 else size


@kernel
def exponential(u: float, mean: float) -> float:
    """Exponential deviate of that mean, in the mean's unit."""
    return -mean * math.log1p(-u)


@kernel
def lognormal(u: float, mean: float, log_sd: float) -> float:
    """Log-normal deviate with that *mean* (not median) and that standard deviation of its logarithm."""
    return mean * math.exp(log_sd * normal_quantile(u) - 0.5 * log_sd * log_sd)


@kernel
def duration(u: float, law: int, mean: float, log_sd: float) -> float:
    """Minutes a step takes, by law (FIXED, EXPONENTIAL or LOGNORMAL); log_sd matters to the last only."""
    if law == EXPONENTIAL:
        return exponential(u, mean)
    if law == LOGNORMAL:
        return lognormal(u, mean, log_sd)
    return mean


@kernel
def shifted(p: float, log_odds: float) -> float:
    """A chance moved by that much on the scale of log-odds: logistic(logit(p) + log_odds); exactly p for 0.

    No shift takes a chance of 0 or 1 away from there.
    """
    if log_odds == 0.0 or p <= 0.0 or p >= 1.0:
        return p
    return 1.0 / (1.0 + (1.0 - p) / p * math.exp(-log_odds))


@kernel
def poisson(u: float, mean: float) -> int:
    """Poisson count at probability u in (0, 1), by summing the law up to it; for means of a few."""
    count, at_count = 0, math.exp(-mean)
    passed = at_count
    while u > passed:
        at_count *= mean / (count + 1)
        if passed + at_count == passed:  # nothing is left of the law
            break
        count += 1
        passed += at_count
    return count


@kernel
def faded(amount: float, elapsed: float, half_life: float) -> float:
    """What is left of an amount: amount x 2^(-elapsed / half-life); with a half-life of 0 nothing."""
    if elapsed <= 0.0 or amount == 0.0:
        return amount
    return amount * 2.0 ** (-elapsed / half_life) if half_life > 0.0 else 0.0


@kernel
def choice(u: float, shares: NDArray[np.float64]) -> int:
    """Which of `shares` (shape (n,)) u falls in; the *first* takes whatever the others leave over.

    Because the others are laid end to end from 0, raising one share only ever adds people to it or moves
    them to its neighbour; nobody outside changes their mind.
    """
    passed = 0.0
    for i in range(1, shares.size):
        passed += shares[i]
        if u < passed:
            return i
    return 0
