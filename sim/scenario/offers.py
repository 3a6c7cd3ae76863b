"""What a scenario offers to move: that each policy, lever and preset leads somewhere and stays within bounds."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from sim.scenario import agenda, alterations, bounds, checks, driving
from sim.scenario.alterations import faults_beyond
from sim.scenario.fixes import Lever
from sim.scenario.part import Finding
from sim.scenario.paths import quantity_at, settables, unknown_path
from sim.scenario.policies import Policy
from sim.scenario.presets import Preset
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario

_TOLERANCE = 1e-6


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything wrong with what can be moved and what moves it, beyond what is wrong with the scenario itself."""
    if (worlds := _worlds(scenario)) > bounds.WORLDS:
        found = f"what can be moved makes {worlds:,} worlds to check"
        yield (
            (),
            f"{found}; allowed: at most {bounds.WORLDS}, so fewer levers, policies, fixes, presets or types of store",
        )
        return
    stated = list(driving.findings(scenario))
    yield from stated
    at_home = {message for _, message in [*checks.findings(scenario), *stated]}
    for check in (_policies, _levers, alterations.findings, _presets, _answer, agenda.findings):
        yield from check(scenario, at_home)


def _worlds(scenario: Scenario) -> int:
    """How many worlds are checked: each is as much work as the scenario itself."""
    points = sum(len(_values(policy)) for policy in scenario.policies)
    fixes = sum(alterations.worlds_of(fix) for fix in scenario.fixes)
    stores = len(scenario.chain.stores) if scenario.chain else 0
    return points + 2 * len(scenario.levers) + len(scenario.presets) + fixes * (1 + stores) + stores


def _values(policy: Policy) -> set[float]:
    return {point[0] for move in policy.moves for point in move.through}


def _policies(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    """Curves are straight between their points, so the worlds at the points tell what those between are like."""
    for i, policy in enumerate(scenario.policies):
        for value in sorted(_values(policy)):
            for fault in faults_beyond(at_home, scenario, {policy.path: value}, []):
                yield ("policies", i, "moves"), f"at {value:.15g}: {fault.path}: {fault.message}"


def _levers(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    paths = [lever.path for lever in scenario.levers]
    for i, lever in enumerate(scenario.levers):
        if lever.path in paths[:i]:
            yield ("levers", i, "path"), f'found "{lever.path}" again; allowed: one lever a path'
        for field, message in _lever(scenario, lever, at_home):
            yield ("levers", i, field), message


def _lever(scenario: Scenario, lever: Lever, at_home: Collection[str]) -> Iterator[tuple[str, str]]:
    if wrong := unknown_path(scenario, lever.path):
        yield "path", wrong
        return
    if not isinstance(settables(scenario)[lever.path], Quantity):
        yield "path", f'found "{lever.path}", a switch; allowed: a quantity'
        return
    default = quantity_at(scenario, lever.path).value
    if not lever.min <= default <= lever.max or lever.min == lever.max:
        yield (
            "min",
            f"found {lever.min:.15g} to {lever.max:.15g}; allowed: a range that holds the value {default:.15g}",
        )
    for field, end in (("min", lever.min), ("max", lever.max)):
        for fault in faults_beyond(at_home, scenario, {lever.path: end}, []):
            yield field, fault.message if fault.path == lever.path else f"{fault.path}: {fault.message}"


def _presets(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    for i, preset in enumerate(scenario.presets):
        misplaced = list(_misplaced(scenario, preset))
        yield from ((("presets", i, *loc), message) for loc, message in misplaced)
        sets = {setting.path: setting.value for setting in preset.sets}
        for fault in [] if misplaced else faults_beyond(at_home, scenario, sets, preset.fixes):
            yield ("presets", i), f"{fault.path}: {fault.message}"


def _answer(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    levers, fixes = [lever.path for lever in scenario.levers], [fix.id for fix in scenario.fixes]
    if scenario.answer.lever is not None and scenario.answer.lever not in levers:
        yield ("answer", "lever"), _not_among(scenario.answer.lever, "a lever's path", levers)
    for i, name in enumerate(scenario.answer.fixes):
        if name in scenario.answer.fixes[:i]:
            yield ("answer", "fixes", i), f'found "{name}" again; allowed: each fix once'
        if name not in fixes:
            yield ("answer", "fixes", i), _not_among(name, "a fix of this scenario", fixes)


def _misplaced(scenario: Scenario, preset: Preset) -> Iterator[Finding]:
    levers = {lever.path: lever for lever in scenario.levers}
    seen: set[str] = set()
    for j, setting in enumerate(preset.sets):
        lever = levers.get(setting.path)
        if lever is None:
            yield ("sets", j, "path"), _not_among(setting.path, "a lever's path", levers)
        elif setting.path in seen:
            yield ("sets", j, "path"), f'found "{setting.path}" again; allowed: each lever once'
        elif not _stands(lever, setting.value):
            allowed = f"as its lever moves, {lever.min:.15g} to {lever.max:.15g} in steps of {lever.step:.15g}"
            yield ("sets", j, "value"), f"found {setting.value:.15g}; allowed: {allowed}"
        seen.add(setting.path)
    fixes = [fix.id for fix in scenario.fixes]
    for j, name in enumerate(preset.fixes):
        if name not in fixes:
            yield ("fixes", j), _not_among(name, "a fix of this scenario", fixes)


def _stands(lever: Lever, value: float) -> bool:
    """Whether the lever can be put there."""
    steps = (value - lever.min) / lever.step
    return lever.min <= value <= lever.max and abs(steps - round(steps)) <= _TOLERANCE


def _not_among(name: str, allowed: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f'found "{name}"; allowed: {allowed}{hint}'
