"""Whether a customer comes back."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.kernel import kernel

WEEKS_A_YEAR = 52.0


def leaving_hazard(
    u: NDArray[np.float64], mean_churn: float, concentration: float, visits_per_week: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Each customer's natural hazard of leaving at one visit, -ln(1 - p); shape (n,).

    Yearly churn is Beta between customers, with that mean and concentration (a + b); p = 1 - (1 - churn)^(1 /
    (52 x rate)), so that frequent shoppers do not leave fastest. The hazard is kept instead of p because it
    is the form the law below needs, and does not round to 0 for frequent shoppers.
    """
    if mean_churn <= 0.0:
        return np.zeros_like(u)
    if mean_churn >= 1.0:
        churn = np.ones_like(u)
    else:
        churn = special.betaincinv(mean_churn * concentration, (1.0 - mean_churn) * concentration, u)
    hazard: NDArray[np.float64] = -np.log1p(-np.minimum(churn, 1.0 - 1e-12)) / (WEEKS_A_YEAR * visits_per_week)
    return hazard


@kernel
def hazard_multiplier(satisfaction: float, reference: float, sensitivity: float) -> float:
    """How much likelier leaving is at this satisfaction: exp(-sensitivity x (S - reference)); 1 at reference.

    Sensitivity 1.03 is the correlational ceiling that Kriss 2014 implies.
    """
    return math.exp(-sensitivity * (satisfaction - reference))


@kernel
def may_leave(was_customer_at_week_0: bool, visit: int) -> bool:
    """Whether the coin is flipped after this visit: never after the one that made someone a customer."""
    return was_customer_at_week_0 or visit > 0


@kernel
def leaves(u: float, hazard: float, multiplier: float) -> bool:
    """Whether the customer never comes back: -ln(1 - u) < multiplier x natural hazard."""
    return -math.log1p(-u) < multiplier * hazard
