"""The business case as an Excel workbook whose formulas recompute it, and every table of it as CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.finance.case import Case
from sim.folders import beside
from sim.reports.origin import OnDisk, Origin, plain
from sim.reports.workbook.assumptions import ASSUMPTIONS, write_assumptions
from sim.reports.workbook.book import Book
from sim.reports.workbook.cash_flows import CASH_FLOWS, mean_cash, write_cash
from sim.reports.workbook.distribution import DISTRIBUTION, TORNADO, write_distribution, write_tornado
from sim.reports.workbook.futures import (
    FUTURES,
    FUTURES_NOTES,
    NAMES,
    SIMULATED,
    SIMULATED_NOTES,
    futures,
    simulated,
    write_table,
)
from sim.reports.workbook.summary import CHECKS, SUMMARY, figures, write_checks, write_summary
from sim.reports.workbook.workings import WORKINGS, write_workings
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import quantity_at
from sim.scenario.wording import label_of

PAGES = (SUMMARY, ASSUMPTIONS, CASH_FLOWS, DISTRIBUTION, TORNADO, FUTURES, SIMULATED, WORKINGS, CHECKS)
WORKBOOK_ON_DISK = OnDisk("case", "workbook", (".xlsx",))


def tables_beside(path: Path) -> Path:
    """The folder of a workbook's tables as CSV: `case-csv` beside `case.xlsx`."""
    return path.with_name(f"{path.stem}-csv")


def write_workbook(case: Case, path: Path, origin: Origin) -> None:
    """The case as an Excel workbook with live formulas, and every table as CSV in the folder `tables_beside(path)`.

    Both are made elsewhere first and moved into place when they are whole. `origin` is shown on the Summary.

    Raises:
        ScenarioError: a path that does not end in .xlsx, lies in no folder, or cannot be written.
    """
    with WORKBOOK_ON_DISK.whole(path) as whole:
        _write(case, whole, origin)
        write_tables(case, tables_beside(path))


def _write(case: Case, path: Path, origin: Origin) -> None:
    book = Book(path, case.study.currency, PAGES)
    pages = book.pages
    values = simulated(case)
    live = futures(case, values)
    write_summary(pages[SUMMARY], case, origin)
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


# ---- its tables as CSV ---------------------------------------------------------------------------

_ASSUMED = ("path", "label", "value", "low", "mode", "high", "unit", "grade", "source", "financial", "drawn")
_TORNADO = ("path", "label", "low", "high", "npv_at_low", "npv_at_high", "break_even")
Rows = Iterable[Sequence[Any]]


def write_tables(case: Case, folder: Path) -> list[Path]:
    """A CSV (UTF-8) a table in `folder`, which is made, or whose tables of before are replaced: all or none.

    Raises:
        ScenarioError: the folder holds anything else.
        OSError: it cannot be written.
    """
    found = _tables(case)
    _check(folder, {f"{name}.csv" for name in found})
    with beside(folder) as elsewhere:
        new, old = elsewhere / "new", elsewhere / "old"
        new.mkdir()
        for name, (columns, rows) in found.items():
            with (new / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([columns, *([plain(value) for value in row] for row in rows)])
        if folder.exists():
            folder.replace(old)
        new.replace(folder)
    return [folder / f"{name}.csv" for name in found]


def _check(folder: Path, names: set[str]) -> None:
    others = sorted({path.name for path in folder.iterdir()} - names) if folder.is_dir() else []
    if others or (folder.exists() and not folder.is_dir()):
        what = f'"{others[0]}" in it' if others else "a file"
        message = f'found {what}; allowed for "{folder}": a new folder, or one with these tables alone'
        raise ScenarioError((Fault("case", None, "workbook", message),))


def _tables(case: Case) -> dict[str, tuple[Sequence[str], Rows]]:
    """Columns and rows of every table, by its name."""
    scenario, flows = case.study.scenario, [one for one in simulated(case).columns if one.key[0] != "chance"]
    in_futures = {path: case.values[path] for path in case.drawn}
    in_futures |= {"_".join(map(str, one.key)): one.values for one in flows} | {"npv": case.npvs}
    sides = [(label_of(scenario, side.path), side) for side in case.tornado]
    return {
        "summary": (
            ("figure", "label", "value"),
            [(one.name.removeprefix("case_"), one.label, one.value) for one in figures(case)],
        ),
        "assumptions": (
            _ASSUMED,
            [
                (one.path, one.label, one.value, one.low, quantity_at(scenario, one.path).mode, one.high, one.unit)
                + (one.evidence, one.source, one.financial, one.drawn)
                for one in case.assumptions
            ],
        ),
        "cash_flows": _by_column("year", range(case.terms.horizon_years + 1), vars(mean_cash(case))),
        "futures": _by_column("future", range(1, case.futures + 1), in_futures),
        "tornado": (
            _TORNADO,
            [(one.path, said, one.low, one.high, one.low_npv, one.high_npv, one.break_even) for said, one in sides],
        ),
        "evppi": (
            ("path", "label", "worth"),
            [(path, label_of(scenario, path), worth) for path, worth in case.evppi.items()],
        ),
    }


def _by_column(first: str, numbers: range, columns: dict[str, Any]) -> tuple[Sequence[str], Rows]:
    """A row a number, with what each column has there; what comes after the last number is left out."""
    values = [np.asarray(column, float)[: len(numbers)].tolist() for column in columns.values()]
    return [first, *columns], list(zip(numbers, *values, strict=True))
