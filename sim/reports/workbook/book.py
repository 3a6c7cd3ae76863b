"""Books and their pages: cells of text, of numbers and of formulas, and names for them.

Text is only ever text: nothing that somebody wrote becomes a formula or a link, not even when the cell is edited.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell

from sim.reports.workbook.styles import styles

Value = float | str | bool | None
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_A4 = 9
_PAGE = 320  # characters that can still be read on it
_LINE = 15  # points
_WIDE, _BOLD = 0.95, 1.1  # a character, in columns' own unit


class Book:
    """A workbook with these pages, in this order, written when it is closed."""

    def __init__(self, path: Path, currency: str, pages: Sequence[str]) -> None:
        self._file = xlsxwriter.Workbook(str(path), _AS_TEXT)
        self._styles = styles(currency)
        self._looks: dict[tuple[str, ...], Any] = {}
        self.pages = {name: Page(self, name, self._file.add_worksheet(name)) for name in pages}

    def look(self, *names: str) -> Any:
        """The format of these styles together."""
        if names not in self._looks:
            merged = {key: value for name in names for key, value in self._styles[name].items()}
            self._looks[names] = self._file.add_format(merged)
        return self._looks[names]

    def name(self, name: str, where: str) -> None:
        """Let formulas call those cells by that name."""
        self._file.define_name(name, f"={where}")

    def chart(self, options: dict[str, Any]) -> Any:
        """A native chart to put on a page."""
        return self._file.add_chart(options)

    def close(self) -> None:
        """Write the file. Raises OSError where it cannot be written."""
        try:
            self._file.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error


class Page:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, title: str, sheet: Any) -> None:
        self.book, self.title, self.sheet = book, title, sheet
        self._widths: list[float] = []

    def text(self, row: int, column: int, text: str, *look: str) -> None:
        """Text as it stands, whatever it begins with."""
        self.sheet.write_string(row, column, text, self.book.look("text", *look))

    def number(self, row: int, column: int, number: float | bool | None, *look: str) -> None:
        """A number, a truth, or an empty cell that looks the same."""
        if number is None:
            self.sheet.write_blank(row, column, None, self.book.look(*look))
        elif isinstance(number, bool):
            self.sheet.write_boolean(row, column, number, self.book.look(*look))
        else:
            self.sheet.write_number(row, column, float(number), self.book.look(*look))

    def formula(self, row: int, column: int, formula: str, value: Value, *look: str) -> None:
        """A formula, and what it gives as long as nothing is changed: for viewers that do not recompute."""
        plain = value if isinstance(value, str | bool) else "" if value is None else float(value)
        self.sheet.write_formula(row, column, f"={formula}", self.book.look(*look), plain)

    def headings(self, row: int, headings: Sequence[str], *look: str) -> None:
        """A table's headings; the first column's stands to the left in any case."""
        for column, heading in enumerate(headings):
            self.text(row, column, heading, "heading", *(look if column else ()))
        self.tall_enough(row, dict(enumerate(headings)), _BOLD)

    def tall_enough(self, row: int, texts: Mapping[int, str], wide: float = _WIDE) -> None:
        """Make the row as high as these texts need, by column, where they wrap."""
        lines = max(math.ceil(len(text) * wide / self._widths[column]) for column, text in texts.items())
        if lines > 1:
            self.sheet.set_row(row, _LINE * lines)

    def at(self, row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> str:
        """How formulas of any page speak of a cell, or of a block of them."""
        last_row, last_column = row if last_row is None else last_row, column if last_column is None else last_column
        return f"'{self.title}'!{xl_range_abs(row, column, last_row, last_column)}"

    def name(
        self, name: str, row: int, column: int, last_row: int | None = None, last_column: int | None = None
    ) -> None:
        """Name a cell or a block of them."""
        self.book.name(name, self.at(row, column, last_row, last_column))

    def laid_out(self, widths: Sequence[float], freeze: tuple[int, int] = (0, 0)) -> None:
        """Widths of columns, what stays in sight, and a print one page wide, or as few as can be read."""
        self._widths = list(widths)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(*freeze)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(math.ceil(sum(widths) / _PAGE), 0)
        self.sheet.repeat_columns(0)
        if freeze[0]:
            self.sheet.repeat_rows(0, freeze[0] - 1)
        self.sheet.set_footer("&L&A&RPage &P of &N")


def letter(column: int) -> str:
    """A column's letters."""
    return str(xl_col_to_name(column))


def cell(row: int, column: int) -> str:
    """A cell of the same page."""
    return str(xl_rowcol_to_cell(row, column))
