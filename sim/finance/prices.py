"""Prices: what turns flows into cash in each future, in the world as it stands and in the one that is mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import ACQUISITION, MARGIN, RATE, VISIT_COST
from sim.finance.study import Study
from sim.scenario.driving import policy_paths
from sim.scenario.paths import quantity_at
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

    def column(path: str) -> NDArray[np.float64]:
        return np.broadcast_to(np.asarray(study.value(path, values), float), (futures,))

    def costs(name: str) -> NDArray[np.float64]:
        rows = [column(f"fixes.{fix}.costs.{name}") for fix in fixes]
        return np.array(rows).reshape(len(fixes), futures)

    now = Economics(column(MARGIN), column(VISIT_COST), column(ACQUISITION))
    then = _moved(study, fixes, values, futures) if moves_economics(study.scenario, fixes) else now
    return Prices(now, then, column(RATE), costs("once"), costs("per_year"), costs("per_use"))


def moves_economics(scenario: Scenario, fixes: Sequence[str]) -> bool:
    """Whether these fixes change a margin, the cost of a visit or what winning customers costs."""
    ours = {change.path for fix in scenario.fixes if fix.id in fixes for change in fix.changes}
    policies = [policy for policy in scenario.policies if policy.path in ours & policy_paths(scenario)]
    moved = ours | {move.path for policy in policies for move in policy.moves}
    return bool(moved & {MARGIN, VISIT_COST, ACQUISITION})


def _moved(study: Study, fixes: Sequence[str], values: Values, futures: int) -> Economics:
    """The economics of the mended world, future by future: what a fix makes of a price depends on what it was."""
    worlds = [study.world(fixes, {path: float(column[i]) for path, column in values.items()}) for i in range(futures)]
    found = [[quantity_at(world, path).value for world in worlds] for path in (MARGIN, VISIT_COST, ACQUISITION)]
    return Economics(*np.array(found))
