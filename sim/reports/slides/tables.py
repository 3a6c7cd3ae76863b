"""Native tables: cells that fit, a row of headings, guesses in plain sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches

from sim.reports.printable import printable
from sim.reports.slides.deck import INK, Box, Slide, style
from sim.reports.slides.fitting import fitted

_HEADING, _PLAIN, _GUESS = "E7EDF3", "FFFFFF", "F4B183"
_LARGEST, _SMALLEST = 12, 8
_SIDE, _ABOVE = 0.12, 0.03  # inches round a cell's text


@dataclass(frozen=True)
class Column:
    """A column's heading and width in inches."""

    heading: str
    width: float
    right: bool = False


def table(
    slide: Slide, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[str]], said: str, marked: str = ""
) -> None:
    """The table filling its box. A cell that says `marked` stands out."""
    drawn = slide.table(box, len(rows) + 1, [column.width for column in columns], said)
    height = box.height / (len(rows) + 1)
    for row in drawn.rows:
        row.height = Inches(height)
    for at, column in enumerate(columns):
        _fill(drawn.cell(0, at), column.heading, column, height, _HEADING, bold=True)
        for down, row in enumerate(rows, 1):
            colour = _GUESS if marked and row[at] == marked else _PLAIN
            _fill(drawn.cell(down, at), row[at], column, height, colour, bold=colour == _GUESS)


def _fill(cell: Any, text: str, column: Column, height: float, colour: str, bold: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(_SIDE)
    cell.margin_top = cell.margin_bottom = Inches(_ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(colour)
    width, sizes = column.width - 2 * _SIDE, (_LARGEST, _SMALLEST)
    (said,), size = fitted([printable(text)], width, height - 2 * _ABOVE, sizes, bold)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if column.right else PP_ALIGN.LEFT
    style(paragraph.add_run(), said, size, INK, bold)
