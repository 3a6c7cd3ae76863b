"""Tables with a row a future: which column holds what, and how formulas speak of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.reports.workbook.book import Page, letter

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
    values: NDArray[np.float64]
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
    page.laid_out([9, *[14] * len(table.columns)], freeze=(FIRST, 1))
    page.text(0, 0, title, "title")
    for row, note in enumerate(notes, 1):
        page.text(row, 0, note, "note")
    page.headings(FIRST - 1, ["Future", *[one.heading for one in table.columns]], "right")
    for i in range(len(table.columns[0].values)):
        page.number(FIRST + i, 0, i + 1, "count")
    for position, one in enumerate(table.columns, 1):
        _write_column(page, position, one)


def _write_column(page: Page, position: int, one: Column) -> None:
    for row, value in enumerate(one.values.tolist(), FIRST):
        if one.formula:
            page.formula(row, position, one.formula.format(row=row + 1), value, one.look)
        else:
            page.number(row, position, value, one.look, "simulated")
