"""The page Cash flows: the mean over futures by year, in native charts too."""

from collections.abc import Callable
from typing import Any

from sim.finance.case import Case
from sim.reports.workbook.book import Book, Page, letter
from sim.reports.workbook.columns import Table
from sim.reports.workbook.lines import YEAR_0, Line, span, write_line
from sim.reports.workbook.mean_cash import YEARS, mean_cash
from sim.reports.workbook.styles import BLUE, ORANGE

CASH_FLOWS = "Cash flows"
_YEAR = 4
ROWS = (
    "year",
    "benefit",
    "outlay",
    "running",
    "tax",
    "net",
    "cumulative",
    "when",
    "factor",
    "discounted",
    "cumulative_discounted",
    "present",
)
_YEAR_END = "A year's cash comes at its end. Years beyond the horizon count 0 and are left blank."
_MID_YEAR = "A year's cash comes in its middle. Years beyond the horizon count 0 and are left blank."
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
    page.laid_out([46, *[13] * (YEARS + 2)], freeze=(_YEAR + 1, YEAR_0))
    page.text(0, 0, "Cash flows", "title")
    page.text(1, 0, "The mean over all futures, after risk adjustment and inflation; money out is below 0.", "note")
    page.formula(2, 0, f'IF(mid_year,"{_MID_YEAR}","{_YEAR_END}")', _note(case.terms.mid_year), "note")
    page.headings(_YEAR, ["Year", "Sum"], "right")
    for year in range(YEARS + 1):
        page.number(_YEAR, YEAR_0 + year, year, "heading")
    found = mean_cash(case)
    for key, line in _lines(futures).items():
        values = getattr(found, key).tolist()
        write_line(page, _row(key) - 1, line, values)
        if key in _SUMMED:
            _write_sum(page, key, values, line.look)
    page.name("present_values_summed", _row("present") - 1, 1)
    page.name("benefit_summed", _row("benefit") - 1, 1)
    _blank_beyond(page)
    page.sheet.insert_chart(_YEAR + len(ROWS) + 1, 0, net_chart(page.book))
    page.sheet.insert_chart(_YEAR + len(ROWS) + 1, 4, cumulative_chart(page.book))


def _note(mid_year: bool) -> str:
    return _MID_YEAR if mid_year else _YEAR_END


def _lines(futures: Table) -> dict[str, Line]:
    return {**_cash_lines(futures), **_worth_lines(futures)}


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


def _write_sum(page: Page, key: str, values: list[float], look: tuple[str, ...]) -> None:
    row = _row(key)
    page.formula(row - 1, 1, f"SUM({span(row)})", sum(values), *look, "bold")


def _blank_beyond(page: Page) -> None:
    rule = {
        "type": "formula",
        "criteria": f"={letter(YEAR_0)}${_YEAR + 1}>horizon_years",
        "format": page.book.look("beyond"),
    }
    page.sheet.conditional_format(_YEAR, YEAR_0, _YEAR + len(ROWS) - 1, YEAR_0 + YEARS, rule)


def net_chart(book: Book) -> Any:
    """Net cash by year."""
    return _chart(book, "Net cash by year, the mean over futures", {"Net cash": ("net", BLUE)})


def cumulative_chart(book: Book) -> Any:
    """Cash so far, plain and discounted."""
    shown = {"Net cash so far": ("cumulative", BLUE), "Discounted": ("cumulative_discounted", ORANGE)}
    return _chart(book, "Cash so far, by year", shown)


def _chart(book: Book, title: str, shown: dict[str, tuple[str, str]]) -> Any:
    chart = book.chart({"type": "column"})
    for name, (key, colour) in shown.items():
        series = {"name": name, "categories": f"={years('year')}", "values": f"={years(key)}"}
        chart.add_series({**series, "fill": {"color": colour}, "gap": 60})
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_x_axis({"name": "Year", "label_position": "low"})
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_legend({"position": "bottom"} if len(shown) > 1 else {"none": True})
    chart.set_size({"width": 560, "height": 300})
    return chart
