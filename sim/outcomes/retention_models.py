"""What a customer is worth, and who is still one, told from retention alone."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.outcomes.maximum_likelihood import FitError, maximise

Floats = NDArray[np.float64]


def gupta_lehmann(margin: float, retention: float, discount: float, years: float = math.inf) -> float:
    """Value of a customer who brings `margin` at the end of every year that they stay: m r / (1 + i - r).

    Gupta and Lehmann (2003): one retention rate for everybody, for ever. With `years`, the same cut off there: the sum
    of m (r / (1 + i))^k over years k; a part of a year counts as the geometric curve has it. In the margin's unit.

    Raises:
        ValueError: retention outside [0, 1], a negative discount or horizon, or a sum without end and without limit.
    """
    if not 0.0 <= retention <= 1.0:
        raise ValueError(f"retention(={retention}) must be in [0, 1]")
    if discount < 0.0 or years < 0.0:
        raise ValueError(f"discount(={discount}) and years(={years}) must be 0 or more")
    kept = retention / (1.0 + discount)
    if kept == 1.0:
        if math.isinf(years):
            raise ValueError("nobody leaves and nothing is discounted: for ever, that has no limit")
        return margin * years
    return margin * kept * (1.0 - kept**years) / (1.0 - kept) if years > 0.0 else 0.0


class ShiftedBetaGeometric(NamedTuple):
    """Contracts: each customer leaves at each renewal with a chance of their own, Beta(alpha, beta)."""

    alpha: float
    beta: float


def survival(model: ShiftedBetaGeometric, periods: Floats) -> Floats:
    """Share of customers left after so many renewals: B(alpha, beta + t) / B(alpha, beta); shape of `periods`.

    Fader and Hardie (2007).
    """
    share: Floats = np.exp(special.betaln(model.alpha, model.beta + periods) - special.betaln(*model))
    return share


def fit_survivors(survivors: Floats) -> ShiftedBetaGeometric:
    """The likeliest parameters for customers of whom so many were left; shape (periods + 1,), all of them first.

    Raises:
        ValueError: fewer than two periods, survivors who grow in number, or fewer than 0.
        FitError: there is no fit; nobody left, for one.
    """
    if survivors.size < 3:
        raise ValueError(f"found {survivors.size - 1} periods; allowed: 2 or more, for two parameters")
    if (np.diff(survivors) > 0).any() or survivors[-1] < 0:
        raise ValueError(f"survivors(={survivors.tolist()}) must not grow, nor be below 0")
    if survivors[-1] == survivors[0]:
        raise FitError("nobody left")
    lost, period = -np.diff(survivors), np.arange(1.0, survivors.size)

    def slope(values: Floats) -> tuple[float, Floats]:
        return _slope(values[0], values[1], lost, survivors[-1], period)

    found = maximise(slope, (1.0, 5.0), ShiftedBetaGeometric._fields, max(1, round(float(survivors[0]))))
    return ShiftedBetaGeometric(*found.tolist())


def _slope(alpha: float, beta: float, lost: Floats, left: float, period: Floats) -> tuple[float, Floats]:
    """Log-likelihood of those lost in each period and those left after the last, and its derivatives."""
    counts = np.append(lost, left)
    a, b = np.append(np.full(lost.size, alpha + 1.0), alpha), beta + np.append(period - 1.0, period[-1])
    height = (counts * (special.betaln(a, b) - special.betaln(alpha, beta))).sum()
    common = special.psi(alpha + beta) - special.psi(a + b)
    by_alpha = (counts * (common + special.psi(a) - special.psi(alpha))).sum()
    by_beta = (counts * (common + special.psi(b) - special.psi(beta))).sum()
    return float(height), np.array([by_alpha, by_beta])
