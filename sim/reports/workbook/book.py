"""Books and their pages: cells of text, of numbers and of formulas, how cells look, and native charts."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell

from sim.scenario.quantity import minor_units
from sim.scenario.wording import sign_of

Style = dict[str, Any]
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#7F7F7F"
"""Of Okabe and Ito's palette, which colour-blind people tell apart; no chart relies on colour alone."""


_LOOKS: dict[str, Style] = {
    "text": {"quote_prefix": True},
    "title": {"bold": True, "font_size": 16},
    "section": {"bold": True, "font_size": 12, "font_color": BLUE},
    "heading": {"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "text_wrap": True, "valign": "top"},
    "note": {"italic": True, "font_color": "#595959"},
    "bold": {"bold": True},
    "wrap": {"text_wrap": True, "valign": "top"},
    "top": {"valign": "top"},
    "indent": {"indent": 1},
    "right": {"align": "right"},
    "centre": {"align": "center"},
    "total": {"bold": True, "top": 1},
    "input": {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BF9000", "locked": False},
    "simulated": {"font_color": "#595959", "bg_color": "#F2F2F2"},
    "guess": {"bold": True, "bg_color": "#F4B183", "align": "center", "valign": "top"},
    "beyond": {"num_format": ";;;"},
    "large": {"bold": True, "font_size": 13, "text_wrap": True, "valign": "top"},
}


def _numbers(currency: str) -> dict[str, Style]:
    """Forms of numbers: whole and exact money, shares, years and plain ones."""
    sign = sign_of(currency)
    digits = len(str(minor_units(currency))) - 1
    whole, exact = f'"{sign}"#,##0', f'"{sign}"#,##0{"." + "0" * digits if digits else ""}'
    return {
        "money": {"num_format": f"{whole};-{whole}"},
        "exact": {"num_format": f"{exact};-{exact}"},
        "percent": {"num_format": "0.0%"},
        "fine": {"num_format": "0.0##%"},
        "ratio": {"num_format": "0.00"},
        "years": {"num_format": "0.00"},
        "factor": {"num_format": "0.0000"},
        "count": {"num_format": "#,##0"},
        "science": {"num_format": "0.0E+00"},
        "plain": {"num_format": "General"},
    }


GRID: Style = {"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
NO_LEGEND: Style = {"none": True}
Bars = tuple[str, str, str, str | None]
"""Bars of a chart: their name, where their categories and values are, and their colour; without one none is drawn."""
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
        self._styles = {**_LOOKS, **_numbers(currency)}
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

    def chart(
        self, kind: Style, title: str, size: tuple[int, int], gap: int, bars: Sequence[Bars], **axes: Style
    ) -> Any:
        """A native chart of bars to put on a page: size in pixels, the gap between bars in percent of one's width.

        `axes` are options of the axes "x" and "y", and of the "legend", which is at the foot unless said otherwise.
        """
        chart = self._file.add_chart(kind)
        for name, categories, values, colour in bars:
            fill = {"color": colour} if colour else {"none": True}
            series = {"name": name, "categories": f"={categories}", "values": f"={values}"}
            chart.add_series({**series, "fill": fill, "gap": gap})
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_x_axis(axes["x"])
        chart.set_y_axis(axes["y"])
        chart.set_legend(axes.get("legend", {"position": "bottom"}))
        chart.set_size({"width": size[0], "height": size[1]})
        return chart

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

    def value(self, row: int, column: int, value: Value, *look: str) -> None:
        """What was simulated: a number, or a word in its place."""
        if isinstance(value, str):
            self.text(row, column, value, "simulated", "right")
        else:
            self.number(row, column, value, *look)

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

    def laid_out(
        self, title: str, notes: Sequence[str], widths: Sequence[float], freeze: tuple[int, int] = (0, 0)
    ) -> None:
        """Title and notes, widths of columns, what stays in sight, and a print one page wide if that can be read."""
        self.text(0, 0, title, "title")
        for row, note in enumerate(notes, 1):
            self.text(row, 0, note, "note")
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
