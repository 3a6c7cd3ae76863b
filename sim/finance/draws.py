"""Draws: what every uncertain quantity may be, one set of values a future; and the prices that follow from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import PRICES, RATE, columns, ranged
from sim.finance.study import Study
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


Values = Mapping[str, NDArray[np.float64]]
"""What quantities are in each future, by path, each of shape (futures,)."""


@dataclass(frozen=True)
class Economics:
    """What a world's flows are worth in each future: a share, and currency units; each of shape (futures,)."""

    margin: NDArray[np.float64]
    visit_cost: NDArray[np.float64]
    acquisition: NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Both worlds' economics, the discount rate a year (futures,), and what each fix costs (fixes, futures)."""

    now: Economics
    then: Economics
    rate: NDArray[np.float64]
    once: NDArray[np.float64]
    per_year: NDArray[np.float64]
    per_use: NDArray[np.float64]


def prices(study: Study, fixes: Sequence[str], values: Values, futures: int) -> Prices:
    """The prices in each future; what `values` does not say is as the scenario has it."""

    def costs(name: str) -> NDArray[np.float64]:
        rows = [_column(study, f"fixes.{fix}.costs.{name}", values, futures) for fix in fixes]
        return np.array(rows).reshape(len(fixes), futures)

    rate = _column(study, RATE, values, futures)
    now, then = (_economics(study, world, values, futures) for world in ((), fixes))
    return Prices(now, then, rate, costs("once"), costs("per_year"), costs("per_use"))


def _column(study: Study, path: str, values: Values, futures: int) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(study.value(path, values), float), (futures,))


def _economics(study: Study, fixes: Sequence[str], values: Values, futures: int) -> Economics:
    """The economics of the world with these fixes, which changes and policies may have made of the stated ones."""
    if moves_economics(study.scenario, fixes, values):
        return _moved(study, fixes, values, futures)
    return Economics(*(_column(study, path, values, futures) for path in PRICES))


def moves_economics(scenario: Scenario, fixes: Sequence[str], values: Collection[str] = ()) -> bool:
    """Whether these fixes, or policies that have one of these values, change a margin or what serving or winning costs.

    What a value itself says of these does not count.
    """
    ours = {change.path for fix in scenario.fixes if fix.id in fixes for change in fix.changes}
    policies = [policy for policy in scenario.policies if policy.path in ours.union(values)]
    return not ours.union(move.path for policy in policies for move in policy.moves).isdisjoint(PRICES)


def _moved(study: Study, fixes: Sequence[str], values: Values, futures: int) -> Economics:
    """The economics of that world, future by future: what a fix makes of a price depends on what it was."""
    found = [study.prices(fixes, future(values, draw)) for draw in range(futures)]
    return Economics(*np.array(found).T)
