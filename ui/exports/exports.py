"""Every export there is, the case's among them: what it is called, whom it is for, and how it is made."""

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from sim.engines.records import Progress
from sim.experiments.price import TooLargeError
from sim.finance.case import Case
from sim.reports.csv_tables import write_tables
from sim.reports.model_card import markdown, model_card
from sim.reports.narrative import story
from sim.reports.picture import PictureError
from sim.reports.slides.answer_slides import Told
from sim.reports.slides.writing import slides
from sim.reports.workbook.inputs import Stamp, stamp
from sim.reports.workbook.writing import write_workbook
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.writing import preset_of, with_preset
from ui.exports.context import Larder
from ui.exports.desk import File, Make, followed, part, slug
from ui.exports.pictures import NothingToDrawError, drawing, pictures, seconds
from ui.session.case_choice import CaseChoice, link_of

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


_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_SIMULATED = 0.95  # of the work; the rest is writing


@dataclass(frozen=True)
class Order:
    """Files asked for: by which name they are kept, and how they are made.

    `seconds` gives about how long that takes at the most; `lacks` says why they cannot be had.
    """

    name: str
    make: Make
    seconds: Callable[[], float] = lambda: 0.0
    lacks: str | None = None


@dataclass(frozen=True)
class Export:
    """One kind of export: what it is called, what it is and for whom, and its order, given what is chosen of it."""

    title: str
    what_for: str
    icon: str
    order: Callable[[Larder, Any], Order]


def _slides_order(larder: Larder, with_case: bool) -> Order:
    def takes() -> float:
        return larder.comparison_seconds + (larder.case_seconds if with_case else 0.0)

    return Order(f"slides, case: {with_case}", partial(_slides, larder, with_case), takes)


def _one_file_order(larder: Larder, chosen: None) -> Order:
    return Order("one file", partial(_one_file, larder), lambda: larder.page_seconds)


def _workbook_order(larder: Larder, chosen: None) -> Order:
    return Order("workbook", partial(_workbook, larder), lambda: larder.case_seconds, larder.no_case)


def _picture_order(larder: Larder, chart: str) -> Order:
    make = partial(pictures, larder, chart, stem_of(larder.choice.baseline))
    return Order(f"picture of {drawing(larder, chart)}", make, lambda: seconds(larder, chart))


def _scenario_order(larder: Larder, chosen: None) -> Order:
    return Order("scenario", lambda progress: (_scenario_file(larder),))


def _card_order(larder: Larder, chosen: None) -> Order:
    return Order("card", lambda progress: (_card(larder),))


SLIDES, PICTURE = "Slides", "Picture of a chart"
"""Of these there is something to choose: whether they tell of the case (bool), and which chart (its name)."""

EXPORTS = (
    Export(
        SLIDES,
        "For a board: a short PowerPoint deck of charts that can be edited, with sources in the notes.",
        ":material/co_present:",
        _slides_order,
    ),
    Export(
        "One page that needs no server",
        "For an executive: one HTML file with three working sliders, to open from a mail or a disk.",
        ":material/draft:",
        _one_file_order,
    ),
    Export(
        "Workbook and tables",
        "For finance: the business case in Excel with live formulas, and every table of it as CSV.",
        ":material/table_view:",
        _workbook_order,
    ),
    Export(
        PICTURE,
        "For a report: PNG, SVG and PDF, with where it comes from written below it.",
        ":material/image:",
        _picture_order,
    ),
    Export(
        "Scenario file",
        "For whoever goes on with it: the scenario as a text file, with what you chose as its first preset.",
        ":material/description:",
        _scenario_order,
    ),
    Export(
        "Model card",
        "For a reviewer: what is simulated, with which data and limits, in the order of a published guideline.",
        ":material/fact_check:",
        _card_order,
    ),
)
"""Every kind, those for most people first."""


def stem_of(scenario: Scenario) -> str:
    """What names of files begin with: the scenario's title in letters that every disk takes."""
    return f"ripple-{slug(scenario.title) or 'scenario'}"


def said_of(error: BaseException) -> str:
    """Why a file could not be made, in a sentence for people."""
    if isinstance(error, ScenarioError):
        faults = "; ".join(": ".join(part for part in (fault.path, fault.message) if part) for fault in error.faults)
        return f"It could not be made. {faults}."
    if isinstance(error, TooLargeError):
        return f"It is too large to make here: {error}"
    if isinstance(error, PictureError | NothingToDrawError | DatabaseError):
        return str(error)
    return "It could not be made: something went wrong on our side. What you chose is as it was."


def _slides(larder: Larder, with_case: bool, progress: Progress) -> tuple[File, ...]:
    split = _SIMULATED * 0.3 if with_case else _SIMULATED
    found = larder.comparison(part(progress, 0, split))
    case: Case | None = larder.case(part(progress, split, _SIMULATED)) if with_case else None
    choice = larder.choice
    told = Told(
        story.headline(choice.baseline, choice.sets, choice.fixes, found),
        found,
        choice.fixes,
        larder.origin(),
        case,
        larder.case_origin(case) if case else None,
    )
    return (File("Slides (PowerPoint)", f"{stem_of(choice.baseline)}.pptx", _SLIDES, slides(told)),)


def _one_file(larder: Larder, progress: Progress) -> tuple[File, ...]:
    choice = larder.choice
    job = larder.page_job()
    followed(job, part(progress, 0, _SIMULATED))
    html = job.html
    assert html is not None  # it was neither stopped nor did it fail
    return (File("Page (HTML)", f"{stem_of(choice.baseline)}.html", "text/html", html.encode()),)


def _workbook(larder: Larder, progress: Progress) -> tuple[File, ...]:
    stem = stem_of(larder.choice.baseline)
    case = larder.case(part(progress, 0, _SIMULATED))
    where = stamp(larder.choice.name, larder.seed, case.futures, larder.case_link)
    return (
        File("Workbook (Excel)", f"{stem}.xlsx", _WORKBOOK, workbook(case, where)),
        File("Tables (CSV)", f"{stem}-tables.zip", "application/zip", tables(case)),
    )


def _scenario_file(larder: Larder) -> File:
    choice, text = larder.choice, larder.text()
    words = "; ".join(story.moved(choice.baseline, choice.sets, choice.fixes))
    preset = preset_of(choice.baseline, "As taken away", f"{words}."[:2_000], choice.sets, choice.fixes)
    text = with_preset(text, preset) if preset else text
    return File("Scenario (YAML)", f"{stem_of(choice.baseline)}.yaml", "application/yaml", text.encode())


def _card(larder: Larder) -> File:
    card = model_card(larder.choice.name, larder.choice.baseline)
    return File(
        "Model card (Markdown)",
        f"{stem_of(larder.choice.baseline)}-model-card.md",
        "text/markdown",
        markdown(card).encode(),
    )
