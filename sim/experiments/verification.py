"""Verification as a feature: known answers from the engines, the fits and the formulas that everything else uses.

The luck is always the same, so a check that fails is a fault of the program and not of chance. (With luck drawn
anew, one sound check in a hundred would fail: that is what 99% means.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.known_answer import PASSED, KnownAnswer
from sim.experiments.known_answers import KnownAnswers
from sim.experiments.replication import Engine
from sim.experiments.verification_tasks import done, groups
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


class Verification:
    """Known answers being checked, side by side on the workers. Ask as often as you like; stop when not wanted."""

    def __init__(self, known: KnownAnswers, workers: Workers, engine: Engine = "compiled") -> None:
        self.known = known
        self._groups = groups(known, engine)
        self._job = workers.start(done, [task for group in self._groups for task in group.tasks])
        self._stopped = False

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
                for answer, *values in zip(group.answers, *there, strict=True):
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
    return tuple(checks[answer.id] for answer in known.every)
