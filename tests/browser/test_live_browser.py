"""The estimate that follows a hand, in a real Chromium: by mouse, by finger, by keyboard, and where it cannot run."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


@pytest.mark.long
def test_a_slow_answer_outlives_a_tap_on_the_thumb_and_undo_leaves_the_page_in_force(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{address}explore?scenario=dodgy_trolley")
    slider, live = page.get_by_role("slider").first, page.locator(".st-key-live section")
    expect(live).to_be_visible(timeout=ANSWER_MS)
    stood = slider.get_attribute("aria-valuetext") or ""
    slider.press("End")
    expect(live).to_contain_text("Simulating: with")
    slider.press("End")
    page.wait_for_timeout(200)
    expect(live).to_contain_text("Simulating: with")
    page.get_by_text("So far from the first").first.wait_for(timeout=ANSWER_MS)  # the question is under way
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(slider).to_have_attribute("aria-valuetext", stood)
    expect(live).to_have_attribute("data-phase", "idle")
    expect(page.locator(".st-key-sentence")).not_to_have_attribute("data-outdated", "")
    expect(page.locator(".st-key-status")).to_contain_text("Simulated: 4 runs")  # the server has heard it too
    slider.press("End")
    slider.press("End")
    expect(live).to_contain_text("Simulated: with", timeout=ANSWER_MS)


# ---- the script alone, among sliders and answers that a test gives it ------------------------------------------

SCRIPT = (Path(__file__).parents[2] / "ui/live/live.js").read_text(encoding="utf-8")
HTML = (Path(__file__).parents[2] / "ui/live/live.html").read_text(encoding="utf-8")
STAGE = f"""
<div class="st-key-pool"><input type="range" min="4" max="40" step="1" value="9" aria-valuetext="9"></div>
<div class="st-key-sentence">As it stands…<div id="live">{HTML}</div></div>
"""
HAND = """async (script) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const slider = document.querySelector("input");
  const press = (kind) => slider.dispatchEvent(new Event(kind, { bubbles: true }));
  window.answer = (data) => module.default({ data, parentElement: document.querySelector("#live") });
  window.moveTo = (value) => {
    slider.setAttribute("value", value);
    slider.setAttribute("aria-valuetext", value);
  };
  window.take = () => press("pointerdown");
  window.letGo = () => press("pointerup");
  window.type = (key) => {
    slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    slider.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
  };
}"""


def told(stands: float = 9, loss: str | None = "£900", **more: Any) -> dict[str, Any]:
    """What the server says with the lever there; `loss` is None before the first run is there."""
    lever = {
        "class": "st-key-pool", "label": "pool", "ends": ["4", "40"], "range": [4, 40], "step": 1, "stands": stands,
        "asIs": 9, "beside": more.pop("beside", "nothing"), "points": [[4, 2000, 0], [9, 900, 0], [40, 100, 0]],
    }  # fmt: skip
    headline = {"isWorth": False, "label": "loss", "kind": "money", "each": ""}
    return {
        "weeks": 4, "all": 12, "soFar": None, "finished": True, "worthLabel": None, "worth": None, "money": "£",
        "headline": headline | ({"now": {"value": 0, "said": loss}} if loss else {}), "levers": [lever],
    } | more  # fmt: skip


@pytest.fixture
def stage(browser: Browser) -> Page:
    """A page with a slider at 9, and the answer for it given."""
    page = browser.new_page()
    page.set_content(STAGE)
    page.evaluate(HAND, SCRIPT)
    page.evaluate("data => answer(data)", told())
    return page


def dragged(stage: Page, value: float) -> None:
    """A hand takes the slider, moves it there and lets go."""
    stage.evaluate("value => { take(); moveTo(value) }", value)
    expect(stage.locator("section")).to_have_attribute("data-phase", "moving")
    stage.evaluate("letGo()")


def says(stage: Page, phase: str, words: str = "") -> None:
    """That the estimate is in this phase, says so, and outdates the page's own sentence only until it is answered."""
    expect(stage.locator("section")).to_have_attribute("data-phase", phase)
    expect(stage.locator(".said")).to_contain_text(words)
    is_outdated = stage.locator(".st-key-sentence").evaluate("one => one.hasAttribute('data-outdated')")
    assert is_outdated == (phase in ("moving", "waiting"))


def test_let_go_it_waits_for_the_answer_of_where_the_lever_was_left(stage: Page) -> None:
    dragged(stage, 14)
    stage.evaluate("data => answer(data)", told(9))  # a poll that was under way
    says(stage, "waiting", "Simulating: with pool at 14.")
    for early in (told(14, None, finished=False), told(14, "£700", soFar=4, finished=False)):
        stage.evaluate("data => answer(data)", early)
        says(stage, "waiting", "Simulating: with pool at 14.")
    stage.evaluate("data => answer(data)", told(14, "£800"))
    says(stage, "told", "Simulated: with pool at 14, loss £800.")


