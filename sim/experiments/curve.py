"""What one lever does: worlds at values across the lever's range, the same luck at each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sim.engines.records import Progress
from sim.experiments.estimate import CONFIDENCE, Estimate, estimate
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Background, Workers, carried_out
from sim.experiments.worlds_job import NEEDS_TWIN
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


_RUNS_FOR_AN_INTERVAL = 2
Found = Mapping[tuple[float, int], Replication]
"""Replications by the lever's value and their own number."""


class CurveJob(Background):
    """Drawing a curve in the background: ask how far it is and what it has, as often as you like, or stop it.

    Replications `known` from before are not simulated again. `values` are the points it will come to, `runs` the
    replications of each; `stopped` says whether it was asked to stop.

    Raises:
        ScenarioError: no such world at one of the values; nothing was started.
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(
        self,
        around: Surroundings,
        lever: Lever,
        effort: Effort,
        workers: Workers,
        points: int = POINTS,
        known: Found | None = None,
    ) -> None:
        self.around, self.lever, self.runs = around, lever, effort.replications
        tasks = tasks_of(around, lever, effort, points)
        self.values = tuple(dict.fromkeys(value for value, _ in tasks))
        effort.budget.check(list(tasks.values()), f"--replications (now {effort.replications})")
        self._tasks, self._seed = tasks, effort.seed
        self._known = {key: found for key, found in (known or {}).items() if key in tasks}
        self._missing = [key for key in tasks if key not in self._known]
        self._job = workers.start(simulate, [tasks[key] for key in self._missing])

    @property
    def done(self) -> Found:
        """The replications done so far."""
        new = zip(self._missing, self._job.results, strict=True)
        return self._known | {key: found for key, found in new if found is not None}

    @property
    def runs_done(self) -> int:
        """How many replications every point has."""
        done = self.done
        return next((n for n in range(self.runs) if any((value, n) not in done for value in self.values)), self.runs)

    @property
    def curve(self) -> Curve | None:
        """The points that have an interval so far, measuring the lever's outcome; None before the first.

        Once all have one, they are means of the same replications, so that their differences are the paired ones.
        """
        done, enough, common = self.done, min(_RUNS_FOR_AN_INTERVAL, self.runs), self.runs_done
        numbers = range(common if common >= enough else self.runs)
        runs = {value: self._run(value, [n for n in numbers if (value, n) in done], done) for value in self.values}
        there = {value: run for value, run in runs.items() if len(run.replications) >= enough}
        return Curve(self.lever, self.lever.outcome, tuple(there), tuple(there.values())) if there else None

    def _run(self, value: float, numbers: Sequence[int], done: Found) -> Run:
        return Run(self._tasks[value, 0].world, tuple(done[value, number] for number in numbers), self._seed)


def tasks_of(around: Surroundings, lever: Lever, effort: Effort, points: int = POINTS) -> dict[tuple[float, int], Task]:
    """What will be simulated, by value and replication: every point once before any point twice.

    Raises:
        ScenarioError: no such world at one of the values.
    """
    worlds = {value: around.at(lever, value) for value in values_of(lever, around.stands(lever), points)}
    twin = lever.outcome in NEEDS_TWIN
    return {
        (value, number): Task(world, effort.seed, number, effort.engine, with_unbroken=twin)
        for number in range(effort.replications)
        for value, world in worlds.items()
    }


def draw(
    around: Surroundings,
    lever: Lever,
    effort: Effort,
    progress: Progress = lambda share: None,
    points: int = POINTS,
) -> Curve:
    """The whole curve, measuring the lever's outcome; errors are those of `CurveJob`."""
    curve = carried_out(lambda workers: CurveJob(around, lever, effort, workers, points), progress).curve
    assert curve is not None  # every run is there
    return curve
