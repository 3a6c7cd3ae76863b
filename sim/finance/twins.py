"""Twins: one future, in the world as it stands and in the one that is mended, on the same luck."""

from dataclasses import dataclass

import numpy as np

from sim.engines.records import Progress
from sim.finance.flows import Flows
from sim.finance.study import Study
from sim.scenario.world import Sets


@dataclass(frozen=True)
class Twins:
    """The flows of the same futures without and with the fixes, each of shape (futures, years) inside."""

    now: Flows
    then: Flows


@dataclass(frozen=True)
class TwinTask:
    """One future to simulate twice: what quantities are in it, and whose luck it is."""

    study: Study
    fixes: tuple[str, ...]
    values: Sets
    replication: int

    def carry_out(self, progress: Progress = lambda share: None) -> Twins:
        """Simulate both worlds, unless they are kept from before."""
        now = self.study.flows(self.study.setting((), self.values, self.replication), lambda done: progress(done / 2))
        mended = self.study.setting(self.fixes, self.values, self.replication)
        return Twins(now, self.study.flows(mended, lambda done: progress((1 + done) / 2)))


def stacked(twins: list[Twins]) -> Twins:
    """Several futures as one."""
    now, then = ([getattr(one, world).packed() for one in twins] for world in ("now", "then"))
    return Twins(Flows.unpacked(np.array(now)), Flows.unpacked(np.array(then)))
