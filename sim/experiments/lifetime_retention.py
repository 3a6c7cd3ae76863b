"""Customer value told from retention: Gupta and Lehmann's formula, given what one replication retained and earned."""

import numpy as np

from sim.behaviour.leaving import WEEKS_A_YEAR
from sim.engines.records import STILL_HERE
from sim.experiments.lifetime_books import Books, NotMeasuredError, discounts_of, fitted
from sim.outcomes.retention_models import fit_survivors, gupta_lehmann, survival

Figures = dict[str, float]
_QUARTER_WEEKS = 13
_FOR_EVER = 2_000  # years


def margin_and_retention(books: Books) -> tuple[float, float]:
    """What a customer contributes in a year (of 52 weeks) that they are one, and the share of customers kept a year.

    Raises:
        NotMeasuredError: there is no customer at week 0.
    """
    if not books.outcome.base_size:
        raise NotMeasuredError("nobody is a customer at week 0")
    curve = books.outcome.retention()
    years = float((curve[1:] + curve[:-1]).sum()) / 2.0 / WEEKS_A_YEAR
    return books.take("lifetime_value", undiscounted=True) / years, 1.0 - books.take("churn_rate")


def within_horizon(books: Books) -> Figures:
    """The formula cut off at the horizon, and the steps from there to what was simulated."""
    margin, retention = margin_and_retention(books)
    weeks = books.world.weeks
    cut_off = gupta_lehmann(margin, retention, books.discount_rate, weeks / WEEKS_A_YEAR)
    worth, curve = discounts_of(books.world), books.outcome.retention()
    by_week = margin / WEEKS_A_YEAR * worth
    smooth = float(by_week @ retention ** ((np.arange(weeks) + 0.5) / WEEKS_A_YEAR))
    lived = float(by_week @ (curve[1:] + curve[:-1])) / 2.0
    return {
        "retention": retention,
        "contribution_alive": margin,
        "gupta_lehmann_in_horizon": cut_off,
        "paid_at_year_end": cut_off - smooth,
        "one_retention": smooth - lived,
        "one_contribution": lived - books.take("lifetime_value"),
    }


def halves(books: Books) -> Figures:
    """Yearly retention in each half of the weeks: it rises as those likely to leave are gone."""
    margin_and_retention(books)
    curve, half = books.outcome.retention(), books.purchases.half
    if not half or not curve[half]:
        raise NotMeasuredError("one week has no halves" if not half else "everybody had left by half-time")
    return {
        "retention_first_half": float(curve[half] ** (WEEKS_A_YEAR / half)),
        "retention_second_half": float((curve[-1] / curve[half]) ** (WEEKS_A_YEAR / books.rest)),
    }


def own_churn(books: Books) -> Figures:
    """Yearly chance to leave when nothing goes wrong, mean of the base at week 0 and of those of it still there.

    Drawn before the clock starts, it never changes; so the second is lower only because others have left.
    """
    margin_and_retention(books)
    base, cast = books.purchases.customers, books.outcome.cast
    chance = -np.expm1(-cast.hazard[base] * cast.visits_per_week[base] * WEEKS_A_YEAR)
    stayed = books.outcome.records.left_week[base] == STILL_HERE
    if not stayed.any():
        raise NotMeasuredError("everybody had left by the end")
    return {"own_churn": float(chance.mean()), "own_churn_of_stayers": float(chance[stayed].mean())}


def for_ever(books: Books) -> Figures:
    """The formula as published, and what of it comes after the horizon."""
    margin, retention = margin_and_retention(books)
    whole = _for_ever(margin, retention, books.discount_rate)
    cut_off = gupta_lehmann(margin, retention, books.discount_rate, books.world.weeks / WEEKS_A_YEAR)
    return {"gupta_lehmann": whole, "after_horizon": whole - cut_off}


def for_ever_discounting(books: Books) -> Figures:
    """What discounting takes from the formula."""
    margin, retention = margin_and_retention(books)
    away = _for_ever(margin, retention, 0.0) - _for_ever(margin, retention, books.discount_rate)
    return {"discounted_away_gupta_lehmann": away}


def _for_ever(margin: float, retention: float, discount: float) -> float:
    if retention == 1.0 and discount == 0.0:
        raise NotMeasuredError("nobody left, so that at one rate for ever nobody would, and the sum has no end")
    return gupta_lehmann(margin, retention, discount)


def where_customers_differ(books: Books) -> Figures:
    """The same sum with retention as the shifted-beta-geometric model has it, fitted to who was left each quarter.

    Raises:
        NotMeasuredError: fewer than three quarters, no discount, or no fit.
    """
    margin, _ = margin_and_retention(books)
    left = np.round(books.outcome.retention()[::_QUARTER_WEEKS] * books.outcome.base_size)
    if left.size < 4:
        raise NotMeasuredError(f"{books.world.weeks} weeks are fewer than three quarters")
    if not books.discount_rate:
        raise NotMeasuredError("nothing is discounted, and the sum has no end")
    model = fitted(lambda: fit_survivors(left), "sBG")
    years = np.arange(1.0, _FOR_EVER + 1.0)
    kept = survival(model, years * WEEKS_A_YEAR / _QUARTER_WEEKS)
    return {"gupta_lehmann_sbg": float(margin * kept @ (1.0 + books.discount_rate) ** -years)}
