"""Every export there is, the case's among them: what it is called, whom it is for, and how it is made."""

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from sim.engines.records import Progress
from sim.experiments.price import TooLargeError
from sim.finance.case import Case
from sim.reports.model_card import markdown, model_card
from sim.reports.narrative import story
from sim.reports.origin import Origin, futures_said, origin
from sim.reports.picture import Kind, PictureError, picture, stamped
from sim.reports.slides import slides
from sim.reports.slides.answer_slides import Told
from sim.reports.workbook import write_tables, write_workbook
from sim.saved.database import DatabaseError
from sim.scenario.faults import ScenarioError
from sim.scenario.files import preset_of, with_preset
from sim.scenario.scenario import Scenario
from ui.charts import Drawn, NothingToDrawError, Ready
from ui.exports.context import EXPORTED, Context
from ui.exports.desk import File, Make, followed, part, slug
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
    where = origin_of(choice, case, st.context.url or "")
    return [
        ("Workbook (Excel)", f"{stem}.xlsx", _WORKBOOK, lambda: workbook(case, where)),
        ("Tables (CSV)", f"{stem}.zip", "application/zip", lambda: tables(case)),
    ]


def origin_of(choice: CaseChoice, case: Case, address: str) -> Origin:
    """Where the figures come from; the link is the page's address with all that was chosen."""
    link = f"{address}?{urlencode(link_of(choice))}"
    return _case_origin(choice.name, case, link)


def _case_origin(name: str, case: Case, link: str) -> Origin:
    return origin(name, futures_said(case.futures), case.study.seed, datetime.now(UTC), link)


