import pytest

from sim.scenario.files import parse_scenario
from tests.scenario.kiosk import edited, faults_in, line_of

LEVER = "path: assets.carts.pool\n    label: Carts\n    min: 5\n    max: 40"
FIX = "changes: [{path: assets.carts.pool, add: 4}]"


def lever(path: str = "assets.carts.pool", low: float = 5, high: float = 40) -> str:
    return f"path: {path}\n    label: Carts\n    min: {low}\n    max: {high}"


@pytest.mark.parametrize(
    ("new", "at", "said"),
    [
        (
            lever("assets.carts.size"),
            "path: assets.carts.size",
            'levers[0].path: found "assets.carts.size"; allowed: the path of a quantity or switch; '
            'did you mean "assets.carts.pool"?',
        ),
        (
            lever("failures.wobble.on"),
            "path: failures.wobble.on\n",
            'levers[0].path: found "failures.wobble.on", a switch; allowed: a quantity',
        ),
        (
            lever(low=11),
            "min: 11",
            "levers[0].min: found 11 to 40; allowed: a range that holds the value 10",
        ),
        (lever(high=9), "min: 5", "levers[0].min: found 5 to 9; allowed: a range that holds the value 10"),
        (lever(low=10, high=10), "min: 10", "levers[0].min: found 10 to 10; allowed: a range that holds the value 10"),
        (lever(low=-1), "min: -1", "levers[0].min: found -1; allowed: a whole number from 0 to 100000"),
        (
            lever(high=100_001),
            "max: 100001",
            "levers[0].max: found 100001; allowed: a whole number from 0 to 100000",
        ),
        (lever(high=40.5), "max: 40.5", "levers[0].max: found 40.5; allowed: a whole number from 0 to 100000"),
        (
            lever("segments.young.share", 0, 1),
            "min: 0\n",
            "levers[0].min: segments: shares sum to 0.4; allowed: a sum of 1",
        ),
    ],
)
def test_a_lever_leads_to_a_quantity_and_stays_where_its_worlds_are_allowed(new: str, at: str, said: str) -> None:
    text = edited((LEVER, new))
    assert faults_in(text)[0] == f"kiosk.yaml:{line_of(text, at)}: {said}"


@pytest.mark.parametrize(("low", "high"), [(10, 40), (0, 10), (0, 100_000)])
def test_a_lever_may_start_or_end_at_its_value_and_at_its_fields_bounds(low: int, high: int) -> None:
    (offered,) = parse_scenario(edited((LEVER, lever(low=low, high=high))), "kiosk.yaml").levers
    assert (offered.min, offered.max) == (low, high)


def test_a_path_has_one_lever() -> None:
    again = "  - path: assets.carts.pool\n    label: Again\n    min: 5\n    max: 40\n    step: 1\n    help: Again.\n"
    again += "    outcome: visits\n    direction: none\n"
    text = edited(("    direction: down\n", "    direction: down\n" + again))
    line = line_of(text, "path: assets.carts.pool\n    label: Again")
    assert faults_in(text) == [
        f'kiosk.yaml:{line}: levers[1].path: found "assets.carts.pool" again; allowed: one lever a path'
    ]


def test_every_lever_and_fix_at_fault_is_listed() -> None:
    text = edited((LEVER, lever("assets.carts.pol", 1, 2)), (FIX, "changes: [{path: weather.rian, add: 4}]"))
    assert [fault.split(": ")[1] for fault in faults_in(text)] == ["fixes.four_more.changes", "levers[0].path"]
