"""A portfolio as plain data for JSON, and as titled tables: missing is None, never 0."""

from collections.abc import Iterator

from sim.experiments.plain import Report, estimate_report
from sim.finance.case_report import Row
from sim.finance.portfolio import Bundle, Portfolio
from sim.scenario.wording import money


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
