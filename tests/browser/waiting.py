"""How the browser tests wait on a machine that does other things, too."""

from playwright.sync_api import Page, expect

from tests.waiting import PATIENCE

ANSWER_MS = 1_000 * PATIENCE


def drawn(page: Page) -> None:
    """Wait until Streamlit has drawn all of it: until then what stands further down may be of the page before."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=ANSWER_MS)


def simulated(page: Page, runs: str = "Simulated: 4 runs") -> None:
    """Wait until every run of what the page now asks is there and drawn."""
    drawn(page)
    expect(page.locator(".st-key-status")).to_contain_text(runs, timeout=ANSWER_MS)
    expect(page.locator(".st-key-status").get_by_test_id("stProgress")).to_have_count(0, timeout=ANSWER_MS)
    drawn(page)
