"""Prices: what turns flows into cash in each future, in the world as it stands and in the one that is mended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import PRICES, RATE
from sim.finance.draws import future
from sim.finance.study import Study
from sim.scenario.scenario import Scenario

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
