"""Simulating the answer that a room bets on, in the background and only once."""

from dataclasses import dataclass

import numpy as np

from sim.engines.records import Progress
from sim.experiments.cache import Store, key_of
from sim.experiments.estimate import Estimate, estimate, values_of
from sim.experiments.price import IN_THE_FILE
from sim.experiments.runs import Effort
from sim.experiments.task import Task, simulate
from sim.experiments.workers import Background, Workers
from sim.outcomes.measures import MEASURES, Sample
from sim.rooms.question import Question
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of


@dataclass(frozen=True)
class _Reading:
    """One measure of one replication of one world, simulated unless it is kept from before."""

    task: Task
    measure: str
    store: Store

    def take(self, progress: Progress) -> Sample:
        world = self.task.world.model_dump_json()
        key = key_of("reading", world, self.task.seed, self.task.replication, self.measure)
        kept = self.store.get(key)
        if kept is not None:
            return tuple(kept[0].tolist())
        sample = simulate(self.task, progress).sample(self.measure)
        self.store.put(key, np.array([sample]))
        return sample


def _take(reading: _Reading, progress: Progress) -> Sample:
    return reading.take(progress)


class RevealJob(Background):
    """Finding the answer: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: its fixes make no world together.
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(self, scenario: Scenario, question: Question, effort: Effort, store: Store, workers: Workers) -> None:
        self.scenario, self.question = scenario, question
        worlds = [scenario, world_of(scenario, fixes=question.fixes)] if question.fixes else [scenario]
        self._worlds, self.runs = len(worlds), effort.replications
        tasks = [Task(world, effort.seed, number) for number in range(self.runs) for world in worlds]
        effort.budget.check(tasks, f"the number of runs (now {self.runs})", IN_THE_FILE)
        self._job = workers.start(_take, [_Reading(task, question.measure, store) for task in tasks])

    @property
    def answer(self) -> Estimate | None:
        """The answer from the replications done so far; None before there is an interval."""
        found = self._job.results
        rows = [found[at : at + self._worlds] for at in range(0, len(found), self._worlds)]
        known = [[sample for sample in row if sample is not None] for row in rows]
        whole = [row for row in known if len(row) == self._worlds]
        if len(whole) < min(2, self.runs):
            return None
        worlds = [values_of(MEASURES[self.question.measure], samples) for samples in zip(*whole, strict=True)]
        if self._worlds == 1:
            return estimate(worlds[0])
        return estimate([then - now for now, then in zip(*worlds, strict=True)])
