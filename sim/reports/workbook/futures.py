"""The pages Simulated, Futures and Distribution: from what every future gave to its net present value, by formula."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import ACQUISITION, MARGIN, RATE, VISIT_COST, Assumption
from sim.finance.case import Case
from sim.finance.draws import chances
from sim.reports.workbook.book import BLUE, ORANGE, Book, Column, Key, Page, Table
from sim.reports.workbook.cash_page import YEARS, base, spent
from sim.reports.workbook.inputs import financial, moved, name_of

SIMULATED = "Simulated"
SIMULATED_NOTES = (
    "A row a future, a year's rates in each world. Values, not formulas: change them in Ripple.",
    "Revenue counts each segment's times its margin multiple. A chance says where in its range a quantity lies.",
)
_FLOWS = {"earned": "Revenue", "visits": "Visits", "returned": "Refunds and coaching"}
WORLDS = {"now": "as things are", "then": "mended"}


def simulated(case: Case) -> Table:
    """Chances first, then yearly flows of both worlds, how often each fix is used, and what becomes of prices."""
    return Table(SIMULATED, [*_chances(case), *_flows(case), *_uses(case), *_prices(case)])


def _chances(case: Case) -> Iterator[Column]:
    """Sobol points: what a quantity is in a future is its quantile there."""
    at = chances(case.study.scenario, case.futures, case.study.seed)
    for one in financial(case):
        if one.drawn:
            yield Column(("chance", one.path), f"Chance of less: {one.label}", "factor", at[one.path])


def _flows(case: Case) -> Iterator[Column]:
    for flow, words in _FLOWS.items():
        for year in range(years(case)):
            for world, said in WORLDS.items():
                values = getattr(getattr(case.twins, world), flow)[:, year]
                look = "count" if flow == "visits" else "money"
                yield Column((flow, world, year + 1), f"{words}, {said}, year {year + 1}", look, values)


def _uses(case: Case) -> Iterator[Column]:
    for position, name in enumerate(case.fixes):
        for year in range(years(case)):
            heading = f"Uses of {case.study.fix(name).label}, year {year + 1}"
            yield Column(("uses", name, year + 1), heading, "count", case.twins.then.uses[:, position, year])


def _prices(case: Case) -> Iterator[Column]:
    labels = {one.path: one.label for one in financial(case)}
    for one in moved(case):
        for way, words in (("times", "times what is stated"), ("add", "added to it")):
            heading = f"{labels[one.path]}, {WORLDS[one.world]}: {words}"
            yield Column((way, one.world, one.path), heading, "factor", getattr(one, way))


def years(case: Case) -> int:
    """How many years were simulated."""
    return int(case.twins.now.earned.shape[1])


FUTURES = "Futures"
FUTURES_NOTES = (
    "A row a future: quantities as they are there, then cash before tax, then present values after tax.",
    "Every cell is a formula: of the page Assumptions, and of the same row of the page Simulated.",
)
NAMES: dict[str, Key] = {
    "npvs": ("npv",),
    "outlays": ("outlay",),
    "rates": ("value", RATE),
    "pv_benefits": ("pv_benefit",),
    "pv_costs": ("pv_cost",),
    "running_year_1": ("running", 1),
}
"""What other pages call some of the columns."""


def futures(case: Case, simulated: Table) -> Table:
    """Every column."""
    table = Table(FUTURES)
    for part in (_quantities, _moved, _gains, _running, _benefits, _costs, _worth):
        for column in part(case, simulated, table):
            table.columns.append(column)
    return table


def _quantities(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    for one in financial(case):
        formula = _quantile(one, simulated) if one.drawn else name_of(one.path)
        look = "percent" if one.path in (MARGIN, RATE) else "exact"
        values = case.values[one.path] if one.drawn else np.full(case.futures, one.value)
        yield Column(("value", one.path), one.label, look, values, formula)


def _quantile(one: Assumption, simulated: Table) -> str:
    """Uniform without a likeliest value, triangular with hard ends otherwise; a range without width is its value."""
    low, mode, high = (f"{name_of(one.path)}_{end}" for end in ("low", "mode", "high"))
    at = simulated.there(("chance", one.path))
    rising = f"{low}+SQRT({at}*({high}-{low})*({mode}-{low}))"
    falling = f"{high}-SQRT((1-{at})*({high}-{low})*({high}-{mode}))"
    triangular = f"IF({at}*({high}-{low})<{mode}-{low},{rising},{falling})"
    return f"IF(ISBLANK({mode}),{low}+{at}*({high}-{low}),{triangular})"


def _moved(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    """A world's prices where fixes or policies move what is stated."""
    labels = {one.path: one.label for one in financial(case)}
    for one in moved(case):
        times, add = (simulated.there((way, one.world, one.path)) for way in ("times", "add"))
        formula = f"{table.here(('value', one.path))}*{times}+{add}"
        look = "percent" if one.path == MARGIN else "exact"
        yield Column((one.world, one.path), f"{labels[one.path]}, {WORLDS[one.world]}", look, one.values, formula)


