"""The page Workshop in a real Chromium: a facilitator's screen and two people's phones in one room at once."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.saved import documents
from sim.saved.database import TABLES, Database
from tests.browser.axe import serious
from tests.browser.waiting import ANSWER_MS
from tests.workshop.rooms import shop

pytestmark = pytest.mark.browser

SCREEN, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MARKUP = "<img src=x onerror=alert(1)> *Bo*"[:30]
WAIT = ANSWER_MS


def opened(browser: Browser, address: str, scenario: str = "tiny") -> tuple[Page, str]:
    """The facilitator's screen, and the code on it."""
    host = browser.new_page(viewport=SCREEN)
    host.goto(f"{address}workshop?scenario={scenario}")
    host.get_by_role("button", name="Open a room").click()
    expect(host.locator("p.room-code")).to_be_visible(timeout=WAIT)
    return host, host.locator("p.room-code").inner_text()


def come_in(browser: Browser, address: str, code: str, name: str) -> Page:
    """Somebody's phone, in a browser of their own."""
    phone = browser.new_context(viewport=PHONE, has_touch=True).new_page()
    phone.goto(f"{address}workshop?room={code}")
    phone.get_by_label("First name").fill(name)
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_text("You are in,")).to_be_visible(timeout=WAIT)
    return phone


def led_to(step: str, host: Page, *phones: Page) -> None:
    """The next step, there for everybody without anybody touching their phone."""
    host.get_by_role("button", name=f"Next: {step}").click()
    for page in (host, *phones):
        expect(page.get_by_role("heading", name=step, exact=True)).to_be_visible(timeout=WAIT)


def bet(phone: Page, value: str) -> None:
    phone.get_by_label(re.compile("Your bet")).fill(value)
    phone.get_by_role("button", name="Place my bet").click()
    expect(phone.get_by_text("Your bet is in")).to_be_visible(timeout=WAIT)


