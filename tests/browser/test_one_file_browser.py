"""The file that needs no server, opened from disk in a real Chromium that is offline."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.experiments.cache import Store
from sim.experiments.estimate import Estimate
from sim.experiments.library import load
from sim.experiments.runs import Comparison
from sim.experiments.workers import Workers
from sim.reports import one_file
from sim.reports.narrative import boardroom_story as words
from sim.reports.one_file import OneFileJob
from sim.scenario.fixes import Boardroom
from sim.scenario.wording import figure, size
from tests.browser.axe import serious
from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser
POOL, BREAKS, FIX = "assets.trolleys.pool", "assets.trolleys.breaks", "five_more_trolleys"
BETWEEN = "Between simulated points: interpolated, the interval too"
_MS = 1_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[OneFileJob, Path]:
    """The file of the tiny shop for two weeks, with two sliders."""
    folder = tmp_path_factory.mktemp("file")
    tiny = load("tiny").model_copy(update={"weeks": 2, "boardroom": Boardroom(levers=(POOL, BREAKS), fixes=(FIX,))})
    with Workers() as workers:
        job = OneFileJob(tiny, {}, (), 1, Store(folder / "results"), workers, "https://ripple.example/boardroom")
        job.wait(ANSWER_MS / _MS)
    (folder / "page.html").write_text(job.html or "", encoding="utf-8")
    return job, folder / "page.html"


def opened(browser: Browser, file: Path, hash: str = "", **how: object) -> tuple[Page, list[str]]:
    context = browser.new_context(offline=True, **how)  # type: ignore[arg-type]
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.on("console", lambda message: asked.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(f"file://{file}{hash}")
    return page, asked


def test_a_slider_moved_by_keyboard_changes_the_sentence_and_nothing_is_fetched(
    browser: Browser, made: tuple[OneFileJob, Path]
) -> None:
    _, file = made
    page, asked = opened(browser, file)
    sentence = page.get_by_role("status")
    expect(sentence).to_contain_text("With “Five more trolleys”,")
    pool = page.get_by_role("slider", name="Trolleys in the pool")
    page.keyboard.press("Tab")
    expect(pool).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    expect(sentence).to_contain_text("trolleys in the pool at 10 instead of 9")
    expect(pool).to_have_attribute("aria-valuetext", "10 trolleys")
    expect(sentence).to_contain_text(BETWEEN)
    assert page.url.endswith(f"#{POOL}=10")
    page.keyboard.press("End")
    expect(sentence).to_contain_text("Simulated: 4 runs of 2 weeks")
    page.get_by_role("button", name="Back to the start").click()
    expect(pool).to_have_attribute("aria-valuetext", "9 trolleys")
    assert asked == [f"file://{file}"]


def test_at_every_point_the_page_shows_what_was_simulated(browser: Browser, made: tuple[OneFileJob, Path]) -> None:
    job, file = made
    page, _ = opened(browser, file)
    shop, number = job.plan.asked.scenario, words.number_of(job.plan.asked.scenario, job.plan.agenda.number)
    now = (9.0, 0.01)
    for point, found in list(zip(job.plan.grid.points, job.plan.grid.comparisons(job.paired), strict=True))[::3]:
        assert found is not None
        sets = {path: at for path, at, is_now in zip((POOL, BREAKS), point, now, strict=True) if at != is_now}
        done = words.moves(shop, sets, job.plan.agenda.fixes)
        page.evaluate("hash => { location.hash = hash; }", urlencode(dict(zip((POOL, BREAKS), point, strict=True))))
        expect(page.locator("#sentence")).to_have_text(words.sentence(number, done, found, job.plan.agenda.number))
        large, below = words.large(number, done, found, job.plan.agenda.number)
        expect(page.locator("#large")).to_have_text(large)
        expect(page.locator("#below")).to_have_text(below)


def test_without_a_slider_there_is_the_answer_and_nothing_to_move(browser: Browser, tmp_path: Path) -> None:
    """Of a share, whose change is in points."""
    agenda = Boardroom(number="refused_share", fixes=(FIX,))
    still = load("tiny").model_copy(update={"levers": (), "boardroom": agenda})
    with Workers() as workers:
        job = OneFileJob(still, {}, (), 1, Store(tmp_path / "results"), workers, "https://ripple.example/boardroom")
        job.wait(ANSWER_MS / _MS)
    (tmp_path / "page.html").write_text(job.html or "", encoding="utf-8")
    page, asked = opened(browser, tmp_path / "page.html")
    (found,) = job.plan.grid.comparisons(job.paired)
    number, done = (
        words.number_of(still, "refused_share"),
        words.moves(still, {}, job.plan.agenda.fixes),
    )
    assert found is not None
    expect(page.locator("#sentence")).to_have_text(words.sentence(number, done, found, "refused_share"))
    expect(page.locator("#sentence")).to_contain_text(re.compile(r"would be [\d.]+ points lower than today"))
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("heading", name="What if…")).to_have_count(0)
    assert asked == [f"file://{tmp_path / 'page.html'}"]


def test_the_picture_says_its_intervals_and_todays(browser: Browser, made: tuple[OneFileJob, Path]) -> None:
    job, file = made
    page, _ = opened(browser, file)
    found = _found(job, (9.0, 0.01))
    lost = words.Number(words.LOST, "GBP a year", "GBP")
    then, now = (
        words.TEMPLATES["with_interval"].format(
            value=lost.value(one.mean), low=lost.bare(one.low), high=lost.bare(one.high)
        )
        for one in (found.world.lost("wheel"), found.baseline.lost("wheel"))
    )
    said = f"A bad wheel: {then}; today {now}"
    expect(page.locator("#picture")).to_contain_text(said)
    assert said in (page.locator("#picture").get_attribute("aria-label") or "")


def _found(job: OneFileJob, point: tuple[float, ...]) -> Comparison:
    found = dict(zip(job.plan.grid.points, job.plan.grid.comparisons(job.paired), strict=True))[point]
    assert found is not None
    return found


def test_between_two_points_the_figures_are_on_the_straight_line(
    browser: Browser, made: tuple[OneFileJob, Path]
) -> None:
    job, file = made
    low, high = job.plan.grid.values[0][-2:]
    between = int(low) + 1
    part = (between - low) / (high - low)
    found = dict(zip(job.plan.grid.points, job.plan.grid.comparisons(job.paired), strict=True))
    ends = [_change(found[value, 0.01], job.plan.agenda.number) for value in (low, high)]
    said = [one * (1 - part) + other * part for one, other in zip(*ends, strict=True)]
    page, _ = opened(browser, file, f"#{POOL}={between}")
    number = words.number_of(job.plan.asked.scenario, job.plan.agenda.number)
    expect(page.locator("#large")).to_have_text(number.value(said[0], signed=True))
    expect(page.locator("#below")).to_contain_text(number.bare(said[1], signed=True))


def _change(found: Comparison | None, measure: str) -> list[float]:
    assert found is not None
    change: Estimate = found.difference(measure)
    return [end for end in (change.mean, change.low, change.high) if end is not None]


def test_figures_are_written_as_ripple_writes_them(browser: Browser) -> None:
    """The script's own writing of figures beside `sim.scenario.wording`, ties and signs included."""
    script = (Path(one_file.__file__).parent / "script.js").read_text(encoding="utf-8")
    writing = script[script.index("  const SVG") : script.index("  const at =")]
    writing += script[script.index("  /** Digits after") : script.index("  const withTail")]
    sizes = [
        0.0,
        0.004,
        0.005,
        0.125,
        0.5,
        0.9995,
        1.5,
        2.5,
        12.25,
        99.995,
        100.5,
        999.995,
        1234.5,
        2345678.5,
        1e9 + 0.5,
    ]
    values = [sign * size for size in sizes for sign in (1, -1)]
    kinds = {
        "GBP a year": {"form": "money", "sign": "£", "yearly": True},
        "GBP": {"form": "money", "sign": "£", "yearly": False},
        "share of visits": {"form": "share"},
        "points": {"form": "number"},
    }
    asked = [(value, unit, signed) for value in values for unit in kinds for signed in (False, True)]
    body = f"""cases => {{ {writing}
        return cases.map(([value, how, signed]) => [figure(value, how, signed), sizeOf(value, how)]); }}"""
    page = browser.new_page()
    written = page.evaluate(body, [(value, kinds[unit], signed) for value, unit, signed in asked])
    expected = [[figure(value, unit, "GBP", signed), size(value, unit, "GBP")] for value, unit, signed in asked]
    assert [*zip(asked, written, strict=True)] == [*zip(asked, expected, strict=True)]


