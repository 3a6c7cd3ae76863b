"""Taking away: every export of a choice, made of its own figures, kept until something else is chosen."""

import io
import re
import threading
import time
import zipfile
from dataclasses import replace
from typing import Any, cast

import openpyxl
import pytest
from pptx import Presentation

from sim.engines.records import Progress
from sim.experiments.cache import Store
from sim.experiments.price import TooLargeError
from sim.experiments.workers import Workers
from sim.finance.assumptions import Terms
from sim.reports.picture import PictureError
from sim.saved.database import DatabaseError
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.files import parse_scenario
from sim.scenario.fixes import Boardroom
from sim.scenario.world import world_of
from tests.ui.case.cases import FIX, TINY, case
from tests.waiting import PATIENCE
from ui.charts import Ready
from ui.exports.context import Context
from ui.exports.desk import File, Making, TakeAwayDesk, followed, slug
from ui.exports.exports import EXPORTS, PICTURE, SLIDES, Order, names, origin_of, said_of, stem_of, tables, workbook
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice

POOL = "assets.trolleys.pool"
MADE = case([1_000.0 + 100 * future for future in range(32)])


@pytest.fixture(scope="module")
def context() -> Any:
    from sim.experiments import library

    with Workers() as workers:
        yield Context(
            Choice("tiny", TINY, {POOL: 12.0}, (FIX,)),
            CaseChoice("tiny", TINY, (), (FIX,), Terms()),
            "http://here/",
            1,
            workers,
            Store(on_disk=False),
            Store(),
            MADE,
            lambda: library.path_of("tiny").read_text("utf-8"),
        )


def order_of(context: Context, title: str, chosen: Any = None) -> Order:
    return next(export for export in EXPORTS if export.title == title).order(context, chosen)


def made(context: Context, title: str, chosen: Any = None) -> tuple[File, ...]:
    told: list[float] = []
    files = order_of(context, title, chosen).make(told.append)
    assert told == sorted(told)
    return files


def test_slides_tell_of_the_choice_and_if_wanted_of_its_case(context: Context) -> None:
    (without,) = made(context, SLIDES, False)
    (with_case,) = made(context, SLIDES, True)
    assert without.name == "ripple-a-tiny-shop.pptx"
    assert len(Presentation(io.BytesIO(with_case.content)).slides) > len(
        Presentation(io.BytesIO(without.content)).slides
    )
    notes = [slide.notes_slide.notes_text_frame.text for slide in Presentation(io.BytesIO(with_case.content)).slides]
    assert all("http://here/" in text for text in notes)
    assert f"{POOL}=12" in notes[0]


def test_the_workbook_says_the_link_of_the_case(context: Context) -> None:
    book, packed = made(context, "Workbook and tables")
    cells = [
        cell.value for row in openpyxl.load_workbook(io.BytesIO(book.content))["Summary"].iter_rows() for cell in row
    ]
    assert f"http://here/business_case?scenario=tiny&fix={FIX}" in cells
    assert zipfile.ZipFile(io.BytesIO(packed.content)).namelist()


def test_a_scenario_file_opens_with_the_choice_as_its_first_preset(context: Context) -> None:
    (file,) = made(context, "Scenario file")
    preset = parse_scenario(file.content.decode(), "file").presets[0]
    assert [(one.path, one.value) for one in preset.sets] == [(POOL, 12)]
    assert preset.fixes == (FIX,)
    untouched = replace(context, choice=Choice("tiny", TINY, {}, ()))
    assert made(untouched, "Scenario file")[0].content.decode() == context.text()


def test_the_model_card_is_of_the_scenario(context: Context) -> None:
    assert made(context, "Model card")[0].content.startswith(b"# Model card: A tiny shop")


