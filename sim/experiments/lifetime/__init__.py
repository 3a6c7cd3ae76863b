"""Customer lifetime value two ways: simulated, and as analytic models have it that are told of the simulation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.lifetime import models
from sim.experiments.lifetime.records import (
    FIGURES,
    FROM_BG_NBD,
    Books,
    Lived,
    NotMeasuredError,
    Sums,
    discounts_of,
    lived,
    together,
)
from sim.experiments.runs import Effort
from sim.experiments.task import Task, outcome_of
from sim.experiments.workers import Workers
from sim.outcomes.customer_value import BgNbd, GammaGamma
from sim.outcomes.measures import MEASURES
from sim.outcomes.outcome import Purchases
from sim.scenario.scenario import Scenario

Figures = dict[str, float]
Reasons = dict[str, str]
Told = TypeVar("Told")


def simulated(books: Books) -> Figures:
    """The simulated lifetime value, and what discounting takes from it."""
    if not books.outcome.base_size:
        raise NotMeasuredError("nobody is a customer at week 0")
    value = books.take("lifetime_value")
    return {"lifetime_value": value, "discounted_away": books.take("lifetime_value", undiscounted=True) - value}


def unbroken(books: Books) -> Figures:
    """How much more the same customers are worth where nothing goes wrong."""
    twin = books.outcome.unbroken
    if twin is None or not twin.base_size:
        raise NotMeasuredError("there is no twin world without failures, or nobody is a customer at week 0")
    return {"without_failures": MEASURES["lifetime_value"].take(twin) - books.take("lifetime_value")}


PARTS: Mapping[Callable[[Books], Figures], tuple[str, ...]] = {
    simulated: ("lifetime_value", "discounted_away"),
    unbroken: ("without_failures",),
    models.seen: ("repeat_buyers", "never_seen"),
    models.second_half: ("purchases", "revenue"),
    models.predicted_purchases: (*(f"bg_nbd_{name}" for name in BgNbd._fields), "purchases_predicted"),
    models.spending: tuple(f"gamma_gamma_{name}" for name in GammaGamma._fields),
    models.value: ("revenue_predicted", "bg_nbd_gamma_gamma", "discounted_away_bg_nbd", *FROM_BG_NBD),
}
"""Told of each replication by itself."""

POOLED: Mapping[Callable[[Lived], Figures], tuple[str, ...]] = {
    models.within_horizon: (
        "retention",
        "contribution_alive",
        "gupta_lehmann_in_horizon",
        "paid_at_year_end",
        "one_retention",
        "paid_beyond",
        "one_contribution",
    ),
    models.halves: ("retention_first_half", "retention_second_half"),
    models.own_churn: ("own_churn", "own_churn_of_stayers"),
    models.for_ever: ("gupta_lehmann", "after_horizon"),
    models.for_ever_discounting: ("discounted_away_gupta_lehmann",),
    models.where_customers_differ: ("gupta_lehmann_sbg",),
}
"""Told of all replications put together: what bends with retention would be off as a mean of single ones."""


def figures_of(books: Books) -> tuple[Figures, Reasons]:
    """The figures of one replication by itself, NaN where one is missing; and for those the reasons."""
    return _taken(PARTS, books)


def pooled_figures(world: Scenario, every: Sequence[Sums]) -> list[tuple[Figures, Reasons]]:
    """The figures told of all replications together, as one value a replication, and the reasons for missing ones.

    Values are the figure plus how much further it lies from that of all replications but this one than on average,
    times their number less one. Their mean is the figure, their spread the jackknife's (Efron and Tibshirani 1993,
    chapter 11); and steps that sum to a difference do so in every value.
    """
    whole, reasons = _taken(POOLED, Lived(world, together(every)))
    if len(every) == 1:
        return [(whole, reasons)]
    others = [_taken(POOLED, Lived(world, together([*every[:i], *every[i + 1 :]]))) for i in range(len(every))]
    for _, why in others:
        reasons = {name: f"{said}, in all runs but one" for name, said in why.items()} | reasons
    mean = {name: sum(figures[name] for figures, _ in others) / len(every) for name in whole}
    times = len(every) - 1
    return [
        ({name: whole[name] + times * (mean[name] - figures[name]) for name in whole}, reasons) for figures, _ in others
    ]


def _taken(parts: Mapping[Callable[[Told], Figures], tuple[str, ...]], of: Told) -> tuple[Figures, Reasons]:
    figures: Figures = {}
    reasons: Reasons = {}
    for part, names in parts.items():
        try:
            figures |= part(of)
        except NotMeasuredError as missing:
            figures |= dict.fromkeys(names, np.nan)
            reasons |= dict.fromkeys(names, str(missing))
    return figures, reasons


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
    population = population_of(task.world, plan_of(task.world), Luck(task.seed, task.replication))
    purchases = Purchases(population, discounts_of(task.world))
    outcome = outcome_of(task, progress, also=purchases.add)
    books = Books(outcome, purchases)
    return Lifetimes(task.replication, *figures_of(books), lived(books))
