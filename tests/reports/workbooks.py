"""Small cases to make workbooks of, and how LibreOffice recomputes them."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from sim.experiments import library
from sim.experiments.cache import Store
from sim.finance.assumptions import Terms, drawn, future
from sim.finance.case import Case, make_case
from sim.finance.cash import TwinTask, stacked
from sim.finance.study import Study
from sim.reports.origin import Origin, futures_said
from sim.scenario.fixes import Change
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated
from tests.waiting import PATIENCE

FIX = "five_more_trolleys"
DRAWS = 16
AGAIN = f"python -m sim case tiny --fix {FIX} --seed 5"
WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
STAMP = Origin("tiny", futures_said(DRAWS), 5, WHEN, AGAIN, "0123456789abcdef", "0.1.0")
ONCE, PER_YEAR, PER_USE = (f"fixes.{FIX}.costs.{name}" for name in ("once", "per_year", "per_use"))
MARGIN, RATE, VISIT = (
    f"economics.{name}" for name in ("incremental_margin", "discount_rate", "service_cost_per_visit")
)
RANGES = {
    "failures.wheel.responses.persevere.loss": Quantity(low=0.02, mode=0.06, high=0.12, evidence="C"),
    MARGIN: Quantity(low=0.15, mode=0.25, high=0.32, unit="share", evidence="D"),
    VISIT: Quantity(low=0.4, high=0.6, unit="GBP", evidence="D"),
    RATE: Quantity(low=0.06, mode=0.1, high=0.14, unit="share a year", evidence="D"),
    ONCE: Quantity(low=600, mode=750, high=1000, unit="GBP", evidence="D"),
    PER_USE: Quantity(low=0.5, mode=1, high=2, unit="GBP", evidence="D"),
}


def shop(weeks: int = 104, *changes: Change) -> Scenario:
    """The tiny shop with ranges, a cost each use, and more that the fix changes."""
    scenario = library.load("tiny")
    (fix,) = scenario.fixes
    costs = fix.costs.model_copy(update={"use": "reports"})
    fix = fix.model_copy(update={"costs": costs, "changes": (*fix.changes, *changes)})
    return restated(scenario.model_copy(update={"weeks": weeks, "fixes": (fix,), "levers": ()}), RANGES)


def case_of(scenario: Scenario) -> Case:
    return make_case(Study(scenario, 5, Store()), (FIX,), Terms(), DRAWS)


def futures_of(scenario: Scenario, terms: Terms, fixes: tuple[str, ...] = (FIX,), draws: int = DRAWS) -> Case:
    """A case without what takes longest, one quantity at a time."""
    study, values = Study(scenario, 5, Store()), drawn(scenario, draws, 5)
    twins = [TwinTask(study, fixes, future(values, i), i).carry_out() for i in range(draws)]
    return Case(study, fixes, terms, values, stacked(twins))


PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""  # every formula is worked out anew on opening, whatever the file says it gives


def recomputed(files: list[Path], folder: Path) -> list[Path]:
    """The same workbooks with every formula worked out by LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice Calc (soffice) is not installed")
    profile, out = folder.parent / "office", folder / "recomputed"  # one profile for all tests of a process
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE)
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(out), *map(str, files)], check=True, capture_output=True, timeout=PATIENCE)
    return [out / file.name for file in files]


def cell_of(book: Workbook, name: str) -> Any:
    """The cell of that name, or the first of several."""
    ((sheet, at),) = book.defined_names[name].destinations
    return book[sheet][at.replace("$", "").split(":")[0]]
