"""The boardroom's agenda: what its page shows, with a default for all that the scenario leaves out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sim.scenario.alterations import faults_beyond
from sim.scenario.boardroom import MOST_LEVERS
from sim.scenario.fixes import Fix, Lever
from sim.scenario.nearest import not_among
from sim.scenario.part import Finding
from sim.scenario.scenario import Scenario


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
        tuple(_levers(scenario, proposed)),
    )


def _proposed(scenario: Scenario) -> list[Fix]:
    """What the boardroom proposes; of fixes that the answer compares and that exclude each other, the first."""
    if scenario.boardroom.fixes is not None:
        return _named(scenario, scenario.boardroom.fixes)
    tried = _named(scenario, scenario.answer.fixes)
    return tried[:1] if faults_beyond((), scenario, {}, [fix.id for fix in tried]) else tried


def _named(scenario: Scenario, names: Sequence[str]) -> list[Fix]:
    return [fix for fix in scenario.fixes if fix.id in names]


def _levers(scenario: Scenario, proposed: Sequence[Fix]) -> list[Lever]:
    """Those asked for or the first; one that a proposed fix sets would move nothing."""
    set_by = _set_by(proposed)
    free = {lever.path: lever for lever in scenario.levers if lever.path not in set_by}
    if scenario.boardroom.levers is not None:
        return [free[path] for path in scenario.boardroom.levers if path in free]
    return sorted(free.values(), key=lambda lever: lever.path != scenario.answer.lever)[:MOST_LEVERS]


def _set_by(fixes: Sequence[Fix]) -> dict[str, str]:
    """The paths that these fixes set, whatever they were before, with the fix that does."""
    return {change.path: fix.id for fix in fixes for change in fix.changes if change.set is not None}


def findings(scenario: Scenario, at_home: Collection[str]) -> Iterator[Finding]:
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
