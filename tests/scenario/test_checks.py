import pytest

from sim.scenario.files import parse_scenario
from tests.scenario.kiosk import KIOSK, edited, faults_in, line_of

# Each rule broken once: what is replaced, by what, and the one fault this makes; with a fourth, a snippet that
# stands on the fault's line where that is not the line of the second.
Rule = tuple[str, str, str] | tuple[str, str, str, str]
RULES: dict[str, Rule] = {
    "an id given twice": (
        "{id: old, label: Old,",
        "{id: young, label: Old,",
        'segments.young.id: found "young" 2 times; allowed: each id once',
    ),
    "a response's id given twice": (
        "{id: swap, label: Swaps,",
        "{id: persevere, label: Swaps,",
        'failures.wobble.responses.persevere.id: found "persevere" 2 times; allowed: each id once',
    ),
    "segments that are not everybody": (
        "label: Old, share: 0.4",
        "label: Old, share: 0.3",
        "segments: shares sum to 0.9; allowed: a sum of 1",
        "segments:",
    ),
    "trips that are more than all": (
        "label: Big, share: 0.5",
        "label: Big, share: 0.500002",
        "trips: shares sum to 1.000002; allowed: a sum of 1",
        "trips:",
    ),
    "an unknown stage": (
        "{id: gate, label: Gate, stage: come,",
        "{id: gate, label: Gate, stage: comes,",
        'journey.gate.stage: found "comes"; allowed: come; did you mean "come"?',
    ),
    "an unknown department": (
        "{id: gate, label: Gate, stage: come, department: floor,",
        "{id: gate, label: Gate, stage: come, department: cellar,",
        'journey.gate.department: found "cellar"; allowed: floor',
    ),
    "an unknown asset": (
        "hears_reports: carts}",
        "hears_reports: cart}",
        'journey.desk.hears_reports: found "cart"; allowed: carts; did you mean "carts"?',
    ),
    "a way on to nowhere": (
        "next: [{to: till}]",
        "next: [{to: till}, {to: tell}]",
        'journey.shelves.next[1].to: found "tell"; allowed: gate, shelves, till, desk; did you mean "till"?',
    ),
    "an unknown repairer": (
        "repair: {resource: clerk,",
        "repair: {resource: clark,",
        'assets.carts.repair.resource: found "clark"; allowed: clerk; did you mean "clerk"?',
    ),
    "a fix that nobody owns": (
        "help: Buy four.\n    department: floor",
        "help: Buy four.\n    department: flor",
        'fixes.four_more.department: found "flor"; allowed: floor; did you mean "floor"?',
        "department: flor\n",
    ),
    "a failure at no touchpoint": (
        "at: till, cause: wait",
        "at: tills, cause: wait",
        'failures.slow.at: found "tills"; allowed: gate, shelves, till, desk; did you mean "till"?',
    ),
    "a loss on an unknown trip": (
        "loss_on: [big]",
        "loss_on: [small, bag]",
        'failures.wobble.responses.swap.loss_on[1]: found "bag"; allowed: big, small; did you mean "big"?',
    ),
    "a touchpoint that no route leads to": (
        "next: [{to: desk, when: reporting}]",
        "next: []",
        "journey.desk: no route leads here; allowed: touchpoints reached from the first",
        "id: desk",
    ),
    "a faulty thing where none is borrowed": (
        "label: A wobbling cart\n    at: gate",
        "label: A wobbling cart\n    at: shelves",
        'failures.wobble.cause: found "asset" at shelves; allowed where the touchpoint borrows an asset',
        "cause: asset",
    ),
    "a shortage where nothing is borrowed": (
        "at: gate, cause: shortage",
        "at: till, cause: shortage",
        'failures.none_left.cause: found "shortage" at till; allowed where the touchpoint borrows an asset',
    ),
    "a wait where nobody serves": (
        "at: till, cause: wait",
        "at: shelves, cause: wait",
        'failures.slow.cause: found "wait" at shelves; allowed where the touchpoint has a resource and a patience',
    ),
    "a wait without patience": (
        "    patience: 5\n",
        "",
        'failures.slow.cause: found "wait" at till; allowed where the touchpoint has a resource and a patience',
        "cause: wait",
    ),
    "an unresolved report where none is heard": (
        "at: desk, cause: unresolved",
        "at: till, cause: unresolved",
        'failures.shrug.cause: found "unresolved" at till; allowed where the touchpoint hears reports or is a contact',
    ),
    "chance without a chance": (
        "cause: chance, chance: 0.1",
        "cause: chance",
        "failures.spill.chance: allowed: exactly where the cause is chance",
    ),
    "a chance beside another cause": (
        "at: till, cause: wait",
        "at: till, cause: wait, chance: 0.5",
        "failures.slow.chance: allowed: exactly where the cause is chance",
    ),
    "a complaint about a complaint": (
        "at: desk, cause: unresolved",
        "at: desk, cause: unresolved, reported: true",
        "failures.shrug.reported: found true for the cause unresolved; allowed: any other cause",
    ),
    "an unknown channel": (
        "department: floor, borrows: carts",
        "department: floor, channel: moon, borrows: carts",
        'journey.gate.channel: found "moon"; allowed: store',
        "borrows: carts",
    ),
    "a channel closed to some that nobody knows": (
        "share: 0.4, patience_times: 2",
        "share: 0.4, patience_times: 2, cannot_use: [moon]",
        'segments.old.cannot_use[0]: found "moon"; allowed: store',
    ),
    "a way for nobody known": (
        "next: [{to: shelves}]",
        "next: [{to: shelves, segments: [middling]}, {to: shelves}]",
        'journey.gate.next[0].segments[0]: found "middling"; allowed: young, old',
    ),
    "a contact that always answers": (
        "department: floor, borrows: carts",
        "department: floor, contact: {resolves: 1}, borrows: carts",
        "journey.gate.contact: allowed: where a failure point of the cause unresolved says what no answer does",
        "borrows: carts",
    ),
    "a promise where promises play no part": (
        "department: floor, borrows: carts",
        "department: floor, claim: {level: 1}, borrows: carts",
        "journey.gate.claim: found in a scenario without beliefs; allowed: beside beliefs, which say what it does",
        "borrows: carts",
    ),
    "a queue too long where there is none": (
        "department: floor, borrows: carts",
        "department: floor, balks_at: 3, borrows: carts",
        "journey.gate.balks_at: allowed: where the touchpoint has a resource to queue for",
        "borrows: carts",
    ),
    "two failures of one cause at one place": (
        "at: till, cause: wait",
        "at: gate, cause: shortage",
        "failures.slow: a second shortage failure at gate; allowed: one",
        "id: slow",
    ),
    "a share on the first response": (
        "label: Perseveres, loss",
        "label: Perseveres, share: 0.8, loss",
        "failures.wobble.responses.persevere: allowed: a share on every response but the first, which takes the rest",
    ),
    "a later response without a share": (
        "label: Swaps, share: 0.2,",
        "label: Swaps,",
        "failures.wobble.responses.swap: allowed: a share on every response but the first, which takes the rest",
    ),
    "responses of more than everybody": (
        "label: Carries}",
        "label: Carries}, {id: leave, label: Leaves, share: 0.7}, {id: wait, label: Waits, share: 0.4}",
        "failures.none_left.responses: shares sum to 1.1; allowed: at most 1, the first response takes the rest",
    ),
}
TOGETHER = (
    "an id given twice",
    "segments that are not everybody",
    "trips that are more than all",
    "an unknown stage",
    "an unknown asset",
    "a way on to nowhere",
    "an unknown repairer",
    "a fix that nobody owns",
    "a touchpoint that no route leads to",
    "a loss on an unknown trip",
    "a faulty thing where none is borrowed",
    "a shortage where nothing is borrowed",
    "a wait where nobody serves",
    "an unresolved report where none is heard",
    "chance without a chance",
    "a share on the first response",
    "responses of more than everybody",
)


