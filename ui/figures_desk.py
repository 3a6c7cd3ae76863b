"""Where a visitor's figures are split."""

from sim.experiments.replication import Replication, Task, simulate
from sim.experiments.workers import Job, Workers
from sim.outcomes.breakdown import By
from sim.scenario.scenario import Scenario

RUNS = 4


class SplitDesk:
    """A visitor's one split at a time; another world or another split supersedes it."""

    def __init__(self) -> None:
        self._asked: tuple[Scenario, By] | None = None
        self._job: Job[Replication] | None = None

    def job_for(self, world: Scenario, by: By, seed: int, workers: Workers) -> Job[Replication]:
        """The job for this split of this world, begun if it was not yet."""
        if self._job is None or self._asked != (world, by):
            if self._job:
                self._job.stop()
            tasks = [Task(world, seed, number, with_unbroken=False, by=by) for number in range(RUNS)]
            self._asked, self._job = (world, by), workers.start(simulate, tasks)
        return self._job
