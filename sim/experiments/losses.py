"""Who loses what: the loss to failures shared out among failure points and departments, to the penny.

Each failure point has its Shapley share of the revenue that failures cost (see `sharing` for what is simulated and
`shapley` for the arithmetic), replication by replication. The shares, and their parts, sum to `revenue_lost_per_year`.
What mending one point alone would bring is another figure: these overlap, and sum to more or less than the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import nan

from sim.experiments import shapley
from sim.experiments.estimate import MISSING, Estimate, estimate
from sim.experiments.sharing import PARTS, Sharing
from sim.experiments.subsets import points_on
from sim.outcomes.outcome import yearly
from sim.scenario.failures import Failure
from sim.scenario.scenario import Scenario
from sim.scenario.units import minor_units


@dataclass(frozen=True)
class Loss:
    """What a failure point or a department loses, in currency units a year; `parts` sum to `share`.

    `alone` is what mending it and nothing else would bring, `only` what it would cost if nothing else went wrong.
    """

    share: Estimate
    parts: dict[str, Estimate]
    alone: Estimate
    only: Estimate


@dataclass(frozen=True)
class WorseOff:
    """Twins who bring less when something is mended: how many, as a share of all who came, and how much less a year."""

    customers: Estimate
    share: Estimate
    less: Estimate


@dataclass(frozen=True)
class Losses:
    """What failures cost in a world, shared out; replications in their order."""

    world: Scenario
    replications: tuple[Sharing, ...]

    @cached_property
    def points(self) -> tuple[Failure, ...]:
        """The failure points among which the loss is shared out: those that are on."""
        return points_on(self.world)

    @cached_property
    def owners(self) -> dict[str, str]:
        """The department that owns each failure point's touchpoint, by failure point."""
        owners = {touchpoint.id: touchpoint.department for touchpoint in self.world.journey}
        return {point.id: owners[point.at] for point in self.points}

    @cached_property
    def revenue_lost(self) -> Estimate:
        """The measure `revenue_lost_per_year`, from the revenue of two worlds and not from any share."""
        return self._a_year(lambda run: run.whole[-1])

    @cached_property
    def whole(self) -> Loss:
        """What all failure points lose together: their shares and parts added up."""
        return self._loss((1 << len(self.points)) - 1)

    @cached_property
    def by_failure_point(self) -> dict[str, Loss]:
        """What each failure point loses."""
        return {point.id: self._loss(1 << i) for i, point in enumerate(self.points)}

    @cached_property
    def by_department(self) -> dict[str, Loss]:
        """What each department loses that owns a failure point: all its points taken together."""
        owning = [department.id for department in self.world.departments if department.id in self.owners.values()]
        return {department: self._loss(self._owned(department)) for department in owning}

    def joint(self, one: str, other: str) -> Estimate:
        """What mending two failure points together brings, less what each brings alone; a year."""
        ids = [point.id for point in self.points]
        sets = [1 << ids.index(point) for point in (one, other)]
        return self._a_year(lambda run: shapley.joint(run.whole, *sets))

    @property
    def sum_of_alone(self) -> Estimate:
        """What mending each failure point alone brings, added up: some of it counted twice, some not at all."""
        return self._a_year(self._summed)

    @property
    def alone_over_total(self) -> Estimate:
        """That sum over what all together cost: a ratio of means; missing where nothing was lost.

        Its interval is that of the linearised ratio (Cochran 1977, chapter 6): a ratio of each replication's own
        would run wild where one of them loses next to nothing.
        """
        summed, lost = [self._summed(run) for run in self.replications], [run.whole[-1] for run in self.replications]
        if not sum(lost):
            return MISSING
        ratio, mean = sum(summed) / sum(lost), sum(lost) / len(lost)
        return estimate([ratio + (alone - ratio * gap) / mean for alone, gap in zip(summed, lost, strict=True)])

    def worse_off(self, point: str | None = None) -> WorseOff:
        """Who brings less when that failure point alone is mended, or, without one, when all are."""
        ids = [each.id for each in self.points]
        on = 0 if point is None else (1 << len(ids)) - 1 - (1 << ids.index(point))
        found = [(run.costs[on].worse_off, run.came) for run in self.replications]
        return WorseOff(
            customers=estimate([worse.customers for worse, _ in found]),
            share=estimate([worse.customers / came if came else nan for worse, came in found]),
            less=self._a_year(lambda run: run.costs[on].worse_off.less),
        )

    def _owned(self, department: str) -> int:
        return sum(1 << i for i, point in enumerate(self.points) if self.owners[point.id] == department)

    def _loss(self, players: int) -> Loss:
        """What these failure points lose together."""
        return Loss(
            share=self._a_year(lambda run: sum(_of(run, part, players) for part in PARTS)),
            parts={part: self._part(part, players) for part in PARTS},
            alone=self._a_year(lambda run: shapley.saved(run.whole, players)),
            only=self._a_year(lambda run: run.whole[players]),
        )

    def _part(self, part: str, players: int) -> Estimate:
        return self._a_year(lambda run: _of(run, part, players))

    def _summed(self, run: Sharing) -> int:
        return sum(shapley.saved(run.whole, 1 << i) for i in range(len(self.points)))

    def _a_year(self, taken: Callable[[Sharing], int]) -> Estimate:
        """Minor units over the recorded weeks as currency units a year."""
        unit = yearly(self.world.weeks) / minor_units(self.world.currency)
        return estimate([taken(run) * unit for run in self.replications])


def _of(run: Sharing, part: str, players: int) -> int:
    """These failure points' shares of one part, added up."""
    return sum(share for i, share in enumerate(run.shares[part]) if players >> i & 1)
