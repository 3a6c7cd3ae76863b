"""Everybody can use every page: axe finds nothing serious that is ours, and the keyboard alone is enough."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import STREAMLIT_OWN, Found
from tests.browser.waiting import ANSWER_MS, drawn

pytestmark = pytest.mark.browser

SETTLED_MS, READY_MS = 2_000, ANSWER_MS
STATES = ("nowhere", "explore?scenario=tny")
"""An address without a page, and a link to a scenario that is not here."""


def opened(browser: Browser, url: str, width: int = 1440, scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(url)
    drawn(page)
    page.wait_for_timeout(SETTLED_MS)  # figures arrive one by one, and axe looks at what is there
    return page


def registered(browser: Browser, address: str) -> list[str]:
    """Paths of every page that the navigation shows; on a phone all of them are in the sidebar."""
    page = opened(browser, address, width=390)
    links = page.locator("[data-testid=stSidebarNavLink]")
    expect(links.first).to_be_attached(timeout=READY_MS)
    paths = [str(link.get_attribute("href")).removeprefix(address) for link in links.all()]
    page.context.close()
    return list(dict.fromkeys(paths))


def url_of(address: str, path: str) -> str:
    return address + (f"{path}?scenario=tiny" if path and "?" not in path else path)


def test_home_has_nothing_serious_that_is_ours(browser: Browser, address: str) -> None:
    found = Found()
    found.add(opened(browser, url_of(address, "")), "home")
    assert found.ours == []


@pytest.mark.long
def test_no_page_has_anything_serious_that_is_ours_in_any_light_at_any_width(browser: Browser, address: str) -> None:
    found = Found()
    for path in [*registered(browser, address), *STATES]:
        for width in (1440, 390):
            for scheme in ("light", "dark"):
                page = opened(browser, url_of(address, path), width, scheme)
                found.add(page, f"{path or 'home'}, {width}, {scheme}")
                page.context.close()
    assert found.ours == []
    assert set(STREAMLIT_OWN) - found.met == set(), "these are mended by now: take them out of the list"


@pytest.mark.long
def test_by_keyboard_the_stories_are_one_stop_each_in_order_and_the_focus_is_seen(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address)
    cards = page.locator(".st-key-stories a")
    expect(cards.first).to_be_visible(timeout=READY_MS)
    cards.first.focus()
    for number in range(3):
        expect(cards.nth(number)).to_be_focused()
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    style = "e => { const s = getComputedStyle(e, '::after'); return s.outlineStyle + ' ' + s.outlineWidth }"
    assert cards.nth(2).evaluate(style) == "solid 3px"


@pytest.mark.long
def test_by_keyboard_the_scenario_comes_before_the_levers_and_the_levers_before_the_page(
    browser: Browser, address: str
) -> None:
    page = opened(browser, url_of(address, "explore"))
    page.get_by_role("combobox", name="Scenario").focus()
    passed: list[str] = []
    for _ in range(25):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))
    sliders = [i for i, label in enumerate(passed) if label in ("Trolleys in the pool", "Breakages per trip")]
    assert len(sliders) == 2
    assert sliders == sorted(sliders)
    assert page.evaluate("document.activeElement.closest('[data-testid=stMain]') !== null")
