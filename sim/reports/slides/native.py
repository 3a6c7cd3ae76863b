"""Native charts, which can be edited: their numbers are in a sheet of their own, and none of it is a formula."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt
from xlsxwriter.utility import xl_col_to_name

from sim.experiments.estimate import Estimate
from sim.reports.origin import printable
from sim.reports.slides.deck import INK, LINE, QUIET, Box, Slide, cut

_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_EPOCH = datetime(1980, 1, 1)  # a date of its own would make each file another
_LETTERS_SIZE = 12
_AFTER_ERROR_BARS = ("c:cat", "c:val")
Numbers = Sequence[float | None]


@dataclass(frozen=True)
class Series:
    """Values by category, None where there is none; `halves` are half-widths of their 95% intervals.

    Without a colour a bar is not drawn: it holds up the next one stacked on it.
    """

    name: str
    values: Numbers
    colour: str | None
    halves: Numbers = ()

    @classmethod
    def of(cls, name: str, found: Sequence[Estimate], colour: str) -> "Series":
        """Means with their intervals."""
        return cls(name, [one.mean for one in found], colour, [one.half_width for one in found])


@dataclass(frozen=True)
class Sheet:
    """What a chart is drawn from; `form` is the format of its numbers."""

    categories: Sequence[str]
    series: Sequence[Series]
    form: str


def native(slide: Slide, box: Box, kind: Any, sheet: Sheet, said: str) -> Any:
    """A chart of that kind on the slide, in house style."""
    data = CategoryChartData(number_format=sheet.form)
    data.categories = [printable(one) for one in sheet.categories]
    for one in sheet.series:
        data.add_series(printable(one.name), one.values)
    chart = slide.chart(box, kind, data, said)
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(sheet))
    _style(chart, sheet)
    for place, (drawn, one) in enumerate(zip(chart.plots[0].series, sheet.series, strict=True)):
        _colour(drawn, one)
        if any(half is not None for half in one.halves):
            _error_bars(drawn, one, xl_col_to_name(len(sheet.series) + place + 1))
    return chart


def shortened(labels: Sequence[str], width: float) -> list[str]:
    """Labels that fit in two lines beside an axis, in inches."""
    return [cut(label, width, _LETTERS_SIZE, 2) for label in labels]


def _workbook(sheet: Sheet) -> bytes:
    """Categories, then a column a series as python-pptx lays them out, then one of half-widths a series."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, _AS_TEXT)
    book.set_properties({"created": _EPOCH})
    page = book.add_worksheet("Sheet1")
    form = book.add_format({"num_format": sheet.form})
    page.write_column(1, 0, [printable(one) for one in sheet.categories])
    halves = [(f"{one.name}: 95% interval, plus or minus", one.halves) for one in sheet.series if one.halves]
    for column, (name, values) in enumerate([*((one.name, one.values) for one in sheet.series), *halves], 1):
        page.write_string(0, column, printable(name))
        page.write_column(1, column, values, form)
    book.close()
    return made.getvalue()


def _style(chart: Any, sheet: Sheet) -> None:
    chart.font.size, chart.font.color.rgb = Pt(_LETTERS_SIZE), RGBColor.from_string(INK)
    chart.has_title = False
    chart.has_legend = len(sheet.series) > 1 and all(one.colour for one in sheet.series)
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    values, names = chart.value_axis, chart.category_axis
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = sheet.form, False
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string(LINE)
    values.format.line.fill.background()
    names.format.line.color.rgb = RGBColor.from_string(QUIET)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for axis in (values, names):
        axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE


def from_zero(chart: Any, sheet: Sheet) -> None:
    """Let the axis hold 0, begin there where nothing is below it, and end beyond every whisker."""
    ends = [_ends(value, half) for one in sheet.series for value, half in zip(one.values, one.halves, strict=True)]
    low, high = min([0.0, *(end[0] for end in ends)]), max([0.0, *(end[1] for end in ends)])
    if low < high:
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale = low and -_round_up(-low), high and _round_up(high)


def _ends(value: float | None, half: float | None) -> tuple[float, float]:
    return ((value or 0.0) - (half or 0.0), (value or 0.0) + (half or 0.0))


def _round_up(value: float) -> float:
    step = 10.0 ** math.floor(math.log10(value)) / 2
    return math.ceil(value / step) * step


def top_down(chart: Any) -> None:
    """Let a bar chart's first category be at the top, and its values stay at the foot."""
    chart.category_axis.reverse_order = True
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def _colour(drawn: Any, one: Series) -> None:
    if hasattr(drawn, "invert_if_negative"):
        drawn.invert_if_negative = False
    if one.colour is None:
        drawn.format.fill.background()
    else:
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = RGBColor.from_string(one.colour)


def _error_bars(drawn: Any, one: Series, column: str) -> None:
    """Whiskers of the half-widths in that column, where the schema wants them: before categories and values."""
    halves = _reference(f"Sheet1!${column}$2:${column}${len(one.halves) + 1}", one.halves)
    line = f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln></c:spPr>'
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{halves}</c:plus><c:minus>{halves}</c:minus>{line}</c:errBars>"
    )
    next(drawn._element.iter(*map(qn, _AFTER_ERROR_BARS))).addprevious(bars)


def _reference(where: str, values: Numbers) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{float(value)!r}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
    cache = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
    return f"<c:numRef><c:f>{where}</c:f><c:numCache>{cache}</c:numCache></c:numRef>"
