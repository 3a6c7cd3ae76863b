"""The page Take away in a real Chromium: slides and a picture are made, downloaded and opened."""

import re
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, TimeoutError, expect
from pptx import Presentation

from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser

MADE_MS = ANSWER_MS
LINK = "take_away?scenario=tiny&fix=five_more_trolleys"


def opened(browser: Browser, url: str, width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.goto(url)
    expect(page.get_by_role("heading", name="Take away: A tiny shop")).to_be_visible(timeout=MADE_MS)
    return page


def row(page: Page, title: str) -> Locator:
    return page.locator(f".st-key-take-away-{title.lower().replace(' ', '-')}")


def downloaded(page: Page, title: str, label: str, folder: Path) -> Path:
    row(page, title).get_by_role("button", name="Make it").click()
    button = row(page, title).get_by_role("button", name=label)
    expect(button).to_be_visible(timeout=MADE_MS)
    taken = pressed(page, button)
    path = folder / taken.suggested_filename
    taken.save_as(path)
    return path


def pressed(page: Page, button: Locator) -> Download:
    """What a download button gives: pressed again, as people do, where the page was drawn anew under a press."""
    for _ in range(3):
        with suppress(TimeoutError):
            with page.expect_download() as taken:
                button.click()
            return taken.value
    raise AssertionError(f"{button} gave nothing")


def test_slides_and_a_picture_are_made_and_open(browser: Browser, address: str, tmp_path: Path) -> None:
    page = opened(browser, address + LINK)
    expect(page.get_by_role("button", name="Make it")).to_have_count(6)
    deck = downloaded(page, "Slides", "Slides (PowerPoint)", tmp_path)
    assert deck.name == "ripple-a-tiny-shop.pptx"
    slides = Presentation(str(deck)).slides
    assert "five more trolleys" in "\n".join(
        shape.text_frame.text for shape in slides[1].shapes if shape.has_text_frame
    )
    assert re.search(r"take_away\?scenario=tiny", slides[0].notes_slide.notes_text_frame.text)
    picture = downloaded(page, "Picture of a chart", "PNG", tmp_path)
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    assert 1_000 < width < 4_000
    assert 300 < height < 4_000
    page.close()


@pytest.mark.long
def test_a_long_one_shows_how_far_it_is_and_can_be_stopped(browser: Browser, address: str) -> None:
    page = opened(browser, address + LINK)
    finance = row(page, "Workbook and tables")
    finance.get_by_role("button", name="Make it").click()
    expect(row(page, "Model card").get_by_role("button", name="Make it")).to_be_disabled()
    finance.get_by_role("button", name="Stop").click()
    expect(finance.get_by_text("Stopped before it was there")).to_be_visible(timeout=MADE_MS)
    expect(row(page, "Model card").get_by_role("button", name="Make it")).to_be_enabled()
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_every_row_without_sideways_scrolling(browser: Browser, address: str, scheme: str) -> None:
    page = opened(browser, address + LINK, width=390)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.get_by_role("button", name="Make it")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.close()
