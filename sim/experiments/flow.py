"""The journey in figures: how often each touchpoint is met, which ways are taken on, and what is lost at each."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.runs import Run
from sim.scenario.journey import Failure, Touchpoint
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Yearly:
    """Something counted a year, one value a replication."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the replications; 0 where there are none, for a picture in which nobody moves yet."""
        return sum(self.values) / len(self.values) if self.values else 0.0

    @property
    def estimate(self) -> Estimate:
        """Mean and interval."""
        return estimate(self.values)

    def less(self, other: "Yearly") -> Estimate:
        """Mean and interval of the paired difference from another world on the same luck."""
        return estimate([mine - others for mine, others in zip(self.values, other.values, strict=True)])


@dataclass(frozen=True)
class Leak:
    """A failure point and the basket lost to it at once, in currency units a year."""

    failure: Failure
    lost: Yearly


@dataclass(frozen=True)
class Step:
    """A touchpoint of the journey: how often customers come to it, how often their visit ends there, what it loses."""

    touchpoint: Touchpoint
    stage: str
    department: str
    met: Yearly
    ends: Yearly
    leaks: tuple[Leak, ...]


@dataclass(frozen=True)
class Way:
    """A way from one touchpoint to another, and how often it is taken."""

    start: str
    to: str
    taken: Yearly


@dataclass(frozen=True)
class Flow:
    """A journey with its figures: steps by stage and then in the file's order, ways in the order of their starts.

    `departments` are the labels of those that have a step, in the file's order.
    """

    steps: tuple[Step, ...]
    ways: tuple[Way, ...]
    departments: tuple[str, ...]

    def step(self, touchpoint: str) -> Step:
        """The step at that touchpoint. Raises KeyError where there is none."""
        return {step.touchpoint.id: step for step in self.steps}[touchpoint]

    def ways_from(self, touchpoint: str) -> list[Way]:
        """The ways on from there."""
        return [way for way in self.ways if way.start == touchpoint]


def flow_of(run: Run) -> Flow:
    """The journey of a run.

    Only the weeks recorded are counted, so how often the ways to a touchpoint are taken may differ from how often it
    is met by the visits under way when those weeks begin or end.
    """
    world, order = run.world, {stage.id: i for i, stage in enumerate(run.world.stages)}
    ways = tuple(_ways(run))
    steps = [_step(run, number, ways) for number in range(len(world.journey))]
    steps.sort(key=lambda step: order[step.touchpoint.stage])
    place = {step.touchpoint.id: i for i, step in enumerate(steps)}
    present = {step.touchpoint.department for step in steps}
    return Flow(
        tuple(steps),
        tuple(sorted(ways, key=lambda way: (place[way.start], place[way.to]))),
        tuple(department.label for department in world.departments if department.id in present),
    )


def _ways(run: Run) -> Iterator[Way]:
    """One way for each pair of touchpoints: routes between the same two under several conditions are added up."""
    routes = [(touchpoint.id, route.to) for touchpoint in run.world.journey for route in touchpoint.next]
    for start, to in dict.fromkeys(routes):
        same = [number for number, pair in enumerate(routes) if pair == (start, to)]
        yield Way(start, to, Yearly(tuple(float(one.flows[same].sum()) for one in run.replications)))


def _step(run: Run, number: int, ways: tuple[Way, ...]) -> Step:
    world, touchpoint = run.world, run.world.journey[number]
    met = Yearly(tuple(float(one.passes[number]) for one in run.replications))
    on = [way.taken.values for way in ways if way.start == touchpoint.id]
    return Step(
        touchpoint,
        stage=_label(world, "stages", touchpoint.stage),
        department=_label(world, "departments", touchpoint.department),
        met=met,
        ends=Yearly(tuple(_left_over(come, gone) for come, *gone in zip(met.values, *on, strict=True))),
        leaks=tuple(_leak(run, failure) for failure in world.failures if failure.at == touchpoint.id),
    )


def _left_over(come: float, gone: list[float]) -> float:
    """How many of those who come go nowhere; never less than none, as visits under way at first might have it."""
    return max(0.0, round(come - sum(gone), 6))


def _leak(run: Run, failure: Failure) -> Leak:
    return Leak(failure, Yearly(tuple(one.lost[failure.id] for one in run.replications)))


def _label(world: Scenario, part: str, name: str) -> str:
    labels: dict[str, str] = {named.id: named.label for named in getattr(world, part)}
    return labels[name]