def test_the_kiosk_itself_is_fine() -> None:
    assert parse_scenario(KIOSK, "kiosk.yaml").title == "A kiosk"


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_held_and_says_where_it_is_broken(rule: str) -> None:
    old, new, message, *at = RULES[rule]
    text = edited((old, new))
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, at[0] if at else new)}: {message}"]


def test_where_visits_never_end_every_touchpoint_from_there_on_is_named() -> None:
    text = edited(("next: [{to: till}]", "next: [{to: shelves, share: 0.5}, {to: gate, share: 0.5}]"))
    assert faults_in(text) == [
        f"kiosk.yaml:{line_of(text, 'id: gate')}: journey.gate.next: "
        "not every visit that comes here ends; allowed: a way on that ends, whatever goes wrong",
        f"kiosk.yaml:{line_of(text, 'to: shelves, share')}: journey.shelves.next: "
        "not every visit that comes here ends; allowed: a way on that ends, whatever goes wrong",
        f"kiosk.yaml:{line_of(text, 'id: till')}: journey.till: "
        "no route leads here; allowed: touchpoints reached from the first",
        f"kiosk.yaml:{line_of(text, 'id: desk')}: journey.desk: "
        "no route leads here; allowed: touchpoints reached from the first",
    ]


def test_who_has_something_to_report_must_come_to_an_end_as_well() -> None:
    text = edited(("minutes: {mean: 3}, hears_reports: carts}", "minutes: {mean: 3}, next: [{to: till}]}"))
    said = faults_in(text.replace("at: desk, cause: unresolved", "at: desk, cause: chance, chance: 0"))
    for fault in said:
        assert fault.endswith("not every visit that comes here ends; allowed: a way on that ends, whatever goes wrong")
    assert [fault.split(": ")[1] for fault in said] == [f"journey.{name}.next" for name in ("shelves", "till", "desk")]


def test_a_journey_lends_one_kind_of_thing() -> None:
    baskets = "  - {id: baskets, label: Baskets, pool: 5, breaks: 0, reserve: 0, repair: REPAIR}\njourney:\n"
    baskets = baskets.replace("REPAIR", "{resource: clerk, minutes: {mean: 1}}")
    text = edited(("journey:\n", baskets), ("    patience: 5\n", "    patience: 5\n    borrows: baskets\n"))
    assert faults_in(text) == [
        f"kiosk.yaml:{line_of(text, 'borrows: baskets')}: "
        'journey.till.borrows: found "baskets"; allowed: "carts", a journey lends one asset'
    ]


def test_a_loop_with_a_way_out_is_allowed() -> None:
    parse_scenario(edited(("next: [{to: till}]", "next: [{to: gate, share: 0.9}, {to: till}]")), "loop.yaml")


def test_rules_broken_together_are_all_listed_by_line() -> None:
    text = edited(*[(RULES[rule][0], RULES[rule][1]) for rule in TOGETHER])
    wanted = [
        f"kiosk.yaml:{line_of(text, at[0] if at else new)}: {message}"
        for _, new, message, *at in (RULES[rule] for rule in TOGETHER)
    ]
    found = faults_in(text)
    assert sorted(found) == sorted(wanted)
    lines = [int(fault.split(":")[1]) for fault in found]
    assert lines == sorted(lines)
