"""A first visit in a real Chromium: three clicks to an insight, on a large page and on a phone; and wrong addresses."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.experiments.library import load
from tests.browser.waiting import ANSWER_MS
from ui.home import start_lever

pytestmark = pytest.mark.browser

STORY = "promise_congruence"
"""A story whose answer comes quickly; no test of this page depends on which it is."""


def home(browser: Browser, address: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    expect(page.locator(".st-key-stories a").first).to_be_visible(timeout=ANSWER_MS)
    return page


def card(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("link", name=f"{load(name).title} {load(name).question}")


def test_from_home_the_first_insight_is_three_clicks_away(browser: Browser, address: str) -> None:
    page = home(browser, address)
    card(page, STORY).click()
    coach = page.get_by_text(re.compile("marked Start here, then read this sentence"))
    expect(coach).to_be_visible(timeout=ANSWER_MS)
    lever = start_lever(load(STORY))
    assert lever is not None
    slider = page.get_by_role("slider", name=lever.label)
    frame = page.locator("[class*=st-key-lever-]").filter(has=slider).first
    assert frame.evaluate("e => getComputedStyle(e, '::before').content") == '"Start here"'
    slider.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile(f"^With {lever.label}", re.IGNORECASE))).to_be_visible(
        timeout=ANSWER_MS
    )
    expect(coach).to_have_count(0)


@pytest.mark.long
def test_another_story_is_opened_when_its_card_is_clicked_later_in_the_same_visit(
    browser: Browser, address: str
) -> None:
    page = home(browser, address)
    for name in (STORY, "placebo"):
        card(page, name).click()
        expect(page.get_by_role("heading", name=load(name).title, exact=True)).to_be_visible(timeout=ANSWER_MS)
        page.get_by_role("link", name="Home").click()
        expect(page.locator(".st-key-stories a").first).to_be_visible(timeout=ANSWER_MS)


@pytest.mark.long
def test_on_a_phone_a_card_fills_a_row_and_the_button_to_the_sliders_says_so(browser: Browser, address: str) -> None:
    page = home(browser, address, width=390)
    tops = page.locator("[class*=st-key-story-]").evaluate_all("cards => cards.map(c => c.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.goto(f"{address}explore?scenario=tiny")
    expect(page.get_by_text(re.compile("Press “Sliders and pages” at the top"))).to_be_visible(timeout=ANSWER_MS)
    button = page.get_by_test_id("stExpandSidebarButton")
    assert button.evaluate("e => getComputedStyle(e, '::after').content") == '"Sliders and pages"'
    button.click()
    expect(page.get_by_role("slider", name="Trolleys in the pool")).to_be_visible()


def test_an_address_without_a_page_and_a_link_without_a_scenario_are_said_and_lead_on(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}home")  # the first page's own name, though it stands at the root
    expect(page.locator(".st-key-stories a").first).to_be_attached(timeout=ANSWER_MS)
    page.goto(f"{address}nowhere")
    expect(page.get_by_role("heading", name="There is no page at this address")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Start from the stories").click()
    expect(page.locator(".st-key-stories a").first).to_be_visible(timeout=ANSWER_MS)
    page.goto(f"{address}explore?scenario=tny")
    expect(page.get_by_role("heading", name="There is no scenario called “tny” here")).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("link", name="Did you mean “A tiny shop”?").click()
    expect(page.get_by_role("heading", name="A tiny shop", exact=True)).to_be_visible(timeout=ANSWER_MS)


@pytest.mark.long
def test_a_picture_follows_the_page_from_light_to_dark(browser: Browser, address: str) -> None:
    shots = []
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(address)
        picture = page.locator(".ripple-picture").first
        expect(picture).to_be_visible(timeout=ANSWER_MS)
        assert picture.get_attribute("alt")
        shots.append(picture.screenshot())
    assert shots[0] != shots[1]
