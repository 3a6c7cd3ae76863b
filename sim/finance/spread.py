"""The spread of a value over draws of its inputs: how much of it the inputs cause, and how much is luck."""

import math
from dataclasses import dataclass

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
