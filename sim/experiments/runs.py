"""Runs: one world, or a world beside the scenario as it stands, over many replications."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.experiments.estimate import Estimate, estimate, variance_ratio, verdict
from sim.experiments.replication import Replication, Task, simulate
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario

Progress = Callable[[float], None]
_VISITS_WORTH_A_PROCESS = 150_000
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Run:
    """One world and what its replications gave, in their order."""

    world: Scenario
    replications: tuple[Replication, ...]

    def values(self, measure: str) -> list[float]:
        """One value of that measure a replication; NaN where there was nothing to measure."""
        return [replication.measures[measure] for replication in self.replications]

    def estimate(self, measure: str) -> Estimate:
        """Mean and interval of that measure."""
        return estimate(self.values(measure))

    def lost(self, failure: str) -> Estimate:
        """Basket lost now to that failure point, in currency units a year."""
        return estimate([replication.lost[failure] for replication in self.replications])

    def lost_total(self) -> Estimate:
        """Basket lost now to all failure points together, in currency units a year."""
        return estimate([sum(replication.lost.values()) for replication in self.replications])


@dataclass(frozen=True)
class Comparison:
    """A world beside its baseline, replication by replication on the same luck."""

    baseline: Run
    world: Run

    def differences(self, measure: str) -> list[float]:
        """World less baseline, one value a replication."""
        pairs = zip(self.world.values(measure), self.baseline.values(measure), strict=True)
        return [world - baseline for world, baseline in pairs]

    def difference(self, measure: str) -> Estimate:
        """Mean and interval of the paired difference."""
        return estimate(self.differences(measure))

    def verdict(self, measure: str) -> str:
        """What the paired differences say, in words."""
        return verdict(self.differences(measure))

    def variance_ratio(self, measure: str) -> float | None:
        """How many times more replications independent worlds would have needed; None where it cannot be said."""
        return variance_ratio(self.baseline.values(measure), self.world.values(measure))


def expected_visits(task: Task) -> float:
    """The price of a task: about how many visits it simulates."""
    customers = task.world.customers
    weeks = task.world.weeks + task.world.warm_up_days / 7
    a_week = customers.base.value * customers.visits_per_week.value + customers.passers_by_per_week.value
    return a_week * weeks * (2 if task.with_unbroken else 1)


def run(
    world: Scenario,
    seed: int,
    replications: int,
    progress: Progress = lambda share: None,
    ledger: Path | None = None,
) -> Run:
    """Simulate one world; with `ledger`, its three tables are put there once all is done (see `table_paths`).

    Raises:
        OSError: the ledger cannot be written; nothing is left half-written.
    """
    if ledger is None:
        return Run(world, tuple(_simulate(tasks_of(world, seed, replications), progress)))
    from sim.outcomes.ledger import assemble  # slow to import, and most runs write no ledger

    with TemporaryDirectory(prefix=".ripple-", dir=ledger.parent) as folder:
        done = _simulate(tasks_of(world, seed, replications, Path(folder)), progress)
        assemble(Path(folder), ledger)
    return Run(world, tuple(done))


def compare(
    baseline: Scenario,
    world: Scenario,
    seed: int,
    replications: int,
    progress: Progress = lambda share: None,
    ledger: Path | None = None,
) -> Comparison:
    """Simulate a world and its baseline on the same luck; `ledger` is the world's, as in `run`."""
    if world == baseline:
        only = run(world, seed, replications, progress, ledger)
        return Comparison(only, only)
    if ledger is not None:
        moved = run(world, seed, replications, lambda share: progress(share / 2), ledger)
        return Comparison(run(baseline, seed, replications, lambda s: progress((1 + s) / 2)), moved)
    done = _simulate(tasks_of(baseline, seed, replications) + tasks_of(world, seed, replications), progress)
    return Comparison(Run(baseline, tuple(done[:replications])), Run(world, tuple(done[replications:])))


def tasks_of(world: Scenario, seed: int, replications: int, ledger_folder: Path | None = None) -> list[Task]:
    """One task a replication."""
    return [Task(world, seed, number, ledger_folder=ledger_folder) for number in range(replications)]


def _simulate(tasks: Sequence[Task], progress: Progress) -> list[Replication]:
    """All tasks, in this process where starting others would take longer than the work itself."""
    if sum(expected_visits(task) for task in tasks) < _VISITS_WORTH_A_PROCESS:
        return _here(tasks, progress)
    workers = Workers()
    try:
        job = workers.start(tasks)
        while not job.finished and job.error is None:
            progress(job.share_done)
            time.sleep(_POLL_SECONDS)
        if job.error:
            raise job.error
        progress(1.0)
        return [result for result in job.results if result is not None]
    finally:
        workers.close()


def _here(tasks: Sequence[Task], progress: Progress) -> list[Replication]:
    done = []
    for number, task in enumerate(tasks):
        done.append(simulate(task, lambda share, before=number: progress((before + share) / len(tasks))))  # type: ignore[misc]
    return done
