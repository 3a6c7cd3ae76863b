"""The page Business case in a real Chromium: the sentence, an assumption changed and taken back, another fix."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser

FIRST_MS = DONE_MS = ANSWER_MS
PICTURES = 3  # dots, cash and the tornado: nothing here is worth finding out
LINK = "business_case?scenario=tiny&economics.incremental_margin=0.15..0.25..0.32"


def opened(browser: Browser, url: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.goto(url)
    expect(page.get_by_role("heading", name=re.compile("of 50 futures pay back"))).to_be_visible(timeout=FIRST_MS)
    return page


def choose(page: Page, label: str) -> None:
    expect(page.get_by_role("button", name="Workbook (Excel)")).to_be_enabled(timeout=DONE_MS)
    expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(PICTURES)
    chooser = page.get_by_role("combobox", name="Change an assumption")
    chooser.click()
    chooser.fill(label)
    page.get_by_role("option", name=re.compile(label)).click()


@pytest.mark.long
def test_an_assumption_is_changed_and_taken_back(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK)
    expect(page.get_by_role("heading", name=re.compile("For £800 in year one this returns £"))).to_be_visible()
    choose(page, "cost at the start")
    value = page.get_by_role("spinbutton", name=re.compile("Likeliest value"))
    expect(value).to_have_value("750")
    value.fill("1500")
    value.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("For £1,550 in year one"))).to_be_visible(timeout=FIRST_MS)
    expect(page).to_have_url(re.compile(r"fixes\.five_more_trolleys\.costs\.once=1500"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=re.compile("For £800 in year one"))).to_be_visible(timeout=FIRST_MS)
    expect(page).not_to_have_url(re.compile("costs"))
    page.close()


def test_a_wrong_value_says_which_field_and_what_is_allowed(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK)
    choose(page, "Discount rate")
    value = page.get_by_role("spinbutton", name=re.compile("Likeliest value"))
    value.fill("140")
    value.press("Enter")
    expect(page.get_by_text(re.compile("Discount rate .*found 1.4; allowed: a number from 0 to 1"))).to_be_visible(
        timeout=FIRST_MS
    )
    page.close()


def test_without_a_fix_it_says_so_and_with_one_again_it_answers(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK)
    page.get_by_role("button", name=re.compile("^Remove Five more trolleys")).or_(
        page.get_by_label(re.compile("Five more trolleys.*(press backspace|remove)", re.IGNORECASE))
    ).first.press("Backspace")
    expect(page.get_by_text("Choose one or more fixes above")).to_be_visible(timeout=FIRST_MS)
    expect(page.get_by_text("What it assumes").first).to_be_visible()
    page.get_by_role("combobox", name="Fixes to pay for").click()
    page.get_by_role("option", name=re.compile("Five more trolleys")).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name=re.compile("For £800 in year one"))).to_be_visible(timeout=FIRST_MS)
    page.close()


def test_the_workbook_is_downloaded_once_the_case_is_done(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK)
    button = page.get_by_role("button", name="Workbook (Excel)")
    expect(button).to_be_enabled(timeout=DONE_MS)
    with page.expect_download() as taken:
        button.click()
    assert taken.value.suggested_filename == "ripple-tiny.xlsx"
    page.close()


def test_a_phone_shows_everything_without_sideways_scrolling(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK, width=390)
    expect(page.get_by_text("Fifty equally likely futures")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expect(page.get_by_label(re.compile("of 50 futures pay back. The middle one")).first).to_be_visible()
    page.close()
