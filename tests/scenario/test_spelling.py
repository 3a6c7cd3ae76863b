"""What people write otherwise than a file has it: each is refused, and answered with how to write it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.customers import opening_minutes
from sim.scenario.document import parse
from sim.scenario.faults import ScenarioError
from sim.scenario.files import parse_scenario
from sim.scenario.quantity import Quantity
from sim.scenario.spelling import currencies, ids
from sim.scenario.spelling.values import Asked, days, hours, numbers
from tests.scenario.kiosk import KIOSK, edited, faults_in

SHARE = Asked(0, 1, unit="share")
A_WEEK = Asked(0, 100_000, unit="a week")
MINUTES = Asked(0, 100_000, unit="minutes")
MONEY = Asked(0, 1e9, unit="currency")
WHOLE_DAYS = Asked(0, 364, whole=True, unit="days")
ANY = Asked()


@pytest.mark.parametrize(
    ("written", "asked", "ways"),
    [
        ("0,06", SHARE, ["0.06"]),
        ("-0,06", ANY, ["-0.06"]),
        ("−0.06", ANY, ["-0.06"]),
        ("-0,06", SHARE, []),
        (",5", SHARE, ["0.5"]),
        ("6%", SHARE, ["0.06"]),
        ("6 %", SHARE, ["0.06"]),
        ("6,5 percent", SHARE, ["0.065"]),
        ("150%", SHARE, []),
        ("1,000", MONEY, ["1000", "1.000"]),
        ("1,000", SHARE, ["1.000"]),
        ("1,000", Asked(2, 5_000), ["1000"]),
        ("1,000,000", MONEY, ["1000000"]),
        ("1.000,50", MONEY, ["1000.50"]),
        ("1,000.50", MONEY, ["1000.50"]),
        ("1.000.000", MONEY, ["1000000"]),
        ("1 000", MONEY, ["1000"]),
        ("1\u202f000,5", MONEY, ["1000.5"]),
        ("1'000", MONEY, ["1000"]),
        ("1_000", MONEY, ["1000"]),
        ("1 00", MONEY, []),
        ("£5", MONEY, ["5"]),
        ("5€", MONEY, ["5"]),
        ("GBP 5", MONEY, ["5"]),
        ("5 pounds", MONEY, ["5"]),
        ("£1.2m", MONEY, ["1200000"]),
        ("10k", MONEY, ["10000"]),
        ("700/day", A_WEEK, ["4900"]),
        ("700 a day", A_WEEK, ["4900"]),
        ("700 per day", A_WEEK, ["4900"]),
        ("700 daily", A_WEEK, ["4900"]),
        ("365/year", A_WEEK, ["7"]),
        ("5 a week", A_WEEK, ["5"]),
        ("700/day", MONEY, []),
        ("5 min", MINUTES, ["5"]),
        ("1h30", MINUTES, ["90"]),
        ("1 h 30 min", MINUTES, ["90"]),
        ("1:30", MINUTES, ["90", "1.5"]),
        ("2 hours", MINUTES, ["120"]),
        ("90 seconds", MINUTES, ["1.5"]),
        ("2 hours", MONEY, []),
        ("2 weeks", WHOLE_DAYS, ["14"]),
        ("1,5 days", WHOLE_DAYS, []),
        ("1/2", SHARE, ["0.5"]),
        ("1/0", SHARE, []),
        ("about 5", MINUTES, ["5"]),
        ("0.01 per trip", SHARE, ["0.01"]),
        ("0.06", SHARE, ["0.06"]),
        ("5-10", MINUTES, ["{low: 5, high: 10}"]),
        ("5 to 10 min", MINUTES, ["{low: 5, high: 10}"]),
        ([1, 2], MINUTES, ["{low: 1, high: 2}"]),
        ([1, 2, 3], MINUTES, ["{low: 1, mode: 2, high: 3}"]),
        ([2, 1], MINUTES, []),
        ([1, 2], SHARE, []),
        ([True, 2], MINUTES, []),
        *((text, ANY, []) for text in ("", ".", "five", "1.2.3", "x 5", "1e3", "0x1F", "5" * 100, "5, 6", "2 of 3")),
        *((other, ANY, []) for other in (5, None, True, {}, [])),
    ],
)
def test_a_number_written_otherwise(written: object, asked: Asked, ways: list[str]) -> None:
    assert numbers(written, asked) == ways


@given(st.text(st.sampled_from("0159.,'_ %£€/-hkm:+adyweekprx"), max_size=12) | st.text(max_size=8))
def test_every_number_proposed_is_one_that_the_field_takes(written: str) -> None:
    for asked in (SHARE, A_WEEK, MINUTES, WHOLE_DAYS):
        for way in numbers(written, asked):
            value = parse(f"a: {way}", "f").data["a"]
            if isinstance(value, dict):
                value = Quantity.model_validate(value).low
            assert isinstance(value, int | float)
            assert asked.allows(value)


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        ("25-12-2026", ["2026-12-25"]),
        ("25/12", ["12-25"]),
        ("12/25/2026", ["2026-12-25"]),
        ("2026/12/25", ["2026-12-25"]),
        ("2026-25-12", ["2026-12-25"]),
        ("25.12.26", ["2026-12-25"]),
        (20261225, ["2026-12-25"]),
        ("Dec 25", ["12-25"]),
        ("25 December", ["12-25"]),
        ("Fri 25th of December, 2026", ["2026-12-25"]),
        ("2026-12-25T00:00", ["2026-12-25"]),
        ("12-5", ["12-05", "05-12"]),
        ("05/01/2026", ["2026-01-05", "2026-05-01"]),
        *((text, []) for text in ("", "christmas", "02/30", "31/31", "12", "1 2 3 4", "Dec Jan", "9" * 70)),
        *((other, []) for other in (True, None, [1, 2], {})),
    ],
)
def test_a_date_in_another_order(written: object, ways: list[str]) -> None:
    assert days(written) == ways


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        ("22:00-02:00", ["22:00-24:00"]),
        ("09:00-25:00", ["09:00-24:00"]),
        ("00:00-00:00", ["00:00-24:00"]),
        ("09:00-12:00, 13:00-17:00", ["09:00-17:00"]),
        (["09:00-12:00", "13:00-17:00"], ["09:00-17:00"]),
        ({"from": "09:00", "to": "17:00"}, ["09:00-17:00"]),
        ("9:00-17:00", ["09:00-17:00"]),
        ("9am-5pm", ["09:00-17:00"]),
        ("9 a.m. to 5:30 p.m.", ["09:00-17:30"]),
        ("9-5", ["09:00-17:00", "09:00-24:00"]),
        ("noon-5pm", ["12:00-17:00"]),
        ("09.00–17.00", ["09:00-17:00"]),
        ("0900-1700", ["09:00-17:00"]),
        ("24h", ["00:00-24:00"]),
        *((text, []) for text in ("", "25:00", "09:00", "closed", "13am-2pm", "9:75-17:00", "a-b", "-", "9-" * 50)),
        *((other, []) for other in (True, None, 9, [], {"a": 1})),
    ],
)
def test_opening_hours_written_otherwise(written: object, ways: list[str]) -> None:
    assert hours(written) == ways
    assert all(opening_minutes(way) for way in ways)


@pytest.mark.parametrize(
    ("name", "id"),
    [("Trolley Bay", "trolley_bay"), ("café", "cafe"), ("Käse & Brot", "kase_brot"), ("Straße", "strasse")]
    + [("2nd till", "n_2nd_till"), ("smørrebrød", "smorrebrod"), ("a" * 60, "a" * 40)],
)
def test_a_name_becomes_the_nearest_id(name: str, id: str) -> None:
    assert ids(name) == [id]
    assert re.fullmatch("[a-z][a-z0-9_]{0,39}", id)


def test_what_has_no_letter_becomes_no_id_and_what_is_no_currency_no_code() -> None:
    assert [ids(name) for name in ("日本", "", "5", None, [])] == [[]] * 5
    assert [currencies(name) for name in ("€", "pounds", "gbp", "gold", 5)] == [["EUR"], ["GBP"], ["GBP"], [], []]


BREAKS, NEW, PATIENCE = "breaks: 0.01", "newcomers_per_week: 1", "patience: 5"
ONE = "allowed: one number for all times and customers"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (BREAKS, "breaks: 0,01", 'found "0,01" (text); allowed: a number from 0 to 1, or a mapping of low'),
        (BREAKS, "breaks: 0,01", "; did you mean 0.01?"),
        (BREAKS, 'breaks: "6 %"', "; did you mean 0.06?"),
        (BREAKS, 'breaks: {mode: "0,06"}', "breaks.mode: found"),
        (BREAKS, 'breaks: {mode: "6%"}', "; did you mean 0.06?"),
        (BREAKS, "breaks: {mode: 0,06}", 'breaks.mode: found "0,06" between braces'),
        (BREAKS, "breaks: {mode: -0,06, unit: x}", "did you mean -0.06?"),
        (BREAKS, "breaks: {mode: 1,000,000}", "did you mean 1000000?"),
        (BREAKS, "breaks: exponential", "a law is said beside a mean, in minutes: {mean: 5, law: exponential}"),
        (BREAKS, "breaks: {monday: 0.1}", f'unknown key "monday", which belongs in opening or profile; {ONE}'),
        (NEW, "newcomers_per_week: 700/day", "allowed: a number from 0 to 100000 a week"),
        (NEW, "newcomers_per_week: 700/day", "; did you mean 4900?"),
        (PATIENCE, "patience: 5 min", "; did you mean 5?"),
        (PATIENCE, "patience: {law: exponential, mean: 5}", f'unknown key "law", which belongs in minutes; {ONE}'),
        ("minutes: {mean: 10}", "minutes: 10", "; did you mean {mean: 10}?"),
        ("minutes: {mean: 10}", "minutes: {mean: 10, law: Exponential}", "; did you mean exponential?"),
        ('closed: ["12-25"]', "closed: 25/12", '; did you mean ["12-25"]?'),
        ('closed: ["12-25"]', "closed: [02-30]", 'that month has 29 days; did you mean "02-29"?'),
        ('starts: "2026-01-05"', "starts: 5 January 2026", 'as 2026-01-05; did you mean "2026-01-05"?'),
        ('"09:00-17:00"', "22:00-02:00", 'by 24:00; did you mean "22:00-24:00"?'),
        ('"09:00-17:00"', '"09:00-12:00, 13:00-17:00"', "allowed: one window a day; the hours of a break"),
        ('"09:00-17:00"', '["09:00-12:00", "13:00-17:00"]', '; did you mean "09:00-17:00"?'),
        ("pays: true", "pays: yes", "allowed: true or false; did you mean true?"),
        ("weeks: 4", "weeks: 4 weeks", "allowed: a whole number from 1 to 1040; did you mean 4?"),
        ("{id: gate,", "{id: Café Gate,", 'a letter first, at most 40 in all; did you mean "cafe_gate"?'),
        ("currency: GBP", "currency: £", 'allowed: three capital letters, such as GBP; did you mean "GBP"?'),
        ("title: A kiosk", "title: 24", 'title: found 24 (number); allowed: text on one line; did you mean "24"?'),
        ("id: young, label", "id:young, label", "; did you mean id: young, with a space after the colon?"),
        ("label: Young,", "label: Young, fresh,", "a text with a comma in it stands in quotes between braces"),
        ("{once: 100}", "{one: 100}", 'unknown key "one"; known keys: once, per_year, per_use, use'),
        ("to: shelves", "to: shelfes", 'did you mean "shelves"?'),
    ],
)
def test_a_message_says_what_was_read_what_is_allowed_and_what_was_meant(old: str, new: str, said: str) -> None:
    faults = faults_in(KIOSK.replace(old, new, 1))
    assert any(said in fault for fault in faults), faults
    assert not any("^" in fault or "{0,39}" in fault for fault in faults)


def test_a_faulty_key_does_not_make_its_part_seem_to_lack_it() -> None:
    (fault,) = faults_in(edited((PATIENCE, "patience: 5 min")))
    assert fault.split(": ")[1] == "journey.till.patience"


def test_nothing_that_was_refused_is_taken_for_what_it_means() -> None:
    for written in ("0,01", "6%", "1 000", "£5", "about 5", "5 min", "1/2"):
        with pytest.raises(ScenarioError):
            parse_scenario(edited((BREAKS, f"breaks: {written}")), "f")
