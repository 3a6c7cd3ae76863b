"""Writing the workbook: all of it, and the tables beside it, or nothing."""

import tempfile
from pathlib import Path

from sim.finance.case import Case
from sim.reports.csv_tables import write_tables
from sim.reports.workbook.assumptions_page import ASSUMPTIONS, write_assumptions
from sim.reports.workbook.book import Book
from sim.reports.workbook.cash_page import CASH_FLOWS, write_cash
from sim.reports.workbook.checks import CHECKS, write_checks
from sim.reports.workbook.columns import write_table
from sim.reports.workbook.distribution import DISTRIBUTION, write_distribution
from sim.reports.workbook.futures import FUTURES, FUTURES_NOTES, NAMES, futures
from sim.reports.workbook.simulated import SIMULATED, SIMULATED_NOTES, simulated
from sim.reports.workbook.stamp import Stamp
from sim.reports.workbook.summary import SUMMARY, write_summary
from sim.reports.workbook.tornado import TORNADO, write_tornado
from sim.reports.workbook.workings import WORKINGS, write_workings
from sim.scenario.faults import Fault, ScenarioError

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
