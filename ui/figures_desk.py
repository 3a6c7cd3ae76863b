"""Where a visitor's figures are split."""

from dataclasses import dataclass

from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Job, Workers
from sim.outcomes.breakdown import By
from sim.scenario.scenario import Scenario
from ui.one_job import OneJob

RUNS = 4


@dataclass
class SplitDesk(OneJob[Job[Replication]]):
    """A visitor's one split at a time; another world or another split supersedes it."""

    asked: tuple[Scenario, By] | None = None

    def job_for(self, world: Scenario, by: By, seed: int, workers: Workers) -> Job[Replication]:
        """The job for this split of this world, begun if it was not yet."""
        if self.job is None or self.asked != (world, by):
            tasks = [Task(world, seed, number, with_unbroken=False, by=by) for number in range(RUNS)]
            self.put(workers.start(simulate, tasks))
            self.asked = (world, by)
        assert self.job is not None
        return self.job
