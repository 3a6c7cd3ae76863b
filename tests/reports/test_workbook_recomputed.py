"""LibreOffice works the workbook out anew, as it is and with cells changed: it comes to the tool's own figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from sim.experiments import library
from sim.finance.assumptions import Terms
from sim.finance.case import Case
from sim.reports.workbook import write_workbook
from sim.reports.workbook.assumptions import name_of
from sim.reports.workbook.summary import figures
from sim.reports.workbook.workings import rate_said
from sim.scenario.fixes import Change
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated
from tests.reports.workbooks import (
    FIX,
    MARGIN,
    ONCE,
    PER_USE,
    PER_YEAR,
    RATE,
    STAMP,
    VISIT,
    case_of,
    cell_of,
    futures_of,
    recomputed,
    shop,
)

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Edit:
    """Cells changed, said as Ripple would say it: other quantities, other terms."""

    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)

    def cells(self) -> dict[str, Any]:
        """What stands in which cell then."""
        ends = {
            f"{name_of(path)}_{end}": getattr(said, end)
            for path, said in self.quantities.items()
            for end in (("low", "mode", "high") if said.low is not None else ("mode",))
        }
        return {**ends, **self.terms}

    def case(self, scenario: Scenario, fixes: tuple[str, ...] = (FIX,), draws: int = 16) -> Case:
        """What Ripple says of it."""
        return futures_of(restated(scenario, self.quantities), Terms.model_validate(self.terms), fixes, draws)


def between(low: float, mode: float | None, high: float) -> Quantity:
    return Quantity(low=low, mode=mode, high=high)


TOGETHER = Edit(
    {
        RATE: between(0.05, 0.12, 0.2),
        MARGIN: between(0.2, None, 0.4),
        VISIT: between(0.1, 0.3, 0.8),
        ONCE: between(500, None, 900),
        PER_YEAR: Quantity(mode=20),
        PER_USE: between(0.1, 0.2, 0.6),
    },
    {"horizon_years": 8, "inflation": 0.03, "tax_rate": 0.25, "cost_uplift": 0.2, "benefit_cut": 0.1},
)
EDITS = {
    "nothing": Edit(),
    "rate": Edit({RATE: between(0.06, 0.12, 0.2)}),
    "margin, any value as likely": Edit({MARGIN: between(0.2, None, 0.4)}),
    "cost of a visit, one likelier": Edit({VISIT: between(0.3, 0.5, 0.9)}),
    "cost each use, one number": Edit({PER_USE: between(1.3, 1.3, 1.3)}),
    "one year": Edit(terms={"horizon_years": 1}),
    "ten years": Edit(terms={"horizon_years": 10}),
    "tax and cost at the start": Edit({ONCE: between(0, 0, 400)}, {"tax_rate": 0.3}),
    "real": Edit(terms={"inflation": 0.04, "real": True}),
    "mid-year": Edit(terms={"mid_year": True}),
    "mid-year, in a year's prices": Edit(terms={"mid_year": True, "inflation": 0.04, "tax_rate": 0.2}),
    "mid-year, all of it": Edit(TOGETHER.quantities, {**TOGETHER.terms, "mid_year": True}),
    "mid-year, more than one": Edit(
        {PER_YEAR: Quantity(mode=520)}, {"tax_rate": 0.5, "horizon_years": 2, "mid_year": True}
    ),
    "mid-year, no rate of return": Edit({PER_YEAR: Quantity(mode=2_000)}, {"mid_year": True}),
    "risk": Edit(terms={"cost_uplift": 0.5, "benefit_cut": 0.2}),
    "no rate of return": Edit({PER_YEAR: Quantity(mode=2_000)}),
    "more than one": Edit({PER_YEAR: Quantity(mode=520)}, {"tax_rate": 0.5, "horizon_years": 2}),
    "all of it": TOGETHER,
}
MOVED = {"nothing": Edit(), "margin": Edit({MARGIN: between(0.3, 0.4, 0.5)}), "all of it": TOGETHER}
BROKEN = {
    "upside down": {"incremental_margin_low": 0.3},
    "half a year": {"horizon_years": 2.5},
    "simulated": {"simulated": 1.0},
}


@dataclass(frozen=True)
class Opened:
    """A workbook's names, as written and as worked out."""

    values: Workbook

    def __getitem__(self, name: str) -> Any:
        return cell_of(self.values, name).value


