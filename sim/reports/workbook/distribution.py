"""The page Distribution: how the net present value spreads over futures, counted by formula."""

import math
from typing import Any

import numpy as np

from sim.finance.case import Case
from sim.reports.workbook.book import Book, Page
from sim.reports.workbook.styles import BLUE, ORANGE

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
