"""The house stays one that can be seen at once, and its tour leads to where things are."""

import re

import pytest

from benchmarks.house import ROOT, house

FILES_A_FOLDER, LINES_A_FILE, LINES_A_FUNCTION = 25, 400, 40
LONGER = {
    "sim/engines/plan.py: plan_of",  # one line for each table of the plan
    "sim/outcomes/ledger.py: visits_table",  # one line for each column of the ledger
}
TOUR = ROOT / "docs" / "background" / "how-it-works.md"
PLACES = {
    "where a bad trolley is refused": ("sim/behaviour/borrowing.py", "def may_be_pulled"),
    "where churn is defined": ("sim/outcomes/measures/customers.py", "def churn_rate"),
    "where the sentence on Explore is made": ("sim/reports/narrative/story.py", "def headline"),
    "how a slider's value becomes a world": ("sim/scenario/world.py", "def world_of"),
    "where the workbook's NPV formula is written": ("sim/reports/workbook/futures.py", "def _worth"),
}
"""What somebody who has never seen the code is to find within a minute, by the tour alone."""


def test_no_folder_has_more_files_than_can_be_seen_at_once() -> None:
    assert {str(folder): files for folder, files in house().folders.items() if files > FILES_A_FOLDER} == {}


def test_no_file_is_too_long() -> None:
    assert {str(file.path): file.lines for file in house().files if file.lines > LINES_A_FILE} == {}


def test_no_function_is_too_long_but_two_that_are_lists() -> None:
    long = {
        f"{file.path}: {name.partition(',')[0]}"
        for file in house().files
        for name, lines in file.functions.items()
        if lines > LINES_A_FUNCTION
    }
    assert long == LONGER


@pytest.mark.parametrize("wanted", PLACES)
def test_the_tour_leads_to_where_things_are(wanted: str) -> None:
    file, line = PLACES[wanted]
    assert line in (ROOT / file).read_text(encoding="utf-8")
    rows = [row for row in TOUR.read_text(encoding="utf-8").splitlines() if wanted in row]
    assert rows, f"the tour does not say {wanted}"
    folder, _, name = file.rpartition("/")
    assert any(name in row and line.removeprefix("def ") in row for row in rows)
    assert any(folder in row or folder.rpartition("/")[0] in row for row in rows)


def test_every_place_that_the_tour_and_the_way_to_contribute_name_is_there() -> None:
    for document in (TOUR, ROOT / "CONTRIBUTING.md"):
        text = document.read_text(encoding="utf-8")
        named = re.findall(r"`((?:sim|ui|app_pages|tests|scenarios|docs|benchmarks)/[\w./-]*)`", text)
        assert len(named) > 10
        assert [place for place in named if not (ROOT / place).exists()] == []
