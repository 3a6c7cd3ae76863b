"""Gamma-Gamma: what a customer spends at a time, told from what few purchases showed (Fader and Hardie 2013).

A customer's purchases are Gamma(p, v), with a v of their own, Gamma(q, gamma) between customers; how much they spend
has nothing to do with how often they come. Of each customer the model sees `frequency`, how many purchases there were
(1 or more), and `mean_spend`, what they averaged (above 0).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.outcomes.maximum_likelihood import FitError, maximise

Floats = NDArray[np.float64]


class GammaGamma(NamedTuple):
    """Parameters: purchases are Gamma(p, v), v is Gamma(q, gamma). `gamma` is in units of money."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """Mean spend at a time of a random customer; infinite where q is 1 or less."""
        return self.p * self.gamma / (self.q - 1.0) if self.q > 1.0 else np.inf


def log_likelihood(model: GammaGamma, frequency: Floats, mean_spend: Floats) -> Floats:
    """Log-likelihood of each customer's mean spend; all arrays of shape (customers,)."""
    p, q, gamma = model
    shape, total = p * frequency, frequency * mean_spend
    chance: Floats = special.gammaln(shape + q) - special.gammaln(shape) - special.gammaln(q)
    chance += q * np.log(gamma) + shape * np.log(total)
    return chance - np.log(mean_spend) - (shape + q) * np.log(gamma + total)


def fit(frequency: Floats, mean_spend: Floats) -> GammaGamma:
    """The likeliest parameters for customers seen so; arrays of shape (customers,).

    Raises:
        ValueError: arrays of different shapes, a frequency below 1, or a mean spend of 0 or less.
        FitError: there is no fit.
    """
    if frequency.shape != mean_spend.shape:
        raise ValueError(f"found shapes {frequency.shape} and {mean_spend.shape}; allowed: one shape")
    if not ((frequency >= 1) & (mean_spend > 0)).all():
        raise ValueError("found a frequency below 1, or a mean spend of 0 or less")
    if not frequency.size:
        raise FitError("there are no customers")
    scale = float(mean_spend.mean())

    def slope(values: Floats) -> tuple[float, Floats]:
        return slope_of(GammaGamma(*values.tolist()), frequency, mean_spend / scale)

    p, q, gamma = maximise(slope, (2.0, 2.0, 1.0), GammaGamma._fields, frequency.size).tolist()
    return GammaGamma(p, q, gamma * scale)


def slope_of(model: GammaGamma, frequency: Floats, mean_spend: Floats) -> tuple[float, Floats]:
    """Log-likelihood of all customers together, and its derivatives."""
    p, q, gamma = model
    shape, total = p * frequency, frequency * mean_spend
    drawn = special.psi(shape + q) - np.log(gamma + total)
    slopes = (
        frequency * (drawn - special.psi(shape) + np.log(total)),
        drawn - special.psi(q) + np.log(gamma),
        q / gamma - (shape + q) / (gamma + total),
    )
    return float(log_likelihood(model, frequency, mean_spend).sum()), np.array([one.sum() for one in slopes])


def conditional_expected_spend(model: GammaGamma, frequency: Floats, mean_spend: Floats) -> Floats:
    """What each customer spends at a time from now on: their own mean, drawn to everybody's; shape (customers,).

    The fewer their purchases, the closer to everybody's. NaN where that mean does not exist: p x + q is 1 or less.
    """
    p, q, gamma = model
    weight = p * frequency + q - 1.0
    return np.where(weight > 0, p * (gamma + frequency * mean_spend) / np.where(weight > 0, weight, 1.0), np.nan)
