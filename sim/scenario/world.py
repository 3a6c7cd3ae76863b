"""Worlds: a scenario with slider values and fixes."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from sim.scenario import checks
from sim.scenario.chain import StoreType
from sim.scenario.document import Document
from sim.scenario.driving import LONGEST_SOURCE, driven, policy_paths
from sim.scenario.faults import Fault, ScenarioError, faults_of, path_of
from sim.scenario.fixes import NO_EFFECT, Fix, Way
from sim.scenario.paths import STEP, Settable, is_effect, replaced, settables, unknown_path
from sim.scenario.quantity import Evidence, Quantity
from sim.scenario.scenario import Scenario

Sets = Mapping[str, float | bool]
Given = tuple[Evidence, str]
"""Evidence grade and source of a value that somebody set."""

Alteration = Fix | StoreType
"""What changes quantities, with an id and a label, and a grade and a source of its own."""


@dataclass(frozen=True)
class _Step:
    """One thing that an alteration does to the quantity or switch at a path."""

    alteration: Alteration
    path: str
    way: Way | Literal["set"]
    value: Quantity | float | bool


def world_of(scenario: Scenario, sets: Sets | None = None, fixes: Sequence[str] = ()) -> Scenario:
    """The scenario with `sets` (path to value) applied first and then the fixes with these ids, in whatever order.

    Policies change before anything else; other changes start from what the policies give. What is set of a fix
    itself, such as `fixes.oil.changes[0].times`, is what that fix then does.

    Raises:
        ScenarioError: an unknown path or fix, a value out of bounds, two fixes that set one path, or a world that
            no scenario file could describe, such as shares that do not sum to 1.
    """
    for name in fixes:
        _refuse_unknown_fix(scenario, name)
    return altered(scenario, sets or {}, [fix for fix in scenario.fixes if fix.id in fixes])


def altered(scenario: Scenario, sets: Sets, alterations: Sequence[Alteration]) -> Scenario:
    """The scenario with `sets` applied first and then these alterations, as `world_of` says; raises as it does."""
    _refuse_conflicts(alterations)
    _refuse_unknown(scenario, sets)
    is_policy = policy_paths(scenario).__contains__
    told = _changed(scenario, {}, sets, [], is_effect)
    chosen = [_as_told(alteration, told) for alteration in alterations]
    changed = _changed(scenario, {}, sets, chosen, is_policy)
    changed |= driven(scenario, changed)
    return _with(scenario, changed | _changed(scenario, changed, sets, chosen, lambda path: not is_policy(path)))


def without_failures(scenario: Scenario) -> Scenario:
    """The twin world in which every failure point is off."""
    return _with(scenario, {f"failures.{failure.id}.on": False for failure in scenario.failures})


def _refuse_unknown_fix(scenario: Scenario, name: str) -> None:
    ids = [fix.id for fix in scenario.fixes]
    if name not in ids:
        known = ", ".join(ids) or "none in this scenario"
        raise ScenarioError((Fault("fixes", None, name, f'found "{name}"; allowed: {known}'),))


def _refuse_unknown(scenario: Scenario, sets: Sets) -> None:
    wrong = {path: unknown_path(scenario, path) for path in sets}
    if faults := [Fault("set", None, path, message) for path, message in wrong.items() if message]:
        raise ScenarioError(faults)


def _refuse_conflicts(alterations: Sequence[Alteration]) -> None:
    setters: dict[str, str] = {}
    for alteration in alterations:
        for change in alteration.changes:
            if change.set is None:
                continue
            if change.path in setters:
                both = f"both {setters[change.path]} and {alteration.id} set it; choose one"
                raise ScenarioError((Fault("fixes", None, change.path, both),))
            setters[change.path] = alteration.id


def _as_told(alteration: Alteration, told: Mapping[str, Settable]) -> Alteration:
    """A fix with what was set of its own changes."""
    if not told:
        return alteration
    changes = []
    for position, change in enumerate(alteration.changes):
        here = f"fixes.{alteration.id}.changes[{position}]"
        of_it = {name: told[f"{here}.{name}"] for name in type(change).model_fields if f"{here}.{name}" in told}
        changes.append(change.model_copy(update=of_it))
    return alteration.model_copy(update={"changes": tuple(changes)})


def _in_turn(alterations: Sequence[Alteration]) -> Iterator[_Step]:
    """What is set, then what is multiplied, then what is added: so the order of fixes does not matter."""
    changes = [(alteration, change) for alteration in alterations for change in alteration.changes]
    yield from (_Step(by, change.path, "set", change.set) for by, change in changes if change.set is not None)
    moves = [_Step(by, change.path, way, value) for by, change in changes for way, value in change.moves()]
    for way in NO_EFFECT:
        yield from (step for step in moves if step.way == way)


def _changed(
    scenario: Scenario,
    before: Mapping[str, Settable],
    sets: Sets,
    alterations: Sequence[Alteration],
    concerned: Callable[[str], bool],
) -> dict[str, Settable]:
    """What sets and then alterations make of the paths concerned, `before` being changed already."""
    values = {**settables(scenario), **before}
    changed: dict[str, Settable] = {}
    for path, value in sets.items():
        if concerned(path):
            changed[path] = _set(scenario, values, path, value, ("D", "set by you"))
    for step in _in_turn(alterations):
        if concerned(step.path):
            changed[step.path] = _taken(scenario, values | changed, step)
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


def _taken(scenario: Scenario, values: Mapping[str, Settable], step: _Step) -> Settable:
    """What a step makes of its path."""
    by = step.alteration
    said = f"{by.label}: {by.source}"
    if not isinstance(step.value, Quantity):
        return _set(scenario, values, step.path, step.value, (by.evidence, said[:LONGEST_SOURCE]))
    if wrong := unknown_path(scenario, step.path):
        raise ScenarioError((Fault("fixes", None, step.path, wrong),))
    now = values[step.path]
    if not isinstance(now, Quantity):
        raise ScenarioError((Fault("fixes", None, step.path, "is a switch; allowed: set, with true or false"),))
    evidence = max(now.evidence or by.evidence, by.evidence, step.value.evidence or by.evidence)  # the weakest of them
    source = now.source or "no source given"
    if said not in source:  # a change that multiplies and adds comes here twice
        source = f"{source}; then {said}"[:LONGEST_SOURCE]
    moved = now.changed(**{step.way: step.value.value})
    return moved.model_copy(update={"evidence": evidence, "source": source})


def _with(scenario: Scenario, changed: Mapping[str, Settable]) -> Scenario:
    if not changed:
        return scenario
    data = dict(scenario)
    for path, value in changed.items():
        replaced(_opened(data, path), path, value if isinstance(value, bool) else value.model_dump())
    try:
        world = Scenario.model_validate(data)  # parts that are no plain data any longer are taken as they are
    except ValidationError as error:
        faults = faults_of(error, Document("set", data))
        raise ScenarioError(tuple(replace(fault, line=None) for fault in faults)) from None
    if found := list(checks.findings_of_numbers(world)):
        plain = world.model_dump()
        raise ScenarioError(Fault("set", None, path_of(loc, plain), message) for loc, message in found)
    return world


def _opened(data: dict[str, Any], path: str) -> dict[str, Any]:
    """A scenario's data, in which the part or the item of a list that a path leads through is made plain, in place."""
    head, step, *_ = *STEP.findall(path), ""
    part = data[head]
    if isinstance(part, BaseModel):
        data[head] = part.model_dump()
    elif isinstance(part, tuple | list):
        items = data[head] = list(part) if isinstance(part, tuple) else part
        position = next(i for i, item in enumerate(items) if step in (_id_of(item), f"[{i}]"))
        if isinstance(items[position], BaseModel):
            items[position] = items[position].model_dump()
    return data


def _id_of(item: Any) -> object:
    return item.get("id") if isinstance(item, dict) else getattr(item, "id", None)


def restated(scenario: Scenario, quantities: Mapping[str, Quantity]) -> Scenario:
    """The scenario with other quantities at these paths, ranges and provenance included.

    Raises:
        ScenarioError: a path that leads to no quantity, a value out of bounds, or what no scenario file could say.
    """
    _refuse_unknown(scenario, {path: said.value for path, said in quantities.items()})
    return _with(scenario, dict(quantities))
