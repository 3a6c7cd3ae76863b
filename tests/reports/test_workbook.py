"""The workbook holds formulas under names, native charts, and nothing anybody wrote as anything but text."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from sim.finance.assumptions import Terms
from sim.finance.case import Case
from sim.reports import workbook
from sim.reports.origin import Origin, plain
from sim.reports.workbook import PAGES, tables_beside, write_tables, write_workbook
from sim.reports.workbook.assumptions import inputs, moved
from sim.reports.workbook.summary import figures
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Change
from sim.scenario.quantity import Quantity
from sim.scenario.world import restated
from tests.reports.workbooks import AGAIN, DRAWS, FIX, MARGIN, STAMP, WHEN, case_of, cell_of, futures_of, shop

STAMPED = {
    "Scenario": "tiny",
    "Seed": "5",
    "Futures simulated": f"{DRAWS}, each with and without the fixes",
    "Simulator": STAMP.semantics,
    "Ripple": "0.1.0",
    "Made again by": AGAIN,
}
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "http://example.com", "{=1}")


@pytest.fixture(scope="module")
def case() -> Case:
    return case_of(shop())


@pytest.fixture(scope="module")
def path(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "case.xlsx"
    write_workbook(case, path, STAMP)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def test_pages_come_in_their_order(book: Workbook) -> None:
    assert tuple(book.sheetnames) == PAGES
    assert PAGES[:3] == ("Summary", "Assumptions", "Cash flows")


def test_every_live_figure_is_a_formula_that_shows_the_tools_own_figure_unopened(case: Case, path: Path) -> None:
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for figure in figures(case):
        said = cell_of(formulas, figure.name)
        assert (said.data_type == "f") == bool(figure.formula), figure.name
        shown = cell_of(values, figure.name).value
        assert shown == (figure.value if isinstance(figure.value, str) else pytest.approx(figure.value)), figure.name


def test_every_input_is_a_cell_of_its_name_with_what_was_simulated(case: Case, book: Workbook) -> None:
    found = inputs(case)
    assert {"horizon_years", "real", "discount_rate_mode", f"fix_{FIX}_per_year_mode"} <= {one.name for one in found}
    for one in found:
        cell = cell_of(book, one.name)
        assert cell.data_type != "f" and cell.value == one.original, one.name
        assert cell.fill.fgColor.rgb == "FFFFF2CC" and not cell.protection.locked
    rules = book["Assumptions"].data_validations.dataValidation
    assert sum(len(rule.sqref.ranges) for rule in rules) == len(found)


def test_futures_hold_formulas_and_simulated_holds_none(book: Workbook) -> None:
    futures = list(book["Futures"].iter_rows(min_row=6, min_col=2))
    assert len(futures) == DRAWS
    assert all(cell.data_type == "f" for row in futures for cell in row)
    assert all(cell.data_type == "n" for row in book["Simulated"].iter_rows(min_row=6) for cell in row)


def test_every_assumption_is_there_with_its_grade(case: Case, book: Workbook) -> None:
    rows = {row[9].value: row for row in book["Assumptions"].iter_rows(min_row=6) if row[9].value}
    assert list(rows) == sorted((one.path for one in case.assumptions), key=list(rows).index)
    assert len(rows) == len(case.assumptions)
    for one in case.assumptions:
        label, low, mode, high, _, _, grade, source, use, _ = rows[one.path]
        assert (label.value, grade.value, source.value) == (one.label, one.evidence or "", one.source or "")
        assert (low.value, high.value) == (one.low, one.high)
        assert mode.value is None or mode.value == one.value
        assert ("change it in Ripple" in use.value) != one.financial
        assert (grade.fill.fgColor.rgb == "FFF4B183") == (one.evidence == "D")


def test_charts_are_native(book: Workbook, path: Path) -> None:
    charts = {sheet.title: len(sheet._charts) for sheet in book if sheet._charts}
    assert charts == {"Summary": 2, "Cash flows": 2, "Distribution": 1, "Tornado": 1}


def test_it_is_stamped(book: Workbook) -> None:
    said = {row[0].value: row[1].value for row in book["Summary"].iter_rows() if row[0].value}
    assert {label: said[label] for label in STAMPED} == STAMPED


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_fit_to_print(book: Workbook, page: str) -> None:
    sheet = book[page]
    assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(width.width >= 8 for width in sheet.column_dimensions.values())


def _said(case: Case, text: str, folder: Path) -> Workbook:
    """A workbook of the case with that text wherever somebody writes some."""
    scenario = case.study.scenario
    fix = scenario.fixes[0].model_copy(update={"label": text})
    words = {"title": text, "question": text, "fixes": (fix,)}
    said = Quantity(low=0.1, mode=0.2, high=0.3, unit=text, evidence="D", source=text)
    study = replace(case.study, scenario=restated(scenario.model_copy(update=words), {MARGIN: said}))
    path = folder / "said.xlsx"
    write_workbook(replace(case, study=study), path, Origin(text, text, 1, WHEN, text, text, text))
    return openpyxl.load_workbook(path)


def _formulas(book: Workbook) -> set[tuple[str, str]]:
    cells = [(sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.quotePrefix for _, cell in cells if cell.data_type == "s")  # text also once it has been edited
    return {(title, cell.coordinate) for title, cell in cells if cell.data_type == "f"}


@pytest.mark.attack
@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula_nor_a_link(case: Case, book: Workbook, text: str, tmp_path: Path) -> None:
    found = _said(case, text, tmp_path)
    assert _formulas(found) == _formulas(book)
    assert not any(sheet._hyperlinks for sheet in found)
    assert found["Summary"]["A1"].value == f"{text}: {text}"
    said = [cell.value for row in found["Assumptions"].iter_rows() for cell in row if cell.data_type == "s"]
    assert said.count(text) == 2  # unit and source
    assert [cell.data_type for row in found["Summary"].iter_rows() for cell in row if cell.value == text] == ["s"] * 4


@pytest.mark.attack
@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_csv_is_never_a_formula(text: str) -> None:
    said = plain(text)
    assert said.removeprefix("'") == text
    assert not said.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_in_csv_stay_numbers() -> None:
    assert [plain(value) for value in (-2.5, 0, True, None)] == [-2.5, 0, "true", None]


def test_tables_lie_beside_the_workbook(case: Case, path: Path) -> None:
    folder = tables_beside(path)
    assert folder.name == "case-csv"
    tables = {file.stem: _read(file) for file in folder.iterdir()}
    assert set(tables) == {"summary", "assumptions", "cash_flows", "futures", "tornado", "evppi"}
    summary = {row["figure"]: row["value"] for row in tables["summary"]}
    assert float(summary["npv"]) == case.npv.mean
    assert [float(row["npv"]) for row in tables["futures"]] == case.npvs.tolist()
    assert [row["path"] for row in tables["assumptions"]] == [one.path for one in case.assumptions]
    assert {row["grade"] for row in tables["assumptions"]} == {"B", "C", "D", ""}
    assert [float(row["net"]) for row in tables["cash_flows"]] == pytest.approx(case.net.tolist())
    assert [row["path"] for row in tables["tornado"]] == [side.path for side in case.tornado]
    assert {row["path"]: float(row["worth"]) for row in tables["evppi"]} == case.evppi


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_tables_without_a_row_have_headings(case: Case, tmp_path: Path) -> None:
    early = Case(case.study, case.fixes, case.terms, case.values, case.twins)
    files = {file.stem: file for file in write_tables(early, tmp_path / "tables")}
    assert files["tornado"].read_text().startswith("path,label,low")
    assert files["evppi"].read_text() == "path,label,worth\n"
    write_workbook(early, tmp_path / "early.xlsx", STAMP)
    said = openpyxl.load_workbook(tmp_path / "early.xlsx")
    assert cell_of(said, "case_evpi").value == "not known"
    assert not said["Tornado"]._charts


def test_writing_again_replaces_both(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    write_workbook(case, path, STAMP)
    before = (tables_beside(path) / "summary.csv").read_text()
    write_workbook(Case(case.study, case.fixes, Terms(horizon_years=5), case.values, case.twins), path, STAMP)
    assert (tables_beside(path) / "summary.csv").read_text() != before
    assert {file.name for file in tmp_path.iterdir()} == {"case.xlsx", "case-csv"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("case.xls", 'found "case.xls"; allowed: a file whose name ends in .xlsx'),
        ("case", 'found "case"; allowed: a file whose name ends in .xlsx'),
        ("nowhere/case.xlsx", "which is no folder; allowed: a folder that exists"),
        ("taken.xlsx", "a folder; allowed: a file"),
    ],
)
def test_paths_that_cannot_be_written_are_refused(case: Case, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "taken.xlsx").mkdir()
    fault = _refused(case, tmp_path / name)
    assert fault.startswith("case: workbook: ") and message in fault
    assert [file.name for file in tmp_path.iterdir()] == ["taken.xlsx"]


def test_a_folder_with_something_else_in_it_is_left_alone(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    tables_beside(path).mkdir()
    (tables_beside(path) / "notes.txt").write_text("mine")
    assert 'found "notes.txt" in it; allowed' in _refused(case, path)
    assert [file.name for file in tmp_path.rglob("*")] == ["case-csv", "notes.txt"]


def test_a_failure_on_the_way_leaves_what_was_there(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.xlsx"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for broken in ("write_tables", "_write"):
        with monkeypatch.context() as patched:
            patched.setattr(workbook, broken, full)
            assert "No space left on device" in _refused(case, path)
        assert path.read_text() == "old" and [file.name for file in tmp_path.iterdir()] == ["case.xlsx"]


def _refused(case: Case, path: Path) -> str:
    with pytest.raises(ScenarioError) as refused:
        write_workbook(case, path, STAMP)
    return str(refused.value)


def test_prices_that_a_fix_moves_follow_what_is_stated() -> None:
    said = shop(12, Change(path=MARGIN, times=Quantity(low=1, mode=1.1, high=1.2), add=Quantity(mode=0.01)))
    case = futures_of(said, Terms())
    (found,) = moved(case)
    stated = case.values[MARGIN]
    assert (found.world, found.path) == ("then", MARGIN)
    assert np.ptp(found.times) > 0.05 and (found.add == 0.01).all()
    assert found.values == pytest.approx(found.times * stated + 0.01)


def test_prices_that_a_fix_sets_are_what_it_sets() -> None:
    (found,) = moved(futures_of(shop(12, Change(path=MARGIN, set=0.3)), Terms()))
    assert (found.times == 0).all() and (found.add == 0.3).all()
