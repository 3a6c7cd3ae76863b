"""The page Business case in a real Chromium: the sentence, an assumption changed and taken back, another fix."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser

FIRST_MS = DONE_MS = ANSWER_MS
PICTURES = 3  # dots, cash and the tornado: nothing here is worth finding out
LINK = "business_case?scenario=tiny&economics.incremental_margin=0.15..0.25..0.32"


def opened(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
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


@pytest.fixture(scope="module")
def case(open_browser: Browser, address: str) -> Page:
    """One page for tests that leave its case as it is."""
    return opened(open_browser, address + LINK)


def test_the_workbook_is_downloaded_once_the_case_is_done(case: Page) -> None:
    button = case.get_by_role("button", name="Workbook (Excel)")
    expect(button).to_be_enabled(timeout=DONE_MS)
    with case.expect_download() as taken:
        button.click()
    assert taken.value.suggested_filename == "ripple-tiny.xlsx"


def test_a_phone_shows_everything_without_sideways_scrolling(case: Page) -> None:
    case.set_viewport_size({"width": 390, "height": 1000})
    expect(case.get_by_text("Fifty equally likely futures")).to_be_visible()
    assert case.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expect(case.get_by_label(re.compile("of 50 futures pay back. The middle one")).first).to_be_visible()
    case.set_viewport_size({"width": 1440, "height": 1000})


def test_a_wrong_value_says_which_field_and_what_is_allowed(case: Page) -> None:
    choose(case, "Discount rate")
    value = case.get_by_role("spinbutton", name=re.compile("Likeliest value"))
    value.fill("140")
    value.press("Enter")
    expect(case.get_by_text(re.compile("Discount rate .*found 1.4; allowed: a number from 0 to 1"))).to_be_visible(
        timeout=FIRST_MS
    )


def test_without_a_fix_it_says_so_and_with_one_again_it_answers(case: Page) -> None:
    case.get_by_role("button", name=re.compile("^Remove Five more trolleys")).or_(
        case.get_by_label(re.compile("Five more trolleys.*(press backspace|remove)", re.IGNORECASE))
    ).first.press("Backspace")
    expect(case.get_by_text("Choose one or more fixes above")).to_be_visible(timeout=FIRST_MS)
    expect(case.get_by_text("What it assumes").first).to_be_visible()
    case.get_by_role("combobox", name="Fixes to pay for").click()
    case.get_by_role("option", name=re.compile("Five more trolleys")).click()
    case.keyboard.press("Escape")
    expect(case.get_by_role("heading", name=re.compile("For £800 in year one"))).to_be_visible(timeout=FIRST_MS)
