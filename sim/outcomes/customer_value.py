"""What a customer is worth, and who is still one, told from purchases or from retention alone.

BG/NBD, who will buy how often (Fader, Hardie and Lee 2005): while customers last they buy at random moments, each at a
rate of their own, Gamma(r, alpha) between customers. After each purchase but the first they leave for good with a
chance of their own, Beta(a, b). Of each customer the model sees `frequency`, purchases after the first; `recency`, time
from the first to the last; and `age`, time from the first to the end of what was seen. Time is in one unit throughout,
such as weeks.

Gamma-Gamma, what they spend at a time (Fader and Hardie 2013): a customer's purchases are Gamma(p, v), with a v of
their own, Gamma(q, gamma) between customers; how much they spend has nothing to do with how often they come. Here
`frequency` is how many purchases there were (1 or more), and `mean_spend` what they averaged (above 0).

Parameters are fitted by maximum likelihood: the positive ones under which what was seen is likeliest, or why there are
none.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

Floats = NDArray[np.float64]
_NODES = 128  # expected purchases come out to six digits and more, for shapes from 0.2 up


class BgNbd(NamedTuple):
    """Parameters: rates of buying are Gamma(r, alpha), chances to leave Beta(a, b). `alpha` is in units of time."""

    r: float
    alpha: float
    a: float
    b: float


def bg_nbd_log_likelihood(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> Floats:
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


def fit_bg_nbd(frequency: Floats, recency: Floats, age: Floats) -> BgNbd:
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
        return bg_nbd_slope(BgNbd(*values.tolist()), frequency, recency / scale, age / scale)

    r, alpha, a, b = maximise(slope, (1.0, 1.0, 1.0, 5.0), BgNbd._fields, frequency.size).tolist()
    return BgNbd(r, alpha * scale, a, b)


def bg_nbd_slope(model: BgNbd, frequency: Floats, recency: Floats, age: Floats) -> tuple[float, Floats]:
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


class GammaGamma(NamedTuple):
    """Parameters: purchases are Gamma(p, v), v is Gamma(q, gamma). `gamma` is in units of money."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """Mean spend at a time of a random customer; infinite where q is 1 or less."""
        return self.p * self.gamma / (self.q - 1.0) if self.q > 1.0 else np.inf


def gamma_gamma_log_likelihood(model: GammaGamma, frequency: Floats, mean_spend: Floats) -> Floats:
    """Log-likelihood of each customer's mean spend; all arrays of shape (customers,)."""
    p, q, gamma = model
    shape, total = p * frequency, frequency * mean_spend
    chance: Floats = special.gammaln(shape + q) - special.gammaln(shape) - special.gammaln(q)
    chance += q * np.log(gamma) + shape * np.log(total)
    return chance - np.log(mean_spend) - (shape + q) * np.log(gamma + total)


def fit_gamma_gamma(frequency: Floats, mean_spend: Floats) -> GammaGamma:
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
        return gamma_gamma_slope(GammaGamma(*values.tolist()), frequency, mean_spend / scale)

    p, q, gamma = maximise(slope, (2.0, 2.0, 1.0), GammaGamma._fields, frequency.size).tolist()
    return GammaGamma(p, q, gamma * scale)


def gamma_gamma_slope(model: GammaGamma, frequency: Floats, mean_spend: Floats) -> tuple[float, Floats]:
    """Log-likelihood of all customers together, and its derivatives."""
    p, q, gamma = model
    shape, total = p * frequency, frequency * mean_spend
    drawn = special.psi(shape + q) - np.log(gamma + total)
    slopes = (
        frequency * (drawn - special.psi(shape) + np.log(total)),
        drawn - special.psi(q) + np.log(gamma),
        q / gamma - (shape + q) / (gamma + total),
    )
    return float(gamma_gamma_log_likelihood(model, frequency, mean_spend).sum()), np.array(
        [one.sum() for one in slopes]
    )


def conditional_expected_spend(model: GammaGamma, frequency: Floats, mean_spend: Floats) -> Floats:
    """What each customer spends at a time from now on: their own mean, drawn to everybody's; shape (customers,).

    The fewer their purchases, the closer to everybody's. NaN where that mean does not exist: p x + q is 1 or less.
    """
    p, q, gamma = model
    weight = p * frequency + q - 1.0
    return np.where(weight > 0, p * (gamma + frequency * mean_spend) / np.where(weight > 0, weight, 1.0), np.nan)


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
        return _survivors_slope(values[0], values[1], lost, survivors[-1], period)

    found = maximise(slope, (1.0, 5.0), ShiftedBetaGeometric._fields, max(1, round(float(survivors[0]))))
    return ShiftedBetaGeometric(*found.tolist())


