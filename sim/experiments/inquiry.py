"""A question asked while a finger is near the slider: first an estimate, then the whole answer.

The estimate has fewer weeks and never fewer customers, which would empty the queues. What was simulated before is
remembered, so going back to a slider's old place answers at once, and the baseline is simulated once for everybody.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiments.price import expected_visits
from sim.experiments.runs import Comparison, Run
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Job, Workers
from sim.scenario.scenario import Scenario

ESTIMATE_WEEKS = 4
ESTIMATE_RUNS = 4
FULL_RUNS = 4
_RUNS_FOR_AN_INTERVAL = 2
_REMEMBERED = 2_000
_QUICK_VISITS = 100_000  # a tenth of a second: no need to stand in line behind long runs


class Memory:
    """Replications already simulated, by what they simulate; the oldest are forgotten. Safe from any thread."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most, self._lock = most, threading.Lock()
        self._known: OrderedDict[str, Replication] = OrderedDict()

    def get(self, task: Task) -> Replication | None:
        """What this task gave before, if it is remembered."""
        key = _key(task)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def put(self, task: Task, replication: Replication) -> None:
        """Remember what this task gave."""
        with self._lock:
            self._known[_key(task)] = replication
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def _key(task: Task) -> str:
    said = f"{task.seed} {task.replication} {task.with_unbroken} {task.world.model_dump_json()}"
    return hashlib.sha256(said.encode()).hexdigest()


class Stage:
    """A baseline and a world over some weeks and runs, under way or done."""

    def __init__(
        self, baseline: Scenario, world: Scenario, seed: int, runs: int, workers: Workers, memory: Memory
    ) -> None:
        self.baseline, self.world, self.runs, self._seed = baseline, world, runs, seed
        self._memory = memory
        worlds = (baseline,) if world == baseline else (baseline, world)
        self._tasks = [Task(w, seed, number) for number in range(runs) for w in worlds]
        self._known = [memory.get(task) for task in self._tasks]
        self._missing = [position for position, known in enumerate(self._known) if known is None]
        self._job: Job[Replication] | None = None
        if self._missing:
            self._job = workers.start(simulate, [self._tasks[position] for position in self._missing])

    def _collect(self) -> None:
        if self._job is None:
            return
        finished = self._job.finished
        for position, result in zip(self._missing, self._job.results, strict=True):
            if result is not None and self._known[position] is None:
                self._known[position] = result
                self._memory.put(self._tasks[position], result)
        if finished and self._job.error is None:
            self._job = None

    @property
    def comparison(self) -> Comparison | None:
        """What the runs done so far say, in order of runs; None before the first."""
        self._collect()
        each = 1 if self.world == self.baseline else 2
        rows = [self._known[start : start + each] for start in range(0, len(self._known), each)]
        done = [row for row in rows if None not in row]
        if not done:
            return None
        baseline = self._run(self.baseline, [row[0] for row in done])
        return Comparison(baseline, baseline if each == 1 else self._run(self.world, [row[1] for row in done]))

    def _run(self, world: Scenario, replications: Sequence[Replication | None]) -> Run:
        return Run(world, tuple(one for one in replications if one is not None), self._seed)

    @property
    def finished(self) -> bool:
        """Whether nothing is under way any more."""
        self._collect()
        return self._job is None or self._job.finished

    @property
    def complete(self) -> bool:
        """Whether every run is there."""
        self._collect()
        return None not in self._known

    @property
    def error(self) -> BaseException | None:
        """Why a run failed, if one did."""
        return self._job.error if self._job else None

    @property
    def share_done(self) -> float:
        """How much of what had to be simulated is done, from 0 to 1."""
        return 1.0 if self._job is None else self._job.share_done

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest will take; None while too little is done to say."""
        return 0.0 if self._job is None else self._job.seconds_left

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way any more, but no longer than that."""
        if self._job:
            self._job.wait(seconds)

    def stop(self) -> None:
        """Give up what is not done."""
        if self._job:
            self._job.stop()


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
        self, baseline: Scenario, world: Scenario, seed: int, quick: Workers, thorough: Workers, memory: Memory
    ) -> None:
        self.baseline, self.world = baseline, world
        weeks = min(ESTIMATE_WEEKS, baseline.weeks)
        short, short_world = _weeks(baseline, weeks), _weeks(world, weeks)
        is_small = expected_visits(Task(world, seed, 0)) < _QUICK_VISITS
        self.estimate = Stage(short, short_world, seed, ESTIMATE_RUNS, quick, memory)
        self.full = Stage(baseline, world, seed, FULL_RUNS, quick if is_small else thorough, memory)

    @property
    def answer(self) -> Answer:
        """The whole answer as soon as it has an interval, else the estimate, once that has one."""
        for stage, is_estimate in ((self.full, False), (self.estimate, True)):
            found = stage.comparison
            if found and len(found.world.replications) >= _RUNS_FOR_AN_INTERVAL:
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


def _weeks(scenario: Scenario, weeks: int) -> Scenario:
    return scenario.model_copy(update={"weeks": weeks})
