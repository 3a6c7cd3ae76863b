"""What analytic models make of a simulation: of purchases, and of retention and contribution.

BG/NBD and Gamma-Gamma are fitted to the purchases of the first half of one replication; Gupta and Lehmann's formula is
given what all replications retained and earned.
"""

import numpy as np

from sim.experiments.lifetime.records import Books, Floats, Lived, NotMeasuredError, discounts_of, enough, fitted
from sim.outcomes import customer_value
from sim.outcomes.customer_value import fit_survivors, gupta_lehmann, survival
from sim.scenario.quantity import WEEKS_A_YEAR
from sim.scenario.scenario import Scenario

Figures = dict[str, float]


def seen(books: Books) -> Figures:
    """How many there are to be fitted to."""
    if not books.outcome.base_size:
        raise NotMeasuredError("nobody is a customer at week 0")
    found = books.purchases.seen
    return {
        "repeat_buyers": float((books.purchases.sums.purchases[0] > 1).sum()),
        "never_seen": float(1 - found.mean()),
    }


def second_half(books: Books) -> Figures:
    """What those seen in the first half bought and paid in the second."""
    sums, found = books.purchases.sums, books.purchases.seen
    if not found.any():
        raise NotMeasuredError(f"nobody bought in the first {books.purchases.half} weeks")
    paid = books.money(sums.revenue[1][found])
    return {"purchases": float(sums.purchases[1][found].mean()), "revenue": float(paid.mean())}


def predicted_purchases(books: Books) -> Figures:
    """BG/NBD's parameters, and the purchases it expects of the same customers in the second half."""
    expected = customer_value.conditional_expected_purchases(books.bg_nbd, *books.purchases.summary, books.rest)
    parameters = {f"bg_nbd_{name}": value for name, value in books.bg_nbd._asdict().items()}
    return parameters | {"purchases_predicted": float(expected.mean())}


def spending(books: Books) -> Figures:
    """Gamma-Gamma's parameters."""
    return {f"gamma_gamma_{name}": value for name, value in _gamma_gamma(books)._asdict().items()}


def _gamma_gamma(books: Books) -> customer_value.GammaGamma:
    """Fitted to all purchases of repeat buyers in the first half: for a customer of old, the first is as any other."""
    count, spent = books.purchases.sums.purchases[0], books.money(books.purchases.sums.revenue[0])
    paying = (count > 1) & (spent > 0)
    enough(int(paying.sum()), f"customers bought twice, and paid, in the first {books.purchases.half} weeks")
    model = fitted(lambda: customer_value.fit_gamma_gamma(count[paying], spent[paying] / count[paying]), "Gamma-Gamma")
    if not np.isfinite(model.mean):
        raise NotMeasuredError(f"under Gamma-Gamma mean spend has no end: q(={model.q:.3g}) is not above 1")
    return model


def value(books: Books) -> Figures:
    """What the two models together expect customers to pay in the second half, and to be worth over all weeks."""
    spend, model, found = _gamma_gamma(books), books.bg_nbd, books.purchases.seen
    count, spent = books.purchases.sums.purchases[0][found], books.money(books.purchases.sums.revenue[0][found])
    bought = customer_value.conditional_expected_purchases(model, *books.purchases.summary, books.rest)
    each = customer_value.conditional_expected_spend(spend, count, spent / count)
    worth = spend.mean * float(books.margin[found].mean()) - books.visit_cost
    return {"revenue_predicted": float((bought * each).mean())} | _value(books, worth)


