"""Policies: the curve of a move, and what a file may say of one."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sim.scenario.document import parse
from sim.scenario.files import parse_scenario
from sim.scenario.fixes import Move
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from tests.scenario.kiosk import KIOSK, faults_in, line_of

CARE = """\
policies:
  - id: care
    label: Care taken
    help: How well carts are kept.
    value: {mode: 0.5, unit: share of carts, evidence: D, source: a plan}
    moves:
      - {path: assets.carts.breaks, through: [[0, 0.02], [0.5, 0.01], [1, 0]], evidence: B, source: a study}
      - {path: assets.carts.pool, through: [[0, 5], [0.5, 10], [0.9, 12]], evidence: B, source: a count}
"""
BREAKS = "path: assets.carts.breaks, through: [[0, 0.02], [0.5, 0.01], [1, 0]]"
VALUE = "value: {mode: 0.5, unit: share of carts, evidence: D, source: a plan}"
MORE = """\
  - id: haste
    label: Haste
    help: How fast all goes.
    value: {mode: 1, unit: no or yes}
    moves: [{path: assets.carts.pool, through: [[0, 8], [1, 10]], evidence: D, source: a guess}]
"""


def careful(*changes: tuple[str, str]) -> str:
    """The kiosk's text with a policy, and these snippets replaced, each of which it has exactly once."""
    text = KIOSK + CARE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def move(*through: tuple[float, float]) -> Move:
    return Move(path="assets.carts.pool", through=through, evidence="D", source="a guess")


points = st.lists(
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e9, 1e9)), min_size=2, max_size=6, unique_by=lambda point: point[0]
).map(sorted)


@given(points)
def test_a_curve_is_exact_at_its_points(through: list[tuple[float, float]]) -> None:
    assert [move(*through).at(x) for x, _ in through] == [y for _, y in through]


@given(points, st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_a_curve_never_turns_back_between_two_points(through: list[tuple[float, float]], shares: list[float]) -> None:
    curve = move(*through)
    for (x0, y0), (x1, y1) in pairwise(through):
        heights = [y0, *(curve.at(min(x0 + (x1 - x0) * share, x1)) for share in sorted(shares)), y1]
        assert heights == sorted(heights, reverse=y1 < y0)


@given(points, st.floats(0, 1e6))
def test_a_curve_is_flat_beyond_its_ends(through: list[tuple[float, float]], beyond: float) -> None:
    curve = move(*through)
    assert curve.at(through[0][0] - beyond) == through[0][1]
    assert curve.at(through[-1][0] + beyond) == through[-1][1]


def test_between_points_a_curve_is_straight() -> None:
    curve = move((0, 5), (0.5, 10), (1, 0))
    assert [curve.at(x) for x in (0.1, 0.25, 0.75)] == [6, 7.5, 5]


def test_a_policy_that_agrees_with_its_scenario_is_read_and_has_a_path_of_its_own() -> None:
    scenario = parse_scenario(careful(), "kiosk.yaml")
    (policy,) = scenario.policies
    assert quantity_at(scenario, policy.path) is policy.value


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        (VALUE, "value: 0.5", "value: 0.5", "value: found no unit; allowed: a mapping with mode and unit"),
        (
            VALUE,
            "value: {mode: 1000001, unit: x}",
            "value: {mode: 1000001",
            "value: found 1000001; allowed: a number from -1000000 to 1000000",
        ),
        (
            BREAKS,
            "path: assets.carts.breaks, through: [[0.5, 0.01]]",
            "through: [[0.5, 0.01]]",
            "moves[0].through: found a list (length 1); allowed: length 2 or more",
        ),
        (
            BREAKS,
            "path: assets.carts.breaks, through: [[0.5, 0.01], [0.5, 0]]",
            "through: [[0.5, 0.01], [0.5, 0]]",
            "moves[0].through: found 0.5 after 0.5; allowed: values of the policy that rise",
        ),
        (
            BREAKS,
            "path: assets.carts.break, through: [[0, 0.02], [1, 0]]",
            "carts.break,",
            'moves[0].path: found "assets.carts.break"; allowed: the path of a quantity or switch; '
            'did you mean "assets.carts.breaks"?',
        ),
        (
            BREAKS,
            "path: failures.wobble.on, through: [[0, 0], [1, 1]]",
            "path: failures.wobble.on, through",
            'moves[0].path: found "failures.wobble.on", a switch; allowed: a quantity',
        ),
        (
            BREAKS,
            "path: policies.care.value, through: [[0, 0], [1, 1]]",
            "path: policies.care.value",
            'moves[0].path: found "policies.care.value", a policy; allowed: a quantity that is none',
        ),
        (
            BREAKS,
            "path: assets.carts.breaks, through: [[0, 0.02], [0.5, 0.01], [0.9, 0], [1, 1.4]]",
            "    moves:\n",
            "moves: at 1: assets.carts.breaks: found 1.4; allowed: a number from 0 to 1",
        ),
    ],
)
def test_what_a_policy_cannot_be_is_said_with_its_line(old: str, new: str, at: str, said: str) -> None:
    text = careful((old, new))
    assert faults_in(text) == [f"kiosk.yaml:{line_of(text, at)}: policies.care.{said}"]


def test_a_number_that_a_policy_moves_is_what_the_policy_gives() -> None:
    text = careful(("breaks: 0.01", "breaks: 0.03"))
    line = line_of(text, "breaks: 0.03")
    assert faults_in(text) == [
        f"kiosk.yaml:{line}: assets.carts.breaks: found 0.03; allowed: 0.01, which policies.care gives at 0.5"
    ]
    parse_scenario(careful(("breaks: 0.01", "breaks: 0.0100000000001")), "kiosk.yaml")


def test_a_number_in_a_list_without_ids_is_named_by_its_place() -> None:
    route = 'path: "journey.shelves.next[0].share", through: [[0, 1], [0.5, 0.9], [1, 0.8]]'
    (said,) = faults_in(careful((BREAKS, route)))
    assert said.endswith("journey.shelves.next[0].share: found 1; allowed: 0.9, which policies.care gives at 0.5")
    parse_scenario(careful((BREAKS, route), ("[{to: till}]", "[{to: till, share: 0.9}]")), "kiosk.yaml")


def test_two_policies_may_not_move_one_number() -> None:
    text = careful() + MORE
    line = line_of(text, "path: assets.carts.pool, through: [[0, 8]")
    said = 'found "assets.carts.pool", which policies.care moves already; allowed: one move a path'
    assert faults_in(text) == [f"kiosk.yaml:{line}: policies.haste.moves[0].path: {said}"]


def valid(text: str) -> bool:
    data: Any = parse(text, "kiosk.yaml").data
    return bool(Draft202012Validator(Scenario.model_json_schema()).is_valid(data))


def test_the_schema_knows_policies_and_that_their_values_have_units() -> None:
    assert valid(careful())
    assert not valid(careful((VALUE, "value: 0.5")))
    assert not valid(careful((VALUE, "value: {mode: 0.5}")))
