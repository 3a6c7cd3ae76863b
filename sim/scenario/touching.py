"""Where a quantity does something: the touchpoints that a lever or a fix touches."""

from collections.abc import Iterable, Iterator

from sim.scenario.fixes import Fix, Lever
from sim.scenario.journey import Touchpoint
from sim.scenario.scenario import Scenario
from sim.scenario.skills import Skill


def levers_at(scenario: Scenario, touchpoint: Touchpoint) -> list[Lever]:
    """The levers that touch a touchpoint, in the file's order."""
    return [lever for lever in scenario.levers if touches(scenario, [lever.path], touchpoint)]


def fixes_at(scenario: Scenario, touchpoint: Touchpoint) -> list[Fix]:
    """The fixes that change something at a touchpoint, in the file's order."""
    return [fix for fix in scenario.fixes if touches(scenario, [change.path for change in fix.changes], touchpoint)]


def touches(scenario: Scenario, paths: Iterable[str], touchpoint: Touchpoint) -> bool:
    """Whether one of these paths, or of those that the policies among them move, leads to that touchpoint.

    What leads there: itself, who serves there, what is lent there or reported there and who mends it, what may go
    wrong there, what is felt there, and skills that lift a chance there.
    """
    asked = set(paths)
    moved = {move.path for policy in scenario.policies if policy.path in asked for move in policy.moves}
    here = list(_of(scenario, touchpoint))
    return any(_is_below(path, part) for path in asked | moved for part in here)


def _is_below(path: str, part: str) -> bool:
    return path == part or path.startswith((f"{part}.", f"{part}["))


def _of(scenario: Scenario, touchpoint: Touchpoint) -> Iterator[str]:
    """The paths of everything that belongs to a touchpoint."""
    yield f"journey.{touchpoint.id}"
    if touchpoint.resource:
        yield f"resources.{touchpoint.resource}"
    for asset in scenario.assets:
        if asset.id in (touchpoint.borrows, touchpoint.hears_reports):
            yield f"assets.{asset.id}"
            yield f"resources.{asset.repair.resource}"
    failures = [failure.id for failure in scenario.failures if failure.at == touchpoint.id]
    yield from (f"failures.{failure}" for failure in failures)
    yield from (f"attributes.{attribute.id}" for attribute in scenario.attributes if attribute.at == touchpoint.id)
    for skill in scenario.skills:
        yield from _of_skill(skill, {touchpoint.id, *failures})


def _of_skill(skill: Skill, here: set[str]) -> Iterator[str]:
    """A skill that lifts something here, without what it lifts elsewhere."""
    lifts = [f"skills.{skill.id}.lifts[{i}]" for i, lift in enumerate(skill.lifts) if lift.at in here]
    if lifts:
        yield from lifts
        yield from (f"skills.{skill.id}.{name}" for name in type(skill).model_fields if name != "lifts")
