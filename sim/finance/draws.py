"""Draws: what every uncertain quantity may be, one set of values a future."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import columns, ranged
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import is_whole

_COLUMNS = 512  # always as many, so that a new range in the last columns leaves the points of the first alone


def points(draws: int, columns: int, seed: int) -> NDArray[np.float64]:
    """Scrambled Sobol points in (0, 1), shape (draws, columns) (Owen 1998).

    The first draws of more are the draws of fewer, and a column's points do not depend on the columns after it.
    """
    from scipy.stats import qmc  # slow to import, and most commands need none of it

    width = max(_COLUMNS, 1 << (columns - 1).bit_length())
    sequence = qmc.Sobol(width, scramble=True, rng=seed)
    every: NDArray[np.float64] = sequence.random_base2(max(draws - 1, 1).bit_length())[:draws, :columns]
    return np.clip(every, 1e-12, 1 - 1e-12)


def quantile(quantity: Quantity, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The quantity's values at these probabilities: triangular with hard ends, uniform without a mode."""
    assert quantity.low is not None and quantity.high is not None
    low, high = float(quantity.low), float(quantity.high)
    if quantity.mode is None:
        return low + at * (high - low)
    mode = float(quantity.mode)
    rising = low + np.sqrt(at * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - at) * (high - low) * (high - mode))
    return np.where(at * (high - low) < mode - low, rising, falling)


def drawn(scenario: Scenario, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """The value of every uncertain quantity in each future, by path; each of shape (draws,).

    Whole quantities are drawn to the nearest whole number.
    """
    at = chances(scenario, draws, seed)
    return {path: _values(scenario, path, said, at[path]) for path, said in ranged(scenario).items()}


def chances(scenario: Scenario, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """At which of its quantiles each quantity is in each future, by path; each of shape (draws,).

    Every financial quantity has a column, ranged or not, so that giving one a range leaves all others where they are.
    """
    paths = columns(scenario)
    return dict(zip(paths, points(draws, len(paths), seed).T, strict=True)) if paths else {}


def _values(scenario: Scenario, path: str, said: Quantity, at: NDArray[np.float64]) -> NDArray[np.float64]:
    values = quantile(said, at)
    return np.floor(values + 0.5) if is_whole(scenario, path) else values


def future(values: Mapping[str, NDArray[np.float64]], draw: int) -> dict[str, float]:
    """What each quantity is in one future."""
    return {path: float(column[draw]) for path, column in values.items()}
