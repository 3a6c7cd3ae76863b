"""A business case as CSV: every table of its workbook, as numbers, and text that no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.finance.case import Case
from sim.folders import beside
from sim.reports.workbook.cash_page import mean_cash
from sim.reports.workbook.futures import simulated
from sim.reports.workbook.summary import figures
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.paths import quantity_at
from sim.scenario.wording import label_of

Row = dict[str, Any]
_HEADINGS = {
    "tornado": ("path", "label", "low", "high", "npv_at_low", "npv_at_high", "break_even"),
    "evppi": ("path", "label", "worth"),
}
"""Of the tables that may have no row."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


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
        for name, rows in found.items():
            _write(new / f"{name}.csv", rows)
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


def _tables(case: Case) -> dict[str, list[Row]]:
    makers = {
        "summary": _summary,
        "assumptions": _assumptions,
        "cash_flows": _cash_flows,
        "futures": _futures,
        "tornado": _tornado,
        "evppi": _evppi,
    }
    return {name: list(rows(case)) for name, rows in makers.items()}


def _summary(case: Case) -> Iterator[Row]:
    for figure in figures(case):
        yield {"figure": figure.name.removeprefix("case_"), "label": figure.label, "value": figure.value}


def _assumptions(case: Case) -> Iterator[Row]:
    for one in case.assumptions:
        mode = quantity_at(case.study.scenario, one.path).mode
        yield {
            "path": one.path,
            "label": one.label,
            "value": one.value,
            "low": one.low,
            "mode": mode,
            "high": one.high,
            "unit": one.unit,
            "grade": one.evidence,
            "source": one.source,
            "financial": one.financial,
            "drawn": one.drawn,
        }


def _cash_flows(case: Case) -> Iterator[Row]:
    columns = {name: values.tolist() for name, values in vars(mean_cash(case)).items()}
    for year in range(case.terms.horizon_years + 1):
        yield {"year": year, **{name: values[year] for name, values in columns.items()}}


def _futures(case: Case) -> Iterator[Row]:
    flows = {"_".join(map(str, one.key)): one.values for one in simulated(case).columns if one.key[0] != "chance"}
    columns = {**{path: case.values[path] for path in case.drawn}, **flows, "npv": case.npvs}
    for i in range(case.futures):
        yield {"future": i + 1, **{name: float(values[i]) for name, values in columns.items()}}


def _tornado(case: Case) -> Iterator[Row]:
    for side in case.tornado:
        label = label_of(case.study.scenario, side.path)
        cells = (side.path, label, side.low, side.high, side.low_npv, side.high_npv, side.break_even)
        yield dict(zip(_HEADINGS["tornado"], cells, strict=True))


def _evppi(case: Case) -> Iterator[Row]:
    for path, worth in case.evppi.items():
        yield dict(zip(_HEADINGS["evppi"], (path, label_of(case.study.scenario, path), worth), strict=True))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0] if rows else _HEADINGS[path.stem])
        writer.writerows([[plain(value) for value in row.values()] for row in rows])


def plain(value: Any) -> Any:
    """A cell: numbers as they are; text that would be taken for a formula has an apostrophe in front."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value
