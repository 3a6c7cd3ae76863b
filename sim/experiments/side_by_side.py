"""Worlds of one scenario set side by side: simulated on the same luck, so that any two of them can be compared."""

from collections.abc import Sequence

from sim.experiments.background import Background
from sim.experiments.inquiry import Memory
from sim.experiments.price import IN_THE_FILE
from sim.experiments.replication import Replication, Task, simulate
from sim.experiments.runs import Effort, Run
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario

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
