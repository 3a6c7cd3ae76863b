"""The spread of a value over draws of its inputs: what causes it, and what it would be worth to know more."""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Standard deviations, in the values' own unit; None is not known, never 0.

    `run_noise_sd` is what luck alone would bring were every input known, `input_sd` what the inputs alone would bring
    were there no luck, `total_sd` what the draws show. But for rounding and chance, the squares of the first two sum
    to the square of the third.
    """

    run_noise_sd: float | None
    input_sd: float | None
    total_sd: float | None

    @property
    def input_share(self) -> float | None:
        """The share of the variance, 0 to 1, that inputs cause; 0 where nothing varies, None where it is not known."""
        if self.input_sd is None or self.total_sd is None:
            return None
        return (self.input_sd / self.total_sd) ** 2 if self.total_sd > 0 else 0.0


def spread(values: Floats, again: Floats) -> Spread:
    """Split the variance of `values` (draws,) by means of `again` (some,): draw i with the same inputs, other luck.

    Two runs of the same inputs differ by luck alone, by twice its variance on average (the within-group part of the
    one-way analysis of variance: Searle, Casella & McCulloch 1992, chapter 3). Fewer than two repeated draws say
    nothing about luck, and fewer than two draws nothing about spread.

    Raises:
        ValueError: values that are missing, or more repeats than draws.
    """
    drawn, repeated = checked(values), np.asarray(again, float)
    if repeated.ndim != 1 or len(repeated) > len(drawn) or not np.isfinite(repeated).all():
        raise ValueError(f"found repeats of shape {repeated.shape}; allowed: a number for each of the first draws")
    total = _variance(drawn) if len(drawn) > 1 else None
    if total is None or len(repeated) < 2:
        return Spread(None, None, None if total is None else math.sqrt(total))
    noise = float(np.mean((drawn[: len(repeated)] - repeated) ** 2)) / 2
    return Spread(math.sqrt(noise), math.sqrt(max(total - noise, 0.0)), math.sqrt(total))


def _variance(values: Floats) -> float:
    return float((values - values[0]).var(ddof=1))  # from the first value: exactly 0 when all are equal


def percentiles(values: Floats) -> tuple[float, float, float]:
    """P10, P50 and P90 of `values` (draws,), straight lines between neighbours: Excel's PERCENTILE.INC.

    Raises:
        ValueError: values that are missing.
    """
    p10, p50, p90 = np.percentile(checked(values), [10, 50, 90], method="linear").tolist()
    return p10, p50, p90


def prob_loss(values: Floats) -> float:
    """The share of `values` (draws,) below 0.

    Raises:
        ValueError: values that are missing.
    """
    return float((checked(values) < 0).mean())


def checked(values: Floats) -> Floats:
    """`values` (draws,) as they are, once it is sure that there are some and none is missing.

    Raises:
        ValueError: there are none, or one is missing.
    """
    found = np.asarray(values, float)
    if found.ndim != 1 or found.size == 0:
        raise ValueError(f"found values of shape {found.shape}; allowed: one dimension, at least one draw")
    if not np.isfinite(found).all():
        raise ValueError("found a value that is missing or without end; allowed: a number for every draw")
    return found


_DEGREE = 3
_ROUNDING = 1e-12


def evpi(values: Floats, share: float = 1.0) -> float:
    """Expected value of perfect information about the inputs, in the unit of `values` (draws,); never negative.

    With it one would do the thing only in the draws in which it is worth more than 0 (Raiffa & Schlaifer 1961).
    `share` is the part of the values' variance, 0 to 1, that inputs cause and not luck: what luck will bring cannot be
    known at any price, so the values' spread about their mean is first scaled by the root of it.

    Raises:
        ValueError: values that are missing, or a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"found a share of {share:g}; allowed: 0 to 1")
    drawn = checked(values)
    mean = drawn.mean()
    return _gain(mean + (drawn - mean) * math.sqrt(share))


def _gain(known: Floats) -> float:
    """What choosing draw by draw brings above choosing once for all."""
    return max(float(np.maximum(known, 0.0).mean()) - max(float(known.mean()), 0.0), 0.0)


