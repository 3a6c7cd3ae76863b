"""Services and pools that check themselves after every event of the SimPy engine."""

from typing import Any
from unittest.mock import patch

import simpy

from sim.engines import simpy as engine
from sim.engines.records import BUSY, QUEUE, WORKING
from sim.engines.simpy.people import Pool, Service
from sim.scenario.scenario import Scenario
from tests.engines.worlds import Run, run


class WatchedService(Service):
    def __init__(self, env: simpy.Environment, servers: int, weeks: int) -> None:
        super().__init__(env, servers, weeks)
        self.servers = servers

    def wait(self, by: int) -> None:
        super().wait(by)
        assert self.level[QUEUE] >= 0

    def serve(self, by: int) -> None:
        super().serve(by)
        assert 0 <= self.level[BUSY] <= self.servers

    def check_at_end(self) -> None:
        assert self.level[QUEUE] == self.level[BUSY] == 0


class WatchedPool(Pool):
    def __init__(self, env: simpy.Environment, row: Any, weeks: int) -> None:
        super().__init__(env, row, weeks)
        self.size, self.bad_out = row.size, 0
        self.reports = self.refusals = self.repaired = 0

    def _check(self) -> None:
        out, in_repair, working = (self.level[counter] for counter in (BUSY, QUEUE, WORKING))
        assert self.idle + out + in_repair == self.size
        assert 0 <= self.faulty_idle <= self.idle
        assert 0 <= self.bad_out <= out
        assert in_repair == self.pulled - self.repaired >= 0
        assert 0 <= working == self.size - self.faulty_idle - self.bad_out - in_repair <= self.size

    def lend(self, faulty: bool) -> None:
        super().lend(faulty)
        self.bad_out += faulty
        self._check()

    def take_back(self, faulty: bool, breaks: bool) -> None:
        super().take_back(faulty, breaks)
        self.bad_out -= faulty
        self._check()

    def pull(self) -> int:
        job = super().pull()
        self.bad_out -= 1
        self._check()
        return job

    def mended(self) -> None:
        super().mended()
        self.repaired += 1
        self._check()

    def count_report(self) -> None:
        super().count_report()
        self.reports += 1

    def count_refusal(self) -> None:
        super().count_refusal()
        self.refusals += 1

    def check_at_end(self) -> None:
        assert self.idle == self.size
        assert self.level[BUSY] == self.level[QUEUE] == self.bad_out == 0
        assert self.reports == self.refusals + self.pulled
        assert self.repaired == self.pulled


def run_watched(scenario: Scenario, seed: int) -> tuple[Run, list[WatchedService], list[WatchedPool]]:
    """One replication in which every service and pool is watched, and has been checked at the end."""
    services: list[WatchedService] = []
    pools: list[WatchedPool] = []

    def service(*args: Any) -> WatchedService:
        services.append(WatchedService(*args))
        return services[-1]

    def pool(*args: Any) -> WatchedPool:
        pools.append(WatchedPool(*args))
        return pools[-1]

    with patch.object(engine, "Service", service), patch.object(engine, "Pool", pool):
        done = run(scenario, seed)
    for watched in (*services, *pools):
        watched.check_at_end()
    return done, services, pools
