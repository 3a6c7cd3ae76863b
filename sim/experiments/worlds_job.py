"""Several worlds on the same luck, in the background or side by side; every replication is kept."""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial

import numpy as np

from sim.engines.records import Progress
from sim.experiments.cache import Store, key_of
from sim.experiments.inquiry import Memory
from sim.experiments.price import IN_THE_FILE
from sim.experiments.runs import Effort, Run
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Background, Workers
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


AT_MOST = 4
"""How many worlds people can still tell apart, beside the scenario as it is."""


class SideBySide(Background):
    """A scenario as it is and worlds of it, under way or done: ask as often as you like, or stop it.

    What `memory` knows is not simulated again, and what is simulated is remembered there. Equal worlds are simulated
    once. `worlds` begins with the scenario as it is.

    Raises:
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(
        self, baseline: Scenario, worlds: Sequence[Scenario], effort: Effort, workers: Workers, memory: Memory
    ) -> None:
        self.worlds, self.runs, self._seed, self._memory = (baseline, *worlds), effort.replications, effort.seed, memory
        self._alike = [self.worlds.index(world) for world in self.worlds]
        tasks = [
            (place, Task(self.worlds[place], effort.seed, number, effort.engine))
            for number in range(self.runs)
            for place in sorted(set(self._alike))
        ]
        known = [(place, memory.get(task)) for place, task in tasks]
        self._known = [(place, one) for place, one in known if one is not None]
        self._missing = [task for task, (_, one) in zip(tasks, known, strict=True) if one is None]
        missing = [task for _, task in self._missing]
        effort.budget.check(missing, f"the number of runs (now {self.runs})", IN_THE_FILE)
        self._job = workers.start(simulate, missing)

    def _done(self) -> list[tuple[int, Replication]]:
        """What is there, each with the place of its world."""
        new = zip(self._missing, self._job.results, strict=True)
        found = [(place, task, one) for (place, task), one in new if one is not None]
        for _, task, one in found:
            self._memory.put(task, one)
        return self._known + [(place, one) for place, _, one in found]

    @property
    def results(self) -> tuple[Run, ...]:
        """One run a world, over the replications that every world has: so that their differences are paired."""
        by_place: list[dict[int, Replication]] = [{} for _ in self.worlds]
        for place, one in self._done():
            by_place[place][one.number] = one
        by_world = [by_place[place] for place in self._alike]
        common = sorted(set(by_world[0]).intersection(*by_world[1:]))
        runs = zip(self.worlds, by_world, strict=True)
        return tuple(Run(world, tuple(one[number] for number in common), self._seed) for world, one in runs)

    @property
    def runs_done(self) -> int:
        """How many replications every world has."""
        return len(self.results[0].replications)
