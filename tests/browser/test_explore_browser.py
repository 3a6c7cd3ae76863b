"""The page in a real Chromium: keyboard, link, phone, and nothing fetched from elsewhere."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import serious
from tests.browser.waiting import ANSWER_MS, simulated

pytestmark = pytest.mark.browser


def opened(browser: Browser, url: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.goto(url)
    simulated(page, "Simulated: 4 runs of 12 weeks")
    return page


@pytest.fixture(scope="module")
def looked_at(open_browser: Browser, address: str) -> Page:
    """A page that nobody moves anything on."""
    return opened(open_browser, f"{address}explore?scenario=tiny")


def test_a_slider_moved_by_keyboard_changes_sentence_and_link_which_opens_the_same_page(
    browser: Browser, address: str
) -> None:
    page = opened(browser, f"{address}explore?scenario=tiny")
    lever = page.get_by_role("slider", name="Trolleys in the pool")
    lever.focus()
    for _ in range(5):
        lever.press("ArrowRight")
    said = page.get_by_role("heading", name=re.compile("With trolleys in the pool at 14 instead of 9: reports refused"))
    expect(said).to_be_visible(timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"assets\.trolleys\.pool=14"))
    again = opened(browser, page.url)
    expect(again.get_by_role("slider", name="Trolleys in the pool")).to_have_attribute("aria-valuetext", "14")
    page.get_by_role("button", name="Back to how it is").click()
    expect(page.get_by_role("heading", name=re.compile("As it stands"))).to_be_visible(timeout=ANSWER_MS)
    expect(page).not_to_have_url(re.compile("pool=14"))


def test_a_slow_answer_starts_as_an_estimate_and_can_be_stopped_and_superseded(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{address}explore?scenario=dodgy_trolley")
    expect(page.get_by_text(re.compile("Estimate from . runs? of 4 weeks"))).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Simulate all weeks")).to_be_visible(timeout=ANSWER_MS)
    page.goto(f"{address}explore?scenario=tiny")
    simulated(page, "Simulated: 4 runs of 12 weeks")


def test_explore_has_nothing_serious_that_is_ours(looked_at: Page) -> None:
    assert serious(looked_at, "explore") == []


def test_charts_say_their_takeaway_to_a_screen_reader(looked_at: Page) -> None:
    lost = re.compile("Lost a year at each failure point. A bad wheel: £")
    expect(looked_at.get_by_label(lost).first).to_be_visible()
    expect(looked_at.get_by_label(re.compile(r"After 12 weeks \d")).first).to_be_visible()


def test_a_phone_shows_everything_without_sideways_scrolling_and_says_where_the_levers_are(
    browser: Browser, address: str
) -> None:
    """Nothing of it is fetched from anywhere else either."""
    page = browser.new_page(viewport={"width": 390, "height": 1000})
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url) if "localhost" not in request.url else None)
    page.goto(f"{address}explore?scenario=tiny")
    simulated(page, "Simulated: 4 runs of 12 weeks")
    expect(page.get_by_text(re.compile("Press “Sliders and pages” at the top"))).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    # Five cards, retention, losses, the answer's, and the journey twice, of which the style sheet shows one.
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(10)
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []


@pytest.mark.long
def test_the_loss_is_shared_out_on_demand_and_a_moved_lever_puts_that_away(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}explore?scenario=tiny")
    page.get_by_role("button", name="Share the loss out").click()
    expect(page.get_by_text("a year that failure points cost")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text("By department, which is where")).to_be_visible()
    page.get_by_role("slider", name="Trolleys in the pool").press("ArrowRight")
    expect(page.get_by_role("button", name="Share the loss out")).to_be_visible(timeout=ANSWER_MS)
    page.close()