def _survivors_slope(alpha: float, beta: float, lost: Floats, left: float, period: Floats) -> tuple[float, Floats]:
    """Log-likelihood of those lost in each period and those left after the last, and its derivatives."""
    counts = np.append(lost, left)
    a, b = np.append(np.full(lost.size, alpha + 1.0), alpha), beta + np.append(period - 1.0, period[-1])
    height = (counts * (special.betaln(a, b) - special.betaln(alpha, beta))).sum()
    common = special.psi(alpha + beta) - special.psi(a + b)
    by_alpha = (counts * (common + special.psi(a) - special.psi(alpha))).sum()
    by_beta = (counts * (common + special.psi(b) - special.psi(beta))).sum()
    return float(height), np.array([by_alpha, by_beta])


Slope = Callable[[Floats], tuple[float, Floats]]
"""Log-likelihood at these parameters, and its derivative by each of them (shape (parameters,))."""

_WIDEST = 10_000.0  # times the starting value: beyond, a law has become another one, with a parameter less
_LEVEL = 1e-5
_NEARBY, _SETTLED, _MOST_STEPS = 1e-4, 1e-9, 60  # in logarithms; of a flat top the last steps are many
_DECIMALS, _DIGITS = 3, 9
_UNKNOWN = "what was seen does not say how customers differ"


class FitError(ValueError):
    """What was seen does not say what the parameters are."""


def maximise(slope: Slope, start: Sequence[float], names: Sequence[str], seen: int) -> Floats:
    """Parameters of the highest log-likelihood of `seen` customers; shape (parameters,), all above 0.

    Looked for by L-BFGS-B on the parameters' logarithms, from `start`, which stops a little before the top, where a
    machine's own way of adding up decides. So the top is then walked to, and said to as many digits as are the same on
    all machines.

    Raises:
        FitError: a parameter ran away, so that the law does not fit; or no top was found, for there is none or it is
            too flat to tell where. `names` say which.
    """
    from scipy import optimize  # slow to import, and most runs fit nothing

    begin = np.log(np.asarray(start, float))
    reach = np.log(_WIDEST)

    def downhill(logs: Floats) -> tuple[float, Floats]:
        values = np.exp(logs)
        height, slopes = slope(values)
        return -height / seen, -slopes * values / seen  # each customer's, so that levels mean the same for all sizes

    with np.errstate(all="ignore"):  # a step too far is taken back
        found = optimize.minimize(
            downhill,
            begin,
            jac=True,
            method="L-BFGS-B",
            bounds=[(log - reach, log + reach) for log in begin],
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2_000},
        )
        top = _walked_to_top(lambda logs: downhill(logs)[1], found.x)
        level = float(np.abs(downhill(top)[1]).max())
    far = np.fmax(np.abs(found.x - begin), np.abs(top - begin)) > reach - 1e-6
    if far.any():
        ran_away = ", ".join(name for name, is_far in zip(names, far, strict=True) if is_far)
        raise FitError(f"{ran_away} grew or shrank without end: {_UNKNOWN}")
    if not level < _LEVEL:
        raise FitError(f"no top of the likelihood was found: {_UNKNOWN}")
    return np.array([float(f"{value:.{_DIGITS}g}") for value in np.exp(top)])


def _walked_to_top(slopes: Callable[[Floats], Floats], near: Floats) -> Floats:
    """Where the slopes are 0, from a place near it, by Newton's method; NaN where it does not settle.

    It starts from the place in few decimals, which all machines come to.
    """
    at = np.round(near, _DECIMALS)
    for _ in range(_MOST_STEPS):
        bends = np.array([slopes(at + step) - slopes(at - step) for step in _NEARBY * np.eye(near.size)])
        try:
            step = np.linalg.solve((bends + bends.T) / (4.0 * _NEARBY), slopes(at))
        except np.linalg.LinAlgError:
            break
        at = at - step
        if np.abs(step).max() < _SETTLED:
            return at
    return np.full(near.size, np.nan)
