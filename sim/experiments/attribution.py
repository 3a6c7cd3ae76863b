"""Attribution: the loss to failures shared out among failure points and departments, to the penny."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import nan
from typing import Any

from sim.engines.records import Progress
from sim.experiments import sharing
from sim.experiments.cache import KeptJob, Store
from sim.experiments.estimate import MISSING, Estimate, estimate
from sim.experiments.plain import Report, estimate_report
from sim.experiments.runs import RUNS_FOR_AN_INTERVAL, Effort
from sim.experiments.sharing import AT_MOST, PARTS, SHARING, Sharing, points_on, worlds_of
from sim.experiments.task import Task
from sim.experiments.workers import Workers, carried_out
from sim.outcomes.outcome import yearly
from sim.scenario.journey import Failure
from sim.scenario.quantity import minor_units
from sim.scenario.scenario import Scenario


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
        return self._a_year(lambda run: sharing.joint(run.whole, *sets))

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
            alone=self._a_year(lambda run: sharing.saved(run.whole, players)),
            only=self._a_year(lambda run: run.whole[players]),
        )

    def _part(self, part: str, players: int) -> Estimate:
        return self._a_year(lambda run: _of(run, part, players))

    def _summed(self, run: Sharing) -> int:
        return sum(sharing.saved(run.whole, 1 << i) for i in range(len(self.points)))

    def _a_year(self, taken: Callable[[Sharing], int]) -> Estimate:
        """Minor units over the recorded weeks as currency units a year."""
        unit = yearly(self.world.weeks) / minor_units(self.world.currency)
        return estimate([taken(run) * unit for run in self.replications])


def _of(run: Sharing, part: str, players: int) -> int:
    """These failure points' shares of one part, added up."""
    return sum(share for i, share in enumerate(run.shares[part]) if players >> i & 1)


class AttributionJob(KeptJob[Sharing]):
    """Sharing out the loss in the background: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: more failure points are on than `at_most`; nothing was started.
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """

    def __init__(self, world: Scenario, effort: Effort, store: Store, workers: Workers, at_most: int = AT_MOST) -> None:
        self.world, self.runs = world, effort.replications
        effort.budget.check(tasks_of(world, effort, at_most), f"--replications (now {effort.replications})")
        tasks = {number: Task(world, effort.seed, number, effort.engine) for number in range(self.runs)}
        super().__init__(SHARING, tasks, store)
        self._begin(workers)

    @property
    def result(self) -> Losses | None:
        """What the replications done so far say; None before there is an interval to show."""
        done = tuple(self.done.values())
        return Losses(self.world, done) if len(done) >= min(RUNS_FOR_AN_INTERVAL, self.runs) else None


def tasks_of(world: Scenario, effort: Effort, at_most: int = AT_MOST) -> list[Task]:
    """The worlds that will be simulated, one task each, for pricing. Raises ScenarioError for too many points."""
    points_on(world, at_most)
    one = Task(world, effort.seed, 0, effort.engine, with_unbroken=False)
    return [one] * (len(worlds_of(world)) * effort.replications)


def attribute(
    world: Scenario, effort: Effort, progress: Progress = lambda share: None, at_most: int = AT_MOST
) -> Losses:
    """Share out what failures cost in a world; errors are those of `AttributionJob`."""
    job = carried_out(lambda w: AttributionJob(world, effort, Store(on_disk=False), w, at_most), progress)
    return job.result or Losses(world, ())


Row = dict[str, Any]
"""A cell is text, or the report of one figure."""


def attribution_report(found: Losses) -> Report:
    """Every figure with its interval and unit; losses are positive, a part that takes from them is negative."""
    money = f"{found.world.currency} a year"
    labels = {department.id: department.label for department in found.world.departments}
    return {
        "revenue_lost_per_year": estimate_report(found.revenue_lost, money),
        "by_part": {part: estimate_report(figure, money) for part, figure in found.whole.parts.items()},
        "by_failure_point": {
            point.id: {"label": point.label, "department": found.owners[point.id]}
            | _loss(found.by_failure_point[point.id], money)
            | {"worse_off": _worse_off(found.worse_off(point.id), money)}
            for point in found.points
        },
        "by_department": {
            name: {"label": labels[name]} | _loss(loss, money) for name, loss in found.by_department.items()
        },
        "joint": [
            {"between": list(pair), "effect": estimate_report(found.joint(*pair), money)}
            for pair in combinations([point.id for point in found.points], 2)
        ],
        "sum_of_alone": estimate_report(found.sum_of_alone, money),
        "alone_over_lost": estimate_report(found.alone_over_total, "share of revenue_lost_per_year"),
        "spill_over": _worse_off(found.worse_off(), money),
    }


def _loss(loss: Loss, money: str) -> Report:
    figures: dict[str, Estimate] = {"share": loss.share, **loss.parts, "alone": loss.alone, "only": loss.only}
    return {name: estimate_report(figure, money) for name, figure in figures.items()}


def _worse_off(found: WorseOff, money: str) -> Report:
    return {
        "customers": estimate_report(found.customers, "customers"),
        "share_of_customers": estimate_report(found.share, "share of customers who came"),
        "less": estimate_report(found.less, money),
    }


def tables(report: Report) -> Iterator[tuple[str, list[Row]]]:
    """The report as titled tables, where there is anything to share out."""
    if not report["by_failure_point"]:
        return
    lost = report["revenue_lost_per_year"]
    said = f"{lost['unit']} (95% interval)"
    for kind, title in (("by_failure_point", "Who loses what"), ("by_department", "By department")):
        total = {"lost to": "revenue_lost_per_year", "share": lost} | report["by_part"]
        yield f"{title}, {said}", [*_losers(report[kind]), total]
        yield f"What mending it brings, {said}", [_solo(name, loss) for name, loss in report[kind].items()]
    if report["joint"]:
        yield f"Mended in pairs, {said}", [_pair(pair) for pair in report["joint"]]
    yield f"Customers who would bring less, {said}", list(_worse(report))


def _losers(losses: Report) -> Iterator[Row]:
    for name, loss in losses.items():
        owner = {"department": loss["department"]} if "department" in loss else {}
        yield {"lost to": name, **owner, "share": loss["share"]} | {part: loss[part] for part in PARTS}


def _solo(name: str, loss: Report) -> Row:
    return {"mended": name, "brings": loss["alone"], "costs if it is the only one": loss["only"]}


def _pair(pair: Report) -> Row:
    return {"mended": " and ".join(pair["between"]), "brings beside the two alone": pair["effect"]}


def _worse(report: Report) -> Iterator[Row]:
    found = {name: loss["worse_off"] for name, loss in report["by_failure_point"].items()}
    for name, worse in ({"everything": report["spill_over"]} | found).items():
        yield {"mended": name} | {column: worse[column] for column in ("customers", "share_of_customers", "less")}


def check_sentence(report: Report) -> str:
    """That the shares sum to the measure, and what mending each alone sums to instead."""
    lost, shares = report["revenue_lost_per_year"]["mean"], report["by_failure_point"].values()
    unit = report["revenue_lost_per_year"]["unit"]
    if lost is None or not shares:
        return "No failure point is on: nothing is lost, and there is nothing to share out."
    total = sum(loss["share"]["mean"] for loss in shares)
    ratio = report["alone_over_lost"]["mean"]
    times = "" if ratio is None else f", {ratio:.2f} times as much"
    return (
        f"The shares sum to {total:,.2f} {unit}; revenue_lost_per_year is {lost:,.2f}. What mending each alone would "
        f"bring sums to {report['sum_of_alone']['mean']:,.2f}{times}."
    )
