"""What a scenario offers to move, the boardroom's page among it: each leads somewhere and stays within bounds."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sim.scenario import checks
from sim.scenario.faults import Fault, Loc, ScenarioError
from sim.scenario.fixes import MOST_LEVERS, Fix, Lever, Policy, Preset, StoreType
from sim.scenario.paths import is_effect, location, quantity_at, settables, unknown_path
from sim.scenario.quantity import Finding, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import not_among
from sim.scenario.world import Alteration, Sets, given_by, is_whole, misdirected, store_of, world_of


@dataclass(frozen=True)
class Agenda:
    """What is asked, the measure that says it, what is proposed, and up to three levers to try it with."""

    question: str
    number: str
    fixes: tuple[Fix, ...]
    levers: tuple[Lever, ...]


def agenda_of(scenario: Scenario, fixes: Sequence[str] = ()) -> Agenda:
    """The agenda of a scenario; these fixes, if any, are proposed instead of its own."""
    said = scenario.boardroom
    chosen = [fix for fix in scenario.fixes if fix.id in fixes]
    proposed = chosen or _proposed(scenario)
    return Agenda(
        said.question or scenario.question,
        said.number or scenario.headline,
        tuple(proposed),
        tuple(_boardroom_levers(scenario, proposed)),
    )


def _proposed(scenario: Scenario) -> list[Fix]:
    """What the boardroom proposes; of fixes that the answer compares and that exclude each other, the first."""
    if scenario.boardroom.fixes is not None:
        return _named(scenario, scenario.boardroom.fixes)
    tried = _named(scenario, scenario.answer.fixes)
    return tried[:1] if faults_beyond((), scenario, {}, [fix.id for fix in tried]) else tried


def _named(scenario: Scenario, names: Sequence[str]) -> list[Fix]:
    return [fix for fix in scenario.fixes if fix.id in names]


def _boardroom_levers(scenario: Scenario, proposed: Sequence[Fix]) -> list[Lever]:
    """Those asked for or the first; one that a proposed fix sets would move nothing."""
    set_by = _set_by(proposed)
    free = {lever.path: lever for lever in scenario.levers if lever.path not in set_by}
    if scenario.boardroom.levers is not None:
        return [free[path] for path in scenario.boardroom.levers if path in free]
    return sorted(free.values(), key=lambda lever: lever.path != scenario.answer.lever)[:MOST_LEVERS]


def _set_by(fixes: Sequence[Fix]) -> dict[str, str]:
    """The paths that these fixes set, whatever they were before, with the fix that does."""
    return {change.path: fix.id for fix in fixes for change in fix.changes if change.set is not None}


def boardroom_findings(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    """Everything wrong with what is said of the boardroom, beyond what is wrong `at_home`."""
    yield from _fixes(scenario, at_home)
    known, set_by = [lever.path for lever in scenario.levers], _set_by(_proposed(scenario))
    paths = scenario.boardroom.levers or ()
    for i, path in enumerate(paths):
        here = ("boardroom", "levers", i)
        if path not in known:
            yield here, not_among(path, "a lever's path", known)
        elif path in paths[:i]:
            yield here, f'found "{path}" again; allowed: each lever once'
        elif path in set_by:
            yield here, f'found "{path}", which the fix {set_by[path]} sets; allowed: a lever that no proposed fix sets'


def _fixes(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    known, names = [fix.id for fix in scenario.fixes], scenario.boardroom.fixes or ()
    unknown = [i for i, name in enumerate(names) if name not in known]
    for i in unknown:
        yield ("boardroom", "fixes", i), not_among(names[i], "a fix of this scenario", known)
    for i, name in enumerate(names):
        if name in names[:i]:
            yield ("boardroom", "fixes", i), f'found "{name}" again; allowed: each fix once'
    for fault in [] if unknown else faults_beyond(at_home, scenario, {}, names):
        yield ("boardroom", "fixes"), f"{fault.path}: {fault.message}"


_TOLERANCE = 1e-6
_ROUNDING = 1e-9
MOST_WORLDS = 600
"""That are checked with a scenario: at the ends of levers and of what fixes do, at policies' points, and of presets."""


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything wrong with what can be moved and what moves it, beyond what is wrong with the scenario itself."""
    if (worlds := _worlds(scenario)) > MOST_WORLDS:
        found = f"what can be moved makes {worlds:,} worlds to check"
        yield (
            (),
            f"{found}; allowed: at most {MOST_WORLDS}, so fewer levers, policies, fixes, presets or types of store",
        )
        return
    stated = list(_driven(scenario))
    yield from stated
    at_home = {message for _, message in [*checks.findings(scenario), *stated]}
    for check in (_policies, _levers, _alterations, _presets, _answer, boardroom_findings):
        yield from check(scenario, at_home)


def _worlds(scenario: Scenario) -> int:
    """How many worlds are checked: each is as much work as the scenario itself."""
    points = sum(len(_values(policy)) for policy in scenario.policies)
    fixes = sum(_worlds_of(fix) for fix in scenario.fixes)
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
        yield ("answer", "lever"), not_among(scenario.answer.lever, "a lever's path", levers)
    for i, name in enumerate(scenario.answer.fixes):
        if name in scenario.answer.fixes[:i]:
            yield ("answer", "fixes", i), f'found "{name}" again; allowed: each fix once'
        if name not in fixes:
            yield ("answer", "fixes", i), not_among(name, "a fix of this scenario", fixes)


def _misplaced(scenario: Scenario, preset: Preset) -> Iterator[Finding]:
    levers = {lever.path: lever for lever in scenario.levers}
    seen: set[str] = set()
    for j, setting in enumerate(preset.sets):
        lever = levers.get(setting.path)
        if lever is None:
            yield ("sets", j, "path"), not_among(setting.path, "a lever's path", levers)
        elif setting.path in seen:
            yield ("sets", j, "path"), f'found "{setting.path}" again; allowed: each lever once'
        elif not _stands(lever, setting.value):
            allowed = f"as its lever moves, {lever.min:.15g} to {lever.max:.15g} in steps of {lever.step:.15g}"
            yield ("sets", j, "value"), f"found {setting.value:.15g}; allowed: {allowed}"
        seen.add(setting.path)
    fixes = [fix.id for fix in scenario.fixes]
    for j, name in enumerate(preset.fixes):
        if name not in fixes:
            yield ("fixes", j), not_among(name, "a fix of this scenario", fixes)


def _stands(lever: Lever, value: float) -> bool:
    """Whether the lever can be put there."""
    steps = (value - lever.min) / lever.step
    return lever.min <= value <= lever.max and abs(steps - round(steps)) <= _TOLERANCE


def _driven(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with what policies move: a scenario as read needs nothing worked out."""
    wrong = dict(misdirected(scenario))
    for i, policy in enumerate(scenario.policies):
        for j, move in enumerate(policy.moves):
            loc: Loc = ("policies", i, "moves", j, "path")
            if loc in wrong:
                yield loc, wrong[loc]
                continue
            stated, value = quantity_at(scenario, move.path).value, policy.value.value
            given = given_by(scenario, move, value)
            if abs(stated - given) > _ROUNDING:
                said = f"{given:.15g}, which policies.{policy.id} gives at {value:.15g}"
                yield location(scenario.model_dump(), move.path), f"found {stated:.15g}; allowed: {said}"


