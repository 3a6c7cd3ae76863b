"""Nothing that people type becomes more than text, on any page, in a real Chromium."""

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.saved import documents, shelf
from sim.saved.database import TABLES, Database
from sim.saved.shelf import Entry
from tests.attacks.hostile import MARKUP, hostile, texts_of
from tests.attacks.looking import look, look_into_everything, settled
from tests.browser.waiting import ANSWER_MS

pytestmark = [pytest.mark.attack, pytest.mark.browser, pytest.mark.long]

SPILLS = "failures.spill.chance"
NAME = ":smile: http://evil.example/a [l](//y) $x$ <b>b</b> -> :red[r] a@evil.example"
NOTE = f"{MARKUP[:480]}"
PERSON = "<b>Bo</b> :smile: www.evil.example"[:30]


@pytest.fixture(scope="module")
def name() -> str:
    """The name of the kept hostile file, of which two choices are saved."""
    database = Database(TABLES)
    kept = documents.keep(database, hostile().text, "hostile.yaml")
    for number, sets in enumerate(({SPILLS: 0.5}, {})):
        fixes = ("four_more",) if sets else ()
        shelf.save(database, Entry(f"{NAME}{number}"[:80], kept, kept, NOTE, PERSON, sets, fixes))
    return kept


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must go through everything without a fault."""
    page, faults = browser.new_page(viewport={"width": 1440, "height": 1000}), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    yield page
    assert faults == []


def opened(page: Page, address: str, path: str, name: str) -> Page:
    page.goto(f"{address}{path}?scenario={name}")
    settled(page)
    return page


def test_explore_with_a_lever_moved_a_preset_chosen_and_every_part_asked_for(
    page: Page, address: str, name: str
) -> None:
    opened(page, address, "explore", name)
    expect(page.locator(".st-key-status")).to_contain_text("Simulated", timeout=ANSWER_MS)
    seen = look_into_everything(page, "explore")
    page.get_by_role("slider").first.press("ArrowRight")
    expect(page.locator(".st-key-status")).to_contain_text("Simulated", timeout=ANSWER_MS)
    seen += look(page, "explore, a lever moved")
    page.get_by_role("button", name="Undo").click()
    settled(page)
    page.locator("[data-testid=stSidebar] [data-testid=stButtonGroup] button").first.click()
    settled(page)
    look(page, "explore, a preset")
    for asked in ("Find out who loses what", "Simulate"):
        for button in page.locator("[data-testid=stMain]").get_by_role("button", name=asked).all():
            button.click()
            settled(page)
    page.wait_for_timeout(5_000)
    seen += look(page, "explore, asked")
    assert {"Scenario.title", "Scenario.question", "Lever.label", "Lever.help", "Fix.label"} <= texts_of(seen)


def test_business_case_with_a_fix_chosen_and_an_assumption_changed(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}business_case?scenario={name}&fix=four_more")
    settled(page)
    expect(page.get_by_text("of 50 futures").or_(page.get_by_text("futures")).first).to_be_visible(timeout=ANSWER_MS)
    seen = look_into_everything(page, "business case")
    assert {"Scenario.title", "Scenario.question", "Fix.label"} <= texts_of(seen)


def test_boardroom_as_a_page_and_presented_step_by_step(page: Page, address: str, name: str) -> None:
    seen = look_into_everything(opened(page, address, "boardroom", name), "boardroom")
    page.get_by_role("button", name="Present").first.click()
    for _ in range(8):
        settled(page)
        seen += look(page, "presented")
        page.keyboard.press("ArrowRight")
    assert {"Boardroom.question", "Scenario.story"} <= texts_of(seen)


def test_watch_with_a_stretch_of_time_played(page: Page, address: str, name: str) -> None:
    seen = look_into_everything(opened(page, address, "watch", name), "watch")
    page.wait_for_timeout(5_000)
    seen += look(page, "watch, drawn")
    assert {"Scenario.title", "Scenario.question"} <= texts_of(seen)


def test_saved_with_hostile_names_renamed_set_side_by_side_and_deleted(page: Page, address: str, name: str) -> None:
    opened(page, address, "saved", name)
    first = page.get_by_role("heading", name=f"{NAME}0"[:80], exact=True)
    expect(first).to_be_visible()
    expect(page.get_by_text(PERSON).first).to_be_visible()
    seen = look_into_everything(page, "saved")
    for box in page.locator("[data-testid=stCheckbox]:visible").all()[:2]:
        box.click()
        settled(page)
    compare = page.get_by_role("button", name="Side by side").or_(page.get_by_role("button", name="Compare"))
    compare.first.click()
    page.wait_for_timeout(8_000)
    settled(page)
    seen += look(page, "side by side")
    assert "Scenario.title" in texts_of(seen)


def test_take_away_and_home(page: Page, address: str, name: str) -> None:
    seen = look_into_everything(opened(page, address, "take_away", name), "take away")
    look_into_everything(opened(page, address, "", name), "home")
    look_into_everything(opened(page, address, "evidence", name), "evidence")
    assert "Scenario.title" in texts_of(seen)


def test_addresses_that_are_hostile_themselves(page: Page, address: str) -> None:
    for link in (
        f"explore?scenario={NAME}",
        f"explore?scenario=tiny&fix={NAME}&{NAME}=1",
        NAME.replace("/", ""),
        f"workshop?room={NAME}",
    ):
        page.goto(address + link.replace("<", "%3C").replace(" ", "%20").replace("#", "%23"))
        settled(page)
        look(page, link)


def test_a_room_of_hostile_people_from_the_lobby_to_the_end(
    browser: Browser, page: Page, address: str, name: str
) -> None:
    opened(page, address, "workshop", name)
    look(page, "the door")
    page.get_by_role("button", name="Open a room").click()
    expect(page.locator("p.room-code")).to_be_visible(timeout=ANSWER_MS)
    code = page.locator("p.room-code").inner_text()
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(f"{address}workshop?room={code}")
    phone.get_by_label("First name").fill(PERSON)
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_text(f"You are in, {PERSON}")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_text(PERSON, exact=True).first).to_be_visible(timeout=ANSWER_MS)
    seen: Counter[str] = Counter()
    for _ in range(9):
        seen += look(page, "the screen")
        seen += look(phone, "a phone")
        on = page.get_by_role("button", name="Next:")
        if not on.count() or on.is_disabled():
            break
        on.click()
        settled(page)
        page.wait_for_timeout(2_000)
    assert {"Scenario.story", "Lever.label"} <= texts_of(seen)
