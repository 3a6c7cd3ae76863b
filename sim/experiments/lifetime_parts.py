"""The figures of replications, part by part: where a part cannot be had, its figures are missing, with why."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from sim.experiments import lifetime_purchases, lifetime_retention
from sim.experiments.lifetime_books import Books, NotMeasuredError
from sim.experiments.lifetime_figures import FROM_BG_NBD
from sim.experiments.lifetime_lived import Lived, Sums, together
from sim.outcomes.bg_nbd import BgNbd
from sim.outcomes.gamma_gamma import GammaGamma
from sim.outcomes.measures import MEASURES
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
    lifetime_purchases.seen: ("repeat_buyers", "never_seen"),
    lifetime_purchases.second_half: ("purchases", "revenue"),
    lifetime_purchases.predicted_purchases: (*(f"bg_nbd_{name}" for name in BgNbd._fields), "purchases_predicted"),
    lifetime_purchases.spending: tuple(f"gamma_gamma_{name}" for name in GammaGamma._fields),
    lifetime_purchases.value: ("revenue_predicted", "bg_nbd_gamma_gamma", "discounted_away_bg_nbd", *FROM_BG_NBD),
}
"""Told of each replication by itself."""

POOLED: Mapping[Callable[[Lived], Figures], tuple[str, ...]] = {
    lifetime_retention.within_horizon: (
        "retention",
        "contribution_alive",
        "gupta_lehmann_in_horizon",
        "paid_at_year_end",
        "one_retention",
        "paid_beyond",
        "one_contribution",
    ),
    lifetime_retention.halves: ("retention_first_half", "retention_second_half"),
    lifetime_retention.own_churn: ("own_churn", "own_churn_of_stayers"),
    lifetime_retention.for_ever: ("gupta_lehmann", "after_horizon"),
    lifetime_retention.for_ever_discounting: ("discounted_away_gupta_lehmann",),
    lifetime_retention.where_customers_differ: ("gupta_lehmann_sbg",),
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
