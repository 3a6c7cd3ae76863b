"""Customer value told from purchases: BG/NBD and Gamma-Gamma, fitted to the first half of one replication."""

import numpy as np
from numpy.typing import NDArray

from sim.experiments.lifetime.records import Books, NotMeasuredError, discounts_of, enough, fitted
from sim.outcomes import customer_value

Floats = NDArray[np.float64]
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
