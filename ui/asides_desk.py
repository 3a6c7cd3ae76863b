"""Where a visitor's questions beside a case are asked."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.experiments.price import TooLargeError
from sim.experiments.workers import Background, Workers
from sim.scenario.faults import ScenarioError

Begin = Callable[[Workers], Background]


def _patient() -> Workers:
    return Workers(patient=True)


@dataclass
class Asides:
    """What a visitor has asked beside the case, by what kind of question it is; another world supersedes it.

    The workers are other ones than the case's, so that nothing asked here waits for the case to be done.
    """

    workers: Workers = field(default_factory=_patient)
    jobs: dict[str, tuple[object, Background]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def job(self, kind: str, asked: object) -> Background | None:
        """The job for just this question; one for another is stopped and forgotten."""
        before = self.jobs.get(kind)
        if before and before[0] != asked:
            before[1].stop()
            del self.jobs[kind]
        return self.jobs[kind][1] if kind in self.jobs else None

    def forget(self) -> None:
        """Stop everything."""
        for _, job in self.jobs.values():
            job.stop()
        self.jobs.clear()

    def ask(self, kind: str, asked: object, begin: Begin) -> None:
        """Begin, or say why that cannot be."""
        self.refused.pop(kind, None)
        try:
            self.jobs[kind] = asked, begin(self.workers)
        except (ScenarioError, TooLargeError) as error:
            self.refused[kind] = str(error)
