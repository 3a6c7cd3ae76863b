"""What is counted over time in the SimPy engine: services with their queues, and pools of things lent out."""

from typing import Any

import numpy as np
import simpy

from sim.engines.calendar import week_of
from sim.engines.records import (
    BUSY,
    COUNTERS,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    WORKING,
    add_level,
)


class Counted:
    """Levels and counts by week; shape (counters, weeks), see `Records`."""

    def __init__(self, env: simpy.Environment, weeks: int) -> None:
        self.env = env
        self.counters = np.zeros((len(COUNTERS), weeks))
        self.level = [0] * len(COUNTERS)
        self.since = [env.now] * len(COUNTERS)

    def change(self, counter: int, by: int) -> None:
        """Move a level by that much, from now on."""
        now = self.env.now
        add_level(self.counters[counter], float(self.level[counter]), self.since[counter], now)
        self.level[counter] += by
        self.since[counter] = now

    def count(self, counter: int) -> None:
        """Count one more in this week; warm-up is not counted."""
        week = week_of(self.env.now)
        if 0 <= week < self.counters.shape[1]:
            self.counters[counter, week] += 1

    def close(self) -> None:
        """Bring every level up to now."""
        for counter in (QUEUE, BUSY, WORKING):
            self.change(counter, 0)


class Service(Counted):
    """Servers with one queue, first come first served."""

    def __init__(self, env: simpy.Environment, servers: int, weeks: int) -> None:
        super().__init__(env, weeks)
        self._resource = simpy.Resource(env, servers)

    def request(self) -> Any:
        """Ask for a server; use it in a `with`."""
        return self._resource.request()

    @property
    def standing(self) -> int:
        """How many stand in the queue now; who has just been called stands there no longer."""
        return len(self._resource.queue)

    def wait(self, by: int) -> None:
        """Someone joins (+1) or leaves (-1) the queue."""
        self.change(QUEUE, by)

    def serve(self, by: int) -> None:
        """Someone begins (+1) or ends (-1) being served."""
        self.change(BUSY, by)


class Pool(Counted):
    """Alike things: sound or faulty, in the bay, out with a customer, or under repair."""

    def __init__(self, env: simpy.Environment, row: Any, weeks: int) -> None:
        super().__init__(env, weeks)
        self.key, self.breaks, self.reserve, self.repairer = row.key, row.breaks, row.reserve, row.repairer
        self.law, self.mean, self.log_sd = row.law, row.mean, row.log_sd
        self.idle, self.faulty_idle, self.pulled = row.size, 0, 0
        self.change(WORKING, row.size)

    def lend(self, faulty: bool) -> None:
        """One leaves the bay with a customer."""
        self.idle -= 1
        self.faulty_idle -= faulty
        self.change(BUSY, +1)

    def take_back(self, faulty: bool, breaks: bool) -> None:
        """One comes back into line, faulty if it was or if it just broke."""
        self.idle += 1
        self.faulty_idle += faulty or breaks
        self.change(BUSY, -1)
        if breaks:
            self.change(WORKING, -1)

    def pull(self) -> int:
        """A faulty one in a customer's hands goes to repair; returns the number of the repair job."""
        self.pulled += 1
        self.change(BUSY, -1)
        self.change(QUEUE, +1)
        return self.pulled

    def mended(self) -> None:
        """One comes back from repair, sound."""
        self.idle += 1
        self.change(QUEUE, -1)
        self.change(WORKING, +1)
        self.count(REPAIRS)

    def count_report(self) -> None:
        """Someone reported a faulty one."""
        self.count(REPORTS)

    def count_refusal(self) -> None:
        """A report was refused: not enough left to take one out."""
        self.count(REFUSALS)

    def count_shortage(self) -> None:
        """Someone found the bay empty."""
        self.count(SHORTAGES)