@pytest.mark.parametrize("name", ["The journey", "What each failure takes out of baskets", "Cash, added up"])
def test_a_picture_comes_as_png_svg_and_pdf_with_its_link(context: Context, name: str) -> None:
    png, svg, pdf = made(context, PICTURE, name)
    assert png.content.startswith(b"\x89PNG")
    assert pdf.content.startswith(b"%PDF")
    assert name.encode() in svg.content
    assert b"http://here/" in svg.content
    assert svg.name == f"ripple-a-tiny-shop-{slug(name)}.svg"


def test_charts_drawn_before_are_there_too_and_others_only_where_they_can_be(context: Context) -> None:
    bar: dict[str, Any] = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {}}
    ready = replace(context, ready=(Ready("Who loses what", "4 runs of 12 weeks", lambda: (bar, "All of it.")),))
    assert names(ready)[-1] == "Who loses what"
    assert b"All of it." in made(ready, PICTURE, "Who loses what")[1].content
    no_case = replace(context, case_choice=CaseChoice("tiny", TINY, (), (), Terms()), made=None)
    assert "Cash, added up" not in names(no_case)
    assert "found none; allowed: one or more of" in str(order_of(no_case, "Workbook and tables").lacks)


def test_before_and_after_shows_what_boardroom_proposes_where_no_fix_was_chosen(context: Context) -> None:
    proposes = TINY.model_copy(update={"boardroom": Boardroom(fixes=(FIX,))})
    proposal, nothing = (
        replace(context, choice=Choice("tiny", business, {POOL: 12.0}, ())) for business in (proposes, TINY)
    )
    shapes = [bars(one) for one in (context, proposal, nothing)]
    assert shapes[0] == shapes[1] != shapes[2]


def bars(context: Context) -> list[bytes]:
    return re.findall(rb' d="([^"]+)"', made(context, PICTURE, "Before and after")[1].content)


def test_a_chart_that_was_drawn_before_leads_back_to_where_it_was_drawn(context: Context) -> None:
    bar: dict[str, Any] = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {}}
    aside = Ready("A trial", "24 sites", lambda: (bar, "All of it."), link="business_case?scenario=tiny")
    svg = made(replace(context, ready=(aside,)), PICTURE, "A trial")[1].content
    assert b"http://here/business_case?scenario=tiny" in svg


def test_a_chart_drawn_anew_is_another_order_than_its_former_self(context: Context) -> None:
    def order(chart: Ready) -> str:
        return order_of(replace(context, ready=(chart,)), PICTURE, chart.name).name

    before = Ready("Side by side", "6 runs of 12 weeks", lambda: ({}, ""), "saved", 1)
    assert order(before) == order(replace(before))
    others = (replace(before, simulated="12 runs of 12 weeks"), replace(before, link="x"), replace(before, version=2))
    assert len({order(one) for one in (before, *others)}) == 4


def test_a_chart_with_nothing_in_it_says_why(context: Context) -> None:
    with pytest.raises(ValueError, match="nothing to move"):
        made(context, PICTURE, "What it hangs on")


def test_what_is_there_takes_no_time_and_what_is_not_has_a_price(context: Context) -> None:
    made(context, PICTURE, "The journey")
    assert context.comparison_seconds == 0
    assert context.case_seconds == 0
    assert replace(context, memory=Store(on_disk=False)).comparison_seconds > 0
    assert replace(context, made=None).case_seconds > 0
    assert context.page_seconds > 0


def test_what_is_too_large_names_no_option_that_no_page_has(context: Context) -> None:
    crowd = world_of(TINY, {"customers.base": 10_000_000}).model_copy(update={"weeks": 1_040})
    with pytest.raises(TooLargeError, match=r"customers\.base") as refused:
        replace(context, choice=Choice("tiny", crowd, {}, ())).comparison(lambda share: None)
    assert "--" not in str(refused.value)


def test_names_of_files_are_safe() -> None:
    assert (
        stem_of(TINY.model_copy(update={"title": '../Café <b>"x"</b>: 50% off?\u202e'})) == "ripple-cafe-b-x-b-50-off"
    )
    assert stem_of(TINY.model_copy(update={"title": "語"})) == "ripple-scenario"
    assert len(stem_of(TINY.model_copy(update={"title": "long " * 400}))) < 80


