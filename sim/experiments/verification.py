"""Verification as a feature: known answers from the engines, the fits and the formulas that everything else uses.

The luck is always the same, so a check that fails is a fault of the program and not of chance. (With luck drawn
anew, one sound check in a hundred would fail: that is what 99% means.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sim.engines.records import Progress
from sim.experiments.background import Background, carried_out
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.known_answer import PASSED, KnownAnswer
from sim.experiments.known_answers import KnownAnswers
from sim.experiments.replication import Engine
from sim.experiments.verification_tasks import done, groups, values_of
from sim.experiments.workers import Workers

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
