"""Rules about promises, contacts, skills and sets: each broken once, and what is said."""

import re

import pytest

from sim.scenario.files import parse_scenario
from tests.scenario.kiosk import KIOSK, edited, faults_in, line_of

TILL = "    pays: true\n"
SLOW = "  - {id: slow, label: A long wait, at: till, cause: wait, responses: [{id: endure, label: Endures}]}\n"
BELIEFS = "beliefs: {expectation: 0.7}\n"
DELIVERS = "    delivers: {level: 0.8}\n"
GAP = "  - {id: gap, label: A gap, at: till, cause: promise, responses: [{id: bear, label: Bears it}]}\n"


def kiosk_with(till: str = "", failure: str = "", end: str = "") -> str:
    """The kiosk with more at the till, one more failure point, and more parts at the end."""
    return edited((TILL, TILL + till), (SLOW, SLOW + failure)) + end


def skill(name: str, *lifts: str) -> str:
    return f"  - {{id: {name}, label: {name}, lifts: [{', '.join(lifts)}]}}\n"


SPILLS = "{at: spill, rate: failure, log_odds: -1}"
FEELS = "responses: [{id: bear, label: Bears it, feels: -0.2}]"
RULES = {
    "a promise tested where a broken one does nothing": (
        kiosk_with(DELIVERS, end=BELIEFS),
        "delivers:",
        "journey.till.delivers: allowed: where a failure point of the cause promise says what a broken one does",
    ),
    "a promise broken where none is tested": (
        kiosk_with("", GAP, BELIEFS),
        "id: gap",
        'failures.gap.cause: found "promise" at till; allowed where the touchpoint delivers what was promised',
    ),
    "a promise tested where promises play no part": (
        kiosk_with(DELIVERS, GAP),
        "delivers:",
        "journey.till.delivers: found in a scenario without beliefs; allowed: beside beliefs, which say what it does",
    ),
    "a gap that is felt twice": (
        kiosk_with(DELIVERS, GAP.replace("responses: [{id: bear, label: Bears it}]", FEELS), BELIEFS),
        "id: gap",
        "failures.gap.responses.bear.feels: found -0.2 for the cause promise; "
        "allowed: 0 or nothing, since the gap itself is felt with the failure's weight",
    ),
    "a contact where reports are heard": (
        edited(("minutes: {mean: 3}, hears", "minutes: {mean: 3}, contact: {resolves: 0.5}, hears")),
        "contact:",
        "journey.desk.contact: allowed: where no asset's reports are heard; give each its own touchpoint",
    ),
    "a skill on a failure that is none": (
        KIOSK + "skills:\n" + skill("care", "{at: spil, rate: failure, log_odds: -1}"),
        "id: care",
        'skills.care.lifts[0].at: found "spil"; allowed: spill; did you mean "spill"?',
    ),
    "a skill on a failure without a chance": (
        KIOSK + "skills:\n" + skill("care", "{at: slow, rate: failure, log_odds: -1}"),
        "id: care",
        'skills.care.lifts[0].at: found "slow"; allowed: spill',
    ),
    "a skill where nobody decides": (
        KIOSK + "skills:\n" + skill("care", "{at: till, rate: conversion, log_odds: 1}"),
        "id: care",
        'skills.care.lifts[0].at: found "till"; allowed: none is defined',
    ),
    "a skill where nothing is settled": (
        KIOSK + "skills:\n" + skill("care", "{at: desk, rate: resolution, log_odds: 1}"),
        "id: care",
        'skills.care.lifts[0].at: found "desk"; allowed: none is defined',
    ),
    "two skills on one chance": (
        KIOSK + "skills:\n" + skill("care", SPILLS) + skill("thrift", SPILLS),
        "id: thrift",
        "skills.thrift.lifts[0]: a second skill lifts the failure at spill; allowed: one",
    ),
    "a skill that lifts one chance twice": (
        KIOSK + "skills:\n" + skill("care", SPILLS, SPILLS),
        "id: care",
        "skills.care.lifts[1]: a second skill lifts the failure at spill; allowed: one",
    ),
    "an attribute of nowhere": (
        KIOSK + "attributes:\n  - {id: light, label: Light, at: tell, level: 0.5}\n",
        "id: light",
        'attributes.light.at: found "tell"; allowed: gate, shelves, till, desk; did you mean "till"?',
    ),
    "a way for trips that are none": (
        edited(("next: [{to: desk, when: reporting}]", "next: [{to: desk, trips: [bag]}, {to: desk}]")),
        "trips: [bag]",
        'journey.till.next[0].trips[0]: found "bag"; allowed: big, small; did you mean "big"?',
    ),
}


@pytest.mark.parametrize(("text", "at", "message"), RULES.values(), ids=RULES)
def test_each_rule_is_held_and_says_where_it_is_broken(text: str, at: str, message: str) -> None:
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, at)}: {message}"]


def test_what_these_rules_ask_for_is_allowed() -> None:
    several = "skills:\n" + skill("care", SPILLS, "{at: till, rate: conversion, log_odds: 1}")
    text = kiosk_with(DELIVERS + "    converts: {chance: 0.5}\n", GAP, BELIEFS + several)
    assert len(parse_scenario(text, "kiosk.yaml").skills[0].lifts) == 2


@pytest.mark.parametrize("at", ["gate", "shelves", "till", "desk"])
def test_people_may_be_contacted_before_permission_anywhere(at: str) -> None:
    call = f"  - {{id: call, label: A call, at: {at}, cause: intrusion, responses: [{{id: bear, label: Bears it}}]}}\n"
    causes = {failure.id: failure.cause for failure in parse_scenario(kiosk_with(failure=call), "kiosk.yaml").failures}
    assert causes["call"] == "intrusion"


@pytest.mark.parametrize(
    ("kind", "one"),
    [
        ("segments", "{{id: {0}, label: {0}, share: {1}}}"),
        ("trips", "{{id: {0}, label: {0}, share: {1}, spend: 1, spend_log_sd: 0}}"),
        ("channels", "{{id: {0}, label: {0}}}"),
    ],
)
def test_there_may_be_fifty_of_a_kind_and_not_one_more(kind: str, one: str) -> None:
    parse_scenario(with_many(kind, one, 50), "kiosk.yaml")
    text = with_many(kind, one, 51)
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, f'{kind}:')}: {kind}: found 51; allowed: at most 50"]


def with_many(kind: str, one: str, count: int) -> str:
    """The kiosk with that many of a kind, each with the same share."""
    block = f"{kind}:\n" + "".join(f"  - {one.format(f'n{k}', 1 / count)}\n" for k in range(count))
    text = KIOSK.replace("loss_on: [big], ", "")
    return re.sub(rf"(?m)^{kind}:\n(  - .*\n)+", block, text) if f"\n{kind}:" in text else text + block