def test_errors_are_sentences() -> None:
    fault = Fault("case", None, "fix", "found none; allowed: one or more")
    assert said_of(ScenarioError((fault,))) == "It could not be made. fix: found none; allowed: one or more."
    assert said_of(TooLargeError("this run would take an hour")).startswith("It is too large to make here")
    assert said_of(PictureError("This chart cannot be drawn.")) == "This chart cannot be drawn."
    assert said_of(DatabaseError("The database is locked.")) == "The database is locked."
    assert "/a/path" not in said_of(ValueError("/a/path"))
    assert "Traceback" not in said_of(RuntimeError("Traceback: /a/path"))
    assert "/a/path" not in said_of(RuntimeError("Traceback: /a/path"))


# ---- the case's own downloads -----------------------------------------------------------------------


def test_the_stamp_is_the_link_that_makes_it_again() -> None:
    stamp = origin_of(CaseChoice("tiny", TINY, (), (FIX,), Terms(), 900.0), MADE, "http://here/business_case")
    assert stamp.link == f"http://here/business_case?scenario=tiny&fix={FIX}&budget=900"
    assert (stamp.scenario, stamp.simulated) == ("tiny", "32 futures, each with and without the fixes")


def test_the_workbook_opens_and_the_tables_are_csv() -> None:
    stamp = origin_of(CaseChoice("tiny", TINY, (), (FIX,), Terms()), MADE, "")
    book = openpyxl.load_workbook(io.BytesIO(workbook(MADE, stamp)))
    assert "Summary" in book.sheetnames
    with zipfile.ZipFile(io.BytesIO(tables(MADE))) as archive:
        assert archive.namelist()
        assert all(name.endswith(".csv") for name in archive.namelist())


# ---- the desk ---------------------------------------------------------------------------------------------------


def a_file(progress: Progress) -> tuple[File, ...]:
    return (File("File", "a.txt", "text/plain", b"a"),)


def endless(progress: Progress) -> tuple[File, ...]:
    while True:
        progress(0.5)
        time.sleep(0.01)


def finished(job: Making) -> Making:
    job.wait(PATIENCE)
    assert job.finished
    return job


def test_files_are_kept_until_something_else_is_chosen() -> None:
    desk = TakeAwayDesk().of("a choice")
    desk.make("card", a_file)
    assert [file.name for file in finished(desk.jobs["card"]).files] == ["a.txt"]
    assert desk.of("a choice").jobs
    assert not desk.of("another").jobs


def test_one_is_made_at_a_time_and_can_be_stopped() -> None:
    desk = TakeAwayDesk()
    desk.make("slides", endless)
    desk.make("card", a_file)
    assert list(desk.jobs) == ["slides"]
    assert desk.busy == "slides"
    desk.stop()
    stopped = finished(desk.jobs["slides"])
    assert (stopped.files, stopped.error, desk.busy) == ((), None, None)


def test_a_visitor_who_leaves_stops_what_is_being_made() -> None:
    desk = TakeAwayDesk()
    desk.make("slides", endless)
    job = desk.jobs["slides"]
    del desk
    finished(job)


def test_a_failure_is_kept_to_be_said() -> None:
    def fails(progress: Progress) -> tuple[File, ...]:
        raise ScenarioError((Fault("case", None, "fix", "found none"),))

    desk = TakeAwayDesk()
    desk.make("slides", fails)
    assert isinstance(finished(desk.jobs["slides"]).error, ScenarioError)


def test_a_job_that_is_followed_stops_with_its_follower() -> None:
    with Workers() as workers:
        inner = Making(endless, workers)
        told = threading.Event()

        def tells(share: float) -> None:
            told.set()
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            followed(cast(Any, inner), tells)
        assert told.is_set()
        finished(inner)
