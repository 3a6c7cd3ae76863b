"""Worlds: a scenario with slider values and fixes."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import ValidationError

from sim.scenario import checks
from sim.scenario.document import Document
from sim.scenario.driving import LONGEST_SOURCE, driven, policy_paths
from sim.scenario.faults import Fault, ScenarioError, faults_of, path_of
from sim.scenario.fixes import Change, Fix
from sim.scenario.paths import Settable, replaced, settables, unknown_path
from sim.scenario.quantity import Evidence, Quantity
from sim.scenario.scenario import Scenario

Sets = Mapping[str, float | bool]
Given = tuple[Evidence, str]
"""Evidence grade and source of a value that somebody set."""


def world_of(scenario: Scenario, sets: Sets | None = None, fixes: Sequence[str] = ()) -> Scenario:
    """The scenario with `sets` (path to value) applied first and then the fixes with these ids, in whatever order.

    Policies change before anything else; other changes start from what the policies give.

    Raises:
        ScenarioError: an unknown path or fix, a value out of bounds, two fixes that set one path, or a world that
            no scenario file could describe, such as shares that do not sum to 1.
    """
    sets = dict(sets or {})
    named = [_fix(scenario, name) for name in fixes]
    chosen = [fix for fix in scenario.fixes if fix in named]
    _refuse_conflicts(chosen)
    is_policy = policy_paths(scenario).__contains__
    _refuse_unknown(scenario, sets)
    changed = _changed(scenario, {}, sets, chosen, is_policy)
    changed |= driven(scenario, changed)
    return _with(scenario, changed | _changed(scenario, changed, sets, chosen, lambda path: not is_policy(path)))


def without_failures(scenario: Scenario) -> Scenario:
    """The twin world in which every failure point is off."""
    return _with(scenario, {f"failures.{failure.id}.on": False for failure in scenario.failures})


def _fix(scenario: Scenario, name: str) -> Fix:
    for fix in scenario.fixes:
        if fix.id == name:
            return fix
    known = ", ".join(fix.id for fix in scenario.fixes) or "none in this scenario"
    raise ScenarioError((Fault("fixes", None, name, f'found "{name}"; allowed: {known}'),))


def _refuse_unknown(scenario: Scenario, sets: Sets) -> None:
    wrong = {path: unknown_path(scenario, path) for path in sets}
    if faults := [Fault("set", None, path, message) for path, message in wrong.items() if message]:
        raise ScenarioError(faults)


def _refuse_conflicts(fixes: Sequence[Fix]) -> None:
    setters: dict[str, str] = {}
    for fix in fixes:
        for change in fix.changes:
            if change.set is None:
                continue
            if change.path in setters:
                both = f"both {setters[change.path]} and {fix.id} set it; choose one"
                raise ScenarioError((Fault("fixes", None, change.path, both),))
            setters[change.path] = fix.id


def _in_turn(fixes: Sequence[Fix]) -> Iterator[tuple[Fix, Change]]:
    """What is set, then what is multiplied, then what is added: so the order of fixes does not matter."""
    changes = [(fix, change) for fix in fixes for change in fix.changes]
    moves = [(fix, change) for fix, change in changes if change.set is None]
    yield from ((fix, change) for fix, change in changes if change.set is not None)
    yield from ((fix, change.model_copy(update={"add": 0})) for fix, change in moves)
    yield from ((fix, change.model_copy(update={"times": 1})) for fix, change in moves)


def _changed(
    scenario: Scenario,
    before: Mapping[str, Settable],
    sets: Sets,
    fixes: Sequence[Fix],
    concerned: Callable[[str], bool],
) -> dict[str, Settable]:
    """What sets and then fixes make of the paths concerned, `before` being changed already."""
    values = {**settables(scenario), **before}
    changed: dict[str, Settable] = {}
    for path, value in sets.items():
        if concerned(path):
            changed[path] = _set(scenario, values, path, value, ("D", "set by you"))
    for fix, change in _in_turn(fixes):
        if concerned(change.path):
            changed[change.path] = _change(scenario, values | changed, change, fix)
    return changed


def _set(scenario: Scenario, values: Mapping[str, Settable], path: str, value: float | bool, given: Given) -> Settable:
    if wrong := unknown_path(scenario, path):
        raise ScenarioError((Fault("set", None, path, wrong),))
    now = values[path]
    if isinstance(now, bool) != isinstance(value, bool):
        allowed = "true or false" if isinstance(now, bool) else "a number"
        raise ScenarioError((Fault("set", None, path, f"found {str(value).lower()}; allowed: {allowed}"),))
    if isinstance(now, bool):
        return bool(value)
    if not math.isfinite(value):
        raise ScenarioError((Fault("set", None, path, f"found {value}; allowed: a finite number"),))
    evidence, source = given
    return Quantity(mode=value, unit=now.unit, evidence=evidence, source=source)


def _change(scenario: Scenario, values: Mapping[str, Settable], change: Change, fix: Fix) -> Settable:
    if change.set is not None:
        source = f"{fix.label}: {fix.source}"[:LONGEST_SOURCE]
        return _set(scenario, values, change.path, change.set, (fix.evidence, source))
    if wrong := unknown_path(scenario, change.path):
        raise ScenarioError((Fault("fixes", None, change.path, wrong),))
    now = values[change.path]
    if not isinstance(now, Quantity):
        raise ScenarioError((Fault("fixes", None, change.path, "is a switch; allowed: set, with true or false"),))
    evidence = max(now.evidence or fix.evidence, fix.evidence)  # as weak as the weaker of the two
    said = f"{fix.label}: {fix.source}"
    source = now.source or "no source given"
    if said not in source:  # a change that multiplies and adds comes here twice
        source = f"{source}; then {said}"[:LONGEST_SOURCE]
    return now.changed(change.times, change.add).model_copy(update={"evidence": evidence, "source": source})


def _with(scenario: Scenario, changed: Mapping[str, Settable]) -> Scenario:
    if not changed:
        return scenario
    data = scenario.model_dump()
    for path, value in changed.items():
        replaced(data, path, value if isinstance(value, bool) else value.model_dump())
    try:
        world = Scenario.model_validate(data)
    except ValidationError as error:
        faults = faults_of(error, Document("set", data))
        raise ScenarioError(tuple(replace(fault, line=None) for fault in faults)) from None
    if found := list(checks.findings(world)):
        raise ScenarioError(Fault("set", None, path_of(loc, data), message) for loc, message in found)
    return world
