"""What axe finds on a page, without what is Streamlit's own."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.waiting import ANSWER_MS

STREAMLIT_OWN: dict[tuple[str, str], str] = {}
"""Rule and a part of the HTML at fault, with the reason why it is Streamlit's and cannot be mended from here."""

_STREAMLIT_TOAST = ("aria-dialog-name", 'data-testid="stToast"')
"""A toast is an alert dialog that names itself by an element which is not there; it is gone after some seconds."""
_FADED_MS = 800  # what is being drawn again is pale for a moment, and axe would measure that


@dataclass
class Found:
    """What axe found: what is ours, by page, and which of Streamlit's own were met."""

    ours: list[str] = field(default_factory=list)
    met: set[tuple[str, str]] = field(default_factory=set)

    def add(self, page: Page, where: str) -> None:
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                for node in violation["nodes"]:
                    self._add(violation["id"], node, where)

    def _add(self, rule: str, node: dict[str, str], where: str) -> None:
        own = [entry for entry in (*STREAMLIT_OWN, _STREAMLIT_TOAST) if entry[0] == rule and entry[1] in node["html"]]
        self.met.update(own)
        if not own:
            self.ours.append(f"{where}: {rule}: {node['html'][:200]} {node['target']}")


def serious(page: Page, where: str) -> list[str]:
    """What is serious on the page as it is now, once it is drawn, and ours."""
    if page.get_by_test_id("stApp").count():
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=ANSWER_MS)
        page.wait_for_timeout(_FADED_MS)
    found = Found()
    found.add(page, where)
    return found.ours
