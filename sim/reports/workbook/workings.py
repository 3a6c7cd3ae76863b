"""The page Workings: how payback and the internal rate of return come from the mean cash, step by step."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.finance.case import Case
from sim.reports.workbook.book import Page, Value
from sim.reports.workbook.cash_page import there, years
from sim.reports.workbook.lines import YEAR_0, Line, span, write_line
from sim.reports.workbook.mean_cash import YEARS, MeanCash, mean_cash
from sim.reports.workbook.rates import write_rates

WORKINGS = "Workings"
_YEAR = 2
_PAYBACK, _DISCOUNTED, _RATES_AT = 4, 9, 14
Floats = NDArray[np.float64]


def write_workings(page: Page, case: Case) -> None:
    """Payback, discounted payback and the internal rate of return, named for the Summary."""
    page.laid_out([46, *[13] * (YEARS + 2)], freeze=(_YEAR + 1, YEAR_0))
    page.text(0, 0, "Workings", "title")
    page.text(1, 0, "From the mean net cash of the page Cash flows; only years within the horizon count.", "note")
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
