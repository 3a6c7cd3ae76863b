"""Every story in a real Chromium: the page alone answers its question and names the biggest failure point."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.experiments.library import load, names
from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser


def opened(browser: Browser, address: str, name: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{address}explore?scenario={name}")
    expect(page.get_by_role("heading", name=load(name).title, exact=True)).to_be_visible(timeout=ANSWER_MS)
    return page


def answered(page: Page) -> str:
    """What the answer says, once every run is done."""
    box = page.locator(".st-key-answer")
    expect(box.get_by_text(re.compile(r"As the business stands.*; 6 runs of"))).to_be_visible(timeout=ANSWER_MS)
    return box.inner_text()


def names_the_biggest(page: Page, name: str) -> None:
    said, failures = answered(page), [failure.label for failure in load(name).failures]
    assert "95% interval" in said
    assert any(f"failure point is “{label}”" in said for label in failures)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in names() if name != "placebo"])
def test_the_page_answers_the_question_with_an_interval_and_names_the_biggest_failure_point(
    browser: Browser,
    address: str,
    name: str,
) -> None:
    page = opened(browser, address, name)
    names_the_biggest(page, name)
    page.close()


@pytest.fixture(scope="module")
def placebo(open_browser: Browser, address: str) -> Page:
    """One page for all that is asked of the placebo."""
    return opened(open_browser, address, "placebo")


def test_the_placebo_answers_its_question_and_says_that_it_makes_exactly_no_difference(placebo: Page) -> None:
    names_the_biggest(placebo, "placebo")
    placebo.set_viewport_size({"width": 390, "height": 1000})
    assert "makes exactly no difference to contribution" in answered(placebo)
    placebo.set_viewport_size({"width": 1440, "height": 1000})


def test_every_figure_can_be_split(placebo: Page) -> None:
    expect(placebo.get_by_text(re.compile("Simulated: 4 runs of"))).to_be_visible(timeout=ANSWER_MS)
    placebo.get_by_text("Every figure", exact=True).click()
    placebo.get_by_role("radio", name="segment").or_(placebo.get_by_role("button", name="segment")).first.click()
    expect(placebo.get_by_role("combobox", name=re.compile("Measure")).first).to_be_visible(timeout=ANSWER_MS)


def test_a_levers_curve_is_drawn_on_demand_and_says_what_it_shows(placebo: Page) -> None:
    placebo.get_by_role("button", name="Draw the curve").click()
    said = re.compile(r"(goes (up|down)|exactly the same at every value|inside the range)")
    expect(placebo.get_by_text(said).first).to_be_visible(timeout=ANSWER_MS)


def test_a_place_to_start_from_moves_the_levers_and_the_link(browser: Browser, address: str) -> None:
    page = opened(browser, address, "promise_congruence")
    page.get_by_text("The hard sell", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"policies\.claims\.value=20"), timeout=ANSWER_MS)
    expect(page.get_by_role("slider", name=re.compile("How much is claimed"))).to_have_attribute("aria-valuetext", "20")
    page.close()
