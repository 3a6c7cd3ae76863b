"""The case to take away: a workbook with live formulas, and every table as CSV."""

import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from sim.finance.case import Case
from sim.reports.csv_tables import write_tables
from sim.reports.workbook.inputs import Stamp, stamp
from sim.reports.workbook.writing import write_workbook
from ui.case_choice import CaseChoice
from ui.case_link import link_of

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloads(choice: CaseChoice, case: Case | None, is_done: bool) -> None:
    """Draw the buttons; a file is made when its button is pressed."""
    st.markdown("#### To take away")
    with st.container(horizontal=True, vertical_alignment="center"):
        ready = case is not None and is_done
        for label, name, mime, made in _files(choice, case):
            st.download_button(
                label,
                data=made,
                file_name=name,
                mime=mime,
                on_click="ignore",
                disabled=not ready,
                icon=":material/download:",
            )
        st.caption(_SAID if ready else "Once every future is simulated, or it was cancelled.")


_SAID = "The workbook recomputes when a rate, margin, cost or tax is changed in its cell."


def _files(choice: CaseChoice, case: Case | None) -> list[tuple[str, str, str, bytes | Callable[[], bytes]]]:
    stem = f"ripple-{choice.name}"
    if case is None:
        return [("Workbook (Excel)", f"{stem}.xlsx", _WORKBOOK, b""), ("Tables (CSV)", f"{stem}.zip", "", b"")]
    where = stamp_of(choice, case, st.context.url or "")
    return [
        ("Workbook (Excel)", f"{stem}.xlsx", _WORKBOOK, lambda: workbook(case, where)),
        ("Tables (CSV)", f"{stem}.zip", "application/zip", lambda: tables(case)),
    ]


def stamp_of(choice: CaseChoice, case: Case, address: str) -> Stamp:
    """Where the figures come from; the link is the page's address with all that was chosen."""
    link = f"{address}?{urlencode(link_of(choice))}"
    return stamp(choice.name, case.study.seed, case.futures, link)


def workbook(case: Case, stamp: Stamp) -> bytes:
    """The workbook as a file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.xlsx"
        write_workbook(case, path, stamp)
        return path.read_bytes()


def tables(case: Case) -> bytes:
    """Every table as CSV, in one zip file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        write_tables(case, Path(folder) / "tables")
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted((Path(folder) / "tables").iterdir()):
                archive.write(file, file.name)
        return packed.getvalue()
