"""The page Watch in a real Chromium: it plays, stops and steps, and shows what the table says and the ledger counts."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.engines.people import Kind
from sim.engines.randomness import Luck
from sim.experiments.library import load, names
from sim.experiments.replay import Watched, most_to_see, spans_of, watch
from sim.experiments.replay.words import tellings
from sim.scenario.quantity import minor_units
from tests.browser.waiting import ANSWER_MS
from ui.replay import SCRIPT
from ui.session.replay import data_of

pytestmark = pytest.mark.browser


def opened(browser: Browser, address: str, name: str = "tiny", width: int = 1440, **context: object) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1000}, **context)  # type: ignore[arg-type]
    page.goto(f"{address}watch?scenario={name}")
    expect(page.locator(".clock")).to_have_text(re.compile(r"\d\d:\d\d"), timeout=ANSWER_MS)
    return page


def clock(page: Page) -> str:
    return page.locator(".clock").inner_text()


def latest(page: Page) -> str:
    return page.locator(".log li").first.inner_text()


def test_it_plays_pauses_and_steps_by_key_to_what_the_table_says(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    before = clock(page)
    page.locator("select.speed").select_option("60")
    page.get_by_role("button", name="Play").press(" ")
    expect(page.locator(".clock")).not_to_have_text(before)
    page.get_by_role("button", name="Pause").press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stopped = clock(page)
    page.wait_for_timeout(600)
    assert clock(page) == stopped
    journey = page.get_by_role("group", name=re.compile("the journey"))
    journey.press("Shift+ArrowRight")
    said = latest(page)
    assert said.startswith("✕ ")
    time, who, words = re.match(r"✕ (\d\d:\d\d) (Visitor \d+): (.*)", said).groups()  # type: ignore[union-attr]
    expect(page.locator(".live")).to_have_text(f"{time}. {who}: {words}")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download (CSV)").click()
    with Path(taken.value.path()).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[0].endswith(time) and row[1].split(",")[0] == who]
    assert words in [row[3] for row in rows]
    journey.press("ArrowLeft")
    expect(page.locator(".log li").first).not_to_have_text(said)
    journey.press("ArrowRight")
    expect(page.locator(".log li").first).to_have_text(said)


def test_the_figures_at_the_end_of_the_day_are_the_ledgers(browser: Browser, address: str) -> None:
    ends_as_the_ledger(browser, address, "tiny")


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in names() if name != "tiny"])
def test_the_figures_at_the_end_are_the_ledgers_in_every_scenario(browser: Browser, address: str, name: str) -> None:
    ends_as_the_ledger(browser, address, name)


def ends_as_the_ledger(browser: Browser, address: str, name: str) -> None:
    page, seen = opened(browser, address, name), first_shown(name)
    page.locator("input.when").press("End")
    begun = [event.kind for event in seen.events if event.visit and seen.begun(event.visit)]
    rows = seen.rows[[seen.begun((row["customer"].item(), row["visit"].item())) for row in seen.rows]]
    expected = {
        "Here now": "0",
        "Came so far": f"{rows.size}",
        "Things gone wrong": f"{begun.count(Kind.FAILS)}",
        "Spent so far": money(seen, rows["revenue"].sum()),
        "Lost so far": money(seen, rows["lost"].sum()),
        "Left for good": f"{rows['left'].sum() + sum(event.kind is Kind.STAYS_AWAY for event in seen.events)}",
    }
    if seen.world.assets:
        expected["Reports refused"] = f"{begun.count(Kind.IS_REFUSED)}"
    for label, figure in expected.items():
        shown = page.locator(".counters div").filter(has_text=label).locator("dd")
        expect(shown).to_have_text(figure)


def first_shown(name: str) -> Watched:
    world = load(name)
    spans = spans_of(world)
    part = spans.of_part(0)
    whole = watch(world, Luck(1, 0), *spans.minutes(part[0], part[-1]))
    best = most_to_see(whole.counts(spans.days))
    return whole.between(*spans.minutes(best, best))


def money(seen: Watched, minor: int) -> str:
    signs = {"GBP": "£", "EUR": "€", "USD": "$"}
    return f"{signs[seen.world.currency]}{int(minor / minor_units(seen.world.currency) + 0.5):,}"


@pytest.mark.long
def test_a_phone_shows_all_of_it_and_nothing_moves_by_itself_for_who_asks_for_less(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, width=390, reduced_motion="reduce", has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    frame = page.locator(".frame").bounding_box()
    for place in page.locator(".place").all():
        box = place.bounding_box()
        assert box and frame and box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert place.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert not moves_after_a_step(page)


@pytest.mark.long
def test_who_asks_for_no_less_sees_people_walk(browser: Browser, address: str) -> None:
    assert moves_after_a_step(opened(browser, address, width=390, reduced_motion="no-preference", has_touch=True))


def moves_after_a_step(page: Page) -> bool:
    """Whether anything on the picture still moves once Next was pressed and drawn, after any of the first steps."""
    pressed = page.get_by_role("button", name="Next", exact=True)
    return any(len(set(pressed.evaluate(PICTURES_AFTER_A_PRESS))) > 1 for _ in range(5))


PICTURES_AFTER_A_PRESS = """async (button) => {
  const picture = button.getRootNode().querySelector("canvas.front");
  button.click();
  await new Promise(requestAnimationFrame);
  const pictures = [picture.toDataURL()];
  for (let more = 0; more < 5; more++) {
    await new Promise((done) => setTimeout(done, 100));
    pictures.push(picture.toDataURL());
  }
  return pictures;
}"""


@pytest.mark.long
def test_a_player_stops_with_its_page_though_that_turned_dark(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.add_init_script(
        """
        window.frames_drawn = 0;
        const clear = CanvasRenderingContext2D.prototype.clearRect;
        CanvasRenderingContext2D.prototype.clearRect = function (...box) {
          window.frames_drawn += 1;
          clear.apply(this, box);
        };
        """
    )
    page.goto(f"{address}watch?scenario=tiny")
    page.get_by_role("button", name="Play").press(" ", timeout=ANSWER_MS)
    paper = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    before = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")  # Streamlit calls the script again
    page.wait_for_function(f"before => {paper} !== before", arg=before)
    page.wait_for_timeout(500)
    shown = clock(page)
    expect(page.locator(".clock")).not_to_have_text(shown)  # it plays on
    page.get_by_role("link", name="Saved").first.click()
    expect(page.locator(".clock")).to_have_count(0)
    drawn = page.evaluate("frames_drawn")
    page.wait_for_timeout(500)
    assert page.evaluate("frames_drawn") == drawn


def test_a_call_that_was_overtaken_ends_no_player_and_the_last_one_does(browser: Browser) -> None:
    page, seen = browser.new_page(), first_shown("tiny")
    page.set_content('<div class="watch"></div>')
    data = data_of(seen, list(tellings(seen)), "a stretch")
    page.evaluate(
        """async ({ script, data }) => {
          const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
          const call = () => module.default({ data, parentElement: document.body });
          window.overtaken = call();
          window.end = call();
        }""",
        {"script": SCRIPT, "data": data},
    )
    page.get_by_role("button", name="Play").click()
    page.evaluate("overtaken()")
    shown = clock(page)
    expect(page.locator(".clock")).not_to_have_text(shown)
    page.evaluate("end()")
    stopped = clock(page)
    page.wait_for_timeout(500)
    assert clock(page) == stopped
