"""The page Evidence in a real Chromium: never blank, cancelled when asked, legible on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.experiments.verification.known_answers import read_known_answers
from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser

KNOWN = read_known_answers()
ALL_MS = ANSWER_MS


def opened(browser: Browser, address: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.goto(f"{address}evidence")
    expect(page.get_by_role("heading", name="Does the simulator get known answers right?")).to_be_visible(
        timeout=ANSWER_MS
    )
    return page


def test_the_list_is_there_at_once_and_a_check_can_be_cancelled_and_a_phone_shows_it_without_sideways_scrolling(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, width=390)
    expect(page.get_by_text("What is not checked, and why")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expect(page.locator("[class*=st-key-answer-]")).to_have_count(len(KNOWN.every))
    expect(page.get_by_text(re.compile("Checking, about .+ left"))).to_be_visible(timeout=ALL_MS)
    cancel = page.get_by_role("button", name="Cancel")
    cancel.click()
    expect(page.get_by_role("button", name="Check again")).to_be_visible(timeout=ANSWER_MS)
    expect(cancel).to_have_count(0)


@pytest.mark.long
def test_checked_again_everything_agrees_and_every_picture_says_so(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text(f"All {len(KNOWN.every)} checked, all agree")).to_be_visible(timeout=ALL_MS)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(len(KNOWN.every))
    said = re.compile(r"People at a single till: known 2\.00, simulated 2\.\d\d people, 99% interval .+ Agrees\.")
    expect(page.get_by_label(said).first).to_be_visible()
    exact = re.compile(r"Chances not to renew a contract, .: known 0\.6680, worked out 0\.6681 .+no interval")
    expect(page.get_by_label(exact).first).to_be_visible()


def test_levers_keep_their_place_while_the_evidence_is_looked_at(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{address}explore?scenario=tiny&assets.trolleys.pool=14")
    lever = page.get_by_role("slider", name="Trolleys in the pool")
    expect(lever).to_have_attribute("aria-valuetext", "14", timeout=ANSWER_MS)
    page.get_by_role("link", name="Evidence").click()
    expect(page.get_by_role("heading", name="Does the simulator get known answers right?")).to_be_visible(
        timeout=ANSWER_MS
    )
    expect(lever).to_have_count(0)
    page.get_by_role("link", name="Explore").click()
    expect(lever).to_have_attribute("aria-valuetext", "14", timeout=ANSWER_MS)
    expect(page).to_have_url(re.compile(r"assets\.trolleys\.pool=14"))
