"""The boardroom in a real Chromium: sliders and steps by key, nothing but the step in sight, on any screen."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import serious
from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser
LINK = "boardroom?scenario=tiny&fix=five_more_trolleys"


def opened(browser: Browser, url: str, width: int = 1440, height: int = 900) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(url)
    return page


def test_a_slider_moved_by_keyboard_changes_sentence_number_and_link(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK)
    expect(page.get_by_text("Simulated: 4 runs of 12 weeks")).to_be_visible(timeout=ANSWER_MS)
    number = page.locator("p.ripple-large")
    before = number.inner_text()
    lever = page.get_by_role("slider", name="Trolleys in the pool")
    lever.focus()
    for _ in range(2):
        lever.press("ArrowRight")
    said = page.get_by_role(
        "heading", name=re.compile("“Five more trolleys” and trolleys in the pool at 11 instead of 9")
    )
    expect(said).to_be_visible(timeout=ANSWER_MS)
    expect(number).not_to_have_text(before, timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"assets\.trolleys\.pool=11"))
    picture = page.get_by_test_id("stVegaLiteChart")
    expect(picture).to_have_attribute("aria-label", re.compile("Sales lost on the spot.*A bad wheel: £.*, today £"))


def test_steps_go_by_key_with_nothing_else_in_sight_and_escape_leaves(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}{LINK}&present=1")
    expect(page.get_by_role("button", name="Fill the screen")).to_be_visible(timeout=ANSWER_MS)
    for key, step in (("ArrowRight", 2), ("PageDown", 3), (" ", 4), ("ArrowLeft", 3), ("PageUp", 2)):
        page.keyboard.press(key)
        expect(page.get_by_text(f"{step} of 7")).to_be_visible(timeout=ANSWER_MS)
        for hidden in ("stHeader", "stSidebar"):
            expect(page.get_by_test_id(hidden)).to_be_hidden()
    for step in (3, 4, 5, 6):
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_text(f"{step} of 7")).to_be_visible(timeout=ANSWER_MS)
    page.keyboard.press("PageDown")
    lever = page.get_by_role("slider", name="Trolleys in the pool")
    lever.press("ArrowRight")  # moves the lever, and not the step
    expect(page.get_by_role("heading", name=re.compile("at 10 instead of 9"))).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text("7 of 7")).to_be_visible()
    page.get_by_role("heading", name=re.compile("at 10 instead of 9")).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Present", exact=True)).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_test_id("stHeader")).to_be_visible()
    expect(page).not_to_have_url(re.compile("present="))


@pytest.mark.long
def test_keys_are_let_alone_once_the_steps_are_left_though_the_page_turned_dark(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}{LINK}&present=1")
    expect(page.get_by_role("button", name="Fill the screen")).to_be_visible(timeout=ANSWER_MS)
    paper = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    before = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")  # Streamlit calls the script again
    page.wait_for_function(f"before => {paper} !== before", arg=before)
    page.wait_for_timeout(500)
    assert not is_left_alone(page, "PageDown")
    expect(page.get_by_text("2 of 7")).to_be_visible(timeout=ANSWER_MS)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Present", exact=True)).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_role("button", name="Fill the screen")).to_have_count(0)
    assert is_left_alone(page, "PageDown")


def is_left_alone(page: Page, key: str) -> bool:
    """Whether the browser does with the key what it always does."""
    left: bool = page.evaluate(
        "key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))",
        key,
    )
    return left


@pytest.mark.long
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_every_step_fits_the_screen(browser: Browser, address: str, width: int, height: int) -> None:
    for step in range(1, 8):
        page = opened(browser, f"{address}{LINK}&present={step}", width, height)
        expect(page.get_by_text(f"{step} of 7")).to_be_visible(timeout=ANSWER_MS)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert serious(page, f"presented, step {step}") == []
        page.close()


@pytest.mark.long
def test_the_screen_is_filled_and_given_back(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}{LINK}&present=1")
    fill = page.get_by_role("button", name="Fill the screen")
    fill.click(timeout=ANSWER_MS)
    page.wait_for_function("document.fullscreenElement !== null")
    fill.click()
    page.wait_for_function("document.fullscreenElement === null")


@pytest.mark.long
def test_a_slow_scenario_is_estimated_confirmed_and_its_greatest_doubt_found(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}boardroom?scenario=dodgy_trolley")
    expect(page.get_by_text(re.compile("Estimate from . runs? of 4 weeks"))).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text("Still finding out")).to_be_visible()
    expect(page.get_by_text("Simulated: 4 runs of 156 weeks")).to_be_visible(timeout=3 * ANSWER_MS)
    expect(page.get_by_text("a guess that nobody has measured, between")).to_be_visible(timeout=6 * ANSWER_MS)
