"""What a case says: in sentences, as plain data for JSON, and as titled tables. Missing is None, never 0."""

from collections.abc import Iterator
from typing import Any

from sim.experiments.plain import Report, estimate_report
from sim.finance.assumptions import Assumption
from sim.finance.case import DOTS, Case
from sim.finance.sensitivity import RUNS, Side
from sim.finance.study import WEEKS_A_CASE_YEAR
from sim.scenario.paths import quantity_at
from sim.scenario.wording import label_of, money, setting

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WHEN_IT_COUNTS = {
    False: "A year's cash counts at the end of the year, as is usual for a project; the measure lifetime value counts "
    "week by week, as is usual for customers, and the same cash for more.",
    True: "A year's cash counts in the middle of the year, as if it came all year round; the measure lifetime value "
    "counts week by week, and the same cash for nearly as much.",
}
"""What the terms' `mid_year` means, beside the other way that money is discounted here."""


def headline(case: Case) -> str:
    """The case in one sentence: what it takes, what it returns, how many futures pay back, where it breaks even."""
    spent, back = _money(case, case.year_one_cost), _money(case, case.benefit)
    returns = (
        f"returns {back} of contribution"
        if case.benefit >= 0
        else f"loses {_money(case, -case.benefit)} of contribution"
    )
    parts = [
        f"For {spent} in year one this {returns} over {years(case.terms.horizon_years)}",
        f"{case.dots_paying_back} of {DOTS} futures pay back",
    ]
    if case.tornado:
        parts.append(_break_even(case))
    return f"{'; '.join(parts)}."


def years(count: int) -> str:
    """So many years, in words."""
    return f"{_WORDS[count]} year{'' if count == 1 else 's'}"


def _break_even(case: Case) -> str:
    crossing = [side for side in case.tornado if side.break_even is not None]
    if not crossing:
        does = "brings it to nothing" if case.npvs.mean() >= 0 else "makes it pay"
        return f"no single assumption, within its range, {does}"
    return f"break-even where “{label_of(case.study.scenario, crossing[0].path)}” is {at(case, crossing[0])}"


def at(case: Case, side: Side) -> str:
    """The value at which the fixes just pay, with its unit."""
    if side.break_even is None:
        return "no value in its range"
    return setting(float(f"{side.break_even:.3g}"), quantity_at(case.study.scenario, side.path).unit or "")


def advice(case: Case) -> str:
    """What to find out first, and what that is worth at the most."""
    if case.evpi is None:
        return "What is worth finding out will be known when luck can be told from ignorance."
    if round(case.evpi) and case.evpi < _TRIFLE * abs(case.npvs.mean()):
        worth = _money(case, case.evpi)
        return f"Hardly anything is worth finding out first: knowing everything would be worth up to {worth} a site."
    first = next(iter(case.evppi.items()), None)
    if first is None or case.evpi <= 0 or first[1] < _TRIFLE * case.evpi or round(first[1]) == 0:
        return _nothing_first(case)
    worth, label = _money(case, first[1]), label_of(case.study.scenario, first[0])
    return (
        f"Find out “{label}” first: worth up to {worth} a site to know before deciding. "
        f"Knowing everything would be worth up to {_money(case, case.evpi)}."
    )


_TRIFLE = 0.01


def _nothing_first(case: Case) -> str:
    if case.evpi is None or round(case.evpi) == 0:
        return "Nothing needs finding out first: in no future that the assumptions allow would it change the decision."
    return (
        f"No single assumption is worth finding out on its own; knowing everything would be worth up to "
        f"{_money(case, case.evpi)} a site."
    )


def notes(case: Case) -> Iterator[str]:
    """What has to be known to read the figures rightly."""
    yield from _of_spread(case)
    yield _of_grades(case)
    weeks = case.study.scenario.weeks
    yield "Year 1 is weeks 1 to 52, year 2 weeks 53 to 104, and so on; each is put on a calendar year (times 365/364)."
    if weeks % WEEKS_A_CASE_YEAR:
        yield f"{weeks} weeks simulated, reckoned as {years(case.years_simulated)} of 52 at the same pace."
    if case.terms.horizon_years > case.years_simulated:
        simulated = years(case.years_simulated)
        yield f"{simulated.capitalize()} simulated; every later year repeats the last of them."
    yield WHEN_IT_COUNTS[case.terms.mid_year]
    if not case.terms.tax_rate:
        yield "Before tax."
    if case.sides:
        yield (
            f"One assumption at a time: {_WORDS[RUNS]} runs each on the same luck, all else at its likeliest; so few "
            "runs have no interval worth showing, and luck is as above."
        )
    if case.terms.cost_uplift == case.terms.benefit_cut == 0:
        yield "No optimism-bias or risk adjustment is made on top of the ranges: that would count the same doubt twice."
    if case.irr[0] is None:
        yield f"Internal rate of return: {case.irr[1]}."
    yield "One site. A chain is worked out from its mix of sites, never by multiplying this figure."


def _of_spread(case: Case) -> Iterator[str]:
    noise, inputs = case.spread.run_noise_sd, case.spread.input_sd
    if noise is None or inputs is None:
        yield "How much of the spread is luck is not known yet."
        return
    yield (
        f"What is not known about the inputs makes the NPV vary by {_money(case, inputs)} (standard deviation); luck "
        f"alone, with the same inputs, by {_money(case, noise)}."
    )


def _of_grades(case: Case) -> str:
    grades = [one.evidence for one in case.assumptions]
    said = f"{grades.count('D')} of the {len(grades)} quantities it rests on are guesses nobody has measured (grade D)"
    silent = grades.count(None)
    return f"{said}; {silent} do not say where they come from." if silent else f"{said}."


def _money(case: Case, amount: float | None) -> str:
    return "not known" if amount is None else money(amount, case.study.currency)


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


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"


def _years(value: float | None) -> str:
    return "never" if value is None else f"{value:.2f} years"
