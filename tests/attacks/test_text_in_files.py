"""Nothing that people type becomes more than text in any file that is taken away."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import openpyxl
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser
from pptx import Presentation

from sim.experiments.cache import Store
from sim.experiments.workers import Workers
from sim.finance.assumptions import Terms
from sim.finance.case import make_case
from sim.finance.study import Study
from sim.reports.model_card import markdown, model_card
from tests.attacks.hostile import MARK, MARKUP, TAIL, hostile, texts_of
from ui.charts import NothingToDrawError
from ui.exports.context import Context
from ui.exports.desk import File
from ui.exports.exports import EXPORTS, PICTURE, names
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice

pytestmark = [pytest.mark.attack, pytest.mark.long]

FIX = "four_more"
_WHOLE = re.compile(rf"({MARK}\d+) {re.escape(MARKUP)} {TAIL}")


def marks(text: str) -> list[str]:
    """The texts that stand in it whole, each as often as it does."""
    return _WHOLE.findall(" ".join(text.split()))


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    scenario, store = hostile().scenario, Store()
    case = make_case(Study(scenario, 1, store), (FIX,), Terms(), 16)
    choice, of_case = Choice("~hostile", scenario, {}, (FIX,)), CaseChoice("~hostile", scenario, (), (FIX,), Terms())
    with Workers() as workers:
        yield Context(choice, of_case, "http://here/", 1, workers, store, store, case, lambda: hostile().text)


def made(context: Context, title: str, chosen: object = None) -> dict[str, File]:
    """Files of one export, by the ends of their names."""
    (export,) = (export for export in EXPORTS if export.title == title)
    order = export.order(context, chosen)
    assert order.lacks is None
    return {file.name.rpartition(".")[2]: file for file in order.make(lambda share: None)}


def test_every_text_of_the_language_is_hostile_or_only_names_something() -> None:
    assert len(set(hostile().texts.values())) >= 29
    assert hostile().names == {
        "Answer.lever", "Answer.measure", "Boardroom.levers", "Boardroom.number", "Change.path", "Costs.use",
        "Lever.outcome", "Lever.path", "Move.path", "Reason.measure", "Scenario.headline", "Setting.path",
    }  # fmt: skip


def test_the_workbook_and_its_tables_hold_text_and_no_link_or_formula_of_it(context: Context) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(context, "Workbook and tables")["xlsx"].content))
    found: list[str] = []
    for sheet in book:
        assert not sheet._hyperlinks
        for cell in (cell for row in sheet.iter_rows() for cell in row if MARK in str(cell.value)):
            assert cell.data_type == "s"
            found += marks(str(cell.value))
    assert {"Scenario.title", "Fix.label", "Quantity.source", "Quantity.unit"} <= texts_of(found)


def test_no_cell_of_a_table_begins_a_formula(context: Context) -> None:
    with zipfile.ZipFile(io.BytesIO(made(context, "Workbook and tables")["zip"].content)) as packed:
        tables = [packed.read(name).decode() for name in packed.namelist()]
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row if MARK in cell]
    assert {"Quantity.source", "Quantity.unit", "Fix.label"} <= texts_of(mark for cell in cells for mark in marks(cell))
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_deck_holds_text_without_links(context: Context) -> None:
    deck = Presentation(io.BytesIO(made(context, "Slides", True)["pptx"].content))
    parts = [part for slide in deck.slides for part in (slide.part, slide.notes_slide.part)]
    assert not [link for part in parts for link in part.rels.values() if link.is_external]
    said = " ".join(run.text for slide in deck.slides for run in _runs(slide))
    assert MARK in said
    assert "<script>" in said


def _runs(slide: object) -> Iterator[object]:
    for shape in slide.shapes:  # type: ignore[attr-defined]
        if shape.has_text_frame:
            yield from (run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs)


def test_pictures_hold_text_and_nothing_that_is_fetched_or_run(context: Context) -> None:
    charts = names(context)
    for chart in charts:
        try:
            files = made(context, PICTURE, chart)
        except NothingToDrawError:
            charts = [one for one in charts if one != chart]
            continue
        drawn = ElementTree.fromstring(files["svg"].content)
        tags = {element.tag.rpartition("}")[2] for element in drawn.iter()}
        assert not tags & {"a", "script", "image", "foreignObject", "iframe", "use"}, chart
        assert not [name for element in drawn.iter() for name in element.attrib if name.lower().startswith("on")], chart
        assert not re.search(rb"/URI|/JavaScript|/Launch|/JS\b", files["pdf"].content), chart
    assert len(charts) >= 5


def test_the_model_card_read_as_markdown_holds_text_alone() -> None:
    text = markdown(model_card("hostile.yaml", hostile().scenario))
    for kind in ("commonmark", "gfm-like"):
        html = MarkdownIt(kind, {"linkify": False}).enable("table").render(text)
        assert not re.search(r"<(a|img|script|b|del|em|s|iframe|pre|blockquote)\b", html), kind
        shown = re.sub(r"<!-- -->|<[^>]*>", "", html)
        for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            shown = shown.replace(entity, sign)
        assert {"Scenario.title", "Scenario.story", "Fix.help", "Failure.label"} <= texts_of(marks(shown)), kind
        assert shown.count(MARK) == len(marks(shown)), kind
    again = re.compile(r"(?<=[\w.+-])@\w|:(smile|\+1|red):", re.IGNORECASE)  # what some readers look for in the end
    assert not again.search(text.replace("\\", ""))


@pytest.mark.browser
def test_the_page_without_a_server_shows_text_and_runs_nothing_of_it(
    context: Context, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_bytes(made(context, "One page that needs no server")["html"].content)
    page, faults = browser.new_context(offline=True).new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith("file:") else None)
    page.goto(f"file://{file}")
    page.get_by_role("slider").first.press("ArrowRight")
    assert page.evaluate("window.owned || 0") == 0
    assert page.locator("img[src=x], b, a[href^='javascript'], a[href*='evil']").count() == 0
    shown = marks(page.evaluate("document.body.textContent"))
    assert {"Boardroom.question", "Lever.label"} <= texts_of(shown)
    assert faults == []
