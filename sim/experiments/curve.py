"""What one lever does: worlds at values across the lever's range, the same luck at each, so that points can be paired.

Where the points are is in `curve_points`, and what they say (up, down, a best inside) in `curve_shape`.
"""

from collections.abc import Mapping, Sequence

from sim.engines.records import Progress
from sim.experiments.background import Background, carried_out
from sim.experiments.curve_points import POINTS, Curve, Surroundings, values_of
from sim.experiments.replication import Replication, Task, simulate
from sim.experiments.runs import Effort, Run
from sim.experiments.workers import Workers
from sim.experiments.worlds import NEEDS_TWIN
from sim.scenario.fixes import Lever

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
