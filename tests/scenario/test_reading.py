from pathlib import Path
from typing import Any

import pytest

from sim.scenario.document import parse
from sim.scenario.faults import Document, ScenarioError
from sim.scenario.files import parse_scenario, read_scenario, scenario_of
from tests.scenario.kiosk import KIOSK, edited, faults_in, kiosk, line_of

AN_ID = "allowed: small letters, digits and _, a letter first, at most 40 in all"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weeks: 4", "weeks: 0", "weeks: found 0; allowed: a whole number from 1 to 1040"),
        ("weeks: 4", "weeks: 1.5", "weeks: found 1.5; allowed: a whole number from 1 to 1040"),
        ("weeks: 4", "weeks: four", 'weeks: found "four" (text); allowed: a whole number from 1 to 1040'),
        ("weeks: 4", "weeks: true", "weeks: found true (true/false); allowed: a whole number from 1 to 1040"),
        (
            "currency: GBP",
            "currency: pounds",
            'currency: found "pounds" (text); allowed: three capital letters, such as GBP; did you mean "GBP"?',
        ),
        ("title: A kiosk", 'title: " "', 'title: found " " (text); allowed: text of length 1 or more'),
        ("weeks: 4", "weaks: 4\nweeks: 4", 'weaks: unknown key "weaks"; did you mean "weeks"?'),
        (
            "patience_times: 2",
            "patience_time: 2",
            'segments.old.patience_time: unknown key "patience_time"; did you mean "patience_times"?',
        ),
        ("weather: {rain: 0.25}", "weather: {}", "weather: missing; needed: rain"),
        ("pays: true", "pays: 1", "journey.till.pays: found 1 (number); allowed: true or false; did you mean true?"),
        (
            "minutes: {mean: 60}",
            "minutes: {mean: 60, law: normal}",
            'assets.carts.repair.minutes.law: found "normal" (text); allowed: fixed, exponential or lognormal',
        ),
        ("breaks: 0.01", "breaks: 1.01", "assets.carts.breaks: found 1.01; allowed: a number from 0 to 1"),
        (
            "breaks: 0.01",
            "breaks: often",
            'assets.carts.breaks: found "often" (text); '
            "allowed: a number from 0 to 1, or a mapping of low, mode, high, unit, evidence, source",
        ),
        (
            "breaks: 0.01",
            "breaks:",
            "assets.carts.breaks: found nothing; "
            "allowed: a number from 0 to 1, or a mapping of low, mode, high, unit, evidence, source",
        ),
        ("evidence: C", "evidence: E", 'assets.carts.pool.evidence: found "E" (text); allowed: A, B, C or D'),
        (
            "id: clerk, label",
            "id: The clerk, label",
            f'resources.The clerk.id: found "The clerk" (text); {AN_ID}; did you mean "the_clerk"?',
        ),
        (
            'closed: ["12-25"]',
            'closed: ["12-32"]',
            'calendar.closed[0]: found "12-32"; that month has 31 days; did you mean "12-31"?',
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_line_and_what_is_allowed(old: str, new: str, said: str) -> None:
    text = edited((old, new))
    (fault,) = faults_in(text)
    assert fault == f"kiosk.yaml:{line_of(text, new.splitlines()[0])}: {said}"


def test_the_faults_of_a_whole_file_are_all_listed_with_their_lines() -> None:
    broken = {
        "question": ("question: Do more carts pay?", 'question: ""'),
        "currency": ("currency: GBP", "currency: £"),
        "weeks": ("weeks: 4", "weeks: 4.5"),
        "calendar.starts": ('starts: "2026-01-05"', 'starts: "5 January"'),
        "weather.rain": ("weather: {rain: 0.25}", "weather: {rain: 25}"),
        "customers.base": ("base: 50", "base: 50.5"),
        "segments.young.labels": ("label: Young", "label: Young, labels: Younger"),
        "resources.clerk.servers": ("servers: 1", "servers: 0"),
        "assets.carts.pool": ("pool: {low: 8,", "pool: {low: 18,"),
        "journey.till.patience": ("patience: 5", "patience: -5"),
        "failures.none_left.cause": ("cause: shortage", "cause: short"),
        "failures.shrug.responses.sigh.feels": ("label: Sighs", "label: Sighs, feels: -2"),
        "relationship": ("recapture: 0.1}", "complaint_slope: 1}"),
        "fixes.four_more.changes[0]": ("carts.pool, add: 4}", "carts.pool, add: 4, set: 9}"),
        "levers[0].step": ("step: 1", "step: 0"),
    }
    text = edited(*broken.values())
    wanted = [f"kiosk.yaml:{line_of(text, new)}: {path}" for path, (_, new) in broken.items()]
    assert [": ".join(fault.split(": ")[:2]) for fault in faults_in(text)] == wanted


def test_an_unknown_weekday_is_answered_with_the_nearest() -> None:
    (fault,) = faults_in(edited(('friday: "10:00-18:00"', 'fryday: "10:00-18:00"')))
    assert fault == 'kiosk.yaml:12: calendar.opening.fryday: unknown key "fryday"; did you mean "friday"?'


def test_what_is_wrong_with_the_whole_is_listed_beside_what_is_wrong_with_a_part() -> None:
    text = edited(
        ("patience_times: 2", "patience_time: 2"),
        ("label: Old, share: 0.4", "label: Old, share: 0.3"),
        ("path: assets.carts.pool, add: 4", "path: assets.carts.pol, add: 4"),
    )
    assert [": ".join(fault.split(": ")[:2]) for fault in faults_in(text)] == [
        f"kiosk.yaml:{line_of(text, 'segments:')}: segments",
        f"kiosk.yaml:{line_of(text, 'patience_time: 2')}: segments.old.patience_time",
        f"kiosk.yaml:{line_of(text, 'carts.pol,')}: fixes.four_more.changes",
    ]


@pytest.mark.attack
def test_text_holds_nothing_that_a_terminal_would_obey() -> None:
    (fault,) = faults_in(edited(("title: A kiosk", 'title: "A\\nkiosk"')))
    assert fault == 'kiosk.yaml:2: title: found "A\\nkiosk" (text); allowed: text on one line'


@pytest.mark.attack
@pytest.mark.parametrize("title", ['"A\\x1b kiosk"', '"A \\u202ekiosk"', "A \u200bkiosk", "A \x9bkiosk", "A kiosk\0"])
def test_what_nobody_sees_is_taken_out_of_text(title: str) -> None:
    assert parse_scenario(edited(("title: A kiosk", f"title: {title}")), "kiosk.yaml") == kiosk()


@pytest.mark.parametrize(
    ("old", "new"), [("closed: [", "closed: [1, "), ("responses: [{id: sigh,", "responses: [{id: 1,")]
)
def test_an_item_at_fault_does_not_make_its_list_too_short(old: str, new: str) -> None:
    assert len(faults_in(edited((old, new)))) == 1


def test_a_list_that_is_too_short_is_said_to_be(old: str = "responses: [{id: sigh, label: Sighs}]") -> None:
    (fault,) = faults_in(edited((old, "responses: []")))
    assert fault.endswith("failures.shrug.responses: found a list (length 0); allowed: length 1 or more")


def test_a_file_is_read_from_disk_and_its_faults_carry_its_name(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(KIOSK, encoding="utf-8")
    bad.write_text(edited(("weeks: 4", "weeks: 0")), encoding="utf-8")
    assert read_scenario(good) == kiosk()
    with pytest.raises(ScenarioError, match=rf"^{bad}:6: weeks: found 0"):
        read_scenario(bad)
    with pytest.raises(ScenarioError, match="cannot be read: No such file"):
        read_scenario(tmp_path / "none.yaml")


def test_what_the_document_refuses_is_refused_before_anything_comes_of_it() -> None:
    assert faults_in(KIOSK + "title: Again\n") == [
        f"kiosk.yaml:{KIOSK.count(chr(10)) + 1}: title: given twice; the first is on line 2"
    ]


def test_a_scenario_survives_being_written_as_plain_data_and_read_again() -> None:
    data: dict[str, Any] = kiosk().model_dump(mode="json")
    assert scenario_of(Document("again", data)) == kiosk()
    assert parse_scenario(kiosk().model_dump_json(), "again.json") == kiosk()


def test_plain_numbers_and_provenance_are_read_alike() -> None:
    spelt_out = edited(("breaks: 0.01", "breaks: {mode: 0.01}"))
    assert parse_scenario(spelt_out, "kiosk.yaml") == kiosk()
    assert scenario_of(parse(KIOSK, "kiosk.yaml")) == kiosk()
