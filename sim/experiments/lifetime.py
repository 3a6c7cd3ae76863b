"""Customer lifetime value two ways: simulated, and as analytic models have it that are told of the same customers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.engines.plan import plan_of
from sim.engines.population import cast_of
from sim.engines.randomness import Luck
from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.lifetime_books import Books, discounts_of
from sim.experiments.lifetime_figures import FIGURES
from sim.experiments.lifetime_lived import Sums, lived
from sim.experiments.lifetime_parts import figures_of, pooled_figures
from sim.experiments.replication import Task, outcome_of
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.outcomes.purchases import Purchases
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Lifetimes:
    """One replication: figures of `FIGURES`, NaN where there is none, and then the reason.

    `figures` are those told of it alone until `lived`, what its customers lived through, is pooled with that of others.
    """

    number: int
    figures: dict[str, float]
    reasons: dict[str, str]
    lived: Sums


@dataclass(frozen=True)
class Study:
    """A world and what its replications say of lifetime value, in their order."""

    world: Scenario
    replications: tuple[Lifetimes, ...]

    def estimate(self, figure: str) -> Estimate:
        """Mean and interval of a figure; missing where it is missing in any replication."""
        return estimate([run.figures[figure] for run in self.replications])

    def difference(self, figure: str, other: str) -> Estimate:
        """Mean and interval of one figure less another of the same replication."""
        return estimate([run.figures[figure] - run.figures[other] for run in self.replications])

    def reason(self, figure: str) -> str | None:
        """Why a figure is missing; None where it is not."""
        reasons = [run.reasons[figure] for run in self.replications if figure in run.reasons]
        if not reasons:
            return None
        runs = len(self.replications)
        return reasons[0] if len(reasons) == runs else f"in {len(reasons)} of {runs} runs: {reasons[0]}"

    def text(self, template: str) -> str:
        """A label, unit or definition with the scenario's currency and weeks filled in."""
        weeks = self.world.weeks
        return template.format(currency=self.world.currency, weeks=weeks, half=weeks // 2, rest=weeks - weeks // 2)


def study(world: Scenario, effort: Effort, progress: Progress = lambda share: None) -> Study:
    """Simulate a world and its twin without failures, and set the analytic models beside each replication.

    Raises:
        TooLargeError: it would take more time or memory than the effort's budget; nothing was started.
    """
    tasks = [Task(world, effort.seed, number, effort.engine) for number in range(effort.replications)]
    effort.budget.check(tasks, f"--replications (now {effort.replications})")
    with Workers() as workers:
        found = workers.start(lifetimes, tasks).follow(progress)
    progress(1.0)
    return Study(world, pooled(world, found))


def pooled(world: Scenario, found: Sequence[Lifetimes]) -> tuple[Lifetimes, ...]:
    """The same replications with every figure, those told of all of them together too (see `pooled_figures`)."""
    told = pooled_figures(world, [run.lived for run in found])
    return tuple(
        replace(run, figures=_in_order(run.figures | figures), reasons=run.reasons | reasons)
        for run, (figures, reasons) in zip(found, told, strict=True)
    )


def _in_order(figures: dict[str, float]) -> dict[str, float]:
    return {name: figures[name] for name in FIGURES}


def lifetimes(task: Task, progress: Progress = lambda share: None) -> Lifetimes:
    """Simulate a task and fit the models to it alone; `progress` hears the share done and may raise to stop it."""
    cast = cast_of(task.world, plan_of(task.world), Luck(task.seed, task.replication))
    purchases = Purchases(cast, discounts_of(task.world))
    outcome = outcome_of(task, progress, also=purchases.add)
    books = Books(outcome, purchases)
    return Lifetimes(task.replication, *figures_of(books), lived(books))
