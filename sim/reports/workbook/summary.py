"""The page Summary: the case on one sheet."""

from sim.finance.case import Case
from sim.finance.case_report import WHEN_IT_COUNTS, advice, headline, notes
from sim.reports.workbook.book import Page
from sim.reports.workbook.cash_page import net_chart
from sim.reports.workbook.distribution import histogram
from sim.reports.workbook.figures import Figure, figures
from sim.reports.workbook.stamp import Stamp

SUMMARY = "Summary"
_HEADINGS = ("Figure", "Value", "Kind", "What it is")
_WIDTHS = (34, 18, 14, 84)
_CHANGED = "An input has been changed: the figures below follow it; this sentence and what is grey do not."
_AS_SIMULATED = "No input has been changed: every figure is as Ripple gave it."
_CHART_ROWS = 16


def write_summary(page: Page, case: Case, stamp: Stamp) -> None:
    """The sentence, whether the workbook can be trusted, the figures, two charts, and where it all comes from."""
    page.laid_out(_WIDTHS)
    page.sheet.fit_to_pages(1, 1)
    row = _write_head(page, case)
    row = _write_figures(page, case, row + 1)
    page.sheet.insert_chart(row + 1, 0, histogram(page.book, case))
    page.sheet.insert_chart(row + 1, 3, net_chart(page.book), {"x_offset": 70})
    row = _write_lines(page, row + _CHART_ROWS + 1, "To read it rightly", [advice(case), *notes(case)])
    _write_stamp(page, row + 1, stamp)


def _write_head(page: Page, case: Case) -> int:
    fixes = ", ".join(case.study.fix(name).label for name in case.fixes)
    page.text(0, 0, f"{case.study.scenario.title}: {fixes}", "title")
    page.sheet.merge_range(1, 0, 1, 3, "", page.book.look("text", "large"))
    page.text(1, 0, headline(case), "large")
    page.sheet.set_row(1, 40)
    page.formula(2, 0, f'IF(inputs_unchanged,"{_AS_SIMULATED}","{_CHANGED}")', _AS_SIMULATED, "note")
    passed, failed = "All checks pass.", "A CHECK FAILS: see the page Checks."
    page.formula(3, 0, f'IF(all_checks_pass,"{passed}","{failed}")', passed, "bold")
    rule = {"type": "formula", "criteria": "=NOT(all_checks_pass)", "format": page.book.look("guess")}
    page.sheet.conditional_format(3, 0, 3, 0, rule)
    return 4


def _write_figures(page: Page, case: Case, row: int) -> int:
    page.headings(row, _HEADINGS)
    page.text(row, 1, _HEADINGS[1], "heading", "right")
    found = figures(case)
    for at, figure in enumerate(found, row + 1):
        page.text(at, 0, figure.label)
        _write_value(page, at, figure)
        page.text(at, 2, "live" if figure.formula else "simulated", "note", "centre")
        if figure.said:
            page.formula(at, 3, figure.said, figure.note, "note")
        else:
            page.text(at, 3, figure.note, "note")
        page.name(figure.name, at, 1)
    return row + 1 + len(found)


def _write_value(page: Page, row: int, figure: Figure) -> None:
    if figure.formula:
        page.formula(row, 1, figure.formula, figure.value, figure.look, "bold", "right")
    elif figure.value is None:
        page.text(row, 1, "not known", "simulated", "right")
    else:
        page.number(row, 1, float(figure.value), figure.look, "simulated")


def _write_lines(page: Page, row: int, title: str, lines: list[str]) -> int:
    page.text(row, 0, title, "section")
    for at, line in enumerate(lines, row + 1):
        if line in WHEN_IT_COUNTS.values():
            page.formula(at, 0, f'IF(mid_year,"{WHEN_IT_COUNTS[True]}","{WHEN_IT_COUNTS[False]}")', line)
        else:
            page.text(at, 0, line)
    return row + 1 + len(lines)


def _write_stamp(page: Page, row: int, stamp: Stamp) -> None:
    page.text(row, 0, "Where it comes from", "section")
    for at, (label, said) in enumerate(stamp.rows(), row + 1):
        page.text(at, 0, label)
        page.text(at, 1, said)