def _price(table: Table, world: str, path: str) -> str:
    """Where a world's price stands: in a column of its own if it is not what is stated."""
    own = (world, path) in [one.key for one in table.columns]
    return table.here((world if own else "value", path))


def _gains(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    for year in range(1, years(case) + 1):
        worlds = [_contribution(simulated, table, world, year) for world in ("then", "now")]
        values = base(case).gain[:, year - 1]
        yield Column(("gain", year), f"Contribution gained, simulated year {year}", "money", values, "-".join(worlds))


def _contribution(simulated: Table, table: Table, world: str, year: int) -> str:
    margin, visit_cost = (_price(table, world, path) for path in (MARGIN, VISIT_COST))
    earned, visits, returned = (simulated.there((flow, world, year)) for flow in ("earned", "visits", "returned"))
    return f"({margin}*{earned}-{visit_cost}*{visits}-{returned})"


def _running(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    for year in range(1, years(case) + 1):
        terms = [table.here(("value", f"fixes.{name}.costs.per_year")) for name in case.fixes]
        terms += [
            f"{table.here(('value', f'fixes.{name}.costs.per_use'))}*{simulated.there(('uses', name, year))}"
            for name in case.fixes
        ]
        terms.append(f"({_price(table, 'then', ACQUISITION)}-{_price(table, 'now', ACQUISITION)})")
        values = base(case).running[:, year - 1]
        yield Column(("base", year), f"Running costs, simulated year {year}", "money", values, "+".join(terms))


def _benefits(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    yield from _by_year(case, table, "benefit", "Contribution gained", "gain", "({x}-benefit_cut*ABS({x}))")


def _costs(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    yield from _by_year(case, table, "running", "Running costs", "base", "({x}+cost_uplift*ABS({x}))")
    once = "+".join(table.here(("value", f"fixes.{name}.costs.once")) for name in case.fixes)
    yield Column(("outlay",), "Outlay", "money", spent(case).outlay, f"({once})*(1+cost_uplift)")


def _by_year(case: Case, table: Table, kind: str, words: str, of: str, adjusted: str) -> Iterator[Column]:
    """Years 1 to 10, 0 beyond the horizon; the last simulated year repeats."""
    values: NDArray[np.float64] = getattr(spent(case), kind)
    for year in range(1, YEARS + 1):
        amount = adjusted.replace("{x}", table.here((of, min(year, years(case)))))
        formula = f"IF(horizon_years<{year},0,{amount}*(1+price_growth)^({year}-before_year_end))"
        yield Column((kind, year), f"{words}, year {year}", "money", values[:, year - 1], formula)


def _worth(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    """Present values after tax; the outlay relieves the tax of year 1. NPV counts at the end of each year."""
    rate = table.here(("value", RATE))
    sooner = f"(1+{rate})^before_year_end"
    benefits, costs = (f"(1-tax_rate)*NPV({rate},{_span(table, kind)})*{sooner}" for kind in ("benefit", "running"))
    outlay = table.here(("outlay",))
    yield Column(("pv_benefit",), "Present value of benefits", "money", case.cash.pv_benefit, benefits)
    costs = f"{outlay}+{costs}-tax_rate*{outlay}/(1+{rate})*{sooner}"
    yield Column(("pv_cost",), "Present value of costs", "money", case.cash.pv_cost, costs)
    worth = f"{table.here(('pv_benefit',))}-{table.here(('pv_cost',))}"
    yield Column(("npv",), "Net present value", "money", case.npvs, worth)


def _span(table: Table, kind: str) -> str:
    return f"{table.here((kind, 1))}:{table.here((kind, YEARS))}"


DISTRIBUTION = "Distribution"
_BINS = 20
_HEAD = 7
_HEADINGS = ("From", "To", "Futures that lose", "Futures that pay back")


def write_distribution(page: Page, case: Case) -> None:
    """Bins with round edges, 0 among them, and the chart."""
    page.laid_out([22, 18, 18, 20], freeze=(_HEAD + 1, 0))
    page.text(0, 0, "Net present value over futures", "title")
    page.text(1, 0, "Each bin counts futures from its lower edge up to, and without, the upper.", "note")
    _write_edges(page, case)
    page.headings(_HEAD, _HEADINGS, "right")
    start, width = _start(case)
    for i in range(_BINS):
        _write_bin(page, _HEAD + 1 + i, start + i * width, case, width)
    page.name("counted", _HEAD + 1, 2, _HEAD + _BINS, 3)
    page.sheet.insert_chart(_HEAD, 5, histogram(page.book, case))


def _write_edges(page: Page, case: Case) -> None:
    start, width = _start(case)
    raw = "(MAX(npvs)-MIN(npvs))/18"
    power = f"10^INT(LOG10({raw}))"
    steps = f"ROUNDUP({raw}/{power}*2,0)/2*{power}"
    page.text(3, 0, "Width of a bin")
    page.formula(3, 1, f"IF(MAX(npvs)-MIN(npvs)<0.01,1,{steps})", width, "exact")
    page.text(4, 0, "First lower edge")
    page.formula(4, 1, "INT(MIN(npvs)/B4)*B4", start, "exact")


def _start(case: Case) -> tuple[float, float]:
    """The first lower edge, and the width of a bin: a round number."""
    least, spread = float(case.npvs.min()), float(np.ptp(case.npvs))
    raw = spread / 18
    power = 10.0 ** math.floor(math.log10(raw)) if spread >= 0.01 else 1.0
    width = math.ceil(raw / power * 2) / 2 * power if spread >= 0.01 else 1.0
    return math.floor(least / width) * width, width


def _write_bin(page: Page, row: int, low: float, case: Case, width: float) -> None:
    at = row + 1
    count = float(((case.npvs >= low) & (case.npvs < low + width)).sum())
    page.formula(row, 0, "$B$5" if row == _HEAD + 1 else f"ROUND(B{at - 1}/$B$4,0)*$B$4", low, "money")
    page.formula(row, 1, f"(ROUND(A{at}/$B$4,0)+1)*$B$4", low + width, "money")
    inside = f"SUMPRODUCT((npvs>=A{at})*(npvs<B{at}))"
    page.formula(row, 2, f"IF(A{at}<0,{inside},0)", count if low < 0 else 0, "count")
    page.formula(row, 3, f"IF(A{at}<0,0,{inside})", 0 if low < 0 else count, "count")


def histogram(book: Book, case: Case) -> Any:
    """How many futures come out where; those that lose apart from those that pay back."""
    chart = book.chart({"type": "column", "subtype": "stacked"})
    rows = f"${_HEAD + 2}:${{0}}${_HEAD + 1 + _BINS}"
    for column, name, colour in (("C", "Lose", ORANGE), ("D", "Pay back", BLUE)):
        spans = [f"={DISTRIBUTION}!${at}{rows.format(at)}" for at in ("A", column)]
        series = {"name": name, "categories": spans[0], "values": spans[1]}
        chart.add_series({**series, "fill": {"color": colour}, "gap": 5})
    chart.set_title({"name": f"NPV over {case.futures:,} futures", "name_font": {"size": 12}})
    chart.set_x_axis({"name": f"From, {case.study.currency}", "label_position": "low", "num_format": "#,##0"})
    chart.set_y_axis({"name": "Futures", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 520, "height": 300})
    return chart