def _value(books: Books, worth: float) -> Figures:
    """Value over all weeks where a purchase is `worth` that, and the steps from what was simulated to it.

    Each step is a mean over all customers of the base, and all of them sum to the difference to the last digit.
    """
    customers, found, weeks = books.outcome.base_size, books.purchases.seen, modelled_purchases(books)
    modelled = np.array([part.sum() for part in np.split(weeks * discounts_of(books.world), [books.purchases.half])])
    sums, margin = books.purchases.sums, books.margin
    bought = sums.discounted_purchases[:, found].sum(axis=1)
    revenue = books.money(sums.discounted_revenue)
    earned = float((revenue[:, found] * margin[found]).sum()) - books.visit_cost * float(bought.sum())
    simulated_worth = earned / float(bought.sum())
    unseen = float((revenue * (margin * ~found)).sum())
    unseen -= books.visit_cost * float(sums.discounted_visits[:, ~found].sum())
    too_many = simulated_worth * (modelled - bought)
    steps = {
        "first_half_purchases": float(too_many[0]),
        "second_half_purchases": float(too_many[1]),
        "worth_of_purchase": (worth - simulated_worth) * float(modelled.sum()),
        "customers_never_seen": -unseen,
        "costs_without_purchase": earned + unseen - books.take("lifetime_value") * customers,
    }
    values = {"bg_nbd_gamma_gamma": worth * float(modelled.sum())}
    values["discounted_away_bg_nbd"] = worth * float(weeks.sum()) - values["bg_nbd_gamma_gamma"]
    return {name: value / customers for name, value in (values | steps).items()}


def modelled_purchases(books: Books) -> Floats:
    """Purchases by week of everybody seen, as BG/NBD expects them of random customers; shape (weeks,).

    Each one's first purchase is in the week in which it was seen, the others follow it as the model has it.
    """
    weeks = books.world.weeks
    first = np.bincount(books.purchases.first[books.purchases.seen], minlength=weeks).astype(float)
    ages = np.arange(0.5, weeks)
    later = np.diff(customer_value.expected_purchases(books.bg_nbd, ages), prepend=0.0)
    bought = first.copy()
    for week in range(weeks):  # not np.convolve, which leaves the order of its sums to the machine
        bought[week:] += first[week] * later[: weeks - week]
    return bought


_QUARTER_WEEKS = 13.0
_FOR_EVER = 2_000  # years


def margin_and_retention(lived: Lived) -> tuple[float, float]:
    """What a customer contributes in a year that they pay for, and retention to the horizon, as a share a year.

    The latter is who is left at the end, S, to the power 1 / years: one rate that leads there. The former's years do
    not end at the last payment (see `years_paid_beyond`).

    Raises:
        NotMeasuredError: there is no customer at week 0, or nobody has paid for any time.
    """
    if not lived.sums.customers:
        raise NotMeasuredError("nobody is a customer at week 0")
    years = float(lived.alive.sum() + lived.paid_beyond.sum())
    if years <= 0.0:
        raise NotMeasuredError("everybody left before paying for any time")
    left = max(float(lived.retention[-1]), 0.0)
    return lived.sums.contribution / lived.sums.customers / years, left ** (WEEKS_A_YEAR / lived.weeks)


def within_horizon(lived: Lived) -> Figures:
    """The formula cut off at the horizon, and the steps from there to what was simulated."""
    margin, retention = margin_and_retention(lived)
    cut_off = gupta_lehmann(margin, retention, lived.discount_rate, lived.weeks / WEEKS_A_YEAR)
    worth = discounts_of(lived.world)
    one_rate = retention ** ((np.arange(lived.weeks) + 0.5) / WEEKS_A_YEAR) / WEEKS_A_YEAR
    smooth, alive, beyond = (margin * _sum(worth * years) for years in (one_rate, lived.alive, lived.paid_beyond))
    return {
        "retention": retention,
        "contribution_alive": margin,
        "gupta_lehmann_in_horizon": cut_off,
        "paid_at_year_end": cut_off - smooth,
        "one_retention": smooth - alive,
        "paid_beyond": -beyond,
        "one_contribution": alive + beyond - lived.sums.worth / lived.sums.customers,
    }


def _sum(terms: Floats) -> float:
    """Their sum, in an order that no library chooses by the machine, as it does in a scalar product."""
    return float(terms.sum())


