"""The page Cash flows: the mean over futures by year, years 0 to 10, in native charts too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.finance.appraisal import times
from sim.finance.case import Case
from sim.reports.workbook.book import BLUE, GRID, NO_LEGEND, ORANGE, Book, Page, Value, letter
from sim.reports.workbook.futures import YEARS, Floats, Table, spent


@dataclass(frozen=True)
class MeanCash:
    """The mean over futures, money out below 0, each row (11,) from year 0; `factor` is at the likeliest rate.

    `when` is how many years from now the cash comes.
    `present` is the mean of present values, each future's at its own rate.
    """

    benefit: Floats
    outlay: Floats
    running: Floats
    tax: Floats
    net: Floats
    cumulative: Floats
    when: Floats
    factor: Floats
    discounted: Floats
    cumulative_discounted: Floats
    present: Floats


def mean_cash(case: Case) -> MeanCash:
    """The rows of the page Cash flows."""
    cash, horizon = spent(case), case.terms.horizon_years
    counts = np.arange(YEARS + 1) <= horizon
    benefit, running = _from_year_0(cash.benefit), 0 - _from_year_0(cash.running)
    outlay = np.zeros(YEARS + 1)
    outlay[0] = -cash.outlay.mean()
    tax = -case.terms.tax_rate * (benefit + running + np.roll(outlay, 1))
    net = benefit + outlay + running + tax
    when = times(YEARS, case.terms.mid_year)
    factor = np.where(counts, (1 + case.rate) ** -when, 0)
    running_total, discounted_total = (np.where(counts, flows.cumsum(), 0) for flows in (net, net * factor))
    present = np.zeros(YEARS + 1)
    present[: horizon + 1] = (case.cash.net * (1 + case.cash.rate[:, None]) ** -when[: horizon + 1]).mean(axis=0)
    worth = factor, net * factor, discounted_total, present
    return MeanCash(benefit, outlay, running, tax, net, running_total, when, *worth)


def _from_year_0(yearly: Floats) -> Floats:
    mean: Floats = np.concatenate([[0.0], yearly.mean(axis=0)])
    return mean


YEAR_0 = 2
"""The column of year 0: what a line comes down to stands between it and its label."""


@dataclass(frozen=True)
class Line:
    """What a line is called, and its formula in a year; in it `{c}` stands for the column and `{p}` for the last."""

    label: str
    formula: Callable[[int], str]
    look: tuple[str, ...] = ("money",)


def write_line(page: Page, row: int, line: Line, values: Sequence[Value]) -> None:
    """The line with what its formulas give at first."""
    page.text(row, 0, line.label, *(["total"] if "total" in line.look else []))
    for year, value in enumerate(values):
        column = YEAR_0 + year
        formula = line.formula(year).format(c=letter(column), p=letter(column - 1))
        page.formula(row, column, formula, value, *line.look)


def span(row: int) -> str:
    """How formulas of the same page speak of a row in all years; rows as they count them."""
    return f"${letter(YEAR_0)}${row}:${letter(YEAR_0 + YEARS)}${row}"


CASH_FLOWS = "Cash flows"
_YEAR = 4
ROWS = ("year", *(field.name for field in fields(MeanCash)))
_SUMMED = ("benefit", "outlay", "running", "tax", "net", "discounted", "present")


def years(key: str) -> str:
    """How formulas of any page speak of a row, year 0 to 10."""
    return f"'{CASH_FLOWS}'!{span(_row(key))}"


def there(key: str, column: str = "{c}") -> str:
    """How a line of another page speaks of a row in the same year, or the one before."""
    return f"'{CASH_FLOWS}'!{_here(key, column)}"


def _row(key: str) -> int:
    return _YEAR + ROWS.index(key) + 1


def _here(key: str, column: str = "{c}") -> str:
    return f"{column}${_row(key)}"


def write_cash(page: Page, case: Case, futures: Table) -> None:
    """The table and two charts."""
    mean = "The mean over all futures, after risk adjustment and inflation; money out is below 0."
    page.laid_out(CASH_FLOWS, [mean], [46, *[13] * (YEARS + 2)], freeze=(_YEAR + 1, YEAR_0))
    when = "A year's cash comes {}. Years beyond the horizon count 0 and are left blank."
    middle, end = when.format("in its middle"), when.format("at its end")
    page.formula(2, 0, f'IF(mid_year,"{middle}","{end}")', middle if case.terms.mid_year else end, "note")
    page.headings(_YEAR, ["Year", "Sum"], "right")
    for year in range(YEARS + 1):
        page.number(_YEAR, YEAR_0 + year, year, "heading")
    found = mean_cash(case)
    for key, line in {**_cash_lines(futures), **_worth_lines(futures)}.items():
        row, values = _row(key), getattr(found, key).tolist()
        write_line(page, row - 1, line, values)
        if key in _SUMMED:
            page.formula(row - 1, 1, f"SUM({span(row)})", sum(values), *line.look, "bold")
    page.name("present_values_summed", _row("present") - 1, 1)
    page.name("benefit_summed", _row("benefit") - 1, 1)
    beyond = {"criteria": f"={letter(YEAR_0)}${_YEAR + 1}>horizon_years", "format": page.book.look("beyond")}
    last = _YEAR + len(ROWS) - 1, YEAR_0 + YEARS
    page.sheet.conditional_format(_YEAR, YEAR_0, *last, {"type": "formula", **beyond})
    page.sheet.insert_chart(_YEAR + len(ROWS) + 1, 0, net_chart(page.book))
    shown = {"Net cash so far": ("cumulative", BLUE), "Discounted": ("cumulative_discounted", ORANGE)}
    page.sheet.insert_chart(_YEAR + len(ROWS) + 1, 4, _chart(page.book, "Cash so far, by year", shown))


def _cash_lines(futures: Table) -> dict[str, Line]:
    def mean(sign: str, kind: str) -> Callable[[int], str]:
        return lambda year: f"{sign}AVERAGE({futures.block((kind, year))})" if year else "0"

    taxed = f"-tax_rate*({_here('benefit')}+{_here('running')}+{_here('outlay', '{p}')})"
    return {
        "benefit": Line("Contribution gained", mean("", "benefit")),
        "outlay": Line("Outlay", lambda year: "0" if year else "-AVERAGE(outlays)"),
        "running": Line("Running costs", mean("-", "running")),
        "tax": Line("Tax (above 0: relief)", lambda year: taxed if year else "0"),
        "net": Line("Net cash", lambda _: f"SUM({_here('benefit')}:{_here('tax')})", ("money", "total")),
    }


def _worth_lines(futures: Table) -> dict[str, Line]:
    when = f"MAX({_here('year')}-before_year_end,0)"
    factor = _if_counts(f"(1+discount_rate)^-{_here('when')}")
    return {
        "cumulative": Line("Net cash so far", _so_far("net", "cumulative")),
        "when": Line("Comes after so many years", lambda _: when, ("years",)),
        "factor": Line("Discount factor at the plain rate", lambda _: factor, ("factor",)),
        "discounted": Line("Net cash, discounted", lambda _: f"{_here('net')}*{_here('factor')}"),
        "cumulative_discounted": Line("Discounted so far", _so_far("discounted", "cumulative_discounted")),
        "present": Line("Present value, each future at its own rate", _present(futures)),
    }


def _if_counts(formula: str) -> str:
    return f"IF({_here('year')}<=horizon_years,{formula},0)"


def _so_far(flow: str, total: str) -> Callable[[int], str]:
    return lambda year: _if_counts(f"{_here(total, '{p}')}+{_here(flow)}") if year else _here(flow)


def _present(futures: Table) -> Callable[[int], str]:
    def formula(year: int) -> str:
        if not year:
            return "-AVERAGE(outlays)"
        benefit, running = (futures.block((kind, year)) for kind in ("benefit", "running"))
        flow = f"(1-tax_rate)*({benefit}-{running})" + ("+tax_rate*outlays" if year == 1 else "")
        return f"SUMPRODUCT({flow},(1+rates)^-({year}-before_year_end))/COUNT(rates)"

    return formula


def net_chart(book: Book) -> Any:
    """Net cash by year."""
    return _chart(book, "Net cash by year, the mean over futures", {"Net cash": ("net", BLUE)})


def _chart(book: Book, title: str, shown: dict[str, tuple[str, str]]) -> Any:
    return book.chart(
        {"type": "column"},
        title,
        (560, 300),
        60,
        [(name, years("year"), years(key), colour) for name, (key, colour) in shown.items()],
        x={"name": "Year", "label_position": "low"},
        y={"num_format": "#,##0", **GRID},
        legend={"position": "bottom"} if len(shown) > 1 else NO_LEGEND,
    )
