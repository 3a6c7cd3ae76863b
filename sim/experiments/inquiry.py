"""What is asked while a finger is near a slider: first an estimate, then the whole answer, then what other places give.

An estimate has fewer weeks and never fewer customers, which would empty the queues. What was simulated before is
remembered, so going back to a slider's old place answers at once, and the baseline is simulated once for everybody.
Ahead of the hand that will move it, each lever is then put at a few values across its range while all else stays as
chosen, for as many weeks as are quick: that is for a picture that follows a hand, and is confirmed when the hand lets
go.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.engines.records import Progress
from sim.experiments.cache import REPLICATION, Store
from sim.experiments.curve import Surroundings, values_of
from sim.experiments.price import expected_visits
from sim.experiments.runs import NEEDS_TWIN, Comparison, Effort, WorldsJob
from sim.experiments.task import Task
from sim.experiments.workers import Background, Workers
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.scenario import Scenario

ESTIMATE_WEEKS = 4
ESTIMATE_RUNS = 4
FULL_RUNS = 4
_QUICK_VISITS = 100_000  # a tenth of a second: no need to stand in line behind long runs


class Stage(WorldsJob):
    """A baseline and a world over some weeks and runs, under way or done."""

    def __init__(self, baseline: Scenario, world: Scenario, effort: Effort, store: Store, workers: Workers) -> None:
        self.baseline, self.world = baseline, world
        worlds = {"now": baseline} if world == baseline else {"now": baseline, "then": world}
        super().__init__(worlds, effort, store, workers, asked_by=None)

    @property
    def comparison(self) -> Comparison | None:
        """What the runs done so far say, in order of runs; None before the first."""
        runs = self.paired
        baseline = runs["now"]
        return Comparison(baseline, runs.get("then", baseline)) if baseline.replications else None


@dataclass(frozen=True)
class Answer:
    """What is known of a question: the best comparison so far, whether it is an estimate, and how it goes on."""

    comparison: Comparison | None
    is_estimate: bool
    runs_done: int
    runs_wanted: int


class Inquiry:
    """One question: a world beside its baseline. Ask for the answer as often as you like; stop when superseded."""

    def __init__(
        self, baseline: Scenario, world: Scenario, seed: int, quick: Workers, thorough: Workers, store: Store
    ) -> None:
        self.baseline, self.world = baseline, world
        weeks = min(ESTIMATE_WEEKS, baseline.weeks)
        short, short_world = _weeks(baseline, weeks), _weeks(world, weeks)
        is_small = expected_visits(Task(world, seed, 0)) < _QUICK_VISITS
        self.estimate = Stage(short, short_world, Effort(seed, ESTIMATE_RUNS), store, quick)
        self.full = Stage(baseline, world, Effort(seed, FULL_RUNS), store, quick if is_small else thorough)

    @property
    def answer(self) -> Answer:
        """The whole answer as soon as it has an interval, else the estimate, once that has one."""
        for stage, is_estimate in ((self.full, False), (self.estimate, True)):
            found = stage.comparison
            if found and stage.has_interval:
                return Answer(found, is_estimate, len(found.world.replications), stage.runs)
        return Answer(None, True, 0, ESTIMATE_RUNS)

    def wait(self, seconds: float) -> None:
        """Wait for the estimate, but no longer than that."""
        self.estimate.wait(seconds)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.full.finished

    @property
    def complete(self) -> bool:
        """Whether every run of the whole answer is there; not so after a stop."""
        return self.full.complete

    @property
    def error(self) -> BaseException | None:
        """Why it failed, if it did."""
        return self.full.error or self.estimate.error

    def stop(self) -> None:
        """Give up what is not done."""
        self.full.stop()
        self.estimate.stop()

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        """Rest while that is not so (see `Job.only_while`)."""
        self.full.only_while(is_wanted)
        self.estimate.only_while(is_wanted)


def _weeks(scenario: Scenario, weeks: int) -> Scenario:
    return scenario.model_copy(update={"weeks": weeks})


LIVE_POINTS = 7
_FEWEST_WEEKS = 13
LIVE_VISITS = 80_000  # at each point: about a tenth of a second, so that all of them take some three on two cores
_MOST_VISITS = 1_000_000  # where even the fewest weeks are more, a curve would come too late for any hand

Measured = Mapping[str, float]
"""A value by measure; NaN where there was nothing to measure."""


@dataclass(frozen=True)
class _Place:
    """One world to simulate: a lever at a value, or, without a lever, everything where it stands."""

    lever: Lever | None = None
    value: float = math.nan


@dataclass(frozen=True)
class LiveCurve:
    """Measures by a lever's value, lowest first; `values[i]` gave `measured[i]`. One run of a few weeks each."""

    values: tuple[float, ...]
    measured: tuple[Measured, ...]

    def at(self, measure: str, value: float) -> float | None:
        """The measure there: simulated, or on the straight line between its neighbours; None outside them."""
        points = [(x, y) for x, y in self.points(measure) if y is not None]
        if not points or not points[0][0] <= value <= points[-1][0]:
            return None
        above = bisect_left(points, (value, -math.inf))
        (x1, y1), (x0, y0) = points[above], points[max(above - 1, 0)]
        return y1 if x1 in (x0, value) else y0 + (y1 - y0) * (value - x0) / (x1 - x0)

    def points(self, measure: str) -> list[tuple[float, float | None]]:
        """Values with the measure at each, None where there was nothing to measure."""
        found = [measured[measure] for measured in self.measured]
        return [(x, None if math.isnan(y) else y) for x, y in zip(self.values, found, strict=True)]


