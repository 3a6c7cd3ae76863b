"""Lines of a table by year: a label and a formula in each of the years 0 to 10."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.reports.workbook.book import Page, Value, letter
from sim.reports.workbook.mean_cash import YEARS

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
