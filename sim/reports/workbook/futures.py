"""The pages Simulated and Futures, a row a future: from what it gave to its net present value, by formula."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import ACQUISITION, MARGIN, RATE, VISIT_COST, Assumption, chances
from sim.finance.case import Case
from sim.finance.cash import before_tax
from sim.reports.workbook.assumptions import financial, moved, name_of
from sim.reports.workbook.book import Page, letter

YEARS = 10
"""As many as the horizon may have."""
Floats = NDArray[np.float64]
FIRST = 5
"""The row of the first future, on every page that has one a future; counted from 0."""
Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Column:
    """One number of every future, (futures,), and the formula that gives it; "" where it was simulated.

    In the formula `{row}` stands for the future's row.
    """

    key: Key
    heading: str
    look: str
    values: Floats
    formula: str = ""


@dataclass(frozen=True)
class Table:
    """Columns of a page, the first of them to the right of the future's number."""

    page: str
    columns: list[Column] = field(default_factory=list)

    def here(self, key: Key) -> str:
        """How a formula in a future's row of the same page speaks of that column."""
        return f"${self._letter(key)}{{row}}"

    def there(self, key: Key) -> str:
        """How a formula in a future's row of another page does."""
        return f"{self.page}!{self.here(key)}"

    def block(self, key: Key) -> str:
        """How other pages speak of that column in all futures."""
        column, futures = self._letter(key), len(self.columns[0].values)
        return f"{self.page}!${column}${FIRST + 1}:${column}${FIRST + futures}"

    @property
    def whole(self) -> str:
        """How other pages speak of all of it."""
        last, futures = letter(len(self.columns)), len(self.columns[0].values)
        return f"{self.page}!$B${FIRST + 1}:${last}${FIRST + futures}"

    def _letter(self, key: Key) -> str:
        return letter(1 + [one.key for one in self.columns].index(key))


def write_table(page: Page, table: Table, title: str, notes: Sequence[str]) -> None:
    """The whole table, with its headings."""
    page.laid_out(title, notes, [9, *[14] * len(table.columns)], freeze=(FIRST, 1))
    page.headings(FIRST - 1, ["Future", *[one.heading for one in table.columns]], "right")
    for i in range(len(table.columns[0].values)):
        page.number(FIRST + i, 0, i + 1, "count")
    for position, one in enumerate(table.columns, 1):
        for row, value in enumerate(one.values.tolist(), FIRST):
            if one.formula:
                page.formula(row, position, one.formula.format(row=row + 1), value, one.look)
            else:
                page.number(row, position, value, one.look, "simulated")


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


@dataclass(frozen=True)
class Spent:
    """Cash before tax, every year there can be: benefit and running costs (futures, 10), the outlay (futures,)."""

    benefit: Floats
    running: Floats
    outlay: Floats


def spent(case: Case) -> Spent:
    """The tool's own cash before tax."""
    cash = before_tax(case.twins.now, case.twins.then, case.prices, case.terms)
    beyond = ((0, 0), (0, YEARS - cash.benefit.shape[1]))
    return Spent(np.pad(cash.benefit, beyond), np.pad(cash.running, beyond), cash.outlay)


def _gained(case: Case) -> Floats:
    """What fixes bring in each simulated year, in today's prices and before any adjustment, (futures, years)."""
    now, then, prices = case.twins.now, case.twins.then, case.prices
    mended = then.contribution(prices.then.margin[:, None], prices.then.visit_cost[:, None])
    gained: Floats = mended - now.contribution(prices.now.margin[:, None], prices.now.visit_cost[:, None])
    return gained


def _taken(case: Case) -> Floats:
    """What running them takes, alike."""
    prices = case.prices
    used: Floats = (prices.per_use.T[:, :, None] * case.twins.then.uses).sum(axis=1)
    always = prices.per_year.sum(axis=0) + prices.then.acquisition - prices.now.acquisition
    taken: Floats = used + always[:, None]
    return taken


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
    gained = _gained(case)
    for year in range(1, years(case) + 1):
        worlds = [_contribution(simulated, table, world, year) for world in ("then", "now")]
        heading = f"Contribution gained, simulated year {year}"
        yield Column(("gain", year), heading, "money", gained[:, year - 1], "-".join(worlds))


def _contribution(simulated: Table, table: Table, world: str, year: int) -> str:
    margin, visit_cost = (_price(table, world, path) for path in (MARGIN, VISIT_COST))
    earned, visits, returned = (simulated.there((flow, world, year)) for flow in ("earned", "visits", "returned"))
    return f"({margin}*{earned}-{visit_cost}*{visits}-{returned})"


def _running(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    taken = _taken(case)
    for year in range(1, years(case) + 1):
        terms = [table.here(("value", f"fixes.{name}.costs.per_year")) for name in case.fixes]
        terms += [
            f"{table.here(('value', f'fixes.{name}.costs.per_use'))}*{simulated.there(('uses', name, year))}"
            for name in case.fixes
        ]
        terms.append(f"({_price(table, 'then', ACQUISITION)}-{_price(table, 'now', ACQUISITION)})")
        heading = f"Running costs, simulated year {year}"
        yield Column(("base", year), heading, "money", taken[:, year - 1], "+".join(terms))


def _benefits(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    yield from _by_year(case, table, "benefit", "Contribution gained", "gain", "({x}-benefit_cut*ABS({x}))")


def _costs(case: Case, simulated: Table, table: Table) -> Iterator[Column]:
    yield from _by_year(case, table, "running", "Running costs", "base", "({x}+cost_uplift*ABS({x}))")
    once = "+".join(table.here(("value", f"fixes.{name}.costs.once")) for name in case.fixes)
    yield Column(("outlay",), "Outlay", "money", spent(case).outlay, f"({once})*(1+cost_uplift)")


def _by_year(case: Case, table: Table, kind: str, words: str, of: str, adjusted: str) -> Iterator[Column]:
    """Years 1 to 10, 0 beyond the horizon; the last simulated year repeats."""
    values: Floats = getattr(spent(case), kind)
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
