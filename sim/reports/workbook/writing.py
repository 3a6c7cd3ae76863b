"""Writing the workbook: all of it, and the tables beside it, or nothing."""

import tempfile
from pathlib import Path

from sim.finance.case import Case
from sim.reports.csv_tables import write_tables
from sim.reports.workbook import (
    assumptions_page,
    cash_page,
    checks,
    distribution,
    futures,
    simulated,
    summary,
    tornado,
    workings,
)
from sim.reports.workbook.book import Book
from sim.reports.workbook.columns import write_table
from sim.reports.workbook.stamp import Stamp
from sim.scenario.faults import Fault, ScenarioError

PAGES = (
    summary.TITLE,
    assumptions_page.TITLE,
    cash_page.TITLE,
    distribution.TITLE,
    tornado.TITLE,
    futures.TITLE,
    simulated.TITLE,
    workings.TITLE,
    checks.TITLE,
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
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem[:40]}-") as folder:
            whole = Path(folder) / "whole.xlsx"
            _write(case, whole, stamp)
            write_tables(case, tables_beside(path))
            whole.replace(path)
    except OSError as error:
        _refuse(
            f"found {path}, which cannot be written ({error.strerror or error}); allowed: a file in a folder of yours"
        )


def check_path(path: Path) -> None:
    """Raise ScenarioError, naming the field, for a path where no workbook could be written."""
    if path.suffix.lower() != ".xlsx":
        _refuse(f'found "{path.name}"; allowed: a file whose name ends in .xlsx')
    if path.is_dir():
        _refuse(f'found "{path}", a folder; allowed: a file')
    if not path.parent.is_dir():
        _refuse(f'found "{path.parent}", which is no folder; allowed: a folder that exists')


def _refuse(message: str) -> None:
    raise ScenarioError((Fault("case", None, "workbook", message),))


def _write(case: Case, path: Path, stamp: Stamp) -> None:
    book = Book(path, case.study.currency, PAGES)
    pages = book.pages
    values = simulated.simulated(case)
    live = futures.futures(case, values)
    summary.write_summary(pages[summary.TITLE], case, stamp)
    assumptions_page.write_assumptions(pages[assumptions_page.TITLE], case)
    cash_page.write_cash(pages[cash_page.TITLE], case, live)
    distribution.write_distribution(pages[distribution.TITLE], case)
    tornado.write_tornado(pages[tornado.TITLE], case)
    write_table(pages[futures.TITLE], live, "Every future", futures.NOTES)
    write_table(pages[simulated.TITLE], values, "What was simulated", simulated.NOTES)
    workings.write_workings(pages[workings.TITLE], case)
    checks.write_checks(pages[checks.TITLE], case, values, live)
    for name, key in futures.NAMES.items():
        book.name(name, live.block(key))
    book.name("simulated", values.whole)
    book.close()
