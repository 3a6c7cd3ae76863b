"""Slides: opened again they hold the tool's own figures as native charts, with sources in the notes; all text fits."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from pptx.enum.chart import XL_CHART_TYPE

from sim.experiments.runs import Comparison, Run
from sim.reports.narrative.case_story import years
from sim.reports.slides import slides
from sim.reports.slides.deck import BODY, TEAL, Deck, cut, fitted, height_of, lines_of
from sim.reports.slides.native import Series, Sheet, from_zero, native
from tests.reports.decks import LINK, SENTENCE, SIDES, WHEN, a_case, compared, opened, told, worded
from tests.waiting import PATIENCE

NASTY = '=HYPERLINK("http://x") <b>&amp; # *bold* \ud800'
LONG = "A failure point with a name that nobody could ever want to read to its end, " * 12


@pytest.fixture(scope="module")
def deck() -> Any:
    return opened(told(case=a_case()))


def charts_of(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def all_charts(deck: Any) -> list[Any]:
    return [chart for slide in deck.slides for chart in charts_of(slide)]


def text_of(slide: Any) -> str:
    framed = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return "\n".join([*framed, *(cell.text for table in tables for row in table.rows for cell in row.cells)])


def titled(deck: Any, start: str) -> Any:
    return next(slide for slide in deck.slides if slide.shapes.title.text.startswith(start))


def test_it_is_wide_every_slide_has_a_title_and_notes_with_the_link(deck: Any) -> None:
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    assert len(deck.slides) == 9
    for slide in deck.slides:
        assert slide.shapes.title.text
        assert LINK in slide.notes_slide.notes_text_frame.text


def test_the_answer_is_the_sentence_of_the_page_with_the_change_and_its_interval(deck: Any) -> None:
    said = text_of(titled(deck, "The answer"))
    low, high = compared().difference("contribution").low, compared().difference("contribution").high
    assert SENTENCE in said
    assert low is not None
    assert high is not None
    assert f"+\u2060£{low:,.0f} to +\u2060£{high:,.0f}" in said


def test_before_and_after_hold_the_runs_own_means_and_half_widths(deck: Any) -> None:
    found, (first, second) = compared(), charts_of(titled(deck, "Revenue lost: from"))
    for chart, name in ((first, "revenue_lost_per_year"), (second, "contribution")):
        runs = [run.estimate(name) for run in (found.baseline, found.world)]
        assert list(chart.plots[0].series[0].values) == [one.mean for one in runs]
        bars = chart._chartSpace.findall(".//{*}errBars/{*}plus//{*}v")
        assert [float(bar.text) for bar in bars] == [one.half_width for one in runs]
        assert list(chart.plots[0].categories) == ["As it is", "What if"]


def test_where_it_is_lost_holds_each_failure_point_most_first(deck: Any) -> None:
    found, (chart,) = compared(), charts_of(titled(deck, "Most is lost at"))
    by_label = {failure.label: failure.id for failure in found.baseline.world.failures}
    now, then = chart.plots[0].series
    assert list(now.values) == [found.baseline.lost(by_label[name]).mean for name in chart.plots[0].categories]
    assert list(then.values) == [found.world.lost(by_label[name]).mean for name in chart.plots[0].categories]
    assert list(now.values) == sorted(now.values, reverse=True)


def lossy(world: Run, **lost: float) -> Run:
    """That run with so much lost at these failure points."""
    runs = tuple(replace(one, lost=dict.fromkeys(one.lost, 0.0) | lost) for one in world.replications)
    return replace(world, replications=runs)


def test_what_is_lost_in_either_world_decides_what_is_shown_first() -> None:
    now, (first, other, *_) = compared(), [failure.id for failure in compared().baseline.world.failures]
    found = Comparison(lossy(now.baseline, **{first: 5.0}), lossy(now.world, **{other: 9.0}))
    label = next(one.label for one in found.baseline.world.failures if one.id == other)
    (chart,) = charts_of(titled(opened(told(found)), f"Most is lost at “{label}”: as it is £0 a year"))
    assert next(iter(chart.plots[0].categories)) == label
    nothing = Comparison(lossy(now.baseline), lossy(now.world))
    assert titled(opened(told(nothing)), "Nothing is lost at the visit itself")


@pytest.mark.parametrize(
    ("values", "ends"),
    [([-5.0, -2.0], (-6.0, 0.0)), ([2.0, 5.0], (0.0, 6.0)), ([-5.0, 5.0], (-6.0, 6.0)), ([0.0, None], (None, None))],
)
def test_an_axis_holds_zero_and_every_whisker(values: list[float | None], ends: tuple[float | None, ...]) -> None:
    sheet = Sheet(["one", "two"], [Series("values", values, TEAL, [0.6 if value else 0.0 for value in values])], "0")
    slide = Deck("Title", "Author", WHEN).slide("Title", ["note"])
    chart = native(slide, BODY, XL_CHART_TYPE.COLUMN_CLUSTERED, sheet, "said")
    from_zero(chart, sheet)
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == ends


def test_cost_and_contribution_of_a_case_say_their_period_and_that_they_are_before_tax(deck: Any) -> None:
    said = text_of(titled(deck, "For £"))
    assert "Cost in year one, before tax" in said
    assert f"Contribution gained over {years(a_case().terms.horizon_years)}, before tax" in said


def test_the_case_holds_cumulative_cash_and_the_tornado(deck: Any) -> None:
    case = a_case()
    (fan,) = charts_of(titled(deck, "For £"))
    ends = np.percentile(case.cash.net.cumsum(axis=1), (90, 50, 10), axis=0)
    assert [list(series.values) for series in fan.plots[0].series] == ends.tolist()
    assert f"{case.dots_paying_back} of 50" in text_of(titled(deck, "For £"))


def test_what_it_hangs_on_holds_each_swing_either_side_of_nothing(deck: Any) -> None:
    (tornado,) = (chart for chart in all_charts(deck) if chart.plots[0].series[0].name == "Start")
    start, below, above = (list(series.values) for series in tornado.plots[0].series)
    assert [below[0], above[0], start[0]] == [SIDES[0].low_npv, SIDES[0].high_npv, 0]
    assert [start[1], start[1] + above[1]] == [SIDES[1].low_npv, SIDES[1].high_npv]


def test_guesses_are_in_plain_sight_with_their_sources_in_the_notes(deck: Any) -> None:
    slide = titled(deck, "16 of the")
    assert "D: a guess" in text_of(slide)
    assert "Grade D: a guess. Source: a guess." in slide.notes_slide.notes_text_frame.text


def test_without_a_case_or_a_change_there_are_fewer_slides() -> None:
    assert len(opened(told()).slides) == 7
    still = opened(told(compared(())))
    (chart, _) = charts_of(titled(still, "Revenue lost, as it is"))
    assert list(chart.plots[0].categories) == ["As it is"]


def test_the_same_choice_and_moment_are_the_same_bytes() -> None:
    assert slides(told(case=a_case())) == slides(told(case=a_case()))


@pytest.mark.attack
def test_what_people_wrote_stays_text_and_is_never_a_formula() -> None:
    found = compared()
    failures = tuple(one.model_copy(update={"label": NASTY}) for one in found.baseline.world.failures)
    deck = opened(told(worded(found, title=NASTY, question=NASTY, failures=failures), sentence=f"{SENTENCE}\x00\x0b"))
    shown = NASTY.removesuffix("\ud800")
    assert shown.strip() in text_of(deck.slides[0])
    assert "_x00" not in text_of(deck.slides[1])
    for chart in all_charts(deck):
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        cells = [cell for row in book["Sheet1"].iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not any(cell.hyperlink for cell in cells)


def test_nothing_in_the_file_is_fetched_or_dated_by_this_moment() -> None:
    with zipfile.ZipFile(io.BytesIO(slides(told(case=a_case())))) as packed:
        assert {entry.date_time[0] for entry in packed.infolist()} == {1980}
        assert not any('TargetMode="External"' in packed.read(name).decode("latin-1") for name in packed.namelist())


def test_long_names_shrink_wrap_or_are_cut_to_their_boxes() -> None:
    found = compared()
    failures = tuple(
        one.model_copy(update={"label": f"{n} {LONG}"}) for n, one in enumerate(found.baseline.world.failures)
    )
    words = {"title": LONG, "question": LONG, "story": LONG * 2, "failures": failures}
    deck = opened(told(worded(found, **words), sentence=LONG * 2))
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                assert fits(shape), shape.text_frame.text[:80]


def fits(shape: Any) -> bool:
    paragraphs = shape.text_frame.paragraphs
    run = paragraphs[0].runs[0]
    texts, width = [paragraph.text for paragraph in paragraphs], shape.width / 914_400
    return height_of(texts, width, run.font.size.pt, bool(run.font.bold)) <= shape.height / 914_400 + 1e-6


def test_text_is_made_smaller_before_it_is_cut() -> None:
    assert fitted(["short"], 5, 1, (20, 10)) == (["short"], 20)
    same, size = fitted(["several words that need room"], 1.5, 0.6, (20, 8))
    assert same == ["several words that need room"]
    assert 8 <= size < 20
    (shorter,), smallest = fitted([LONG], 2, 0.5, (20, 10))
    assert smallest == 10
    assert shorter.endswith(" …")
    assert len(lines_of(shorter, 2, 10)) <= 3


def test_a_word_without_end_is_broken_and_wide_letters_count_double() -> None:
    assert len(lines_of("x" * 400, 2, 10)) > 5
    assert len(lines_of("語" * 60, 2, 10)) > len(lines_of("n" * 60, 2, 10))
    assert cut("one two", 5, 10, 1) == "one two"


@pytest.mark.long
def test_libreoffice_draws_every_page_and_no_word_leaves_it(tmp_path: Path) -> None:
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("LibreOffice (soffice) or pdftotext is not installed")
    found = compared()
    words = {"question": LONG, "title": LONG, "story": LONG}
    (tmp_path / "deck.pptx").write_bytes(slides(told(worded(found, **words), a_case(), LONG)))
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "deck.pptx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    if not (tmp_path / "deck.pdf").exists():
        pytest.skip("LibreOffice Impress is not installed")
    boxes = subprocess.run(
        [reader, "-bbox", str(tmp_path / "deck.pdf"), "-"], check=True, capture_output=True, text=True
    )
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', boxes.stdout, re.DOTALL)
    assert len(pages) == 9
    for width, height, words_there in pages:
        ends = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)"', words_there)
        for left, top, right, bottom in (map(float, end) for end in ends):
            assert 0 <= left <= right <= float(width)
            assert 0 <= top <= bottom <= float(height)
