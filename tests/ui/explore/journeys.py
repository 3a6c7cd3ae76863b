"""A journey in two worlds, for tests of how it is drawn and told."""

from functools import cache

from sim.experiments.flow import Flow, flow_of
from sim.experiments.library import load
from sim.experiments.runs import Comparison, Effort, Run, compare
from sim.scenario.world import world_of

WEEKS = 12


@cache
def found(name: str = "tiny") -> Comparison:
    """A scenario over a few weeks beside its world with the first fix."""
    baseline = load(name).model_copy(update={"weeks": WEEKS})
    return compare(baseline, world_of(baseline, {}, [baseline.fixes[0].id]), Effort(1, 3))


def flows(name: str = "tiny") -> tuple[Flow, Flow]:
    """The journey as it is and with the fix."""
    return flow_of(found(name).baseline), flow_of(found(name).world)


@cache
def empty(name: str) -> Flow:
    """A journey on which nobody has been."""
    return flow_of(Run(load(name)))
