"""What policies do to a scenario's quantities, and whether a file says the same."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from sim.scenario.faults import Fault, ScenarioError, path_of
from sim.scenario.part import Finding, Loc
from sim.scenario.paths import Settable, fields_to, is_effect, location, quantity_at, settables, unknown_path
from sim.scenario.policies import Move, Policy
from sim.scenario.quantity import Between, Quantity
from sim.scenario.scenario import Scenario

LONGEST_SOURCE = 1_000
_TOLERANCE = 1e-9


def policy_paths(scenario: Scenario) -> set[str]:
    """The paths of all policies' values."""
    return {policy.path for policy in scenario.policies}


def driven(scenario: Scenario, changed: Mapping[str, Settable]) -> dict[str, Settable]:
    """Every quantity that the policies among `changed` move, by path; a policy left at its value moves none.

    Raises:
        ScenarioError: a policy moves what cannot be moved, as in a file that is being checked.
    """
    moved: dict[str, Settable] = {}
    for policy in scenario.policies:
        now = changed.get(policy.path)
        if isinstance(now, Quantity) and now.value != policy.value.value:
            _refuse_misdirected(scenario)
            moved |= {move.path: _driven(scenario, policy, move, now.value) for move in policy.moves}
    return moved


def _refuse_misdirected(scenario: Scenario) -> None:
    if found := list(_misdirected(scenario)):
        data = scenario.model_dump()
        raise ScenarioError(Fault("set", None, path_of(loc, data), message) for loc, message in found)


def _driven(scenario: Scenario, policy: Policy, move: Move, value: float) -> Quantity:
    before = quantity_at(scenario, move.path)
    evidence = max(before.evidence or move.evidence, move.evidence)  # as weak as the weaker of the two
    source = f"{policy.label} at {value:.15g}: {move.source}"[:LONGEST_SOURCE]
    return Quantity(mode=_given(scenario, move, value), unit=before.unit, evidence=evidence, source=source)


def _given(scenario: Scenario, move: Move, value: float) -> float:
    """What a move gives at a policy's value: to the nearest whole number, halves up, where only those are allowed."""
    exact = move.at(value)
    return math.floor(exact + 0.5) if is_whole(scenario, move.path) else exact


def is_whole(scenario: Scenario, path: str) -> bool:
    """Whether the field of that quantity allows whole numbers only."""
    *_, field = fields_to(scenario, path)
    return any(isinstance(note, Between) and note.whole for note in [*field.metadata, *_notes(field.annotation)])


def _notes(annotation: Any) -> Iterator[Any]:
    """What annotates a type or one inside it, as in `People | None`."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _notes(inner)


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with what policies move, as the file has it."""
    misdirected = dict(_misdirected(scenario))
    for i, policy in enumerate(scenario.policies):
        for j, move in enumerate(policy.moves):
            loc: Loc = ("policies", i, "moves", j, "path")
            if loc in misdirected:
                yield loc, misdirected[loc]
            else:
                yield from _stated(scenario, policy, move)


def _misdirected(scenario: Scenario) -> Iterator[Finding]:
    """Moves that lead nowhere, or where another leads."""
    movers: dict[str, str] = {}
    for i, policy in enumerate(scenario.policies):
        for j, move in enumerate(policy.moves):
            if wrong := _wrong_path(scenario, move.path, movers):
                yield ("policies", i, "moves", j, "path"), wrong
            movers.setdefault(move.path, policy.id)


def _wrong_path(scenario: Scenario, path: str, movers: Mapping[str, str]) -> str | None:
    if wrong := unknown_path(scenario, path):
        return wrong
    if path in movers:
        return f'found "{path}", which policies.{movers[path]} moves already; allowed: one move a path'
    if path in policy_paths(scenario):
        return f'found "{path}", a policy; allowed: a quantity that is none'
    if is_effect(path):
        return f'found "{path}", what a fix does; allowed: a quantity of the business'
    if not isinstance(settables(scenario)[path], Quantity):
        return f'found "{path}", a switch; allowed: a quantity'
    return None


def _stated(scenario: Scenario, policy: Policy, move: Move) -> Iterator[Finding]:
    """A scenario as read needs nothing worked out: each quantity is already what its policy makes of it."""
    stated, value = quantity_at(scenario, move.path).value, policy.value.value
    given = _given(scenario, move, value)
    if abs(stated - given) > _TOLERANCE:
        loc: Loc = location(scenario.model_dump(), move.path)
        yield loc, f"found {stated:.15g}; allowed: {given:.15g}, which policies.{policy.id} gives at {value:.15g}"