class LiveCurves(Background):
    """The curves of several levers in the background, the rough shape of all before the detail of any.

    What the store has is not simulated again. A scenario of which `live_weeks` is 0 is not to be asked.

    Raises:
        ScenarioError: sets of the surroundings that contradict each other; nothing was started.
    """

    def __init__(
        self,
        around: Surroundings,
        levers: Sequence[Lever],
        measures: Sequence[str],
        seed: int,
        store: Store,
        workers: Workers,
    ) -> None:
        self.around, self.levers, self.measures = around, tuple(levers), tuple(measures)
        self.weeks = live_weeks(around.scenario)
        self._seed, self._store = seed, store
        self._stands = {lever.path: around.stands(lever) for lever in levers}
        self._places = [_Place(), *coarse_first(self.levers, self._stands)]
        self._job = workers.start(self._simulate, self._places)

    def curve(self, lever: Lever) -> LiveCurve | None:
        """What is known of that lever's curve; None before there are two points of it."""
        found = {
            self._stands[lever.path] if place.lever is None else place.value: measured
            for place, measured in zip(self._places, self._job.results, strict=True)
            if measured is not None and place.lever in (None, lever)
        }
        values = tuple(sorted(found))
        return LiveCurve(values, tuple(found[value] for value in values)) if len(values) > 1 else None

    def _simulate(self, place: _Place, progress: Progress) -> Measured | None:
        try:
            task = self._task(place)
        except ScenarioError:
            return None  # no such world: the curve has a gap there, and the slider's own question says why
        measures = REPLICATION.carry_out(self._store, task, progress).measures
        return {name: measures[name] for name in self.measures}

    def _task(self, place: _Place) -> Task:
        around, lever = self.around, place.lever
        world = around.world if lever is None else around.at(lever, place.value)
        twin = not NEEDS_TWIN.isdisjoint(self.measures)
        return Task(world.model_copy(update={"weeks": self.weeks}), self._seed, 0, with_unbroken=twin)


def live_weeks(scenario: Scenario) -> int:
    """How many weeks each point of a scenario's curves is from: as many as are quick, a quarter of a year at least.

    None, 0, where that would take too long: such a scenario has no curves.
    """
    visits = max(1.0, expected_visits(Task(scenario, 1, 0)))
    weeks = min(scenario.weeks, max(_FEWEST_WEEKS, int(scenario.weeks * LIVE_VISITS / visits)))
    return weeks if visits * weeks / scenario.weeks <= _MOST_VISITS else 0


def coarse_first(levers: Sequence[Lever], stands: Mapping[str, float]) -> list[_Place]:
    """Every lever's ends, then every lever's next points, each halfway into the widest gap left."""
    each = [[_Place(lever, value) for value in _spread(lever, stands[lever.path])] for lever in levers]
    return [places[i] for i in range(LIVE_POINTS) for places in each if i < len(places)]


def _spread(lever: Lever, stands: float) -> list[float]:
    """The lever's values other than where it stands: its ends, then always the middle of the widest gap."""
    values = values_of(lever, stands, LIVE_POINTS)
    left = [value for value in values if value != stands]
    taken = [stands]
    order: list[float] = []
    while left:
        value = max(left, key=lambda one: min(abs(one - other) for other in taken))
        left.remove(value)
        taken.append(value)
        order.append(value)
    return order