def _changed(book: Workbook, target: Path, cells: Mapping[str, Any]) -> Path:
    """The book with these cells changed, saved without any figure: all that it shows will be worked out."""
    before = {name: cell_of(book, name).value for name in cells}
    for name, value in cells.items():
        cell_of(book, name).value = value
    book.save(target)
    for name, value in before.items():
        cell_of(book, name).value = value
    return target


def _all_recomputed(source: Path, changes: Mapping[str, Mapping[str, Any]], folder: Path) -> dict[str, Opened]:
    book = openpyxl.load_workbook(source)
    found = recomputed([_changed(book, folder / f"{i}.xlsx", at) for i, at in enumerate(changes.values())], folder)
    return {
        name: Opened(openpyxl.load_workbook(file, data_only=True)) for name, file in zip(changes, found, strict=True)
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("written") / "source.xlsx"
    write_workbook(case_of(shop()), path, STAMP)
    return path


@pytest.fixture(scope="module")
def edited(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Opened]:
    changes = {name: edit.cells() for name, edit in EDITS.items()}
    return _all_recomputed(source, {**changes, **BROKEN}, tmp_path_factory.mktemp("edited"))


def _agrees(found: Opened, case: Case) -> None:
    for figure in figures(case):
        if figure.formula:
            within = 0.005 if figure.look == "money" else 1e-6
            same = figure.value if isinstance(figure.value, str) else pytest.approx(figure.value, abs=within)
            assert found[figure.name] == same, figure.name
    assert found["irr_said"] == next(figure.note for figure in figures(case) if figure.said)


@pytest.mark.parametrize("name", EDITS)
def test_a_changed_cell_gives_the_tools_own_figures(edited: dict[str, Opened], name: str) -> None:
    _agrees(edited[name], EDITS[name].case(shop()))
    assert edited[name]["all_checks_pass"] is True
    assert edited[name]["inputs_unchanged"] is (name == "nothing")


def test_the_edits_are_what_they_are_called(edited: dict[str, Opened]) -> None:
    assert edited["no rate of return"]["rates_found"] == 0
    assert edited["more than one"]["rates_found"] == 2
    assert edited["one year"]["case_payback_years"] == "never"
    assert edited["real"]["case_npv"] == edited["nothing"]["case_npv"]  # a real rate needs no inflation
    assert len({edited[name]["case_npv"] for name in EDITS}) == len(EDITS) - 1


def test_mid_year_cells_say_so_and_cash_as_it_stands_is_the_same(edited: dict[str, Opened]) -> None:
    plain, middle = edited["nothing"], edited["mid-year"]
    assert (plain["before_year_end"], middle["before_year_end"]) == (0, 0.5)
    assert "comes at its end" in plain.values["Cash flows"]["A3"].value
    assert "comes in its middle" in middle.values["Cash flows"]["A3"].value
    for found, when in ((plain, "at the end of the year"), (middle, "in the middle of the year")):
        assert any(when in str(row[0].value) for row in found.values["Summary"].iter_rows(max_col=1))
    for name in ("case_payback_years", "case_contribution", "case_year_one_cost"):
        assert middle[name] == plain[name]
    assert middle["case_irr"] > plain["case_irr"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_fails_where_something_is_wrong(edited: dict[str, Opened], name: str) -> None:
    assert edited[name]["all_checks_pass"] is False


def test_what_is_shown_unopened_is_what_is_worked_out(source: Path, tmp_path: Path) -> None:
    formulas, shown = openpyxl.load_workbook(source), openpyxl.load_workbook(source, data_only=True)
    (file,) = recomputed([source], tmp_path)
    found = openpyxl.load_workbook(file, data_only=True)
    cells = [(sheet.title, cell) for sheet in formulas for row in sheet.iter_rows() for cell in row]
    live = [(title, cell.coordinate) for title, cell in cells if cell.data_type == "f"]
    assert len(live) > 1_000
    for title, at in live:
        said, worked_out = shown[title][at].value, found[title][at].value
        same = pytest.approx(said, rel=1e-7, abs=1e-7) if isinstance(said, int | float) else said
        assert (worked_out or said) == same if said == "" else worked_out == same, (title, at)


def test_a_case_made_mid_year_is_written_so_and_can_be_put_back(tmp_path: Path) -> None:
    path = tmp_path / "middle.xlsx"
    write_workbook(EDITS["mid-year"].case(shop()), path, STAMP)
    changes = {"as written": {}, "put back": {"mid_year": False}}
    opened = _all_recomputed(path, changes, tmp_path)
    for name, edit in (("as written", "mid-year"), ("put back", "nothing")):
        _agrees(opened[name], EDITS[edit].case(shop()))
        assert opened[name]["all_checks_pass"] is True
    assert opened["as written"]["inputs_unchanged"] is True


def _with_gains(case: Case, *gains: float) -> Case:
    """The case with so much more earned by the mended world each year, and nothing else that differs."""
    then = replace(case.twins.now, earned=case.twins.now.earned + np.array(gains), uses=0 * case.twins.then.uses)
    return replace(case, twins=replace(case.twins, then=then))


def test_strange_cash_is_worked_out_too(tmp_path: Path) -> None:
    free = Edit({ONCE: Quantity(mode=0), PER_YEAR: Quantity(mode=0)}).case(shop())
    strange = {"first": _with_gains(free, 9_000, -7_000), "none": _with_gains(free, 0, 0)}
    for name, case in strange.items():
        write_workbook(case, tmp_path / f"{name}.xlsx", STAMP)
        opened = _all_recomputed(tmp_path / f"{name}.xlsx", {name: {}}, tmp_path)[name]
        _agrees(opened, case)
        assert opened["all_checks_pass"] is True
    assert "what it costs" in rate_said(strange["first"].net)
    assert strange["none"].roi is None


@pytest.fixture(scope="module")
def moving() -> Scenario:
    """A fix that also moves the margin, by how much nobody knows, and sets what a visit costs."""
    times = Quantity(low=1, mode=1.1, high=1.2, evidence="D", source="a guess")
    return shop(60, Change(path=MARGIN, times=times, add=Quantity(mode=0.01)), Change(path=VISIT, set=0.45))


def test_prices_that_a_fix_moves_follow_their_cells(moving: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "moving.xlsx"
    write_workbook(Edit().case(moving), path, STAMP)
    opened = _all_recomputed(path, {name: edit.cells() for name, edit in MOVED.items()}, tmp_path)
    for name, edit in MOVED.items():
        _agrees(opened[name], edit.case(moving))


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "fixes"),
    [
        ("dodgy_trolley", ("twenty_more_trolleys", "weekly_wheel_check")),
        ("sales_stages", ("automate_60",)),  # a policy that moves what a visit costs
    ],
)
def test_a_whole_business_gives_the_tools_own_figures(name: str, fixes: tuple[str, ...], tmp_path: Path) -> None:
    scenario, draws = library.load(name), 32
    edits = {
        "nothing": Edit(),
        "margin and terms": Edit({MARGIN: between(0.2, 0.3, 0.4)}, {"horizon_years": 5, "tax_rate": 0.25}),
    }
    write_workbook(edits["nothing"].case(scenario, fixes, draws), tmp_path / "whole.xlsx", STAMP)
    opened = _all_recomputed(tmp_path / "whole.xlsx", {key: edit.cells() for key, edit in edits.items()}, tmp_path)
    for key, edit in edits.items():
        _agrees(opened[key], edit.case(scenario, fixes, draws))
        assert opened[key]["all_checks_pass"] is True
