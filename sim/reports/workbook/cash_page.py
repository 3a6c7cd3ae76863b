"""The page Cash flows: the mean over futures by year, years 0 to 10, in native charts too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.finance.appraisal import times
from sim.finance.case import Case
from sim.finance.cash import before_tax
from sim.reports.workbook.book import BLUE, ORANGE, Book, Page, Table, Value, letter

YEARS = 10
"""As many as the horizon may have."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Base:
    """What each simulated year brings and takes in today's prices, before any adjustment; both (futures, years)."""

    gain: Floats
    running: Floats


def base(case: Case) -> Base:
    """What fixes bring and what they take, future by future."""
    now, then, prices = case.twins.now, case.twins.then, case.prices
    gain = then.contribution(prices.then.margin[:, None], prices.then.visit_cost[:, None])
    gain = gain - now.contribution(prices.now.margin[:, None], prices.now.visit_cost[:, None])
    used = (prices.per_use.T[:, :, None] * then.uses).sum(axis=1)
    always = prices.per_year.sum(axis=0) + prices.then.acquisition - prices.now.acquisition
    return Base(gain, used + always[:, None])


@dataclass(frozen=True)
class Spent:
    """Cash before tax: benefit and running costs (futures, 10), the outlay (futures,)."""

    benefit: Floats
    running: Floats
    outlay: Floats


def spent(case: Case) -> Spent:
    """The tool's own cash before tax, every year there can be."""
    cash = before_tax(case.twins.now, case.twins.then, case.prices, case.terms)
    return Spent(_padded(cash.benefit), _padded(cash.running), cash.outlay)


def _padded(yearly: Floats) -> Floats:
    return np.pad(yearly, ((0, 0), (0, YEARS - yearly.shape[1])))


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