def faults_beyond(at_home: Collection[str], scenario: Scenario, sets: Sets, fixes: Sequence[str]) -> list[Fault]:
    """What is wrong with a world beyond the messages `at_home`, which the scenario itself deserves."""
    try:
        world_of(scenario, sets, fixes)
    except ScenarioError as error:
        return [fault for fault in error.faults if fault.message not in at_home]
    return []


def _alterations(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
    """Everything wrong with fixes and types of store beyond what is wrong `at_home`."""
    for i, fix in enumerate(scenario.fixes):
        loc: Loc = ("fixes", i, "changes")
        yield from _changes(scenario, fix, loc)
        yield from ((loc, message) for message in _fix(scenario, fix, at_home))
    for i, kind in enumerate(scenario.chain.stores if scenario.chain else ()):
        here: Loc = ("chain", "stores", i)
        yield from _changes(scenario, kind, (*here, "changes"))
        yield from ((here, message) for message in _store(scenario, kind, at_home))


def _changes(scenario: Scenario, by: Alteration, loc: Loc) -> Iterator[Finding]:
    """What is wrong with the changes themselves, which no world would tell."""
    for j, change in enumerate(by.changes):
        moves = list(change.moves())
        if change.set is None and not moves:
            yield (*loc, j), "changes nothing; allowed: set, times or add"
        if is_effect(change.path) if isinstance(by, Fix) else change.path.startswith("chain."):
            allowed = "a quantity of the business, and not what a fix does" if isinstance(by, Fix) else "one of a store"
            yield (*loc, j, "path"), f'found "{change.path}"; allowed: {allowed}'
        if change.path in settables(scenario) and is_whole(scenario, change.path):
            wide = f"found a range of changes to {change.path}, which takes whole numbers only; allowed: one number"
            yield from (((*loc, j, way), wide) for way, effect in moves if _ends(effect))


def _ends(quantity: Quantity) -> tuple[float, ...]:
    """The ends of its range, if it has one."""
    low, high = quantity.low, quantity.high
    return () if low is None or high is None or low == high else (low, high)


def _worlds_of(fix: Fix) -> int:
    """How many worlds are checked for a fix: its own, and one for each end of a range of what it does."""
    return 1 + sum(len(_ends(by)) for change in fix.changes for _, by in change.moves())


def _fix(scenario: Scenario, fix: Fix, at_home: Collection[str]) -> list[str]:
    """What is wrong with the world that a fix makes, or else with one where its effect is at an end of its range."""
    if found := faults_beyond(at_home, scenario, {}, [fix.id]):
        return [f"{fault.path}: {fault.message}" for fault in found]
    return [
        f"with {way} at {end:.15g}: {fault.path}: {fault.message}"
        for j, change in enumerate(fix.changes)
        for way, by in change.moves()
        for end in _ends(by)
        for fault in faults_beyond(at_home, scenario, {f"fixes.{fix.id}.changes[{j}].{way}": end}, [fix.id])
    ]


def _store(scenario: Scenario, kind: StoreType, at_home: Collection[str]) -> Iterator[str]:
    """What is wrong with one store of that type, or else with what the scenario's fixes make of it."""
    try:
        store = store_of(scenario, kind.id)
    except ScenarioError as error:
        yield from (f"{fault.path}: {fault.message}" for fault in error.faults if fault.message not in at_home)
        return
    for before, fix in zip(scenario.fixes, store.fixes, strict=True):
        if found := _fix(store, fix, at_home):
            known = _fix(scenario, before, at_home)
            yield from (f"with {fix.id}: {said}" for said in found if said not in known)
