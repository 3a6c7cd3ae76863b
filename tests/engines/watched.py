"""Levels and pools that are checked at every event of the SimPy engine that its trace hears."""

import numpy as np

from sim.engines.people import BROKE, FAULTY, Kind, Visit
from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.records import BUSY, QUEUE, WORKING, visit_dtype
from sim.engines.simpy import SimpyEngine
from sim.scenario.scenario import Scenario
from tests.engines.worlds import Run

OF_THINGS = (Kind.TAKES, Kind.BRINGS_BACK, Kind.IS_PULLED, Kind.IS_REFUSED, Kind.MENDED)


class WatchedPool:
    """What the trace says of one pool."""

    def __init__(self, size: int) -> None:
        self.size, self.out, self.bad_out, self.broken = size, 0, 0, 0
        self.pulled = self.refusals = self.repaired = 0

    @property
    def reports(self) -> int:
        return self.pulled + self.refusals

    def hear(self, kind: Kind, detail: int) -> None:
        lent = (kind is Kind.TAKES) - (kind in (Kind.BRINGS_BACK, Kind.IS_PULLED))
        self.out += lent
        self.bad_out += lent * (detail == FAULTY or kind is Kind.IS_PULLED)
        self.broken += (kind is Kind.BRINGS_BACK and detail == BROKE) - (kind is Kind.MENDED)
        self.pulled += kind is Kind.IS_PULLED
        self.refusals += kind is Kind.IS_REFUSED
        self.repaired += kind is Kind.MENDED


class Watched:
    """One replication that checks itself."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.plan, self.chunks = scenario, plan_of(scenario), list[np.ndarray]()
        luck = Luck(seed, 0)
        self.population = population_of(scenario, self.plan, luck)
        self.pools = [WatchedPool(size) for size in self.plan.pools["size"].tolist()]
        self.engine = SimpyEngine(self.plan, self.population, luck, self.chunks.append, self.hear)

    def hear(self, minute: float, kind: Kind, visit: Visit | None, what: int, detail: int) -> None:
        services = self.plan.servers.size
        for servers, levels in zip(self.plan.servers.tolist(), self.engine.levels, strict=False):
            assert levels[QUEUE].level >= 0
            assert 0 <= levels[BUSY].level <= servers
        if kind in OF_THINGS:
            self.pools[what].hear(kind, detail)
            self.check(services + what, what)

    def check(self, thing: int, number: int) -> None:
        watched, pool = self.pools[number], self.engine.pools[number]
        out, in_repair, working = (self.engine.levels[thing][counter].level for counter in (BUSY, QUEUE, WORKING))
        assert out == watched.out
        assert pool.pulled == watched.pulled
        assert pool.idle + out + in_repair == watched.size
        assert 0 <= pool.faulty_idle <= pool.idle
        assert 0 <= watched.bad_out <= out
        assert in_repair == pool.pulled - watched.repaired >= 0
        assert 0 <= working == watched.size - pool.faulty_idle - watched.bad_out - in_repair <= watched.size
        assert working == watched.size - watched.broken

    def run(self) -> Run:
        records = self.engine.run(lambda share: None)
        for levels in self.engine.levels:
            assert levels[QUEUE].level == levels[BUSY].level == 0
        for watched, pool in zip(self.pools, self.engine.pools, strict=True):
            assert pool.idle == watched.size
            assert watched.bad_out == 0
            assert watched.reports == watched.refusals + pool.pulled
            assert watched.repaired == pool.pulled
        visits = np.concatenate(self.chunks) if self.chunks else np.empty(0, visit_dtype(self.plan))
        return Run(self.scenario, self.plan, self.population, visits, records)


def run_watched(scenario: Scenario, seed: int) -> tuple[Run, list[WatchedPool]]:
    """One replication in which every service and pool is watched, and has been checked at the end."""
    watched = Watched(scenario, seed)
    return watched.run(), watched.pools