def preset(stage: Page) -> None:
    stage.evaluate("data => { moveTo(20); answer(data) }", told(20, "£600"))


def undone(stage: Page) -> None:
    stage.evaluate("data => answer(data)", told(14, "£700", soFar=4, finished=False))
    stage.evaluate("data => { moveTo(9); answer(data) }", told(9))


def undone_before_it_was_heard(stage: Page) -> None:
    stage.evaluate("moveTo(9)")


def another_lever_or_fix(stage: Page) -> None:
    stage.evaluate("data => answer(data)", told(14, "£300", beside="a fix"))


def stopped_before_the_first_run(stage: Page) -> None:
    stage.evaluate("data => answer(data)", told(14, None))


@pytest.mark.parametrize(
    "event", [preset, undone, undone_before_it_was_heard, another_lever_or_fix, stopped_before_the_first_run]
)
@pytest.mark.parametrize("answered", [False, True])
def test_it_says_nothing_of_an_answer_that_is_no_longer_the_hands(
    stage: Page, event: Callable[[Page], None], answered: bool
) -> None:
    dragged(stage, 14)
    if answered:
        stage.evaluate("data => answer(data)", told(14, "£800"))
    stage.locator(".st-key-sentence").dispatch_event("pointerdown")  # whatever it is, something else was pressed for it
    event(stage)
    says(stage, "idle", "Drag a slider:")
    stage.evaluate("data => { moveTo(14); answer(data) }", told(14, "£800"))  # made again
    says(stage, "idle", "Drag a slider:")


@pytest.mark.parametrize("touch", ["take(); moveTo(14); letGo()", "type('ArrowRight')", "type('End')"])
def test_to_touch_a_slider_and_not_move_it_changes_nothing(stage: Page, touch: str) -> None:
    stage.evaluate(touch.replace("14", "9"))
    says(stage, "idle")
    dragged(stage, 14)
    for answer, phase in ((told(14, "£700", soFar=4, finished=False), "waiting"), (told(14, "£800"), "told")):
        stage.evaluate(touch)
        says(stage, "waiting", "Simulating: with pool at 14.")
        stage.evaluate("data => answer(data)", answer)
        stage.evaluate(touch)
        says(stage, phase, "with pool at 14")


def test_what_is_drawn_of_a_move_after_the_hand_let_go_is_still_the_hands(stage: Page) -> None:
    dragged(stage, 13)
    stage.evaluate("moveTo(14)")
    says(stage, "waiting", "Simulating: with pool at 14.")
    stage.evaluate("data => answer(data)", told(14, "£800"))
    says(stage, "told", "Simulated: with pool at 14, loss £800.")


def test_another_finger_beside_the_hand_does_not_take_the_slider_from_it(stage: Page) -> None:
    stage.evaluate("take()")
    stage.locator(".st-key-sentence").dispatch_event("pointerdown")
    stage.evaluate("moveTo(14)")
    says(stage, "moving", "Estimate while you drag: with pool at 14")


def test_while_nobody_drags_the_curve_is_that_of_a_slider_on_the_page(stage: Page) -> None:
    data = told()
    elsewhere = data["levers"][0] | {"class": "st-key-elsewhere", "label": "elsewhere"}
    stage.evaluate("answer", data | {"levers": [elsewhere, *data["levers"]]})
    says(stage, "idle", "The curve: loss by pool.")
    stage.evaluate("answer", data | {"levers": [elsewhere]})
    says(stage, "idle", "The curve: loss by elsewhere.")


def test_a_place_between_two_of_the_sliders_own_is_the_nearer(stage: Page) -> None:
    stage.evaluate("data => { moveTo(9.333); answer(data) }", told(9.3333333333))
    stage.evaluate("take(); moveTo(9.333); letGo()")
    says(stage, "idle")
    dragged(stage, 14)
    stage.evaluate("data => answer(data)", told(14.0000000001, "£800"))
    says(stage, "told", "Simulated: with pool at 14, loss £800.")


def test_a_slider_that_oversteps_its_end_is_at_its_end(stage: Page) -> None:
    stage.evaluate("document.querySelector('input').max = 41")
    dragged(stage, 41)
    says(stage, "waiting", "Estimated: loss about £100")
    stage.evaluate("data => answer(data)", told(40, "£100"))
    says(stage, "told", "loss £100.")


def test_a_call_that_was_overtaken_ends_nothing_and_the_last_one_all(stage: Page) -> None:
    stage.evaluate("data => { window.first = answer(data); window.last = answer(data); first() }", told())
    dragged(stage, 14)
    says(stage, "waiting")
    stage.evaluate("last()")
    assert stage.locator("[data-outdated]").count() == 0
    stage.evaluate("take(); moveTo(20)")
    expect(stage.locator(".said")).to_contain_text("at 14")
