"""Undo, redo, one lever's way back and the link to copy, in a real Chromium."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.waiting import ANSWER_MS, simulated

pytestmark = pytest.mark.browser

POOL = "Trolleys in the pool"
LINK = "explore?scenario=tiny&assets.trolleys.breaks=0.015&fix=five_more_trolleys"


def stands_at(page: Page, value: str) -> None:
    expect(page.get_by_role("slider", name=POOL)).to_have_attribute("aria-valuetext", value, timeout=ANSWER_MS)


def press(page: Page, keys: str, button: str) -> None:
    """Press keys once the page has come round to offering what they do."""
    expect(page.get_by_role("button", name=button, exact=True)).to_be_enabled(timeout=ANSWER_MS)
    page.keyboard.press(keys)


def said(page: Page, about: str) -> str:
    """The sentence of the whole answer about that."""
    sentence = page.locator(".st-key-sentence h3")
    expect(sentence).to_contain_text(about, timeout=ANSWER_MS)
    simulated(page)
    return sentence.inner_text()


def test_keys_undo_and_redo_and_a_copied_link_is_the_same_page_elsewhere(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(address + LINK)
    page.get_by_role("slider", name=POOL).press("ArrowRight", timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile("assets.trolleys.pool=10"), timeout=ANSWER_MS)
    press(page, "Control+z", "Undo")
    stands_at(page, "9")
    expect(page).not_to_have_url(re.compile("pool"))
    press(page, "Control+y", "Redo")
    stands_at(page, "10")
    expect(page).to_have_url(re.compile("assets.trolleys.pool=10"))
    here = said(page, "With trolleys in the pool at 10")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    expect(page).to_have_url(link)
    elsewhere = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    elsewhere.goto(link)
    stands_at(elsewhere, "10")
    assert said(elsewhere, "With trolleys in the pool at 10") == here
    assert elsewhere.url == link


def test_in_a_text_field_ctrl_z_is_the_fields_own(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(address + LINK)
    pool = page.get_by_role("slider", name=POOL)
    pool.press("ArrowRight", timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile("assets.trolleys.pool=10"), timeout=ANSWER_MS)
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    note = dialog.get_by_role("textbox", name="Note")
    note.press_sequentially("Spring")
    note.press("Control+z")
    expect(note).not_to_have_value("Spring")
    dialog.get_by_role("button", name="Close").press("Control+z")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    stands_at(page, "10")
    pool.focus()
    press(page, "Control+z", "Undo")
    stands_at(page, "9")
    press(page, "Control+Shift+z", "Redo")
    stands_at(page, "10")


@pytest.mark.long
def test_one_lever_goes_back_without_anything_moving(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(address + LINK + "&assets.trolleys.pool=14")
    stands_at(page, "14")
    said(page, "With trolleys in the pool at 14")
    places = "es => es.map(e => e.getBoundingClientRect().y)"
    sliders = page.get_by_role("slider")
    before = sliders.evaluate_all(places)
    page.get_by_role("button", name="Back to 9").click()
    stands_at(page, "9")
    expect(page.get_by_role("button", name="Back to 9")).to_have_count(0)
    assert sliders.evaluate_all(places) == before
    expect(page).to_have_url(re.compile(r"breaks=0\.015.*fix=five_more_trolleys"))


@pytest.mark.long
def test_where_the_clipboard_is_refused_the_link_is_there_to_be_copied_by_hand(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(address + LINK.replace("explore", "business_case"))
    page.get_by_role("button", name="Copy link").click(timeout=ANSWER_MS)
    field = page.get_by_role("textbox", name="The link to this page")
    expect(field).to_have_value(page.url)
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(page.url)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.long
def test_the_business_case_has_one_history_that_outlasts_another_page(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(address + "business_case?scenario=tiny")
    budget = page.get_by_role("spinbutton", name=re.compile("Budget for year one"))
    budget.fill("900", timeout=ANSWER_MS)
    budget.press("Enter")
    expect(page).to_have_url(re.compile("budget=900"), timeout=ANSWER_MS)
    page.get_by_role("link", name="Evidence").click()
    expect(page.get_by_role("heading", name="Does the simulator get known answers right?")).to_be_visible()
    page.get_by_role("link", name="Business case").click()
    expect(budget).to_have_value("900", timeout=ANSWER_MS)
    page.get_by_role("button", name="Undo").click()
    expect(page).not_to_have_url(re.compile("budget"), timeout=ANSWER_MS)
    page.get_by_role("button", name="Redo").click()
    expect(budget).to_have_value("900", timeout=ANSWER_MS)
