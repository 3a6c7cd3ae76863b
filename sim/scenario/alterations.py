"""What fixes and types of store change: each leads somewhere, and its world could be described."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from pydantic import ValidationError

from sim.scenario.chain import StoreType
from sim.scenario.customers import Opening
from sim.scenario.document import Document
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.fixes import Fix
from sim.scenario.paths import is_effect, settables
from sim.scenario.quantity import Finding, Loc, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.nearest import listed, not_among
from sim.scenario.validation import faults_of
from sim.scenario.world import Alteration, Sets, altered, is_whole, world_of


def store_of(scenario: Scenario, store_type: str) -> Scenario:
    """The scenario of one store of that type, its changes applied as a fix's are and its own hours open.

    Customers come as often whatever the hours: weights of the profile outside them do not count, and the visits fall
    into those inside. Values are set or drawn before, and fixes applied after, as the store has them:
    `world_of(store_of(world_of(scenario, sets), "large"), fixes=["oil"])`.

    Raises:
        ScenarioError: a scenario without a chain, an unknown type, or a store that no scenario file could describe.
    """
    kind = _type(scenario, store_type)
    try:
        store = altered(scenario, {}, [kind])
        return store if kind.opening is None else _opened(store, kind.opening)
    except ScenarioError as error:
        here = f"chain.stores.{kind.id}"
        raise ScenarioError(replace(fault, file=here) for fault in error.faults) from None


def _type(scenario: Scenario, name: str) -> StoreType:
    kinds = {kind.id: kind for kind in scenario.chain.stores} if scenario.chain else {}
    if name in kinds:
        return kinds[name]
    known = listed(kinds) or "none, the scenario has no chain"
    raise ScenarioError((Fault("chain", None, "stores", not_among(name, known, kinds)),))


def _opened(store: Scenario, opening: Opening) -> Scenario:
    """The store with these hours, and without the weights of weekdays on which it is closed."""
    calendar = store.calendar.model_dump() | {"opening": opening.model_dump()}
    if profile := calendar["profile"]:
        calendar["profile"] = {day: weights if calendar["opening"][day] else None for day, weights in profile.items()}
    try:
        return Scenario.model_validate(dict(store) | {"calendar": calendar})
    except ValidationError as error:
        raise ScenarioError(faults_of(error, Document("chain", {"calendar": calendar}))) from None


def faults_beyond(at_home: Collection[str], scenario: Scenario, sets: Sets, fixes: Sequence[str]) -> list[Fault]:
    """What is wrong with a world beyond the messages `at_home`, which the scenario itself deserves."""
    try:
        world_of(scenario, sets, fixes)
    except ScenarioError as error:
        return [fault for fault in error.faults if fault.message not in at_home]
    return []


def findings(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
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


def worlds_of(fix: Fix) -> int:
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