def test_a_bet_placed_on_a_phone_is_counted_on_the_screen(browser: Browser, address: str) -> None:
    host, code = opened(browser, address)
    picture = host.get_by_role("img", name=re.compile(f"QR picture of the link .*room={code}"))
    assert picture.evaluate("image => image.naturalWidth > 0 && image.clientWidth > 250")
    phone = come_in(browser, address, code, "Anna")
    expect(host.get_by_text("One person is here.")).to_be_visible(timeout=WAIT)
    led_to("Place your bets", host, phone)
    bet(phone, "1234")
    expect(host.get_by_text("1 of 1 have bet")).to_be_visible(timeout=WAIT)
    expect(host.get_by_text("1,234")).to_have_count(0)
    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    for control in phone.locator(".st-key-room-phone button:visible, .st-key-room-phone input:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44 or control.get_attribute("type") == "checkbox"


@pytest.mark.long
def test_whoever_scans_the_picture_again_comes_back_to_their_own_place(browser: Browser, address: str) -> None:
    host, code = opened(browser, address)
    phone = come_in(browser, address, code, "Anna")
    again = phone.context.new_page()
    again.goto(f"{address}workshop?room={code}")
    again.get_by_role("button", name="Come back as Anna").click(timeout=WAIT)
    expect(again.get_by_text("You are in, Anna")).to_be_visible(timeout=WAIT)
    expect(host.get_by_text("One person is here.")).to_be_visible(timeout=WAIT)
    other = browser.new_context(viewport=PHONE).new_page()
    other.goto(f"{address}workshop?room={code}")
    expect(other.get_by_text("Were you here before?")).to_be_visible(timeout=WAIT)
    host.get_by_role("button", name="Take somebody out").click()
    host.get_by_label("Who is taken out").click()
    host.get_by_role("option", name="Anna").click()
    host.get_by_role("button", name="Take out Anna").click()
    expect(host.get_by_text("Nobody is here yet.")).to_be_visible(timeout=WAIT)
    expect(again.get_by_text("What shall the others call you?")).to_be_visible(timeout=WAIT)


@pytest.mark.long
def test_a_room_of_two_goes_through_every_step_to_what_to_measure_first(browser: Browser, address: str) -> None:
    name = documents.keep(Database(TABLES), shop())
    host, code = opened(browser, address, name)
    anna, bo = come_in(browser, address, code, "Anna"), come_in(browser, address, code, MARKUP)
    expect(host.get_by_text(MARKUP, exact=True)).to_be_visible(timeout=WAIT)
    assert host.locator("img[src=x]").count() == 0
    led_to("Place your bets", host, anna, bo)
    assert [*serious(host, "the screen, bets"), *serious(bo, "a phone, bets")] == []
    bet(bo, "100")
    anna.get_by_label(re.compile("Your bet")).fill("9000")
    host.keyboard.press("l")
    expect(anna.get_by_text("Locked: nothing can be changed")).to_be_visible(timeout=WAIT)
    expect(anna.get_by_label(re.compile("Your bet"))).to_have_value("9000")  # what was typed stays
    host.keyboard.press("l")
    expect(anna.get_by_text("Locked: nothing can be changed")).to_be_hidden(timeout=WAIT)
    anna.get_by_text("Say my name if I am the nearest").click()
    bet(anna, "9000")
    led_to("The answer", host, anna, bo)
    for page in (host, anna, bo):
        expect(page.get_by_text("Nearest with £9,000: Anna.")).to_be_visible(timeout=ANSWER_MS)
        expect(page.get_by_text(MARKUP, exact=True)).to_have_count(0)

    led_to("Your own numbers", host, anna, bo)
    for phone, numbers in ((anna, ("1", "2", "3")), (bo, ("2", "3", "4"))):
        for place in ("1 of 2", "2 of 2"):
            expect(phone.get_by_text(place)).to_be_visible(timeout=WAIT)
            for label, number in zip(("Lowest", "Most likely", "Highest"), numbers, strict=True):
                phone.get_by_label(label).fill(number)
            phone.get_by_role("button", name="Hand in").click()
        expect(phone.get_by_text("All your numbers are in.")).to_be_visible(timeout=WAIT)
    expect(host.get_by_text("2 of 2 have given their numbers")).to_have_count(2, timeout=WAIT)
    assert [*serious(host, "the screen, numbers"), *serious(bo, "a phone, numbers")] == []
    led_to("What the room believes", host, anna, bo)
    for page in (host, anna, bo):
        expect(page.get_by_label(re.compile("^Two people together"))).to_have_count(2, timeout=WAIT)

    assert [*serious(host, "the screen, pooled"), *serious(bo, "a phone, pooled")] == []
    led_to("Revise once", host, anna, bo)
    anna.get_by_label("Highest").fill("5")
    anna.get_by_role("button", name="Hand in my revised numbers").click()
    expect(host.get_by_text("1 of 2 have revised theirs")).to_be_visible(timeout=WAIT)
    led_to("The room’s numbers", host, anna, bo)
    expect(bo.get_by_text(re.compile(r"Breakages per trip: was 1\.0% .* is now 2\.\d%"))).to_be_visible(timeout=WAIT)

    led_to("What would you mend?", host, anna, bo)
    for phone, fix in ((anna, "Five more trolleys"), (bo, "A roof over the bay")):
        phone.get_by_role("button", name=re.compile(fix)).click()
        phone.get_by_role("button", name="Hand in").click()
        expect(phone.get_by_text(f"In: {fix}.")).to_be_visible(timeout=WAIT)
    expect(host.get_by_label(re.compile("“Five more trolleys”")).first).to_be_visible(timeout=ANSWER_MS)
    led_to("What came of it", host, anna, bo)
    for page in (host, anna):
        expect(page.get_by_text(re.compile("futures pay back"))).to_be_visible(timeout=4 * ANSWER_MS)
    assert [*serious(host, "the screen, outcome"), *serious(anna, "a phone, outcome")] == []
    with host.expect_download() as download:
        host.get_by_role("button", name="Download its file").click()
    assert download.value.suggested_filename == "a-tiny-shop.yaml"
    text = download.value.path().read_text("utf-8")
    assert "pooled from 2 people in a workshop on " in text
    assert ", revised once" in text

    mine = anna.url
    host.get_by_role("button", name="Close the room").click()
    expect(bo.get_by_text("This room is closed.")).to_be_visible(timeout=WAIT)
    anna.goto(mine)
    expect(anna.get_by_text("Anna, in room")).to_be_visible(timeout=WAIT)
    host.get_by_role("link", name="Explore it").click()
    expect(host).to_have_url(re.compile("explore.*scenario=~"), timeout=WAIT)


@pytest.mark.long
def test_one_comes_back_by_the_same_link_and_not_by_a_wrong_code(browser: Browser, address: str) -> None:
    host, code = opened(browser, address)
    phone = come_in(browser, address, code, "Anna")
    host.keyboard.press("ArrowRight")
    expect(phone.get_by_role("heading", name="Place your bets")).to_be_visible(timeout=WAIT)
    bet(phone, "77")
    mine, other = phone.url, browser.new_context(viewport=PHONE).new_page()
    other.goto(mine)
    expect(other.get_by_label(re.compile("Your bet"))).to_have_value("77", timeout=WAIT)
    phone.reload()
    expect(phone.get_by_label(re.compile("Your bet"))).to_have_value("77", timeout=WAIT)
    leads = host.url
    host.reload()
    expect(host.get_by_role("heading", name="Place your bets")).to_be_visible(timeout=WAIT)
    assert host.url == leads
    stranger = browser.new_context(viewport=PHONE).new_page()
    stranger.goto(f"{address}workshop")
    stranger.get_by_label("Code").fill("CDF346")
    stranger.get_by_role("button", name="Go in").click()
    expect(stranger.get_by_text("No room answers to that code")).to_be_visible(timeout=WAIT)
    stranger.get_by_label("Code").fill(f"{code[:3].lower()}-{code[3:].lower()}")
    stranger.get_by_role("button", name="Go in").click()
    expect(stranger.get_by_text("What shall the others call you?")).to_be_visible(timeout=WAIT)
    expect(stranger.get_by_text("Anna")).to_have_count(0)
