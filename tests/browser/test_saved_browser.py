"""Saved scenarios in a real Chromium: saved, opened, renamed, in two tabs at once, deleted and put back, as a file."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import serious
from tests.browser.waiting import ANSWER_MS

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=alert(1)> **bold** [x](//y)"


def opened(browser: Browser, address: str, levers: str = "", width: int = 1440) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.goto(f"{address}saved?scenario=tiny{levers}")
    expect(page.get_by_role("heading", name="Saved scenarios")).to_be_visible(timeout=ANSWER_MS)
    return page


def card(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.locator("[class*='st-key-saved-']").filter(has=heading).last


def fill_in(page: Page, **fields: str) -> None:
    dialog = page.get_by_role("dialog")
    for label, text in fields.items():
        field = dialog.get_by_role("textbox", name=label.replace("_", " "), exact=True)
        field.fill(text)
        field.blur()
    dialog.get_by_role("button", name="Save").click()


def save(page: Page, name: str, author: str = "Ann") -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    fill_in(page, Name=name, Note="As agreed.", Your_name=author)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_a_choice_is_saved_renamed_opened_deleted_and_put_back(browser: Browser, address: str) -> None:
    page = opened(browser, address, "&assets.trolleys.pool=14&fix=five_more_trolleys")
    page.get_by_role("button", name="Save", exact=True).click()
    fill_in(page, Name=" ", Note="Typed before.")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The name is empty; allowed: 1 to 80 characters.")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Note")).to_have_value("Typed before.")
    fill_in(page, Name=MARKUP, Your_name="<b>Ann</b>")
    saved = card(page, MARKUP)
    expect(saved.get_by_text("A tiny shop · by <b>Ann</b> ·")).to_be_visible()
    expect(saved.get_by_text("Trolleys in the pool at 14 instead of 9; five more trolleys.")).to_be_visible()
    expect(page.locator("[data-testid=stMain] img")).to_have_count(0)
    saved.get_by_role("button", name="Rename").click()
    fill_in(page, Name="Spring")
    spring = card(page, "Spring")
    spring.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Spring", exact=True)).to_have_count(0)
    expect(page.get_by_text("“Spring” is deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    spring.get_by_role("button", name="Open").click()
    expect(page).to_have_url(re.compile(r"explore\?.*assets\.trolleys\.pool=14.*fix=five_more_trolleys"))
    expect(page.get_by_role("slider", name="Trolleys in the pool")).to_have_value("14", timeout=ANSWER_MS)


@pytest.mark.long
def test_what_is_typed_stays_while_the_page_behind_goes_from_estimate_to_simulated(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(f"{address}explore?scenario=home_loan")
    page.get_by_role("slider").first.press("ArrowRight", timeout=ANSWER_MS)
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Kept all along")
    note = dialog.get_by_role("textbox", name="Note")
    note.press_sequentially("Half a sen")
    expect(page.locator(".st-key-status")).to_contain_text("Simulated: 4 runs", timeout=ANSWER_MS)
    note.press_sequentially("tence")
    expect(note).to_have_value("Half a sentence")
    expect(note).to_be_focused()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved “Kept all along”.")).to_be_visible()
    expect(dialog).to_have_count(0)


@pytest.mark.long
def test_a_dialog_left_open_or_closed_does_not_come_back(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    press = page.get_by_role("button", name="Save", exact=True)
    dialog = page.get_by_role("dialog")
    press.click()
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Never saved")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Explore", exact=True).click()
    expect(page.get_by_role("slider").first).to_be_visible(timeout=ANSWER_MS)
    press.click()
    expect(dialog.get_by_role("textbox", name="Name", exact=True)).to_have_value("")
    expect(page).to_have_url(re.compile(r"explore\?.*scenario=tiny"), timeout=ANSWER_MS)
    while "/explore" in page.url:  # the page may have put its link there as one more step
        page.go_back()
    expect(page.get_by_role("heading", name="Saved scenarios")).to_be_visible(timeout=ANSWER_MS)
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Explore", exact=True).click()
    expect(page.get_by_text("Simulated: 4 runs of 12 weeks")).to_be_visible(timeout=ANSWER_MS)
    expect(dialog).to_have_count(0)


@pytest.mark.long
def test_of_two_who_change_one_at_the_same_time_both_are_kept_and_shown(browser: Browser, address: str) -> None:
    one = opened(browser, address)
    save(one, "Together")
    two = opened(browser, address)
    save(two, "Another", author="Ben")
    for page in (one, two):
        card(page, "Together").get_by_role("button", name="Rename").click()
    assert serious(one, "the dialog that saves") == []
    fill_in(one, Name="Hers")
    expect(one.get_by_role("heading", name="Hers", exact=True)).to_be_visible()
    fill_in(two, Name="His", Note="Mine.")
    shown = two.get_by_role("dialog", name="Both are kept")
    expect(shown.get_by_text("Somebody else changed it while you had it open. Nothing is lost")).to_be_visible()
    expect(shown.get_by_text("Theirs: Hers")).to_be_visible()
    expect(shown.get_by_text("Yours: His (Ben’s version)")).to_be_visible()
    shown.get_by_role("button", name="All right").click()
    expect(shown).to_have_count(0)
    for name in ("Hers", "His (Ben’s version)"):
        expect(two.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert serious(two, "cards") == []


@pytest.mark.long
def test_two_are_set_side_by_side_on_a_phone(browser: Browser, address: str) -> None:
    page = opened(browser, address, "&assets.trolleys.breaks=0.05", width=390)
    save(page, "More breakages")
    card(page, "More breakages").get_by_role("button", name="Duplicate").click()
    copy = card(page, "More breakages (copy)")
    for each in (card(page, "More breakages"), copy):
        each.get_by_text("Side by side", exact=True).click()
    bar = page.locator(".st-key-saved-ticked")
    bar.get_by_role("button", name="Side by side").click()
    expect(page.get_by_role("button", name="Go on to 12 runs")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text("exactly no difference").first).to_be_visible()
    expect(page.get_by_text(re.compile("lower by £")).first).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page, "side by side") == []
    page.get_by_role("button", name="Back to the list").click()
    expect(card(page, "More breakages").get_by_text(re.compile("6 runs of 12 weeks")).first).to_be_visible()


@pytest.mark.long
def test_a_choice_travels_as_a_file_and_a_faulty_one_is_said(browser: Browser, address: str, tmp_path: Path) -> None:
    page = opened(browser, address, "&assets.trolleys.pool=21")
    page.get_by_role("button", name="Save to a file").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name=re.compile("Download")).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "My_choice.yaml"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(file.read_text().replace("currency: GBP", "currency: pounds"), encoding="utf-8")
    other = opened(browser, address)
    other.get_by_text("Open a scenario file").click()
    uploader = other.locator("[data-testid=stFileUploader] input")
    uploader.set_input_files(wrong)
    expect(other.get_by_text(re.compile('wrong.yaml:9: currency: found "pounds"'))).to_be_visible()
    uploader.set_input_files(file)
    expect(other.get_by_role("slider", name="Trolleys in the pool")).to_have_value("21", timeout=ANSWER_MS)
    expect(other.get_by_role("combobox", name="Scenario")).to_have_value("A tiny shop (from a file)")
    link = other.url
    assert re.search(r"scenario=(~|%7E)[0-9a-f]{24}", link)
    third = browser.new_page()
    third.goto(link)
    expect(third.get_by_role("slider", name="Trolleys in the pool")).to_have_value("21", timeout=ANSWER_MS)
    third.goto(re.sub(r"[0-9a-f]{24}", "0" * 24, link))
    expect(third.get_by_text("not kept here; ask whoever made the link for its file")).to_be_visible(timeout=ANSWER_MS)
