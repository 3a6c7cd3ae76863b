"""Verification as a feature: known answers from the engines, the fits and the formulas, and what became of each."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.task import Engine, Task, outcome_of
from sim.experiments.verification.formulas import Formula
from sim.experiments.verification.known_answers import (
    PASSED,
    READINGS,
    FittedAnswer,
    KnownAnswer,
    KnownAnswers,
    Seen,
    SimulatedAnswer,
    decimals,
    figures,
)
from sim.experiments.workers import Background, Workers, carried_out
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


CONFIDENCE = 0.99


@dataclass(frozen=True)
class Check:
    """A known answer beside Ripple's figure, in the answer's unit: simulated, a mean with its 99% interval."""

    answer: KnownAnswer
    found: Estimate

    @property
    def verdict(self) -> str:
        """Passed, or how it failed."""
        return self.answer.verdict(self.found)

    @property
    def passed(self) -> bool:
        """Whether it did."""
        return self.verdict == PASSED


class Verification(Background):
    """Known answers being checked, side by side on the workers. Ask as often as you like; stop when not wanted."""

    def __init__(self, known: KnownAnswers, workers: Workers, engine: Engine = "compiled") -> None:
        self.known = known
        self._groups = groups(known, engine)
        self._job = workers.start(done, [task for group in self._groups for task in group.tasks])

    @property
    def checks(self) -> dict[str, Check]:
        """The checks of which every replication is there, by their answers' ids."""
        return dict(self._checks())

    def _checks(self) -> Iterator[tuple[str, Check]]:
        results = iter(self._job.results)
        for group in self._groups:
            rows = list(islice(results, len(group.tasks)))
            there = [row for row in rows if row is not None]
            if len(there) == len(rows):
                for answer, *samples in zip(group.answers, *there, strict=True):
                    yield answer.id, Check(answer, estimate(values_of(answer, samples), CONFIDENCE))

    @property
    def finished(self) -> bool:
        """Whether nothing more will come: at once after a stop, even while the compiler cannot hear of it."""
        return self.stopped or super().finished


def verify(
    known: KnownAnswers, engine: Engine = "compiled", progress: Progress = lambda share: None
) -> tuple[Check, ...]:
    """Check all these known answers, on every core; in their order."""
    checks = carried_out(lambda workers: Verification(known, workers, engine), progress).checks
    return tuple(checks[answer.id] for answer in known.every)


_LARGE = 1_000


def verification_report(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Every check as plain data; what is missing is None.

    What is not simulated has no interval: `low` and `high` are None, and `within` is how far off it may be.
    """
    return [
        {"id": check.answer.id, "theory": check.answer.theory}
        | {end: getattr(check.found, end) for end in ("mean", "low", "high")}
        | ({"within": check.answer.within} if isinstance(check.answer, FittedAnswer) else {})
        | {"passed": check.passed}
        for check in checks
    ]


def tables(known: KnownAnswers, checks: Sequence[Check]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """For each question that the answers prove, its checks as rows whose cells are text or figures."""
    for proof in known.proofs:
        if rows := [_row(check) for check in checks if check.answer.proves == proof.id]:
            yield proof.label, rows


def _row(check: Check) -> dict[str, Any]:
    return {
        "known answer": check.answer.id,
        "theory": _theory(check.answer),
        "found (99% interval)": _found(check),
        "unit": check.answer.unit,
        "verdict": check.verdict,
    }


def _theory(answer: KnownAnswer) -> str:
    if isinstance(answer, FittedAnswer):
        return f"{answer.theory:,.10g} ± {answer.within:g}"
    return f"{answer.theory:,.6g}" if abs(answer.theory) < _LARGE else f"{answer.theory:,.0f}"


def _found(check: Check) -> str | dict[str, Any]:
    """A figure with its interval, or one that has none because no luck is in it."""
    answer, found = check.answer, check.found
    if not isinstance(answer, FittedAnswer) or found.mean is None:
        return {end: getattr(found, end) for end in ("mean", "low", "high")}
    return f"{found.mean:,.{decimals(answer.within) + 1}f} (exact: no interval)"


def sentence(checks: Sequence[Check]) -> str:
    """How many came out, in a sentence."""
    failed = [check.answer.id for check in checks if not check.passed]
    said = f"{len(checks) - len(failed)} of {len(checks)} known answers came out"
    return f"{said}; not so {', '.join(failed)}." if failed else f"{said}."
