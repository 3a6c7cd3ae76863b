"""What can be taken away: the workbook and the tables, stamped with the link that makes them again."""

import io
import zipfile

import openpyxl

from sim.finance.assumptions import Terms
from tests.ui.case.cases import FIX, TINY, case
from ui.exports.exports import stamp_of, tables, workbook
from ui.session.case_choice import CaseChoice

FOUND = case([1_000.0 + 100 * future for future in range(32)])


def test_the_stamp_is_the_link_that_makes_it_again() -> None:
    stamp = stamp_of(CaseChoice("tiny", TINY, (), (FIX,), Terms(), 900.0), FOUND, "http://here/business_case")
    assert stamp.again == f"http://here/business_case?scenario=tiny&fix={FIX}&budget=900"
    assert (stamp.scenario, stamp.draws) == ("tiny", 32)


def test_the_workbook_opens_and_the_tables_are_csv() -> None:
    stamp = stamp_of(CaseChoice("tiny", TINY, (), (FIX,), Terms()), FOUND, "")
    book = openpyxl.load_workbook(io.BytesIO(workbook(FOUND, stamp)))
    assert "Summary" in book.sheetnames
    with zipfile.ZipFile(io.BytesIO(tables(FOUND))) as archive:
        assert archive.namelist()
        assert all(name.endswith(".csv") for name in archive.namelist())