def test_on_a_phone_in_the_dark_and_on_paper(browser: Browser, made: tuple[OneFileJob, Path]) -> None:
    _, file = made
    page, _ = opened(browser, file, viewport={"width": 390, "height": 844}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 31)"
    assert serious(page, "the file") == []
    page.emulate_media(media="print")
    expect(page.get_by_role("slider").first).to_be_hidden()
    expect(page.get_by_role("button", name="Back to the start")).to_be_hidden()
    expect(page.locator("#sentence")).to_be_visible()
    expect(page.locator("#lever0-now")).to_have_text("9 trolleys")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_beside_a_point_that_contradicts_itself_it_is_said_to_be_unsimulated(
    browser: Browser, made: tuple[OneFileJob, Path], tmp_path: Path
) -> None:
    job, file = made
    last = job.plan.grid.values[0][-1]
    page_of, impossible = file.read_text("utf-8").split('id="data"', 1), tmp_path / "page.html"
    start, data, end = re.split(r"(?<=>)(\{.*?\})(?=</script>)", page_of[1], maxsplit=1, flags=re.DOTALL)
    told = json.loads(data)
    told["points"] = [
        None if point[0] == last else one for point, one in zip(job.plan.grid.points, told["points"], strict=True)
    ]
    impossible.write_text(f'{page_of[0]}id="data"{start}{json.dumps(told)}{end}', encoding="utf-8")
    page, _ = opened(browser, impossible, f"#{POOL}={last - 1:g}")
    expect(page.locator("#sentence")).to_contain_text("not simulated here")
    expect(page.locator("#sentence")).not_to_contain_text("no such business")
    page.evaluate("document.getElementById('large').className = 'large worse'")
    page.get_by_role("slider", name="Trolleys in the pool").press("End")
    expect(page.locator("#sentence")).to_contain_text("there is no such business")
    expect(page.locator("#how")).to_be_hidden()
    expect(page.locator("#large")).to_have_class("large")
