"""How an answer moves with what goes in: each guess alone from end to end, or a full grid over a few levers."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from sim.experiments.curve import Surroundings, values_of
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import price_of
from sim.experiments.runs import NEEDS_TWIN, Comparison, Effort, Run, tasks_of
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at, settables
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

_GUESS = "D"


@dataclass(frozen=True)
class Doubt:
    """A guess, and what the answer would be were it at either end of its range.

    `apart` is the answer at the high end less that at the low end, run by run on the same luck.
    """

    path: str
    quantity: Quantity
    at_low: Estimate
    at_high: Estimate
    apart: Estimate

    @property
    def swing(self) -> float | None:
        """How far apart the two answers are; None where either is missing."""
        return None if self.apart.mean is None else abs(self.apart.mean)

    @property
    def is_felt(self) -> bool:
        """Whether the answer is another at the other end in any run at all."""
        return any((self.apart.mean, self.apart.low, self.apart.high))


@dataclass(frozen=True)
class Doubts:
    """Every guess of grade D with a range, among the levers and what the fixes do.

    The answer is what sets and fixes change of the measure, or the measure itself where there are none.
    """

    scenario: Scenario
    measure: str
    sets: Sets = field(default_factory=dict)
    fixes: tuple[str, ...] = ()

    @property
    def guesses(self) -> dict[str, Quantity]:
        """By path, in the file's order."""
        levers = {lever.path for lever in self.scenario.levers}
        effects = tuple(f"fixes.{name}.changes[" for name in self.fixes)
        return {
            path: said
            for path, said in settables(self.scenario).items()
            if isinstance(said, Quantity) and (path in levers or path.startswith(effects)) and _is_guess(said)
        }

    @cached_property
    def worlds(self) -> dict[Hashable, Scenario]:
        """The worlds to simulate: each guess at either end, as it is and with what is proposed."""
        found: dict[Hashable, Scenario] = {}
        for path, said in self.guesses.items():
            try:
                found |= {(path, end, way): world for end in _ends(said) for way, world in self._pair(path, end)}
            except ScenarioError:
                continue  # an end of this range makes no world with what is proposed
        return found

    @property
    def most_worlds(self) -> int:
        """How many worlds that is at the most, without making any."""
        return len(self.guesses) * 2 * (2 if self.is_change else 1)

    def _pair(self, path: str, end: float) -> list[tuple[str, Scenario]]:
        now = ("now", world_of(self.scenario, {path: end}))
        if not self.is_change:
            return [now]
        return [now, ("then", world_of(self.scenario, {path: end, **self.sets}, self.fixes))]

    def greatest(self, runs: Mapping[Hashable, Run]) -> Doubt | None:
        """The guess on which the answer hangs most; None where it hangs on none that could be weighed."""
        felt = [doubt for doubt in self._found(runs) if doubt.is_felt]
        return max(felt, key=lambda doubt: doubt.swing or 0.0, default=None)

    def unweighed(self, runs: Mapping[Hashable, Run]) -> list[str]:
        """The paths of guesses at an end of which there is no such business, or nothing to measure."""
        weighed = {doubt.path for doubt in self._found(runs) if doubt.swing is not None}
        return [path for path in self.guesses if path not in weighed]

    @property
    def is_change(self) -> bool:
        """Whether the answer is what sets and fixes change, rather than the measure itself."""
        return bool(self.sets or self.fixes)

    def _found(self, runs: Mapping[Hashable, Run]) -> list[Doubt]:
        """What was found of each guess whose ends make worlds."""
        known = {path: said for path, said in self.guesses.items() if (path, _ends(said)[0], "now") in runs}
        return [self._doubt(runs, path, said) for path, said in known.items()]

    def _doubt(self, runs: Mapping[Hashable, Run], path: str, said: Quantity) -> Doubt:
        low, high = (self._answers(runs, path, end) for end in _ends(said))
        apart = [there - here for here, there in zip(low, high, strict=True)]
        return Doubt(path, said, estimate(low), estimate(high), estimate(apart))

    def _answers(self, runs: Mapping[Hashable, Run], path: str, end: float) -> list[float]:
        """One answer a replication."""
        now, then = runs[path, end, "now"], runs.get((path, end, "then"))
        return Comparison(now, then).differences(self.measure) if then else now.values(self.measure)


def _is_guess(said: Quantity) -> bool:
    return said.evidence == _GUESS and len(set(_ends(said))) > 1


def _ends(said: Quantity) -> Sequence[float]:
    return () if said.low is None or said.high is None else (float(said.low), float(said.high))


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
    tasks = tasks_of({AS_IS: asked.scenario}, effort, asked.measure in NEEDS_TWIN)
    return price_of(list(tasks.values()) * (1 + worlds)).seconds