def halves(lived: Lived) -> Figures:
    """Yearly retention in each half of the weeks: it rises as those likely to leave are gone."""
    margin_and_retention(lived)
    curve, half = lived.retention, lived.weeks // 2
    if not half or not lived.sums.left[:half].sum() < lived.sums.customers:
        raise NotMeasuredError("one week has no halves" if not half else "everybody had left by half-time")
    after = max(float(curve[-1] / curve[half]), 0.0)
    return {
        "retention_first_half": float(curve[half] ** (WEEKS_A_YEAR / half)),
        "retention_second_half": after ** (WEEKS_A_YEAR / (lived.weeks - half)),
    }


def own_churn(lived: Lived) -> Figures:
    """Yearly chance to leave when nothing goes wrong, mean of the base at week 0 and of those of it still there.

    Drawn before the clock starts, it never changes; so the second is lower only because others have left.
    """
    margin_and_retention(lived)
    if not lived.sums.stayers:
        raise NotMeasuredError("everybody had left by the end")
    return {
        "own_churn": lived.sums.chance / lived.sums.customers,
        "own_churn_of_stayers": lived.sums.chance_of_stayers / lived.sums.stayers,
    }


def for_ever(lived: Lived) -> Figures:
    """The formula as published, and what of it comes after the horizon."""
    margin, retention = margin_and_retention(lived)
    whole = _for_ever(margin, retention, lived.discount_rate)
    cut_off = gupta_lehmann(margin, retention, lived.discount_rate, lived.weeks / WEEKS_A_YEAR)
    return {"gupta_lehmann": whole, "after_horizon": whole - cut_off}


def for_ever_discounting(lived: Lived) -> Figures:
    """What discounting takes from the formula."""
    margin, retention = margin_and_retention(lived)
    away = _for_ever(margin, retention, 0.0) - _for_ever(margin, retention, lived.discount_rate)
    return {"discounted_away_gupta_lehmann": away}


def _for_ever(margin: float, retention: float, discount: float) -> float:
    if retention == 1.0 and discount == 0.0:
        raise NotMeasuredError("nobody left, so that at one rate for ever nobody would, and the sum has no end")
    return gupta_lehmann(margin, retention, discount)


def where_customers_differ(lived: Lived) -> Figures:
    """The same sum with retention as the shifted-beta-geometric model has it, fitted to who was left each period.

    Raises:
        NotMeasuredError: fewer than three periods, no discount, or no fit.
    """
    margin, _ = margin_and_retention(lived)
    period = period_weeks(lived.world)
    at = period * np.arange(int(lived.weeks / period + 1e-9) + 1)
    if at.size < 4:
        raise NotMeasuredError(f"{lived.weeks} weeks are fewer than three times {period_said(lived.world)}")
    if not lived.discount_rate:
        raise NotMeasuredError("nothing is discounted, and the sum has no end")
    left = np.round(np.interp(at, np.arange(lived.weeks + 1), lived.retention) * lived.sums.customers)
    model = fitted(lambda: fit_survivors(left), "sBG")
    years = np.arange(1.0, _FOR_EVER + 1.0)
    kept = survival(model, years * WEEKS_A_YEAR / period)
    return {"gupta_lehmann_sbg": margin * _sum(kept * (1.0 + lived.discount_rate) ** -years)}


def period_weeks(world: Scenario) -> float:
    """How often who is left is counted: each quarter; where customers come more rarely, by their gap between visits.

    A contract renewed once a year is decided on once a year: quarters would show the model steps that nobody takes.
    """
    times = sum(segment.share.value * segment.visits_times.value for segment in world.segments)
    times /= sum(segment.share.value for segment in world.segments)
    a_week = world.customers.visits_per_week.value * times
    return max(1.0 / a_week, _QUARTER_WEEKS) if a_week > 0.0 else _QUARTER_WEEKS


def period_said(world: Scenario) -> str:
    """The same in words: "a quarter", "a year", or so many weeks."""
    period = period_weeks(world)
    if period == _QUARTER_WEEKS:
        return "a quarter"
    return "a year" if abs(period - WEEKS_A_YEAR) < 0.5 else f"{period:.3g} weeks"
