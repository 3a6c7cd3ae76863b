"""Writing the workbook, the tornado and the tables beside it: all of it or nothing."""

from pathlib import Path
from typing import Any

from sim.finance.case import Case
from sim.finance.sensitivity import Side
from sim.folders import beside, why_no_file, why_not_written
from sim.reports.csv_tables import write_tables
from sim.reports.workbook.book import BLUE, ORANGE, Book, Page, write_table
from sim.reports.workbook.cash_page import CASH_FLOWS, write_cash
from sim.reports.workbook.futures import (
    DISTRIBUTION,
    FUTURES,
    FUTURES_NOTES,
    NAMES,
    SIMULATED,
    SIMULATED_NOTES,
    futures,
    simulated,
    write_distribution,
)
from sim.reports.workbook.inputs import ASSUMPTIONS, Stamp, write_assumptions
from sim.reports.workbook.rates import WORKINGS, write_workings
from sim.reports.workbook.summary import CHECKS, SUMMARY, write_checks, write_summary
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.wording import label_of

TORNADO = "Tornado"
_HEAD = 4
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


def write_tornado(page: Page, case: Case) -> None:
    """The widest swing first; values, but for the bars, which formulas lay out."""
    page.laid_out(list(_HEADINGS.values()), freeze=(_HEAD + 1, 1))
    page.text(0, 0, "One assumption at a time", "title")
    page.text(
        1,
        0,
        "Simulated: each goes from low to high, the others stay at their likeliest. It follows no change of an input.",
        "note",
    )
    page.text(2, 0, _of_knowing(case), "note")
    page.headings(_HEAD, list(_HEADINGS), "right")
    page.text(_HEAD, 8, "Path", "heading", "indent")
    for row, side in enumerate(case.tornado, _HEAD + 1):
        _write_side(page, case, row, side)
    if case.tornado:
        row = _HEAD + len(case.tornado) + 2
        page.sheet.insert_chart(row, 0, _bars(page.book, min(len(case.tornado), _SHOWN)))
    else:
        page.text(_HEAD + 1, 0, "Nothing has been moved yet, or nothing has a range.")


def _of_knowing(case: Case) -> str:
    if case.evpi is None:
        return "What it is worth to know a quantity is not known: luck cannot be told from ignorance yet."
    return "What it is worth to know a quantity before deciding (EVPPI) is at most so much."


def _write_side(page: Page, case: Case, row: int, side: Side) -> None:
    page.text(row, 0, label_of(case.study.scenario, side.path))
    for column, value in enumerate((side.low, side.high), 1):
        page.number(row, column, value, "plain", "simulated")
    for column, value in enumerate((side.low_npv, side.high_npv, side.swing), 3):
        page.number(row, column, value, "money", "simulated")
    if side.break_even is None:
        page.text(row, 6, "nowhere in it", "simulated", "right")
    else:
        page.number(row, 6, float(f"{side.break_even:.4g}"), "plain", "simulated")
    page.number(row, 7, case.evppi.get(side.path), "money", "simulated")
    page.text(row, 8, side.path, "note", "indent")
    _write_bar(page, row, min(side.low_npv, side.high_npv), max(side.low_npv, side.high_npv))


def _write_bar(page: Page, row: int, low: float, high: float) -> None:
    """A bar from low to high out of three stacked parts, the first of them not drawn."""
    a, b = f"MIN(D{row + 1}:E{row + 1})", f"MAX(D{row + 1}:E{row + 1})"
    page.formula(row, 9, f"MAX({a},0)+MIN({b},0)", max(low, 0) + min(high, 0), "money")
    page.formula(row, 10, f"MIN({a},0)-MIN({b},0)", min(low, 0) - min(high, 0), "money")
    page.formula(row, 11, f"MAX({b},0)-MAX({a},0)", max(high, 0) - max(low, 0), "money")


def _bars(book: Book, count: int) -> Any:
    chart = book.chart({"type": "bar", "subtype": "stacked"})
    rows = f"${_HEAD + 2}:${{0}}${_HEAD + 1 + count}"
    for column, name, colour in (("J", "start", None), ("K", "Below 0", ORANGE), ("L", "Above 0", BLUE)):
        spans = [f"={TORNADO}!${at}{rows.format(at)}" for at in ("A", column)]
        fill = {"color": colour} if colour else {"none": True}
        chart.add_series({"name": name, "categories": spans[0], "values": spans[1], "fill": fill, "gap": 40})
    chart.set_title(
        {"name": "NPV as each assumption goes from low to high (orange: below 0)", "name_font": {"size": 12}}
    )
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "num_format": "#,##0"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 140 + 28 * count})
    return chart


PAGES = (
    SUMMARY,
    ASSUMPTIONS,
    CASH_FLOWS,
    DISTRIBUTION,
    TORNADO,
    FUTURES,
    SIMULATED,
    WORKINGS,
    CHECKS,
)


def tables_beside(path: Path) -> Path:
    """The folder of a workbook's tables as CSV: `case-csv` beside `case.xlsx`."""
    return path.with_name(f"{path.stem}-csv")


def write_workbook(case: Case, path: Path, stamp: Stamp) -> None:
    """The case as an Excel workbook with live formulas, and every table as CSV in the folder `tables_beside(path)`.

    Both are made elsewhere first and moved into place when they are whole.

    Raises:
        ScenarioError: a path that does not end in .xlsx, lies in no folder, or cannot be written.
    """
    check_path(path)
    try:
        with beside(path) as folder:
            whole = folder / "whole.xlsx"
            _write(case, whole, stamp)
            write_tables(case, tables_beside(path))
            whole.replace(path)
    except OSError as error:
        _refuse(why_not_written(path, error))


def check_path(path: Path) -> None:
    """Raise ScenarioError, naming the field, for a path where no workbook could be written."""
    if why := why_no_file(path, ".xlsx"):
        _refuse(why)


def _refuse(message: str) -> None:
    raise ScenarioError((Fault("case", None, "workbook", message),))


def _write(case: Case, path: Path, stamp: Stamp) -> None:
    book = Book(path, case.study.currency, PAGES)
    pages = book.pages
    values = simulated(case)
    live = futures(case, values)
    write_summary(pages[SUMMARY], case, stamp)
    write_assumptions(pages[ASSUMPTIONS], case)
    write_cash(pages[CASH_FLOWS], case, live)
    write_distribution(pages[DISTRIBUTION], case)
    write_tornado(pages[TORNADO], case)
    write_table(pages[FUTURES], live, "Every future", FUTURES_NOTES)
    write_table(pages[SIMULATED], values, "What was simulated", SIMULATED_NOTES)
    write_workings(pages[WORKINGS], case)
    write_checks(pages[CHECKS], case, values, live)
    for name, key in NAMES.items():
        book.name(name, live.block(key))
    book.name("simulated", values.whole)
    book.close()
