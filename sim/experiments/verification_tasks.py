"""What verification consists of: the tasks that known answers are read off, each done once for all that share it."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.formulas import Formula
from sim.experiments.known_answer import FittedAnswer, KnownAnswer, SimulatedAnswer, figures
from sim.experiments.known_answers import KnownAnswers
from sim.experiments.readings import READINGS, Seen
from sim.experiments.replication import Engine, Task, outcome_of
from sim.outcomes.measures import Sample
from sim.scenario.scenario import Scenario

SEED = 1
Answer = TypeVar("Answer", bound=KnownAnswer)


@dataclass(frozen=True)
class Replication:
    """One replication of a world that answers share."""

    world: Scenario
    answers: tuple[SimulatedAnswer, ...]
    number: int
    engine: Engine

    @property
    def with_unbroken(self) -> bool:
        """Whether the twin without failures is asked for: the one measure that needs it takes a second run."""
        return any(answer.reading == "revenue_lost_per_year" for answer in self.answers)

    def done(self, progress: Progress) -> tuple[Sample, ...]:
        """What the answers read in it, each in its reading's unit."""
        seen = self._seen(progress)
        return tuple(READINGS[answer.reading].sample(seen, answer.at or 0) for answer in self.answers)

    def _seen(self, progress: Progress) -> Seen:
        waits: list[NDArray[np.float64]] = [np.empty(0)]
        joins: list[NDArray[np.int64]] = [np.empty(0, np.int64)]

        def keep(visits: NDArray[np.void]) -> None:
            joined = visits["joins"] > 0
            waits.append(visits["wait"][joined])
            joins.append(visits["joins"][joined].astype(np.int64))

        run = Task(self.world, SEED, self.number, self.engine, self.with_unbroken)
        return Seen(outcome_of(run, progress, also=keep), np.concatenate(waits), np.concatenate(joins))


@dataclass(frozen=True)
class Computation:
    """A fit or a formula that answers share."""

    formula: Formula
    answers: tuple[FittedAnswer, ...]
    folder: Path

    def done(self, _: Progress) -> tuple[Sample, ...]:
        """The figures that the answers take of it; quick, so that there is no progress to tell."""
        found = figures(self.formula, self.folder)
        return tuple((found[answer.figure],) for answer in self.answers)


@dataclass(frozen=True)
class Group:
    """Answers that are read off the same tasks: replications, or a computation alone."""

    answers: tuple[KnownAnswer, ...]
    tasks: tuple[Replication | Computation, ...]


def done(task: Replication | Computation, progress: Progress) -> tuple[Sample, ...]:
    """A task done: what it says of each of its answers."""
    return task.done(progress)


def values_of(answer: KnownAnswer, samples: Sequence[Sample]) -> list[float]:
    """One value a task in the answer's unit, from what each says of it."""
    if isinstance(answer, SimulatedAnswer):
        return READINGS[answer.reading].values(samples, answer.times)
    return [value for (value,) in samples]


def groups(known: KnownAnswers, engine: Engine) -> list[Group]:
    """All that is to be done for these answers; what is computed comes first, being quick."""
    computed = _together(known.fitted, [answer.computed for answer in known.fitted])
    simulated = _together(known.answers, [(id(known.worlds[a.id]), a.replications) for a in known.answers])
    return [
        *(Group(rows, (Computation(rows[0].computed, rows, known.folder),)) for rows in computed),
        *(Group(rows, _replications(known.worlds[rows[0].id], rows, engine)) for rows in simulated),
    ]


def _replications(world: Scenario, answers: tuple[SimulatedAnswer, ...], engine: Engine) -> tuple[Replication, ...]:
    return tuple(Replication(world, answers, number, engine) for number in range(answers[0].replications))


def _together(answers: Sequence[Answer], keys: Iterable[Hashable]) -> list[tuple[Answer, ...]]:
    """The answers of the same key together, in the order in which keys first come."""
    shared: dict[Hashable, list[Answer]] = {}
    for answer, key in zip(answers, keys, strict=True):
        shared.setdefault(key, []).append(answer)
    return [tuple(rows) for rows in shared.values()]
