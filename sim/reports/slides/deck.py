"""Decks and their slides: titles, text that fits its box, tables, native charts, notes; 16:9."""

import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from sim.reports.origin import printable

_CLASSES = {
    222: "ijl'|",
    278: " !,./:;fIt[]\\",
    333: "()-r`",
    500: "ckJsvxyz",
    556: '"#$?0123456789abdeghnopquL_£–',
    611: "FTZ+<=>~−×",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    889: "%",
    944: "W",
    1015: "@—…",
}
_WIDTHS = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_OTHER, _WIDE_LETTER = 640, 1_000
_BOLD = 1.07
_CARE = 1.05  # what stands in for Arial may be a little wider
LINE_HEIGHT = 1.2
"""Height of a line, in sizes of its letters."""
_POINTS = 72


def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is, in inches, at a size in points."""
    units = sum(_width(letter) for letter in text)
    return units / 1_000 * size / _POINTS * _CARE * (_BOLD if bold else 1)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return _WIDTHS.get(letter, _WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else _OTHER)


def lines_of(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The lines that text breaks into in that width, in inches; a word that is too long breaks where it must."""
    lines, line = [], ""
    for word in _words(text, width, size, bold):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size, bold) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def _words(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    for word in text.split():
        rest = word
        while len(rest) > 1 and width_of(rest, size, bold) > width:
            at = next(at for at in range(len(rest) - 1, 0, -1) if at == 1 or width_of(rest[:at], size, bold) <= width)
            yield rest[:at]
            rest = rest[at:]
        yield rest


def height_of(texts: list[str], width: float, size: float, bold: bool = False) -> float:
    """How high these paragraphs are, in inches."""
    return sum(len(lines_of(text, width, size, bold)) or 1 for text in texts) * size * LINE_HEIGHT / _POINTS


def fitted(
    texts: list[str], width: float, height: float, sizes: tuple[float, float], bold: bool = False
) -> tuple[list[str], float]:
    """The paragraphs, and the size in points between `sizes` (largest, smallest) at which they fit the inches given.

    Where they do not even at the smallest, the longest of them are cut.
    """
    size, smallest = sizes
    while size > smallest and height_of(texts, width, size, bold) > height:
        size -= 1
    if height_of(texts, width, size, bold) <= height:
        return texts, size
    most = max(int(height * _POINTS / (size * LINE_HEIGHT)), 1)
    for lines in range(most, 0, -1):
        found = [cut(text, width, size, lines, bold) for text in texts]
        if height_of(found, width, size, bold) <= height:
            return found, size
    return [cut(text, width, size, 1, bold) for text in texts[:most]], size


def cut(text: str, width: float, size: float, most_lines: int, bold: bool = False) -> str:
    """The text in no more than so many lines, ending in an ellipsis where it was longer."""
    if len(lines_of(text, width, size, bold)) <= most_lines:
        return " ".join(text.split())
    kept = " ".join(lines_of(text, width, size, bold)[:most_lines])
    while kept and len(lines_of(f"{kept} …", width, size, bold)) > most_lines:
        kept = kept[:-1].rstrip()
    return f"{kept} …"


INK, QUIET, LINE, TEAL, ORANGE, GREY = "31333F", "6B7080", "E3E6EC", "0B7A75", "D55E00", "7A7F8C"
_FONT, _COMES_WITH = "Arial", b"Calibri"
_WIDE, HIGH, _MARGIN = 13.333, 7.5, 0.6
_TITLE_ONLY = 5
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Box:
    """Where something is on a slide, in inches from the top left."""

    left: float
    top: float
    width: float
    height: float

    @property
    def place(self) -> tuple[Any, Any, Any, Any]:
        """The same as PowerPoint counts."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


TITLE = Box(_MARGIN, 0.4, _WIDE - 2 * _MARGIN, 1.0)
BODY = Box(_MARGIN, 1.6, _WIDE - 2 * _MARGIN, 5.2)
_FOOT = Box(_MARGIN, 7.0, _WIDE - 2 * _MARGIN - 0.8, 0.3)
_PAGE = Box(_WIDE - _MARGIN - 0.7, 7.0, 0.7, 0.3)


@dataclass(frozen=True)
class Look:
    """How text looks: its largest and smallest size in points, and more."""

    largest: float = 16
    smallest: float = 10
    colour: str = INK
    bold: bool = False
    right: bool = False
    middle: bool = False


_HEADLINE = Look(28, 18, bold=True)


class Deck:
    """A presentation under way. Everything that is written into it becomes text that XML can hold."""

    def __init__(self, title: str, foot: str, made: datetime) -> None:
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = Inches(_WIDE), Inches(HIGH)
        _widen(self._file)
        self._foot = foot
        about = self._file.core_properties
        about.title, about.author, about.last_modified_by = printable(title)[:255], "Ripple", "Ripple"
        about.created = about.modified = made

    def slide(self, title: str, notes: Sequence[str], look: Look = _HEADLINE, box: Box = TITLE) -> "Slide":
        """One more slide, with its title, its notes and what stands at its foot."""
        slide = Slide(self._file.slides.add_slide(self._file.slide_layouts[_TITLE_ONLY]))
        slide.title(box, title, look)
        slide.text(_FOOT, [self._foot], Look(9, 7, QUIET))
        slide.text(_PAGE, [str(len(self._file.slides))], Look(9, 9, QUIET, right=True))
        slide.notes(notes)
        return slide

    def packed(self) -> bytes:
        """The file: the same bytes for the same deck, whenever it is made."""
        written, packed = BytesIO(), BytesIO()
        self._file.save(written)
        with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
        return packed.getvalue()


def _widen(file: Any) -> None:
    """Make the template that comes with python-pptx, which is 4:3, fit: for slides that people add."""
    wider = file.slide_width / Inches(10)
    for page in (file.slide_master, *file.slide_layouts):
        for shape in page.placeholders:
            left, top, width, height = shape.left, shape.top, shape.width, shape.height
            shape.left, shape.top = round(left * wider), top
            shape.width, shape.height = round(width * wider), height
    for relation in file.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            relation.target_part.blob = relation.target_part.blob.replace(_COMES_WITH, _FONT.encode())


class Slide:
    """One slide of a deck."""

    def __init__(self, slide: Any) -> None:
        self._slide = slide

    def title(self, box: Box, text: str, look: Look) -> None:
        """The title, in the place where outlines and screen readers look for it."""
        shape = self._slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = box.place
        _write(shape.text_frame, box, [text], look)

    def text(self, box: Box, texts: Sequence[str], look: Look = Look()) -> None:
        """Paragraphs, as large as they fit."""
        _write(self._slide.shapes.add_textbox(*box.place).text_frame, box, texts, look)

    def rule(self, box: Box, colour: str = TEAL) -> None:
        """A filled rectangle."""
        shape = self._slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.place)
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(colour)
        shape.line.fill.background()
        shape.shadow.inherit = False

    def chart(self, box: Box, kind: Any, data: Any, said: str) -> Any:
        """A native chart, with what it shows in words for those who cannot see it."""
        frame = self._slide.shapes.add_chart(kind, *box.place, data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(said))
        return frame.chart

    def table(
        self, box: Box, columns: Sequence["Column"], rows: Sequence[Sequence[str]], said: str, marked: str = ""
    ) -> None:
        """A table filling its box, with what it shows in words; a cell that says `marked` stands out."""
        frame = self._slide.shapes.add_table(len(rows) + 1, len(columns), *box.place)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(said))
        drawn, height = frame.table, box.height / (len(rows) + 1)
        for row in drawn.rows:
            row.height = Inches(height)
        for at, column in enumerate(columns):
            drawn.columns[at].width = Inches(column.width)
            _fill(drawn.cell(0, at), column.heading, column, height, _HEADING, bold=True)
            for down, cells in enumerate(rows, 1):
                colour = _GUESS if marked and cells[at] == marked else _PLAIN
                _fill(drawn.cell(down, at), cells[at], column, height, colour, bold=colour == _GUESS)

    def notes(self, lines: Sequence[str]) -> None:
        """What the speaker reads, a line a paragraph."""
        self._slide.notes_slide.notes_text_frame.text = "\n".join(printable(line) for line in lines)


def _write(frame: Any, box: Box, texts: Sequence[str], look: Look) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if look.middle else MSO_ANCHOR.TOP
    sizes, whole = (look.largest, look.smallest), [printable(text) for text in texts]
    said, size = fitted(whole, box.width, box.height, sizes, look.bold)
    for place, text in enumerate(said):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if look.right else PP_ALIGN.LEFT
        style(paragraph.add_run(), text, size, look.colour, look.bold)


def style(run: Any, text: str, size: float, colour: str, bold: bool = False) -> None:
    """Text with its size, colour and weight."""
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(colour)


_HEADING, _PLAIN, _GUESS = "E7EDF3", "FFFFFF", "F4B183"
_LARGEST, _SMALLEST = 12, 8
_SIDE, _ABOVE = 0.12, 0.03  # inches round a cell's text


@dataclass(frozen=True)
class Column:
    """A column's heading and width in inches."""

    heading: str
    width: float
    right: bool = False


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
