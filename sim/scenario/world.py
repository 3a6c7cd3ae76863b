"""Worlds: a scenario with slider values, fixes and policies."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, get_args

from pydantic import BaseModel, ValidationError

from sim.scenario import checks
from sim.scenario.customers import Opening
from sim.scenario.faults import MOST, MOST_SOUGHT, Document, Fault, ScenarioError, faults_of, path_of, rest
from sim.scenario.fixes import NO_EFFECT, Fix, Move, Policy, StoreType, Way
from sim.scenario.paths import (
    STEP,
    Settable,
    fields_to,
    is_effect,
    location,
    quantity_at,
    replaced,
    settables,
    unknown_path,
)
from sim.scenario.quantity import Between, Evidence, Finding, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import listed, not_among, shown

LONGEST_SOURCE = 1_000


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
            _refuse(scenario, list(misdirected(scenario)))
            moved |= {move.path: _driven(scenario, policy, move, now.value) for move in policy.moves}
    return moved


def _refuse(scenario: Scenario, found: Sequence[Finding]) -> None:
    if found:
        data = scenario.model_dump()
        raise ScenarioError(Fault("set", None, path_of(loc, data), message) for loc, message in found)


def _driven(scenario: Scenario, policy: Policy, move: Move, value: float) -> Quantity:
    before = quantity_at(scenario, move.path)
    evidence = max(before.evidence or move.evidence, move.evidence)  # as weak as the weaker of the two
    source = f"{policy.label} at {value:.15g}: {move.source}"[:LONGEST_SOURCE]
    return Quantity(mode=given_by(scenario, move, value), unit=before.unit, evidence=evidence, source=source)


def given_by(scenario: Scenario, move: Move, value: float) -> float:
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


def misdirected(scenario: Scenario) -> Iterator[Finding]:
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
    ids = [fix.id for fix in scenario.fixes]
    for name in fixes:
        if name not in ids:
            wrong = not_among(name, listed(ids) or "none in this scenario", ids)
            raise ScenarioError((Fault("fixes", None, shown(name), wrong),))
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


def _refuse_unknown(scenario: Scenario, sets: Sets) -> None:
    known = settables(scenario)
    wrong = [path for path in sets if path not in known]
    faults = [Fault("set", None, path, unknown_path(scenario, path) or "") for path in wrong[:MOST]]
    if faults:
        raise ScenarioError([*faults, *rest("set", len(wrong) - MOST)])


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
        raise ScenarioError(replace(fault, line=None) for fault in faults) from None
    _refuse(world, list(islice(checks.findings_of_numbers(world), MOST_SOUGHT)))
    return world


def _opened(data: dict[str, Any], path: str) -> dict[str, Any]:
    """A scenario's data, in which the part or the item of a list that a path leads through is made plain, in place."""
    head, step, *_ = *STEP.findall(path), ""
    part = data[head]
    if isinstance(part, BaseModel):
        data[head] = part.model_dump()
    elif isinstance(part, tuple | list):
        items: Any = list(part)
        data[head] = items
        (position,) = location(items, step)
        if isinstance(items[position], BaseModel):
            items[position] = items[position].model_dump()
    return data


def restated(scenario: Scenario, quantities: Mapping[str, Quantity]) -> Scenario:
    """The scenario with other quantities at these paths, ranges and provenance included.

    Raises:
        ScenarioError: a path that leads to no quantity, a value out of bounds, or what no scenario file could say.
    """
    _refuse_unknown(scenario, {path: said.value for path, said in quantities.items()})
    return _with(scenario, dict(quantities))


def store_of(scenario: Scenario, store_type: str) -> Scenario:
    """The scenario of one store of that type, its changes applied as a fix's are and its own hours open.

    Customers come as often whatever the hours: weights of the profile outside them do not count, and the visits fall
    into those inside. Values are set or drawn before, and fixes applied after, as the store has them:
    `world_of(store_of(world_of(scenario, sets), "large"), fixes=["oil"])`.

    Raises:
        ScenarioError: a scenario without a chain, an unknown type, or a store that no scenario file could describe.
    """
    kinds = {kind.id: kind for kind in scenario.chain.stores} if scenario.chain else {}
    if store_type not in kinds:
        known = listed(kinds) or "none, the scenario has no chain"
        raise ScenarioError((Fault("chain", None, "stores", not_among(store_type, known, kinds)),))
    kind = kinds[store_type]
    try:
        store = altered(scenario, {}, [kind])
        return store if kind.opening is None else _with_hours(store, kind.opening)
    except ScenarioError as error:
        here = f"chain.stores.{kind.id}"
        raise ScenarioError(replace(fault, file=here) for fault in error.faults) from None


def _with_hours(store: Scenario, opening: Opening) -> Scenario:
    """The store with these hours, and without the weights of weekdays on which it is closed."""
    calendar = store.calendar.model_dump() | {"opening": opening.model_dump()}
    if profile := calendar["profile"]:
        calendar["profile"] = {day: weights if calendar["opening"][day] else None for day, weights in profile.items()}
    try:
        return Scenario.model_validate(dict(store) | {"calendar": calendar})
    except ValidationError as error:
        raise ScenarioError(faults_of(error, Document("chain", {"calendar": calendar}))) from None
