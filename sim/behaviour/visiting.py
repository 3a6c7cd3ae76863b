"""When customers come, and whether they come back.

Gaps between visits run on the operational clock, in weeks. They are exponential or Gamma-shaped. A Gamma quantile has
no closed form, so its logarithm is tabulated once against the logarithm of the exponential deviate of the same
probability; between the two the curve is almost straight, and linear interpolation on this grid errs by less than two
parts in 100,000 for shapes from 0.3 up (a coefficient of variation of 1.8).
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.kernel import kernel
from sim.scenario.quantity import WEEKS_A_YEAR

_LOG_FIRST, _LOG_LAST, _PER_UNIT = -40.0, 4.0, 64
_AS_GOOD_AS_EQUAL = 1e-4  # beyond, the inverse of the Gamma law runs out of digits


def gap_shape(variation: float) -> float:
    """Shape of the Gamma law of gaps with that coefficient of variation; infinite where gaps are as good as equal.

    Within a household the coefficient is about 0.9 (Complete Journey).
    """
    return 1.0 / variation**2 if variation >= _AS_GOOD_AS_EQUAL else math.inf


def gap_table(shape: float) -> NDArray[np.float64]:
    """Log quantiles of a Gamma of that shape and mean 1, for `gap_weeks`; shape (2817,). All 0 for infinite shape.

    Gaps have that law in Complete Journey.
    """
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
    """Weeks on the operational clock from one arrival to the next, by inversion of the tabulated law.

    Gaps have that law in Complete Journey.
    """
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


def leaving_hazard(
    u: NDArray[np.float64], mean_churn: float, concentration: float, visits_per_week: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Each customer's natural hazard of leaving at one visit, -ln(1 - p); shape (n,).

    Yearly churn is Beta between customers, with that mean and concentration (a + b); p = 1 - (1 - churn)^(7 /
    (365 x rate)), so that frequent shoppers do not leave fastest. The hazard is kept instead of p because it
    is the form the law below needs, and does not round to 0 for frequent shoppers.
    """
    return _hazard_of(u, mean_churn, concentration) / (WEEKS_A_YEAR * visits_per_week)


def leaving_hazard_a_visit(u: NDArray[np.float64], mean_chance: float, concentration: float) -> NDArray[np.float64]:
    """The same where the chance itself, p at one visit, is Beta between customers; shape (n,).

    With exponential gaps and Gamma visit rates that is the BG/NBD model (Fader, Hardie and Lee 2005); with one visit
    a period, a renewal, it is the shifted-beta-geometric model of contracts (Fader and Hardie 2007).
    """
    return _hazard_of(u, mean_chance, concentration)


def _hazard_of(u: NDArray[np.float64], mean: float, concentration: float) -> NDArray[np.float64]:
    """-ln(1 - p) of a p that is Beta between customers with that mean and concentration; exactly 0 for mean 0."""
    if mean <= 0.0:
        return np.zeros_like(u)
    a, b = mean * concentration, (1.0 - mean) * concentration
    p = np.ones_like(u) if mean >= 1.0 else special.betaincinv(a, b, u)
    hazard: NDArray[np.float64] = -np.log1p(-np.minimum(p, 1.0 - 1e-12))
    return hazard


@kernel
def hazard_multiplier(satisfaction: float, reference: float, sensitivity: float, shock: float) -> float:
    """How much likelier leaving is: M = exp(-sensitivity x (S - reference)) x (1 + shock); 1 at reference unshocked.

    Sensitivity is 0.5 by default; 1.03 is the correlational ceiling that Kriss 2014 implies.
    """
    return math.exp(-sensitivity * (satisfaction - reference)) * (1.0 + shock)


@kernel
def shock_of_complaint(times: float, again: bool, tenure_weeks: float, tenure_scale_weeks: float) -> float:
    """What an unresolved complaint adds to the shock: (m - 1) x (2 if another came lately) / (1 + tenure / scale).

    m is 1 by default, no shock: the sensitivity above may already contain it (1.5 in the model, 1 to 3). In shape
    after Knox and van Oest 2014: worse for the second one in a row, and for new customers (scale 104 weeks).
    """
    size = (times - 1.0) * (2.0 if again else 1.0)
    return size / (1.0 + tenure_weeks / tenure_scale_weeks) if tenure_scale_weeks > 0.0 else size


@kernel
def may_leave(was_customer_at_week_0: bool, first_is_due: bool, visits_before: int) -> bool:
    """Whether the coin is flipped at a visit that so many of the same customer came before, from week 0 on.

    Never at the one that makes someone a customer, by coming or by buying. Who is one at week 0 has paid for the period
    they are in, so that their first visit renews it and is decided on; unless that first period is due, then it is
    their first payment (BG/NBD flips no coin after acquisition either).
    """
    return visits_before > 0 or (was_customer_at_week_0 and not first_is_due)


@kernel
def leaves(u: float, hazard: float, multiplier: float) -> bool:
    """Whether the customer never comes back: -ln(1 - u) < multiplier x natural hazard."""
    return -math.log1p(-u) < multiplier * hazard