def evppi(values: Floats, given: Floats, most: float) -> float:
    """Expected value of knowing only `given`, (draws,) or (draws, columns), in the unit of `values` (draws,).

    Found by regression on the draws one already has (Strong, Oakley & Brennan 2014). At most `most`, the EVPI:
    nothing known about a part is worth more than knowing all. Never negative.

    Raises:
        ValueError: anything missing, or too few draws to fit (see `fitted`).
    """
    return min(_gain(fitted(values, given)), most)


def evsi(values: Floats, data: Floats, most: float) -> float:
    """Expected value of sample information, in the unit of `values` (draws,); between 0 and `most`, the EVPI.

    `data`, (draws,) or (draws, columns), is what a trial would have shown had each draw been the truth, the trial's
    own sampling error included. The regression is the same (Strong, Oakley, Brennan & Breeze 2015).

    Raises:
        ValueError: anything missing, or too few draws to fit (see `fitted`).
    """
    return evppi(values, data, most)


def fitted(values: Floats, given: Floats) -> Floats:
    """What `values` (draws,) are expected to be once `given`, (draws,) or (draws, columns), is known: (draws,).

    The least-squares cubic in each column, plus the product of every two columns, shrunk about the mean so that its
    variance is the adjusted R-squared's share of the values' (never below 0) instead of R-squared's own: what chance
    alone would fit is taken out, and a column without influence is worth about nothing. The mean everywhere when
    nothing given varies.

    Raises:
        ValueError: anything missing, or no more draws than the fit has terms.
    """
    drawn, columns = checked(values), _columns(given, len(values))
    mean, varying = float(drawn.mean()), columns[:, _varies(columns)]
    if not varying.size:
        return np.full(len(drawn), mean)
    terms = _terms(varying)
    weights, _, rank, _ = np.linalg.lstsq(terms, drawn - mean)
    about_mean: Floats = terms @ weights
    shrunk: Floats = about_mean * math.sqrt(_beyond_chance(about_mean, drawn - mean, int(rank)))
    return mean + shrunk


def _columns(given: Floats, draws: int) -> Floats:
    found = np.asarray(given, float)
    columns = found[:, np.newaxis] if found.ndim == 1 else found
    if columns.ndim != 2 or len(columns) != draws:
        raise ValueError(f"found something given of shape {found.shape}; allowed: a row for each of {draws} draws")
    if not np.isfinite(columns).all():
        raise ValueError("found something given that is missing; allowed: a number for every draw")
    return columns


def _varies(columns: Floats) -> NDArray[np.bool_]:
    """Whether each column holds more than one number, rounding apart."""
    varies: NDArray[np.bool_] = np.ptp(columns, axis=0) > _ROUNDING * np.abs(columns).max(axis=0)
    return varies


def _terms(columns: Floats) -> Floats:
    """1, each column's first three powers, and products of two: (draws, terms).

    Of standardised values, not of ranks: a value that is linear in a quantity then has an exact fit whatever the
    quantity's distribution, and quantities end at low and high, so no far outlier can pull the curve.
    """
    standard = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    powers = [standard**degree for degree in range(1, _DEGREE + 1)]
    products = [standard[:, i] * standard[:, j] for i, j in combinations(range(standard.shape[1]), 2)]
    return np.column_stack([np.ones(len(columns)), *powers, *products])


def _beyond_chance(fit: Floats, values: Floats, terms: int) -> float:
    """Adjusted R-squared over R-squared, never below 0, of a fit to values that are both about the mean.

    The share of the fit's variance that chance alone would not give.
    """
    draws = len(fit)
    if draws <= terms:
        raise ValueError(f"found {draws} draws for a fit of {terms} terms; allowed: at least {terms + 1} draws")
    left, explained = float(((values - fit) ** 2).sum()), float((fit**2).sum())
    by_chance = left * (terms - 1) / (draws - terms)
    return max(1 - by_chance / explained, 0.0) if explained > 0 else 0.0
