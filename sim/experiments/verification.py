"""Verification as a feature: the known answers simulated with the engines that everything else uses.

The luck is always the same, so a check that fails is a fault of the program and not of chance. (With luck drawn
anew, one sound check in a hundred would fail: that is what 99% means.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.known_answers import KnownAnswer, KnownAnswers
from sim.experiments.readings import READINGS, Seen
from sim.experiments.replication import Engine, Task, outcome_of
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario

SEED = 1
CONFIDENCE = 0.99
PASSED = "passed"


@dataclass(frozen=True)
class Check:
    """A known answer beside what was simulated: its mean with its 99% interval, in the answer's unit."""

    answer: KnownAnswer
    found: Estimate

    @property
    def verdict(self) -> str:
        """Passed: theory within the interval, and the interval narrow. A missing value never passes."""
        half_width = self.found.half_width
        if half_width is None or self.found.low is None or self.found.high is None:
            return "failed: not measured"
        if not self.found.low <= self.answer.theory <= self.found.high:
            return "failed: outside"
        return PASSED if half_width <= self.answer.half_width_at_most else "failed: too wide"

    @property
    def passed(self) -> bool:
        """Whether it did."""
        return self.verdict == PASSED


@dataclass(frozen=True)
class _Task:
    """One replication of a world that answers share."""

    world: Scenario
    answers: tuple[KnownAnswer, ...]
    replication: int
    engine: Engine

    @property
    def with_unbroken(self) -> bool:
        """Whether the twin without failures is asked for: the one measure that needs it takes a second run."""
        return any(answer.reading == "revenue_lost_per_year" for answer in self.answers)


def _simulate(task: _Task, progress: Progress) -> tuple[float, ...]:
    """What the task's answers read in one replication, each in its own unit."""
    seen = _seen(task, progress)
    return tuple(answer.times * READINGS[answer.reading].take(seen, answer.at or 0) for answer in task.answers)


def _seen(task: _Task, progress: Progress) -> Seen:
    waits: list[NDArray[np.float64]] = [np.empty(0)]

    def keep(visits: NDArray[np.void]) -> None:
        waits.append(visits["wait"][~np.isnan(visits["wait"])])

    run = Task(task.world, SEED, task.replication, task.engine, task.with_unbroken)
    return Seen(outcome_of(run, progress, also=keep), np.concatenate(waits))


class Verification:
    """Known answers being checked, side by side on the workers. Ask as often as you like; stop when not wanted."""

    def __init__(self, known: KnownAnswers, workers: Workers, engine: Engine = "compiled") -> None:
        self.known = known
        self._groups = _groups(known)
        tasks = [
            _Task(known.worlds[answers[0].id], answers, number, engine)
            for answers in self._groups
            for number in range(answers[0].replications)
        ]
        self._job = workers.start(_simulate, tasks)
        self._stopped = False

    @property
    def checks(self) -> dict[str, Check]:
        """The checks of which every replication is there, by their answers' ids."""
        return dict(self._checks())

    def _checks(self) -> Iterator[tuple[str, Check]]:
        results = iter(self._job.results)
        for answers in self._groups:
            rows = list(islice(results, answers[0].replications))
            done = [row for row in rows if row is not None]
            if len(done) == len(rows):
                for answer, *values in zip(answers, *done, strict=True):
                    yield answer.id, Check(answer, estimate(values, CONFIDENCE))

    @property
    def finished(self) -> bool:
        """Whether nothing more will come: at once after a stop, even while the compiler cannot hear of it."""
        return self._stopped or self._job.finished

    @property
    def error(self) -> BaseException | None:
        """Why a replication failed, if one did."""
        return self._job.error

    @property
    def share_done(self) -> float:
        """How much of the work is done, from 0 to 1."""
        return self._job.share_done

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest will take; None while too little is done to say."""
        return self._job.seconds_left

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way any more, but no longer than that."""
        self._job.wait(seconds)

    def follow(self, progress: Progress) -> None:
        """Wait for all of it, telling the share done. Raises the first failure at once."""
        self._job.follow(progress)

    def stop(self) -> None:
        """Give up what is not done; what is done is kept."""
        self._stopped = True
        self._job.stop()


def _groups(known: KnownAnswers) -> list[tuple[KnownAnswer, ...]]:
    """The answers that are read from the same replications, together."""
    groups: dict[tuple[int, int], list[KnownAnswer]] = {}
    for answer in known.answers:
        groups.setdefault((id(known.worlds[answer.id]), answer.replications), []).append(answer)
    return [tuple(answers) for answers in groups.values()]


def verify(
    known: KnownAnswers, engine: Engine = "compiled", progress: Progress = lambda share: None
) -> tuple[Check, ...]:
    """Check all these known answers, on every core; in their order."""
    workers = Workers()
    try:
        verification = Verification(known, workers, engine)
        verification.follow(progress)
    finally:
        workers.close()
    progress(1.0)
    checks = verification.checks
    return tuple(checks[answer.id] for answer in known.answers)