def workbook(case: Case, origin: Origin) -> bytes:
    """The workbook as a file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.xlsx"
        write_workbook(case, path, origin)
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
    order: Callable[[Context, Any], Order]


SLIDES, PICTURE = "Slides", "Picture of a chart"
"""Of these there is something to choose: whether they tell of the case (bool), and which chart (its name)."""

EXPORTS = (
    Export(
        SLIDES,
        "For a board: a short PowerPoint deck of charts that can be edited, with sources in the notes.",
        ":material/co_present:",
        lambda context, with_case: Order(
            f"slides, case: {with_case}",
            partial(_slides, context, with_case),
            lambda: context.comparison_seconds + (context.case_seconds if with_case else 0.0),
        ),
    ),
    Export(
        "One page that needs no server",
        "For an executive: one HTML file with three working sliders, to open from a mail or a disk.",
        ":material/draft:",
        lambda context, _: Order("one file", partial(_one_file, context), lambda: context.page_seconds),
    ),
    Export(
        "Workbook and tables",
        "For finance: the business case in Excel with live formulas, and every table of it as CSV.",
        ":material/table_view:",
        lambda context, _: Order(
            "workbook", partial(_workbook, context), lambda: context.case_seconds, context.no_case
        ),
    ),
    Export(
        PICTURE,
        "For a report: PNG, SVG and PDF, with where it comes from written below it.",
        ":material/image:",
        lambda context, chart: Order(
            f"picture of {drawing(context, chart)}",
            partial(pictures, context, chart, stem_of(context.choice.baseline)),
            lambda: seconds(context, chart),
        ),
    ),
    Export(
        "Scenario file",
        "For whoever goes on with it: the scenario as a text file, with what you chose as its first preset.",
        ":material/description:",
        lambda context, _: Order("scenario", lambda progress: (_scenario_file(context),)),
    ),
    Export(
        "Model card",
        "For a reviewer: what is simulated, with which data and limits, in the order of a published guideline.",
        ":material/fact_check:",
        lambda context, _: Order("card", lambda progress: (_card(context),)),
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


def _slides(context: Context, with_case: bool, progress: Progress) -> tuple[File, ...]:
    split = _SIMULATED * 0.3 if with_case else _SIMULATED
    found = context.comparison(part(progress, 0, split))
    case: Case | None = context.case(part(progress, split, _SIMULATED)) if with_case else None
    choice = context.choice
    told = Told(
        story.headline(choice.baseline, choice.sets, choice.fixes, found),
        found,
        choice.fixes,
        context.origin(),
        case,
        context.case_origin(case) if case else None,
    )
    return (File("Slides (PowerPoint)", f"{stem_of(choice.baseline)}.pptx", _SLIDES, slides(told)),)


def _one_file(context: Context, progress: Progress) -> tuple[File, ...]:
    choice = context.choice
    job = context.page_job()
    followed(job, part(progress, 0, _SIMULATED))
    html = job.html
    assert html is not None  # it was neither stopped nor did it fail
    return (File("Page (HTML)", f"{stem_of(choice.baseline)}.html", "text/html", html.encode()),)


def _workbook(context: Context, progress: Progress) -> tuple[File, ...]:
    stem = stem_of(context.choice.baseline)
    case = context.case(part(progress, 0, _SIMULATED))
    where = _case_origin(context.choice.name, case, context.case_link)
    return (
        File("Workbook (Excel)", f"{stem}.xlsx", _WORKBOOK, workbook(case, where)),
        File("Tables (CSV)", f"{stem}-tables.zip", "application/zip", tables(case)),
    )


def _scenario_file(context: Context) -> File:
    choice, text = context.choice, context.text()
    words = "; ".join(story.moved(choice.baseline, choice.sets, choice.fixes))
    preset = preset_of(choice.baseline, "As taken away", f"{words}."[:2_000], choice.sets, choice.fixes)
    text = with_preset(text, preset) if preset else text
    return File("Scenario (YAML)", f"{stem_of(choice.baseline)}.yaml", "application/yaml", text.encode())


def _card(context: Context) -> File:
    card = model_card(context.choice.name, context.choice.baseline)
    return File(
        "Model card (Markdown)",
        f"{stem_of(context.choice.baseline)}-model-card.md",
        "text/markdown",
        markdown(card).encode(),
    )


# ---- pictures of charts ----------------------------------------------------------------------------

_MIMES: dict[Kind, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_DRAWN_AT = 0.9  # of the work; the rest is drawing


def names(context: Context) -> list[str]:
    """The charts that there are for a choice, in the order of the pages."""
    has_case, business = context.no_case is None, context.choice.baseline
    there = [one.name for one in EXPORTED.values() if (has_case or one.of != "case") and one.fits(business)]
    return [*there, *(one.name for one in context.ready)]


def drawing(context: Context, name: str) -> str:
    """What tells that chart from what it was before, where it is drawn of something that changes."""
    if name in EXPORTED:
        return name
    chart = _ready(context, name)
    return f"{name}, {chart.simulated}, version {chart.version} of {chart.link}"


def seconds(context: Context, name: str) -> float:
    """About how long it takes to make that chart at the most."""
    chart = EXPORTED.get(name)
    if chart is None:
        return 0.0
    if chart.of == "case":
        return context.case_seconds
    return (context.proposed if chart.of == "proposal" else context).comparison_seconds


def pictures(context: Context, name: str, stem: str, progress: Progress) -> tuple[File, ...]:
    """That chart as PNG, SVG and PDF, stamped. Raises what its figures do, and where there is nothing to draw."""
    (spec, said), origin = _drawn(context, name, part(progress, 0, _DRAWN_AT))
    whole = stamped(spec, f"{name}: {context.choice.baseline.title}", said, origin)
    made = []
    for kind, mime in _MIMES.items():
        progress(_DRAWN_AT)
        made.append(File(kind.upper(), f"{stem}-{slug(name)}.{kind}", mime, picture(whole, kind)))
    return tuple(made)


def _drawn(context: Context, name: str, progress: Progress) -> tuple[Drawn, Origin]:
    chart = EXPORTED.get(name)
    if chart is None:
        one = _ready(context, name)
        return one.draw(), context.origin_of(one)
    if chart.of == "case":
        case = context.case(progress)
        return chart.draw(case), context.case_origin(case)
    if chart.of == "proposal":
        context = context.proposed
    return chart.draw(context.comparison(progress)), context.origin()


def _ready(context: Context, name: str) -> Ready:
    return next(one for one in context.ready if one.name == name)
