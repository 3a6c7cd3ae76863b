"""The pages Distribution and Tornado: how the worth spreads over futures, and what a single assumption does to it."""

import math
from typing import Any

import numpy as np

from sim.finance.case import Case
from sim.reports.workbook.book import BLUE, GRID, NO_LEGEND, ORANGE, Book, Page
from sim.scenario.wording import label_of

DISTRIBUTION = "Distribution"
_BINS = 20
_HEAD = 7


def write_distribution(page: Page, case: Case) -> None:
    """Bins with round edges, 0 among them, and the chart."""
    counted = "Each bin counts futures from its lower edge up to, and without, the upper."
    page.laid_out("Net present value over futures", [counted], [22, 18, 18, 20], freeze=(_HEAD + 1, 0))
    start, width = _start(case)
    raw = "(MAX(npvs)-MIN(npvs))/18"
    power = f"10^INT(LOG10({raw}))"
    steps = f"ROUNDUP({raw}/{power}*2,0)/2*{power}"
    page.text(3, 0, "Width of a bin")
    page.formula(3, 1, f"IF(MAX(npvs)-MIN(npvs)<0.01,1,{steps})", width, "exact")
    page.text(4, 0, "First lower edge")
    page.formula(4, 1, "INT(MIN(npvs)/B4)*B4", start, "exact")
    page.headings(_HEAD, ("From", "To", "Futures that lose", "Futures that pay back"), "right")
    for i in range(_BINS):
        _write_bin(page, _HEAD + 1 + i, start + i * width, case, width)
    page.name("counted", _HEAD + 1, 2, _HEAD + _BINS, 3)
    page.sheet.insert_chart(_HEAD, 5, histogram(page.book, case))


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
    return book.chart(
        {"type": "column", "subtype": "stacked"},
        f"NPV over {case.futures:,} futures",
        (520, 300),
        5,
        [(name, *_spans(DISTRIBUTION, _HEAD, column, _BINS), colour) for name, column, colour in _LOSE_OR_PAY],
        x={"name": f"From, {case.study.currency}", "label_position": "low", "num_format": "#,##0"},
        y={"name": "Futures", **GRID},
    )


_LOSE_OR_PAY = (("Lose", "C", ORANGE), ("Pay back", "D", BLUE))


def _spans(page: str, head: int, column: str, rows: int) -> tuple[str, str]:
    """Where a chart's categories are, and the values of a column, in so many rows below a head."""
    categories, values = (f"{page}!${at}${head + 2}:${at}${head + 1 + rows}" for at in ("A", column))
    return categories, values


TORNADO = "Tornado"
_TORNADO_HEAD = 4
_SHOWN = 12
_HEADINGS = {
    "Assumption": 44,
    "Low": 12,
    "High": 12,
    "NPV at low": 14,
    "NPV at high": 14,
    "Swing": 14,
    "Breaks even at": 16,
    "Worth of knowing it": 20,
    "Path": 46,
    "Bar: start": 12,
    "Bar: loss": 12,
    "Bar: gain": 12,
}
_PATH = 8
_MOVED = "Simulated: each goes from low to high, the others stay at their likeliest. It follows no change of an input."


def write_tornado(page: Page, case: Case) -> None:
    """The widest swing first; values, but for the bars, which formulas lay out."""
    known = (
        "What it is worth to know a quantity is not known: luck cannot be told from ignorance yet."
        if case.evpi is None
        else "What it is worth to know a quantity before deciding (EVPPI) is at most so much."
    )
    widths, head = list(_HEADINGS.values()), _TORNADO_HEAD
    page.laid_out("One assumption at a time", [_MOVED, known], widths, freeze=(head + 1, 1))
    page.headings(head, list(_HEADINGS), "right")
    page.text(head, _PATH, "Path", "heading", "indent")
    for row, side in enumerate(case.tornado, head + 1):
        page.text(row, 0, label_of(case.study.scenario, side.path))
        level = "nowhere in it" if side.break_even is None else float(f"{side.break_even:.4g}")
        held = {"plain": (side.low, side.high), "money": (side.low_npv, side.high_npv, side.swing)}
        cells = [(value, look) for look, values in held.items() for value in values]
        for column, (value, look) in enumerate([*cells, (level, "plain"), (case.evppi.get(side.path), "money")], 1):
            page.value(row, column, value, look, "simulated")
        page.text(row, _PATH, side.path, "note", "indent")
        _write_bar(page, row, min(side.low_npv, side.high_npv), max(side.low_npv, side.high_npv))
    if case.tornado:
        row = head + len(case.tornado) + 2
        page.sheet.insert_chart(row, 0, _tornado_chart(page.book, min(len(case.tornado), _SHOWN)))
    else:
        page.text(head + 1, 0, "Nothing has been moved yet, or nothing has a range.")


def _write_bar(page: Page, row: int, low: float, high: float) -> None:
    """A bar from low to high out of three stacked parts, the first of them not drawn."""
    a, b = f"MIN(D{row + 1}:E{row + 1})", f"MAX(D{row + 1}:E{row + 1})"
    page.formula(row, 9, f"MAX({a},0)+MIN({b},0)", max(low, 0) + min(high, 0), "money")
    page.formula(row, 10, f"MIN({a},0)-MIN({b},0)", min(low, 0) - min(high, 0), "money")
    page.formula(row, 11, f"MAX({b},0)-MAX({a},0)", max(high, 0) - max(low, 0), "money")


def _tornado_chart(book: Book, count: int) -> Any:
    parts = (("start", "J", None), ("Below 0", "K", ORANGE), ("Above 0", "L", BLUE))
    return book.chart(
        {"type": "bar", "subtype": "stacked"},
        "NPV as each assumption goes from low to high (orange: below 0)",
        (900, 140 + 28 * count),
        40,
        [(name, *_spans(TORNADO, _TORNADO_HEAD, column, count), colour) for name, column, colour in parts],
        x={**GRID, "num_format": "#,##0"},
        y={"reverse": True, "label_position": "low"},
        legend=NO_LEGEND,
    )
