"""Notices about what can be moved: levers and fixes that move nothing, and costs that nobody pays."""

from collections.abc import Iterator

from sim.scenario.fixes import Change, Fix, Lever
from sim.scenario.notices.idle import why_idle
from sim.scenario.notices.notice import Said
from sim.scenario.notices.structure import Structure
from sim.scenario.paths import Settable, settables
from sim.scenario.scenario import Scenario


def moves_nothing(scenario: Scenario) -> Iterator[Said]:
    """What levers and fixes would not move, and costs of fixes that never come."""
    structure = Structure(scenario)
    for lever in scenario.levers:
        yield from _lever(structure, lever)
    for fix in scenario.fixes:
        yield from _fix(structure, fix)


def _lever(structure: Structure, lever: Lever) -> Iterator[Said]:
    """A lever that moves nothing; one whose own file says so with `direction: none` is meant."""
    why = None if lever.direction == "none" else why_idle(structure, lever.path)
    if why:
        yield lever.path, f"found a lever that moves nothing: {why}. Mend that, or take the lever out"


def _fix(structure: Structure, fix: Fix) -> Iterator[Said]:
    why = [_why_nothing(structure, change) for change in fix.changes]
    if all(why):
        said = "; ".join(dict.fromkeys(filter(None, why)))
        remedy = "Change what something depends on, or take the fix out"
        yield f"fixes.{fix.id}.changes", f"found a fix that moves nothing: {said}. {remedy}"
    each = fix.costs.per_use.value
    if each > 0 and fix.costs.use is None:
        found = f"found {each:g} each use, and nothing that counts uses: it is never paid"
        yield f"fixes.{fix.id}.costs.per_use", f"{found}. Write beside it a yearly measure, as in use: reports"


def _why_nothing(structure: Structure, change: Change) -> str | None:
    """Why a change moves nothing: its path is idle, or what is there stays as it was."""
    now = settables(structure.scenario).get(change.path)
    if now is None:
        return None
    if _stays(change, now):
        shown = str(now).lower() if isinstance(now, bool) else f"{now.value:g}"
        return f"{change.path} is {shown} before and after it"
    why = why_idle(structure, change.path)
    return f"{change.path}: {why}" if why else None


def _stays(change: Change, now: Settable) -> bool:
    if isinstance(now, bool) or change.set is not None:
        return change.set == (now if isinstance(now, bool) else now.value)
    times, add = change.times, change.add
    ends = {end for end in (now.low, now.mode, now.high) if end is not None} | {now.value}
    scales = {end for end in (times.low, times.mode, times.high) if end is not None} | {times.value}
    adds = {end for end in (add.low, add.mode, add.high) if end is not None} | {add.value}
    return all(end * scale + more == end for end in ends for scale in scales for more in adds)
