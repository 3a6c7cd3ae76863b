"""BG/NBD: who will buy how often, told from past purchases alone (Fader, Hardie and Lee 2005).

While customers last they buy at random moments, each at a rate of their own, Gamma(r, alpha) between customers. After
each purchase but the first they leave for good with a chance of their own, Beta(a, b). Of each customer the model sees
`frequency`, purchases after the first; `recency`, time from the first to the last; and `age`, time from the first to
the end of what was seen. Time is in one unit throughout, such as weeks.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

from sim.outcomes.maximum_likelihood import FitError, maximise

Floats = NDArray[np.float64]
_NODES = 128  # expected purchases come out to six digits and more, for shapes from 0.2 up


class BgNbd(NamedTuple):
    """Parameters: rates of buying are Gamma(r, alpha), chances to leave Beta(a, b). `alpha` is in units of time."""

    r: float
    alpha: float
    a: float
    b: float


def log_likelihood(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> Floats:
    """Log-likelihood of each customer; all arrays of shape (customers,). Equation 6 of the paper, in logarithms."""
    here, gone = _weights(model, frequency, recency, age)
    return _common(model, frequency) + np.logaddexp(here, gone)


def _common(model: BgNbd, frequency: Floats) -> Floats:
    r, alpha, a, b = model
    common: Floats = special.gammaln(r + frequency) - special.gammaln(r) + r * np.log(alpha)
    return common + special.betaln(a, b + frequency) - special.betaln(a, b)


def _weights(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> tuple[Floats, Floats]:
    """Logarithms of the two ways to have been seen so: still a customer, or gone since the last purchase."""
    r, alpha, a, b = model
    again = frequency > 0
    chance = np.where(again, a / np.where(again, b + frequency - 1.0, 1.0), 0.0)
    with np.errstate(divide="ignore"):  # who came once cannot have left
        gone = np.log(chance) - (r + frequency) * np.log(alpha + recency)
    return -(r + frequency) * np.log(alpha + age), gone


def still_active(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> Floats:
    """Chance that each customer has not left by the end of what was seen; shape (customers,)."""
    here, gone = _weights(model, frequency, recency, age)
    chance: Floats = special.expit(here - gone)
    return chance


def fit(frequency: Floats, recency: Floats, age: Floats) -> BgNbd:
    """The likeliest parameters for customers seen so; arrays of shape (customers,).

    Raises:
        ValueError: arrays of different shapes, or not 0 <= recency <= age, or a frequency below 0.
        FitError: there is no fit; nobody who came again, for one.
    """
    if not frequency.shape == recency.shape == age.shape:
        raise ValueError(f"found shapes {frequency.shape}, {recency.shape} and {age.shape}; allowed: one shape")
    if not ((frequency >= 0) & (recency >= 0) & (recency <= age)).all():
        raise ValueError("found frequencies below 0, or not 0 <= recency <= age")
    if not frequency.any():
        raise FitError("nobody came again")
    scale = float(age.mean())

    def slope(values: Floats) -> tuple[float, Floats]:
        return slope_of(BgNbd(*values.tolist()), frequency, recency / scale, age / scale)

    r, alpha, a, b = maximise(slope, (1.0, 1.0, 1.0, 5.0), BgNbd._fields, frequency.size).tolist()
    return BgNbd(r, alpha * scale, a, b)


def slope_of(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> tuple[float, Floats]:
    """Log-likelihood of all customers together, and its derivatives."""
    r, alpha, a, b = model
    here, gone = _weights(model, frequency, recency, age)
    left = special.expit(gone - here)
    again = frequency > 0
    both = special.psi(a + b) - special.psi(a + b + frequency)
    slopes = (
        special.psi(r + frequency)
        - special.psi(r)
        + np.log(alpha)
        - (1.0 - left) * np.log(alpha + age)
        - left * np.log(alpha + recency),
        r / alpha - (r + frequency) * ((1.0 - left) / (alpha + age) + left / (alpha + recency)),
        both + left / a,
        both
        + special.psi(b + frequency)
        - special.psi(b)
        - np.where(again, left / np.where(again, b + frequency - 1.0, 1.0), 0.0),
    )
    height = float((_common(model, frequency) + np.logaddexp(here, gone)).sum())
    return height, np.array([one.sum() for one in slopes])


def expected_purchases(model: BgNbd, time: Floats) -> Floats:
    """E[X(t)]: purchases after the first that a random customer makes within each `time` of it; shape (times,).

    The mean over Beta(a, b) of (1 - (1 + p t / alpha)^-r) / p. It equals equation 9 of the paper, whose hypergeometric
    function SciPy loses (NaN, or off by many orders) for large b: where customers come hundreds of times.
    """
    nodes, weights = _beta_nodes(model.a, model.b)
    bought: Floats = (_bought(nodes, model.r, np.asarray(time, float) / model.alpha) * weights).sum(axis=-1)
    return bought


def conditional_expected_purchases(
    model: BgNbd, frequency: Floats, recency: Floats, age: Floats, time: float
) -> Floats:
    """E[Y(t) | x, t_x, T]: purchases of each customer in the next `time`; shape (customers,). Equation 10 of the paper.

    Who is still active buys at a rate from Gamma(r + x, alpha + T) and leaves with a chance from Beta(a, b + x).
    """
    bought = np.empty(frequency.shape)
    for times in np.unique(frequency):
        same = frequency == times
        nodes, weights = _beta_nodes(model.a, model.b + float(times))
        each = _bought(nodes, model.r + float(times), time / (model.alpha + age[same]))
        bought[same] = (each * weights).sum(axis=-1)
    return still_active(model, frequency, recency, age) * bought


def _bought(leaving: Floats, shape: float, time: Floats) -> Floats:
    """Mean purchases in `time` (in mean gaps over shape) of who leaves with that chance; shape (times, chances)."""
    bought: Floats = -np.expm1(-shape * np.log1p(np.multiply.outer(time, leaving))) / leaving
    return bought


def _beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Chances and weights whose sum is the mean over Beta(a, b): Gauss-Jacobi, by Golub and Welsch (1969).

    The weights are 1 / the sum of the orthonormal polynomials' squares, not of the eigenvectors: these come out of
    scalar products, which a machine adds up in an order of its own.
    """
    k = np.arange(2, _NODES)
    twice = 2.0 * np.arange(1, _NODES) + a + b - 2.0
    middle = np.append((a - b) / (a + b), (a - b) * (a + b - 2.0) / (twice * (twice + 2.0)))
    side = 4.0 * k * (k + b - 1.0) * (k + a - 1.0) * (k + a + b - 2.0)
    side /= twice[1:] ** 2 * (twice[1:] + 1.0) * (twice[1:] - 1.0)
    first = 4.0 * a * b / ((a + b) ** 2 * (a + b + 1.0))  # k = 1, where the general form is 0 / 0 if a + b is 1
    beside = np.sqrt(np.append(first, side))
    places = np.asarray(linalg.eigvalsh_tridiagonal(middle, beside), np.float64)
    return np.maximum((1.0 + places) / 2.0, 1e-300), 1.0 / _squares(places, middle, beside)


def _squares(places: Floats, middle: Floats, beside: Floats) -> Floats:
    """Sum of the squares of the orthonormal polynomials with that recurrence, at each place."""
    before, now, total = np.zeros(places.size), np.ones(places.size), np.ones(places.size)
    with np.errstate(over="ignore", invalid="ignore"):  # beyond all numbers: a weight of 0
        for j, side in enumerate(beside):
            last = beside[j - 1] * before if j else before
            before, now = now, ((places - middle[j]) * now - last) / side
            total += now * now
    return np.nan_to_num(total, nan=np.inf, posinf=np.inf)
