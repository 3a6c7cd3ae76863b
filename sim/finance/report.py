"""What a case, a portfolio, a chain and a trial say as plain data for JSON and as titled tables; missing is None."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sim.experiments.estimate import Estimate
from sim.experiments.plain import Report, estimate_report
from sim.finance.assumptions import Assumption
from sim.finance.case import Case
from sim.finance.chain import ChainCase, Mix
from sim.finance.portfolio import Bundle, Portfolio
from sim.finance.sensitivity import Side
from sim.finance.trial import Design, TrialPlan
from sim.scenario.paths import quantity_at
from sim.scenario.wording import MISSING, money, percent, setting

Row = dict[str, Any]
Tables = Iterator[tuple[str, list[Row]]]
NOT_KNOWN = "not known"
_SHOWN = 12


def money_or(missing: str, amount: float | None, currency: str) -> str:
    """An amount of money; where there is none, what is said of it."""
    return missing if amount is None else money(amount, currency)


def case_report(case: Case) -> Report:
    """Every figure of a case; money in currency units of one site over the horizon."""
    figures = ("payback_years", "discounted_payback_years", "roi", "benefit_cost_ratio")
    return {
        "npv": case.npv.mean,
        "npv_interval": estimate_report(case.npv, case.study.currency),
        "irr": case.irr[0],
        "irr_said": case.irr[1],
        **{name: getattr(case, name) for name in figures},
        **_risk(case),
        "evpi": case.evpi,
        "evppi": case.evppi,
        "break_even": {side.path: side.break_even for side in case.sides},
        "tornado": [{"path": s.path, "low_npv": s.low_npv, "high_npv": s.high_npv} for s in case.tornado],
        "assumptions": [_assumption(one) for one in case.assumptions],
        "draws": case.futures,
        "currency": case.study.currency,
        "year_one_cost": case.year_one_cost,
        "benefit": case.benefit,
        "net_cash": case.net.tolist(),
        "terms": case.terms.model_dump(),
    }


def _risk(found: Case | ChainCase) -> Report:
    shares = dict(zip(("p10", "p50", "p90"), found.percentiles, strict=True))
    luck = {"run_noise_sd": found.spread.run_noise_sd, "input_sd": found.spread.input_sd}
    return shares | {"prob_loss": found.prob_loss} | luck


def _assumption(one: Assumption) -> Row:
    return {name: getattr(one, name) for name in ("path", "value", "low", "high", "unit", "evidence", "source")}


def case_tables(case: Case) -> Tables:
    """The case as tables for a terminal."""
    yield f"What it is worth, one site, {case.study.currency}", _figures(case)
    cash = {f"year {year}": _money(case, cash) for year, cash in enumerate(case.net.tolist())}
    yield "Net cash, the mean over futures", [cash]
    if case.tornado:
        yield "One assumption at a time: the NPV at either end of its range", list(_sides(case))
    if case.evppi:
        yield "What it is worth to find out", list(_worth(case))


def _figures(case: Case) -> list[Row]:
    low, high, (irr, said), ratio = case.npv.low, case.npv.high, case.irr, case.benefit_cost_ratio
    known = "" if low is None or high is None else f"known to within {_money(case, low)} to {_money(case, high)}"
    rows = [
        ("NPV, mean", _money(case, case.npv.mean), known),
        ("P10, P50, P90", ", ".join(_money(case, end) for end in case.percentiles), ""),
        ("P(NPV < 0)", f"{case.prob_loss:.0%}", f"{case.futures} futures"),
        ("IRR", _share(irr), said if said != _share(irr) else ""),
        ("Payback", _years(case.payback_years), "of the mean cash"),
        ("Discounted payback", _years(case.discounted_payback_years), f"at {case.rate:.1%}"),
        ("ROI", _share(case.roi), ""),
        ("Benefit-cost ratio", "none" if ratio is None else f"{ratio:.2f}", ""),
    ]
    return [{"figure": figure, "value": value, "note": note} for figure, value, note in rows]


def _sides(case: Case) -> Iterator[Row]:
    stated = {one.path: one for one in case.assumptions}
    for side in case.tornado[:_SHOWN]:
        one = stated[side.path]
        yield {
            "assumption": one.label,
            "grade": _grade(one),
            "from": setting(side.low, one.unit or ""),
            "NPV there": _money(case, side.low_npv),
            "to": setting(side.high, one.unit or ""),
            "NPV": _money(case, side.high_npv),
            "breaks even at": breaks_even_at(case, side),
        }


def breaks_even_at(case: Case, side: Side) -> str:
    """The value at which the fixes just pay, with its unit."""
    if side.break_even is None:
        return "no value in its range"
    return setting(float(f"{side.break_even:.3g}"), quantity_at(case.study.scenario, side.path).unit or "")


def _worth(case: Case) -> Iterator[Row]:
    stated = {one.path: one for one in case.assumptions}
    for path, worth in list(case.evppi.items())[:_SHOWN]:
        if round(worth) == 0:
            break
        yield {"assumption": stated[path].label, "grade": _grade(stated[path]), "worth up to": _money(case, worth)}
    yield {"assumption": "everything", "grade": "", "worth up to": _money(case, case.evpi)}


def _grade(one: Assumption) -> str:
    return one.evidence or "not said"


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"


def _years(value: float | None) -> str:
    return "never" if value is None else f"{value:.2f} years"


def _money(case: Case, amount: float | None) -> str:
    return money_or(NOT_KNOWN, amount, case.study.currency)


# ---- a portfolio ---------------------------------------------------------------------------------------


def portfolio_report(found: Portfolio, budget: float | None) -> Report:
    """Every set simulated, the frontier, the best within the budget, and who deserves what credit."""
    return {
        "candidates": list(found.candidates),
        "exact": found.exact,
        "budget": budget,
        "best": _bundle(found, found.within(budget)),
        "frontier": [_bundle(found, bundle) for bundle in found.frontier],
        "sum_of_solos": _estimate(found, found.sum_of_solos),
        "joint": _estimate(found, found.joint),
        "credit": _in_currency(found, found.credit),
        "credit_by_department": _in_currency(found, found.credit_by_department),
        "why_no_credit": found.why_no_credit,
        "impossible": [list(fixes) for fixes in found.impossible],
        "sets": [_bundle(found, bundle) for bundle in found.bundles],
        "currency": found.study.currency,
        "terms": found.terms.model_dump(),
    }


def _bundle(found: Portfolio, bundle: Bundle) -> Report:
    npv = estimate_report(bundle.npv, found.study.currency)
    return {"fixes": list(bundle.fixes), "year_one_cost": bundle.year_one_cost, "npv": npv}


def _estimate(found: Portfolio, estimated: Estimate | None) -> Report | None:
    return None if estimated is None else estimate_report(estimated, found.study.currency)


def _in_currency(found: Portfolio, minor: dict[str, int] | None) -> dict[str, float] | None:
    return None if minor is None else {name: share / found.study.minor_units for name, share in minor.items()}


def portfolio_tables(found: Portfolio) -> Tables:
    """The portfolio as tables for a terminal."""
    currency = found.study.currency
    rows = [
        {
            "fixes": ", ".join(bundle.fixes) or "nothing",
            "in year one": money(bundle.needs, currency),
            "NPV": estimate_report(bundle.npv, currency),
        }
        for bundle in found.frontier
    ]
    yield f"The best for every budget in year one ({currency}; NPV with 95% interval from luck)", rows
    for who, minor in (("fix", found.credit), ("department", found.credit_by_department)):
        shares = _in_currency(found, minor) or {}
        said = [{who: name, "share of the joint NPV": money(it, currency, whole=False)} for name, it in shares.items()]
        if said:
            yield f"Credit by {who}, summing to what all are worth together", said


# ---- a chain -------------------------------------------------------------------------------------------


def chain_report(found: ChainCase) -> Report:
    """What the fixes are worth in all stores, and what that is made of."""
    return {
        "npv": estimate_report(found.npv, found.currency),
        **_risk(found),
        "year_one_cost": found.year_one_cost,
        "stores": found.stores,
        "mix": [_kind(found, row) for row in found.mix],
        "currency": found.currency,
        "terms": found.kinds[0].case.terms.model_dump(),
    }


def _kind(found: ChainCase, row: Mix) -> Report:
    npvs = {name: estimate_report(getattr(row, name), found.currency) for name in ("npv_a_store", "npv")}
    return asdict(row) | npvs


def chain_tables(found: ChainCase) -> Tables:
    """The mix as a table for a terminal."""
    rows = [
        {
            "stores": row.label,
            "how many": f"{row.stores:,.0f}",
            "NPV a store": estimate_report(row.npv_a_store, found.currency),
            "NPV of all": estimate_report(row.npv, found.currency),
            "share": "none" if row.share is None else percent(row.share),
        }
        for row in found.mix
    ]
    yield f"The mix ({found.currency}; NPV and how well so many futures know the mean)", rows


def chain_rows(found: ChainCase) -> list[dict[str, str]]:
    """The mix for a page: a row for each type of store."""
    return [
        {
            "Type of store": row.label,
            "Stores": f"{row.stores:,.0f}",
            "A store is worth": money_or(MISSING, row.npv_a_store.mean, found.currency),
            "All of them": money_or(MISSING, row.npv.mean, found.currency),
            "Share": MISSING if row.share is None else percent(row.share),
        }
        for row in found.mix
    ]


# ---- a trial -------------------------------------------------------------------------------------------


def trial_report(plan: TrialPlan) -> Report:
    """Every design looked at, the cheapest with the power wanted, the one worth most, and what it rests on."""
    assumed = plan.rests_on.items()
    return {
        "wanted_power": plan.wanted_power,
        "informs_stores": plan.informs,
        "enough": _design(plan.enough),
        "best": _design(plan.best),
        "designs": [_design(design) for design in plan.designs],
        "currency": plan.case.study.currency,
        "rests_on": [
            {"path": path, "value": said.value, **said.model_dump(exclude={"mode"})} for path, said in assumed
        ],
    }


def _design(design: Design | None) -> Report | None:
    return None if design is None else asdict(design) | {"net": design.net}


def trial_tables(plan: TrialPlan) -> Tables:
    """The designs as a table for a terminal."""
    title = f"Designs: the chance to see the effect (95% interval); what knowing is worth to {plan.informs:,} stores"
    yield title, _designs(plan, ("pairs", "weeks", "power", "costs", "worth up to"), NOT_KNOWN)


def trial_rows(plan: TrialPlan) -> list[Row]:
    """The designs for a page, a row each."""
    return _designs(plan, ("Pairs of sites", "Weeks", "Chance to show it", "Costs", "Worth up to"), MISSING)


def _designs(plan: TrialPlan, columns: Sequence[str], missing: str) -> list[Row]:
    currency = plan.case.study.currency
    rows = (
        (
            str(one.pairs),
            str(one.weeks),
            f"{one.power:.0%} ({one.low:.0%} to {one.high:.0%})",
            money(one.cost, currency),
            money_or(missing, one.value, currency),
        )
        for one in plan.designs
    )
    return [dict(zip(columns, row, strict=True)) for row in rows]
