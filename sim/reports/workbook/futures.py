"""The page Futures: from what was simulated and the assumptions to each future's net present value, by formula."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import ACQUISITION, MARGIN, RATE, VISIT_COST, Assumption
from sim.finance.case import Case
from sim.reports.workbook.columns import Column, Key, Table
from sim.reports.workbook.inputs import financial, name_of
from sim.reports.workbook.mean_cash import YEARS, base, spent
from sim.reports.workbook.prices_moved import moved
from sim.reports.workbook.simulated import WORLDS, years

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
