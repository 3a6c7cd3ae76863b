"""A business case as plain data for JSON, and as titled tables of text: missing is None, never 0."""

from collections.abc import Iterator
from typing import Any

from sim.experiments.plain import Report, estimate_report
from sim.finance.assumptions import Assumption
from sim.finance.case import Case
from sim.finance.case_words import at
from sim.scenario.wording import money, setting

Row = dict[str, Any]
_SHOWN = 12


def case_report(case: Case) -> Report:
    """Every figure of a case; money in currency units of one site over the horizon."""
    p10, p50, p90 = case.percentiles
    return {
        "npv": case.npv.mean,
        "npv_interval": estimate_report(case.npv, case.study.currency),
        "irr": case.irr[0],
        "irr_said": case.irr[1],
        "payback_years": case.payback_years,
        "discounted_payback_years": case.discounted_payback_years,
        "roi": case.roi,
        "benefit_cost_ratio": case.benefit_cost_ratio,
        "p10": p10,
        "p50": p50,
        "p90": p90,
        "prob_loss": case.prob_loss,
        "run_noise_sd": case.spread.run_noise_sd,
        "input_sd": case.spread.input_sd,
        "evpi": case.evpi,
        "evppi": case.evppi,
        "break_even": {side.path: side.break_even for side in case.sides},
        "tornado": [{"path": s.path, "low_npv": s.low_npv, "high_npv": s.high_npv} for s in case.tornado],
        "assumptions": [assumption_row(one) for one in case.assumptions],
        "draws": case.futures,
        "currency": case.study.currency,
        "year_one_cost": case.year_one_cost,
        "benefit": case.benefit,
        "net_cash": case.net.tolist(),
        "terms": case.terms.model_dump(),
    }


def assumption_row(one: Assumption) -> Row:
    """One assumption with its grade."""
    return {name: getattr(one, name) for name in ("path", "value", "low", "high", "unit", "evidence", "source")}


def tables(case: Case) -> Iterator[tuple[str, list[Row]]]:
    """The case as tables for a terminal."""
    yield f"What it is worth, one site, {case.study.currency}", list(_figures(case))
    yield "Net cash, the mean over futures", [_cash(case)]
    if case.tornado:
        yield "One assumption at a time: the NPV at either end of its range", list(_sides(case))
    if case.evppi:
        yield "What it is worth to find out", list(_worth(case))


def _figures(case: Case) -> Iterator[Row]:
    p10, p50, p90 = case.percentiles
    low, high = case.npv.low, case.npv.high
    known = "" if low is None or high is None else f"known to within {_money(case, low)} to {_money(case, high)}"
    yield {"figure": "NPV, mean", "value": _money(case, case.npv.mean), "note": known}
    yield {"figure": "P10, P50, P90", "value": ", ".join(_money(case, p) for p in (p10, p50, p90)), "note": ""}
    yield {"figure": "P(NPV < 0)", "value": f"{case.prob_loss:.0%}", "note": f"{case.futures} futures"}
    irr, said = case.irr
    yield {"figure": "IRR", "value": _share(irr), "note": said if said != _share(irr) else ""}
    yield {"figure": "Payback", "value": _years(case.payback_years), "note": "of the mean cash"}
    yield {
        "figure": "Discounted payback",
        "value": _years(case.discounted_payback_years),
        "note": f"at {case.rate:.1%}",
    }
    yield {"figure": "ROI", "value": _share(case.roi), "note": ""}
    ratio = case.benefit_cost_ratio
    yield {"figure": "Benefit-cost ratio", "value": "none" if ratio is None else f"{ratio:.2f}", "note": ""}


def _cash(case: Case) -> Row:
    return {f"year {year}": _money(case, cash) for year, cash in enumerate(case.net.tolist())}


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
            "breaks even at": at(case, side),
        }


def _worth(case: Case) -> Iterator[Row]:
    stated = {one.path: one for one in case.assumptions}
    for path, worth in list(case.evppi.items())[:_SHOWN]:
        if round(worth) == 0:
            break
        yield {"assumption": stated[path].label, "grade": _grade(stated[path]), "worth up to": _money(case, worth)}
    yield {"assumption": "everything", "grade": "", "worth up to": _money(case, case.evpi)}


def _grade(one: Assumption) -> str:
    return one.evidence or "not said"


def _money(case: Case, amount: float | None) -> str:
    return "not known" if amount is None else money(amount, case.study.currency)


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"


def _years(value: float | None) -> str:
    return "never" if value is None else f"{value:.2f} years"
