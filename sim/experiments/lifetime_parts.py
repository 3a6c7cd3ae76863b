"""The figures of one replication, part by part: where a part cannot be had, its figures are missing, with why."""

from collections.abc import Callable

import numpy as np

from sim.experiments import lifetime_purchases, lifetime_retention
from sim.experiments.lifetime_books import Books, NotMeasuredError
from sim.experiments.lifetime_figures import FIGURES, FROM_BG_NBD
from sim.outcomes.bg_nbd import BgNbd
from sim.outcomes.gamma_gamma import GammaGamma
from sim.outcomes.measures import MEASURES

Figures = dict[str, float]


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


PARTS: dict[Callable[[Books], Figures], tuple[str, ...]] = {
    simulated: ("lifetime_value", "discounted_away"),
    unbroken: ("without_failures",),
    lifetime_retention.within_horizon: (
        "retention",
        "contribution_alive",
        "gupta_lehmann_in_horizon",
        "paid_at_year_end",
        "one_retention",
        "one_contribution",
    ),
    lifetime_retention.halves: ("retention_first_half", "retention_second_half"),
    lifetime_retention.own_churn: ("own_churn", "own_churn_of_stayers"),
    lifetime_retention.for_ever: ("gupta_lehmann", "after_horizon"),
    lifetime_retention.for_ever_discounting: ("discounted_away_gupta_lehmann",),
    lifetime_retention.where_customers_differ: ("gupta_lehmann_sbg",),
    lifetime_purchases.seen: ("repeat_buyers", "never_seen"),
    lifetime_purchases.second_half: ("purchases", "revenue"),
    lifetime_purchases.predicted_purchases: (*(f"bg_nbd_{name}" for name in BgNbd._fields), "purchases_predicted"),
    lifetime_purchases.spending: tuple(f"gamma_gamma_{name}" for name in GammaGamma._fields),
    lifetime_purchases.value: ("revenue_predicted", "bg_nbd_gamma_gamma", "discounted_away_bg_nbd", *FROM_BG_NBD),
}


def figures_of(books: Books) -> tuple[Figures, dict[str, str]]:
    """Every figure of one replication, NaN where it is missing; and for those the reasons."""
    figures: Figures = {}
    reasons: dict[str, str] = {}
    for part, names in PARTS.items():
        try:
            figures |= part(books)
        except NotMeasuredError as missing:
            reasons |= dict.fromkeys(names, str(missing))
    return {name: figures.get(name, np.nan) for name in FIGURES}, reasons
