"""What a portfolio says: in sentences, as plain data for JSON, and as titled tables."""

from collections.abc import Iterator

from sim.experiments.plain import Report, estimate_report
from sim.finance.case_report import Row
from sim.finance.portfolio import EXACT, Bundle, Portfolio
from sim.scenario.wording import joined, money


def best(found: Portfolio, budget: float | None) -> str:
    """The set of fixes that a budget buys at best; without one, the best there is."""
    bundle = found.frontier[-1] if budget is None else found.within(budget)
    within = "Whatever the budget" if budget is None else f"Within {_money(found, budget)} in year one"
    if not bundle.fixes:
        return f"{within}, nothing beats doing nothing."
    spent, worth = _money(found, bundle.needs), _money(found, bundle.worth)
    return (
        f"{within}, the best is {named(found, bundle)}: {spent} in year one, worth {worth}{_interval(found, bundle)}."
    )


def named(found: Portfolio, bundle: Bundle) -> str:
    """The fixes of a set by their labels."""
    labels = [f"“{found.study.fix(fix).label}”" for fix in bundle.fixes]
    return joined(labels) or "nothing"


def _interval(found: Portfolio, bundle: Bundle) -> str:
    low, high = bundle.npv.low, bundle.npv.high
    if low is None or high is None:
        return " (one run: no interval)"
    return f" (95% interval from luck: {_money(found, low)} to {_money(found, high)})"


def sentences(found: Portfolio) -> Iterator[str]:
    """What else there is to know: whether all sets were looked at, and whether fixes add up."""
    yield _looked_at(found)
    yield from _added_up(found)
    for fixes in found.impossible:
        labels = " and ".join(f"“{found.study.fix(fix).label}”" for fix in fixes)
        yield f"{labels} cannot be done together: sets with both were left out."
    if found.why_no_credit and not found.impossible:
        yield f"Nobody is given credit: {found.why_no_credit}."


def _looked_at(found: Portfolio) -> str:
    at_likeliest = "with every assumption at its likeliest"
    if len(found.candidates) == 1:
        return f"There is one fix to choose, {at_likeliest}."
    if found.exact:
        return f"Every set of the {len(found.candidates)} fixes was simulated, {at_likeliest}: nothing was missed."
    return (
        f"With more than {EXACT} fixes not every set can be simulated: {len(found.bundles)} sets were, "
        f"{at_likeliest}, found by a search; a better one may have been missed."
    )


def _added_up(found: Portfolio) -> Iterator[str]:
    solos, joint = found.sum_of_solos, found.joint
    if solos is None or joint is None or solos.mean is None or joint.mean is None or len(found.candidates) < 2:
        return
    added, together = _money(found, solos.mean), _money(found, joint.mean)
    gap = joint.mean - solos.mean
    if round(gap) == 0:
        yield f"All fixes together are worth {together}, as much as one at a time added up."
        return
    why = "they overlap" if gap < 0 else "they help each other"
    yield f"One at a time, added up, they would be worth {added}; all together they are worth {together}: {why}."


def _money(found: Portfolio, amount: float) -> str:
    return money(amount, found.study.currency)


def portfolio_report(found: Portfolio, budget: float | None) -> Report:
    """Every set simulated, the frontier, the best within the budget, and who deserves what credit."""
    best = found.frontier[-1] if budget is None else found.within(budget)
    credit, departments = found.credit, found.credit_by_department
    return {
        "candidates": list(found.candidates),
        "exact": found.exact,
        "budget": budget,
        "best": _bundle(found, best),
        "frontier": [_bundle(found, bundle) for bundle in found.frontier],
        "sum_of_solos": _estimate(found, "sum_of_solos"),
        "joint": _estimate(found, "joint"),
        "credit": _in_currency(found, credit),
        "credit_by_department": _in_currency(found, departments),
        "why_no_credit": found.why_no_credit,
        "impossible": [list(fixes) for fixes in found.impossible],
        "sets": [_bundle(found, bundle) for bundle in found.bundles],
        "currency": found.study.currency,
        "terms": found.terms.model_dump(),
    }


def _bundle(found: Portfolio, bundle: Bundle) -> Report:
    npv = estimate_report(bundle.npv, found.study.currency)
    return {"fixes": list(bundle.fixes), "year_one_cost": bundle.year_one_cost, "npv": npv}


def _estimate(found: Portfolio, name: str) -> Report | None:
    estimated = getattr(found, name)
    return None if estimated is None else estimate_report(estimated, found.study.currency)


def _in_currency(found: Portfolio, minor: dict[str, int] | None) -> dict[str, float] | None:
    return None if minor is None else {name: share / found.study.minor_units for name, share in minor.items()}


def tables(found: Portfolio) -> Iterator[tuple[str, list[Row]]]:
    """The portfolio as tables for a terminal."""
    currency = found.study.currency
    yield (
        f"The best for every budget in year one ({currency}; NPV with 95% interval from luck)",
        [
            {
                "fixes": ", ".join(bundle.fixes) or "nothing",
                "in year one": money(bundle.needs, currency),
                "NPV": estimate_report(bundle.npv, currency),
            }
            for bundle in found.frontier
        ],
    )
    if found.credit and found.credit_by_department:
        for who, shares in (("fix", found.credit), ("department", found.credit_by_department)):
            rows = [{who: name, "share of the joint NPV": _shown(found, share)} for name, share in shares.items()]
            yield f"Credit by {who}, summing to what all are worth together", rows


def _shown(found: Portfolio, minor: int) -> str:
    return money(minor / found.study.minor_units, found.study.currency, whole=False)
