"""What is probably not meant, in a real browser: quiet until it is opened, whole at any width, and for everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

READY_MS = 120_000
WORLD = "explore?scenario=tiny&assets.trolleys.pool=7"


@pytest.mark.parametrize("width", [1440, 390])
def test_a_notice_is_closed_opens_and_is_as_wide_as_the_page(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address + WORLD)
    there = page.get_by_text("One thing here is probably not meant")
    expect(there).to_be_visible(timeout=READY_MS)
    said = page.get_by_text("none is ever taken out, and once broken")
    expect(said).to_be_hidden()
    there.click()
    expect(said).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, ".st-key-notices").response["violations"]
    assert [broken["id"] for broken in found if broken["impact"] in ("serious", "critical")] == []
