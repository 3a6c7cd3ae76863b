"""A full grid over a few levers: a world at every combination of their values, all beside the world as it is."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from sim.experiments.curve_points import Surroundings, values_of
from sim.experiments.price import price_of
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.worlds import tasks_of
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at, settables
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

AS_IS = "as it is"
FINENESS = (7, 5, 4, 3)
"""How many values a lever may have on the grid, the finest first; where it stands may be one more."""
SECONDS = 240.0
Point = tuple[float, ...]


@dataclass(frozen=True)
class Grid:
    """Which levers, at which values each, lowest first; `around` are the sets and fixes that hold at every point."""

    around: Surroundings
    levers: tuple[Lever, ...]
    values: tuple[tuple[float, ...], ...]

    @property
    def points(self) -> list[Point]:
        """Every combination, the last lever's values running fastest."""
        return list(product(*self.values))

    @cached_property
    def worlds(self) -> dict[Hashable, Scenario]:
        """The world as it is, and that at each point; a point whose values contradict each other has none."""
        there = {point: self._world(point) for point in self.points}
        return {AS_IS: self.around.scenario} | {point: world for point, world in there.items() if world is not None}

    def _world(self, point: Point) -> Scenario | None:
        there = {lever.path: value for lever, value in zip(self.levers, point, strict=True)}
        moved = differing(self.around.scenario, there)
        try:
            return world_of(self.around.scenario, {**self.around.sets, **moved}, self.around.fixes)
        except ScenarioError:
            return None

    def comparisons(self, runs: Mapping[Hashable, Run]) -> list[Comparison | None]:
        """What was found at each point beside the world as it is, in the points' order; None where is no world."""
        return [Comparison(runs[AS_IS], runs[point]) if point in runs else None for point in self.points]


@dataclass(frozen=True)
class Asked:
    """What a grid is wanted of: levers and where they start; other sets and the fixes hold at every point."""

    scenario: Scenario
    levers: tuple[Lever, ...]
    measure: str
    sets: Sets = field(default_factory=dict)
    fixes: tuple[str, ...] = ()

    @property
    def held(self) -> Sets:
        """What stands elsewhere at every point."""
        moved = {lever.path for lever in self.levers}
        return {path: value for path, value in self.sets.items() if path not in moved}


def differing(scenario: Scenario, sets: Sets) -> Sets:
    """Those of the sets that change anything. Raises KeyError for a path that leads nowhere."""
    known = settables(scenario)

    def now(path: str) -> float | bool:
        found = known[path]
        return found if isinstance(found, bool) else found.value

    return {path: value for path, value in sets.items() if value != now(path)}


def grid_of(asked: Asked, effort: Effort, seconds: float = SECONDS, besides: int = 0) -> Grid:
    """The finest grid that is expected to take no longer than that, or else the coarsest.

    So many worlds `besides` are simulated in the same time.

    Raises:
        ScenarioError: what holds at every point makes no world.
    """
    around = Surroundings(asked.scenario, asked.held, asked.fixes)
    world_of(asked.scenario, around.sets, asked.fixes)
    for most in FINENESS:
        grid = Grid(around, asked.levers, tuple(_values(asked, lever, most) for lever in asked.levers))
        if seconds_of(asked, len(grid.points) + besides, effort) <= seconds:
            break
    return grid


def _values(asked: Asked, lever: Lever, most: int) -> tuple[float, ...]:
    """Both ends, where the lever stands in the scenario, where it starts, and others between."""
    now = quantity_at(asked.scenario, lever.path).value
    exact = {now, float(asked.sets.get(lever.path, now))}
    rounded = [value for value in values_of(lever, now, most) if not any(_same(value, one) for one in exact)]
    return tuple(sorted({*rounded, *exact}))


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def seconds_of(asked: Asked, worlds: int, effort: Effort) -> float:
    """About how long so many worlds beside that as it is take: one much like the other, none put together."""
    tasks = tasks_of({AS_IS: asked.scenario}, asked.measure, effort)
    return price_of(list(tasks.values()) * (1 + worlds)).seconds
