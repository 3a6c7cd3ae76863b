"""When customers come: gaps between visits on the operational clock, in weeks.

Gaps are exponential or Gamma-shaped (Complete Journey: coefficient of variation about 0.9 within a household).
A Gamma quantile has no closed form, so its logarithm is tabulated once against the logarithm of the exponential
deviate of the same probability; between the two the curve is almost straight, and linear interpolation on this
grid errs by less than two parts in 100,000 for shapes from 0.3 up (a coefficient of variation of 1.8).
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.kernel import kernel

_LOG_FIRST, _LOG_LAST, _PER_UNIT = -40.0, 4.0, 64
_AS_GOOD_AS_EQUAL = 1e-4  # beyond, the inverse of the Gamma law runs out of digits


def gap_shape(variation: float) -> float:
    """Shape of the Gamma law of gaps with that coefficient of variation; infinite where gaps are as good as equal."""
    return 1.0 / variation**2 if variation >= _AS_GOOD_AS_EQUAL else math.inf


def gap_table(shape: float) -> NDArray[np.float64]:
    """Log quantiles of a Gamma of that shape and mean 1, for `gap_weeks`; shape (2817,). All 0 for infinite shape."""
    log_z = np.linspace(_LOG_FIRST, _LOG_LAST, int((_LOG_LAST - _LOG_FIRST) * _PER_UNIT) + 1)
    if math.isinf(shape):
        return np.zeros_like(log_z)
    z = np.exp(log_z)
    left, right = special.gammaincinv(shape, -np.expm1(-z)), special.gammainccinv(shape, np.exp(-z))
    # Where the inverse underflows, the quantile is a pure power of the probability.
    power = (log_z + special.gammaln(shape + 1.0)) / shape - math.log(shape)
    with np.errstate(divide="ignore"):
        return np.where(power < -600.0, power, np.log(np.where(z < 0.5, left, right) / shape))


@kernel
def gap_weeks(u: float, visits_per_week: float, table: NDArray[np.float64]) -> float:
    """Weeks on the operational clock from one arrival to the next, by inversion of the tabulated law."""
    log_z = math.log(-math.log1p(-u))
    position = min(max((log_z - _LOG_FIRST) * _PER_UNIT, 0.0), table.size - 1.001)
    cell = int(position)
    part = position - cell
    return math.exp(table[cell] + part * (table[cell + 1] - table[cell])) / visits_per_week


def residual_weeks(
    u_length: NDArray[np.float64],
    u_part: NDArray[np.float64],
    visits_per_week: NDArray[np.float64],
    shape: float,
) -> NDArray[np.float64]:
    """Weeks to the first arrival of someone long since a customer; all arrays of shape (n,).

    The gap in progress at a random moment is length-biased (a Gamma of shape + 1), and the moment is uniform
    within it: the equilibrium residual of renewal theory (Cox 1962). Where gaps are equal, only the moment is left.
    """
    length = np.ones_like(u_length) if math.isinf(shape) else special.gammaincinv(shape + 1.0, u_length) / shape
    weeks: NDArray[np.float64] = u_part * length / visits_per_week
    return weeks


def visit_rates(u: NDArray[np.float64], mean_per_week: NDArray[np.float64], shape: float) -> NDArray[np.float64]:
    """Each customer's own visits a week, Gamma between customers (the NBD model; Ehrenberg 1959); shape (n,)."""
    rates: NDArray[np.float64] = mean_per_week * special.gammaincinv(shape, u) / shape
    # A rate of exactly 0 would make the next gap infinite times zero; nobody comes less than once in 2,000 years.
    return np.maximum(rates, 1e-5)
