"""Several worlds on the same luck, in the background; every replication is kept, so that asking again skips it."""

from collections.abc import Hashable, Mapping
from functools import partial

import numpy as np

from sim.engines.records import Progress
from sim.experiments.background import Background
from sim.experiments.price import IN_THE_FILE
from sim.experiments.replication import Replication, Task, simulate
from sim.experiments.runs import Effort, Run
from sim.experiments.store import Store, key_of
from sim.experiments.workers import Workers
from sim.outcomes.measures import MEASURES, Sample
from sim.scenario.scenario import Scenario

_NOT_KEPT = np.empty(0)
NEEDS_TWIN = frozenset({"revenue_lost_per_year"})
"""The one measure that asks what would be without failures."""


class WorldsJob(Background):
    """Simulating worlds, each under a name of its own: ask how far it is and what it has, or stop it.

    Every world is simulated once before any is simulated twice.

    Raises:
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(
        self, worlds: Mapping[Hashable, Scenario], measure: str, effort: Effort, store: Store, workers: Workers
    ) -> None:
        tasks = tasks_of(worlds, measure, effort)
        effort.budget.check(list(tasks.values()), f"the number of runs (now {effort.replications})", IN_THE_FILE)
        self.worlds, self.effort, self._names = dict(worlds), effort, list(tasks)
        self._job = workers.start(partial(_kept, store), list(tasks.values()))

    @property
    def runs(self) -> dict[Hashable, Run]:
        """Each world with the replications that all worlds have."""
        found = dict(zip(self._names, self._job.results, strict=True))
        whole = [n for n in range(self.effort.replications) if all(found[name, n] is not None for name in self.worlds)]
        rows = {name: [found[name, n] for n in whole] for name in self.worlds}
        return {
            name: Run(world, tuple(row for row in rows[name] if row is not None), self.effort.seed)
            for name, world in self.worlds.items()
        }


def tasks_of(worlds: Mapping[Hashable, Scenario], measure: str, effort: Effort) -> dict[tuple[Hashable, int], Task]:
    """What is simulated to know that measure, by world and replication."""
    twin = measure in NEEDS_TWIN
    return {
        (name, number): Task(world, effort.seed, number, effort.engine, with_unbroken=twin)
        for number in range(effort.replications)
        for name, world in worlds.items()
    }


def _kept(store: Store, task: Task, progress: Progress) -> Replication:
    """Measures, what pooled ones are made of, and losses of a replication, simulated unless they are kept."""
    said = (task.world.model_dump_json(), task.seed, task.replication, task.engine, task.with_unbroken)
    key = key_of("measures and losses", *said)
    row = store.get(key)
    if row is None:
        found = simulate(task, progress)
        totals = [each for pair in found.totals.values() for each in pair]
        row = np.array([[*found.measures.values(), *totals, *found.lost.values()]])
        store.put(key, row)
    return _read(task, [float(value) for value in row[0]])


def _read(task: Task, values: list[float]) -> Replication:
    left = iter(values)
    measures = {name: next(left) for name in MEASURES}
    totals: dict[str, Sample] = {name: (next(left), next(left)) for name, measure in MEASURES.items() if measure.pooled}
    lost = dict(zip((failure.id for failure in task.world.failures), left, strict=True))
    return Replication(task.replication, measures, lost, _NOT_KEPT, _NOT_KEPT, _NOT_KEPT, totals=totals)
