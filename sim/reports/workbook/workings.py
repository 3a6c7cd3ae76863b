"""The page Workings: how payback and the internal rate of return come from the mean cash, step by step."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.finance import appraisal
from sim.finance.case import Case
from sim.reports.workbook.book import Page, Value, letter
from sim.reports.workbook.cash_flows import YEAR_0, Line, MeanCash, mean_cash, span, there, write_line, years
from sim.reports.workbook.futures import YEARS, Floats

_STEPS = np.concatenate([np.geomspace(1e-4, 0.5, 60)[:-1], np.geomspace(0.5, 3, 120)[:-1], np.geomspace(3, 1e7, 100)])
_RATES = _STEPS - 1
"""Where the net present value is looked at: in steps of 1.5% where rates of return lie, of 15% beyond."""
_HEADINGS = ("Rate", "NPV there", "Crosses 0")
_HALVES = 4


def write_rates(page: Page, row: int, net: Floats, mid_year: bool) -> None:
    """Where cash changes sign once there is one rate (Descartes); else they are counted where the NPV crosses 0."""
    page.text(row, 0, "Internal rate of return", "section")
    moving = _moving(net)
    for at, (line, values) in enumerate(_lines(row + 2, moving), row + 1):
        write_line(page, at, line, values.tolist())
    _write_table(page, row + 11, row + 2, moving, mid_year)
    _write_halves(page, row + 11, row + 2, moving)
    _write_found(page, row + 5, net, mid_year)


def _lines(row: int, moving: Floats) -> list[tuple[Line, Floats]]:
    """What moves, the sign of the first that does, the sign of the last so far, and where that changes.

    `row` is the first line's, as formulas count.
    """
    first, last = f"SIGN({{c}}{row})", row + 2
    started = f"IF({{p}}{row + 1}<>0,{{p}}{row + 1},{first})"
    so_far = f"IF({{c}}{row}=0,{{p}}{last},{first})"
    signs = _last_signs(np.sign(moving))
    return [
        (Line("Net cash, rounding taken for 0", lambda _: _moving_formula()), moving),
        (Line("Sign of the first cash", _from(first, started), ("count",)), _first_signs(np.sign(moving))),
        (Line("Sign of the last cash so far", _from(first, so_far), ("count",)), signs),
        (Line("Changes sign (1: yes)", _from("0", f"IF({{p}}{last}*{{c}}{last}<0,1,0)"), ("count",)), _changes(signs)),
    ]


def _moving(net: Floats) -> Floats:
    """The cash without what is only rounding."""
    return np.where(np.abs(net) > 1e-12 * np.abs(net).max(), net, 0.0)


def _moving_formula() -> str:
    most = f"MAX(MAX({years('net')}),-MIN({years('net')}))"
    return f"IF(ABS({there('net')})>1E-12*{most},{there('net')},0)"


def _from(first: str, later: str) -> Callable[[int], str]:
    return lambda year: later if year else first


def _first_signs(signs: Floats) -> Floats:
    found = np.maximum.accumulate(np.abs(signs))
    return np.where(found > 0, signs[np.abs(signs).argmax()], 0.0)


def _last_signs(signs: Floats) -> Floats:
    latest = np.maximum.accumulate(np.where(signs != 0, np.arange(len(signs)), 0))
    return signs[latest]


def _changes(signs: Floats) -> Floats:
    return np.concatenate([[0.0], np.where(signs[1:] * signs[:-1] < 0, 1.0, 0.0)])


def _write_halves(page: Page, row: int, moving_row: int, moving: Floats) -> None:
    """Beside the table, each year's cash in its middle: IRR counts equal steps, so it finds the rate of half a year."""
    halves = appraisal.by_half_year(moving).tolist()
    page.text(row, _HALVES, "Half-years", "heading", "right")
    page.text(row, _HALVES + 1, "Mid-year cash", "heading", "right")
    for half, value in enumerate(halves):
        at, year = row + 1 + half, letter(YEAR_0 + (half + 1) // 2)
        page.number(at, _HALVES, half, "count")
        page.formula(at, _HALVES + 1, "0" if half and half % 2 == 0 else f"${year}${moving_row}", value, "money")
    page.name("cash_by_half_year", row + 1, _HALVES + 1, row + len(halves), _HALVES + 1)


def _write_table(page: Page, row: int, moving_row: int, moving: Floats, mid_year: bool) -> None:
    page.headings(row, _HEADINGS, "right")
    worth = (moving * (1 + _RATES[:, None]) ** -appraisal.times(YEARS, mid_year)).sum(axis=1)
    crossings = np.concatenate([[0.0], np.where(np.sign(worth[1:]) * np.sign(worth[:-1]) < 0, 1.0, 0.0)])
    for i, rate in enumerate(_RATES.tolist()):
        at = row + 1 + i
        page.number(at, 0, rate, "fine")
        npv = f"SUMPRODUCT({span(moving_row)},(1+$A{at + 1})^-{years('when')})"
        page.formula(at, 1, npv, worth[i], "science")
        page.formula(at, 2, f"IF(SIGN(B{at})*SIGN(B{at + 1})<0,1,0)" if i else "0", crossings[i], "count")
    page.name("rates_tried", row + 1, 0, row + len(_RATES), 0)
    page.name("rate_crossings", row + 1, 2, row + len(_RATES), 2)


def _write_found(page: Page, row: int, net: Floats, mid_year: bool) -> None:
    moving_row, rates, only = row - 3, appraisal.irrs(net, mid_year), appraisal.irr(net, mid_year)[0]
    changes = f"SUM({span(moving_row + 3)})"
    found = [
        ("Rates found", f"IF({changes}<=1,{changes},SUM(rate_crossings))", len(rates), "count", "rates_found"),
        ("Near", "IFERROR(INDEX(rates_tried,MATCH(1,rate_crossings,0)),0.1)", _near(only), "percent", "rate_near"),
        ("Rate of return", _irr(moving_row), "none" if only is None else only, "percent", "found_irr"),
        ("Said of it", _said(moving_row), rate_said(net, mid_year), "plain", "irr_said"),
    ]
    for at, (label, formula, value, look, name) in enumerate(found, row):
        page.text(at, 0, label, "bold")
        page.formula(at, 1, formula, value, look)
        page.name(name, at, 1)


def _near(only: float | None) -> float:
    if only is None or not _RATES[0] < only < _RATES[-1]:
        return 0.1
    return float(_RATES[np.searchsorted(_RATES, only)])


def _irr(row: int) -> str:
    of_halves = "(1+IRR(cash_by_half_year,(1+rate_near)^0.5-1))^2-1"
    return f'IF(rates_found=1,IFERROR(IF(mid_year,{of_halves},IRR({span(row)},rate_near)),"none"),"none")'


_NONE = "no rate brings the mean cash to nothing"
_MANY = "more than one rate; go by the NPV"
_COST = "what it costs, as the money comes in first; go by the NPV"
_ONE = "of the mean cash, within the horizon"


def _said(row: int) -> str:
    begun = f"{letter(YEAR_0 + YEARS)}{row + 1}"
    return f'IF(rates_found=0,"{_NONE}",IF(rates_found>1,"{_MANY}",IF({begun}>0,"{_COST}","{_ONE}")))'


def rate_said(net: Floats, mid_year: bool = False) -> str:
    """What there is to say of the rates of return of cash (years + 1,); the formula's words."""
    rates = appraisal.irrs(net, mid_year)
    if len(rates) != 1:
        return _MANY if rates else _NONE
    return _COST if _first_signs(np.sign(_moving(net)))[-1] > 0 else _ONE


WORKINGS = "Workings"
_YEAR = 2
_PAYBACK, _DISCOUNTED, _RATES_AT = 4, 9, 14


def write_workings(page: Page, case: Case) -> None:
    """Payback, discounted payback and the internal rate of return, named for the Summary."""
    rests_on = "From the mean net cash of the page Cash flows; only years within the horizon count."
    page.laid_out(WORKINGS, [rests_on], [46, *[13] * (YEARS + 2)], freeze=(_YEAR + 1, YEAR_0))
    page.headings(_YEAR, ["Year", "", *[str(year) for year in range(YEARS + 1)]], "right")
    cash = mean_cash(case)
    _write_payback(page, _PAYBACK, ("net", "cumulative", "payback_years"), case, cash)
    _write_payback(page, _DISCOUNTED, ("discounted", "cumulative_discounted", "discounted_payback_years"), case, cash)
    write_rates(page, _RATES_AT, cash.net, case.terms.mid_year)


def _write_payback(page: Page, row: int, names: tuple[str, str, str], case: Case, cash: MeanCash) -> None:
    flow, total, result = names
    page.text(row, 0, result.replace("_", " ").capitalize(), "section")
    flows, so_far = getattr(cash, flow), getattr(cash, total)
    horizon = case.terms.horizon_years
    below = _below(flows, so_far, horizon)
    write_line(page, row + 1, Line("Below 0 so far (1: yes)", _below_formula(flow, total), ("count",)), below.tolist())
    level = _level_formula(row + 2, flow, total)
    write_line(page, row + 2, Line("Level again, in years", level, ("years",)), _level(flows, so_far, below, horizon))
    signs, levels = span(row + 2), span(row + 3)
    months = f"-INT(-(12*MIN({levels})-1E-9))/12"
    page.text(row + 3, 0, "Years, rounded up to whole months", "bold")
    value = _or("never", getattr(case, result))
    page.formula(row + 3, 1, f'IF(SUM({signs})=0,0,IF(COUNT({levels})=0,"never",{months}))', value, "years", "right")
    page.name(f"found_{result}", row + 3, 1)


def _or(word: str, value: float | None) -> float | str:
    return word if value is None else value


def _dust(flow: str) -> str:
    """What is no more than rounding."""
    return f"1E-12*SUMPRODUCT(ABS({years(flow)}))"


def _below_formula(flow: str, total: str) -> Callable[[int], str]:
    return lambda year: f"IF(AND({year}<=horizon_years,{there(total)}<-{_dust(flow)}),1,0)"


def _below(flows: Floats, so_far: Floats, horizon: int) -> NDArray[np.int_]:
    return np.where((np.arange(YEARS + 1) <= horizon) & (so_far < -1e-12 * np.abs(flows).sum()), 1, 0)


def _level_formula(row: int, flow: str, total: str) -> Callable[[int], str]:
    """In the year in which cash is level again: how far into it that was, flows spread evenly over their year."""

    def formula(year: int) -> str:
        if not year:
            return '""'
        when = f"{year - 1}+MIN(-{there(total, '{p}')}/{there(flow)},1)"
        return f'IF(AND({year}<=horizon_years,{{p}}{row}=1,{{c}}{row}=0),{when},"")'

    return formula


def _level(flows: Floats, so_far: Floats, below: NDArray[np.int_], horizon: int) -> list[Value]:
    found: list[Value] = [""]
    for year in range(1, YEARS + 1):
        levels = year <= horizon and below[year - 1] and not below[year]
        found.append(year - 1 + min(-so_far[year - 1] / flows[year], 1.0) if levels else "")
    return found
