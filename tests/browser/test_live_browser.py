"""The estimate that follows a hand, in a real Chromium: by mouse, by finger, by keyboard, and where it cannot run."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser

MOVED = re.compile("Estimate while you drag: with trolleys in the pool at 2., revenue lost about £")
POINTS = 7


def opened(page: Page, address: str) -> Locator:
    """The page's slider, once its curve is there."""
    page.goto(f"{address}explore?scenario=tiny")
    expect(page.locator(".st-key-live svg .point")).to_have_count(POINTS, timeout=ANSWER_MS)
    return page.get_by_role("slider", name="Trolleys in the pool")


def middle(slider: Locator) -> tuple[float, float]:
    """Where a slider's thumb can be taken."""
    box = slider.locator("xpath=../..").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_sentence_and_curve_follow_a_drag_and_letting_go_simulates(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    slider, live = opened(page, address), page.locator(".st-key-live section")
    stood = page.locator(".st-key-live .hand").get_attribute("cx")
    x, y = middle(slider)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=10)
    expect(live).to_contain_text(MOVED)
    assert page.locator(".st-key-live .hand").get_attribute("cx") != stood
    assert "pool=" not in page.url  # nothing was sent: the hand still holds it
    assert "As it stands" in page.locator(".st-key-sentence h3").inner_text()
    page.mouse.up()
    expect(page.get_by_role("heading", name=re.compile("With trolleys in the pool at 2. instead of 9"))).to_be_visible(
        timeout=ANSWER_MS
    )
    expect(live).to_contain_text(re.compile("Simulated: with trolleys in the pool at 2., revenue lost £"))
    expect(live).to_contain_text(re.compile("Estimated: revenue lost about £"))
    expect(page).to_have_url(re.compile("assets.trolleys.pool=2"))


@pytest.mark.long
def test_a_finger_on_a_phone_has_the_estimate_in_sight(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    slider, live = opened(page, address), page.locator(".st-key-live section")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.wait_for_timeout(1_000)  # the sidebar slides in
    slider.locator("xpath=../..").scroll_into_view_if_needed()
    x, y = middle(slider)
    finger = context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        point = {"x": x + 8 * step, "y": y}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    expect(live).to_contain_text("Estimate while you drag")
    strip, thumb = live.bounding_box(), slider.locator("xpath=../..").bounding_box()
    assert strip is not None
    assert thumb is not None
    assert 0 <= strip["y"] <= strip["y"] + strip["height"] <= 844.5
    assert not strip["y"] < thumb["y"] < strip["y"] + strip["height"]
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(live).to_contain_text("Simulated:", timeout=ANSWER_MS)


@pytest.mark.long
def test_keys_move_it_too_and_what_rests_is_said_to_a_screen_reader(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    slider = opened(page, address)
    slider.press("ArrowRight")
    expect(page.get_by_role("status").filter(has_text="with trolleys in the pool at 10")).to_have_count(1)
    expect(page.locator(".st-key-live section")).to_contain_text("Simulated: with trolleys in the pool at 10")


@pytest.mark.long
def test_undo_and_links_move_sliders_without_an_estimate(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    slider, live = opened(page, address), page.locator(".st-key-live section")
    page.get_by_text("Five more trolleys", exact=True).first.click()
    expect(page.get_by_role("heading", name=re.compile("With five more trolleys"))).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=re.compile("As it stands"))).to_be_visible(timeout=ANSWER_MS)
    expect(live).to_have_attribute("data-phase", "idle")
    expect(slider).to_have_attribute("aria-valuetext", "9")


@pytest.mark.long
def test_where_its_script_cannot_run_the_sliders_work_as_ever(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.add_init_script("URL.createObjectURL = () => 'blob:nothing-is-here'")
    page.goto(f"{address}explore?scenario=tiny")
    slider = page.get_by_role("slider", name="Trolleys in the pool")
    slider.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile("With trolleys in the pool at 10 instead of 9"))).to_be_visible(
        timeout=ANSWER_MS
    )
    expect(page.locator(".st-key-live [role=alert]")).to_have_count(1)
    expect(page.get_by_text("BidiComponent Error").first).to_be_hidden()
    expect(page).to_have_url(re.compile("assets.trolleys.pool=10"))


@pytest.mark.long
@pytest.mark.parametrize("step", ["", "&present=7"])
def test_the_boardrooms_number_follows_a_drag_in_its_own_words(browser: Browser, address: str, step: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{address}boardroom?scenario=tiny{step}")
    live = page.locator(".st-key-live section")
    expect(page.locator(".st-key-live svg .point")).to_have_count(POINTS, timeout=ANSWER_MS)
    x, y = middle(page.get_by_role("slider", name="Trolleys in the pool"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=10)
    said = re.compile(
        r"Estimate while you drag: with trolleys in the pool at \d+, sales lost to what goes wrong about £"
    )
    expect(live).to_contain_text(said)
    expect(live).not_to_contain_text("contribution")
    page.mouse.up()
    expect(live).to_contain_text("Simulated:", timeout=ANSWER_MS)
