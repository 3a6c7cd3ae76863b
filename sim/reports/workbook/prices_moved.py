"""Prices that fixes and policies move: a margin, what serving or winning costs, as it is in either world.

Each is so many times what is stated, and so much more: so that stating it anew in its cell says what it becomes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import ACQUISITION, MARGIN, VISIT_COST
from sim.finance.case import Case
from sim.scenario.fixes import Way

Floats = NDArray[np.float64]
MOVABLE = {MARGIN: "margin", VISIT_COST: "visit_cost", ACQUISITION: "acquisition"}
"""What `Economics` calls each of them."""


@dataclass(frozen=True)
class Moved:
    """A price of one world in every future: `values`, which are `times` what is stated and `add`; all (futures,).

    Where a fix or a policy sets it, `times` is 0.
    """

    world: str
    path: str
    times: Floats
    add: Floats
    values: Floats


def moved(case: Case) -> list[Moved]:
    """The prices that are not just what is stated."""
    found = [_moved(case, world, path) for world in ("now", "then") for path in MOVABLE]
    return [one for one in found if (one.times != 1).any() or one.add.any()]


def _moved(case: Case, world: str, path: str) -> Moved:
    values: Floats = getattr(getattr(case.prices, world), MOVABLE[path])
    stated = np.broadcast_to(np.asarray(case.study.value(path, case.values), float), values.shape)
    times, add = (_effect(case, world, path, way) for way in ("times", "add"))
    follows = np.isclose(values, times * stated + add, rtol=1e-9, atol=1e-12) & (not _is_set(case, world, path))
    return Moved(world, path, np.where(follows, times, 0.0), np.where(follows, add, values), values)


def _effect(case: Case, world: str, path: str, way: Way) -> Floats:
    """What the fixes of that world multiply the price by, or add to it, in every future."""
    effects = list(_effects(case, path, way)) if world == "then" else []
    start = np.ones(case.futures) if way == "times" else np.zeros(case.futures)
    for effect in effects:
        start = start * effect if way == "times" else start + effect
    return start


def _effects(case: Case, path: str, way: Way) -> Iterator[Floats | float]:
    for name in case.fixes:
        for position, change in enumerate(case.study.fix(name).changes):
            if change.path == path:
                plain = getattr(change, way).value
                yield case.values.get(f"fixes.{name}.changes[{position}].{way}", plain)


def _is_set(case: Case, world: str, path: str) -> bool:
    changes = [change for name in case.fixes for change in case.study.fix(name).changes if change.path == path]
    return world == "then" and any(change.set is not None for change in changes)
