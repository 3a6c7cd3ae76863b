"""What one lever does: worlds at values across the lever's range, the same luck at each."""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from sim.engines.records import Progress
from sim.experiments.cache import Store
from sim.experiments.estimate import CONFIDENCE, Estimate, estimate
from sim.experiments.price import OPTIONS
from sim.experiments.runs import NEEDS_TWIN, RUNS_FOR_AN_INTERVAL, Comparison, Effort, Run, WorldsJob, tasks_of
from sim.experiments.task import Task
from sim.experiments.workers import Workers, carried_out
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

POINTS = 9
Sign = Literal[-1, 0, 1]


@dataclass(frozen=True)
class Surroundings:
    """What a curve is drawn around: a scenario with slider values and fixes, which hold at every point of it.

    The lever is moved as its slider moves it: before fixes, so that one that changes the same path acts on top.
    """

    scenario: Scenario
    sets: Sets = field(default_factory=dict)
    fixes: tuple[str, ...] = ()

    def stands(self, lever: Lever) -> float:
        """Where the lever is now, before fixes. Raises ScenarioError for sets that contradict each other."""
        return quantity_at(world_of(self.scenario, self.sets), lever.path).value

    @property
    def world(self) -> Scenario:
        """The world with every lever where it stands. Raises ScenarioError where there is none."""
        return world_of(self.scenario, self.sets, self.fixes)

    def at(self, lever: Lever, value: float) -> Scenario:
        """The world with the lever there. Raises ScenarioError where there is no such world."""
        return world_of(self.scenario, {**self.sets, lever.path: value}, self.fixes)

    def beside(self, lever: Lever) -> "Surroundings":
        """The same whatever the lever's own place."""
        return replace(self, sets={path: value for path, value in self.sets.items() if path != lever.path})


@dataclass(frozen=True)
class Curve:
    """A measure at values of a lever, lowest first; `runs[i]` is the world at `values[i]`, all on the same luck."""

    lever: Lever
    measure: str
    values: tuple[float, ...]
    runs: tuple[Run, ...]

    def measuring(self, measure: str) -> "Curve":
        """Another measure of the same runs."""
        return replace(self, measure=measure)

    def estimate(self, at: int) -> Estimate:
        """Mean and interval of the measure at that point."""
        return self.runs[at].estimate(self.measure)

    def differences(self, one: int, other: int) -> list[float]:
        """The measure at point `other` less that at point `one`, one value for each replication that both have."""
        both = [self.runs[at] for at in (one, other)]
        common = set.intersection(*({found.number for found in run.replications} for run in both))
        return Comparison(*(run.among(common) for run in both)).differences(self.measure)

    def difference(self, one: int, other: int, confidence: float = CONFIDENCE) -> Estimate:
        """Mean and interval of those paired differences."""
        return estimate(self.differences(one, other), confidence)

    def sign(self, one: int, other: int, confidence: float = CONFIDENCE) -> Sign:
        """Whether point `other` is clearly higher than `one` (1), clearly lower (-1) or neither (0)."""
        found = self.difference(one, other, confidence)
        if found.low is None or found.high is None:
            return 0
        return 1 if found.low > 0 else -1 if found.high < 0 else 0

    @property
    def measured(self) -> list[int]:
        """The points at which every replication had something to measure."""
        return [at for at in range(len(self.values)) if self.estimate(at).mean is not None]


def lever_of(scenario: Scenario, path: str) -> Lever:
    """The lever with that path. Raises ScenarioError when the scenario has none."""
    for lever in scenario.levers:
        if lever.path == path:
            return lever
    known = ", ".join(lever.path for lever in scenario.levers) or "none: this scenario has no levers"
    raise ScenarioError((Fault("levers", None, path, f'found "{path}"; allowed: {known}'),))


def values_of(lever: Lever, now: float, most: int = POINTS) -> tuple[float, ...]:
    """At most so many values across the lever's range, on its steps: both ends, and where it stands now.

    Where it stands beyond its range (a command line may put it there), that is one more point.
    """
    steps = max(1, math.floor((lever.max - lever.min) / lever.step + 1e-9))
    taken = min(most - 1, steps)
    inner = {round(lever.min + round(i * steps / taken) * lever.step, 12) for i in range(1, taken)}
    values = {float(lever.min), *inner, float(lever.max)}
    if not any(math.isclose(now, value, rel_tol=1e-9, abs_tol=1e-12) for value in values):
        if inner and lever.min < now < lever.max:
            values.remove(min(inner, key=lambda value: abs(value - now)))
        values.add(now)
    return tuple(sorted(values))


class CurveJob(WorldsJob):
    """Drawing a curve in the background: ask how far it is and what it has, as often as you like, or stop it.

    `values` are the points it will come to.

    Raises:
        ScenarioError: no such world at one of the values; nothing was started.
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(
        self, around: Surroundings, lever: Lever, effort: Effort, store: Store, workers: Workers, points: int = POINTS
    ) -> None:
        self.around, self.lever = around, lever
        worlds = worlds_of(around, lever, points)
        self.values = tuple(worlds)
        super().__init__(worlds, effort, store, workers, needs_twin(lever), "--replications", OPTIONS)

    @property
    def curve(self) -> Curve | None:
        """The points that have an interval so far, measuring the lever's outcome; None before the first.

        Once all have one, they are means of the same replications, so that their differences are the paired ones.
        """
        done, enough = self.done, min(RUNS_FOR_AN_INTERVAL, self.runs)
        runs = self.paired if self.has_interval else {}
        for value in () if runs else self.values:
            known = tuple(done[value, number] for number in range(self.runs) if (value, number) in done)
            if len(known) >= enough:
                runs[value] = Run(self.worlds[value], known, self.effort.seed)
        there = {value: runs[value] for value in self.values if value in runs}
        return Curve(self.lever, self.lever.outcome, tuple(there), tuple(there.values())) if there else None


def worlds_of(around: Surroundings, lever: Lever, points: int = POINTS) -> dict[float, Scenario]:
    """The worlds to simulate, by the lever's value. Raises ScenarioError: no such world at one of the values."""
    return {value: around.at(lever, value) for value in values_of(lever, around.stands(lever), points)}


def needs_twin(lever: Lever) -> bool:
    """Whether the lever's outcome asks what would be without failures."""
    return lever.outcome in NEEDS_TWIN


def curve_tasks(around: Surroundings, lever: Lever, effort: Effort) -> list[Task]:
    """What will be simulated, for pricing. Raises what `worlds_of` does."""
    return list(tasks_of(worlds_of(around, lever), effort, needs_twin(lever)).values())


def draw(
    around: Surroundings,
    lever: Lever,
    effort: Effort,
    progress: Progress = lambda share: None,
    points: int = POINTS,
) -> Curve:
    """The whole curve, measuring the lever's outcome; errors are those of `CurveJob`."""
    job = carried_out(lambda workers: CurveJob(around, lever, effort, Store(on_disk=False), workers, points), progress)
    curve = job.curve
    assert curve is not None  # every run is there
    return curve
