"""Paths: how every number in a scenario is addressed, as `assets.trolleys.pool`, and where it does something."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.fixes import Fix, Lever
from sim.scenario.journey import Skill, Touchpoint
from sim.scenario.quantity import Named, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import homes
from sim.scenario.spelling.names import LONGEST, did_you_mean, not_among, proposed

Settable = Quantity | bool
STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
"""One step of a path."""
_EFFECT = re.compile(r"fixes\.[^.]+\.changes\[")


def settable(part: BaseModel, prefix: str = "") -> Iterator[tuple[str, Settable]]:
    """Every quantity and switch below `part` with its path, in the file's order."""
    for name in type(part).model_fields:
        yield from _below(getattr(part, name), f"{prefix}{name}")


def _below(value: Any, path: str) -> Iterator[tuple[str, Settable]]:
    if isinstance(value, Quantity | bool):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from settable(value, f"{path}.")
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            step = f".{item.id}" if isinstance(item, Named) else f"[{position}]"
            yield from _below(item, path + step)


class Same:
    """A scenario as a key: itself and no other, which will do for what never changes and costs nothing to compare."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.scenario is self.scenario


def settables(scenario: Scenario) -> Mapping[str, Settable]:
    """Every quantity and switch of a scenario by its path, in the file's order; looked for once."""
    return _settables(Same(scenario))


@lru_cache(maxsize=64)
def _settables(same: Same) -> Mapping[str, Settable]:
    return MappingProxyType(dict(settable(same.scenario)))


def quantity_at(scenario: Scenario, path: str) -> Quantity:
    """The quantity at that path. Raises KeyError when there is none."""
    found = settables(scenario)[path]
    if not isinstance(found, Quantity):
        raise KeyError(path)
    return found


def unknown_path(scenario: Scenario, path: str) -> str | None:
    """What is wrong with a path that leads to no quantity or switch; None if it leads to one."""
    known = settables(scenario)
    if path in known:
        return None
    allowed = "the path of a quantity or switch"
    parent, _, key = path[: LONGEST + 1].rpartition(".")
    siblings = [one.removeprefix(f"{parent}.") for one in known if one.startswith(f"{parent}.")] if parent else []
    if siblings:  # all but the last step is right, so that only a key of the same part can be meant
        near = [f"{parent}.{name}" for name in proposed(key, siblings, homes(Scenario))]
        said = not_among(path, allowed + did_you_mean(near), ())
    else:
        said = not_among(path, allowed, known)
    return said if said.endswith("?") else f"{said}; `python -m sim describe` lists the paths"


def is_effect(path: str) -> bool:
    """Whether a path leads to what a fix does."""
    return _EFFECT.match(path) is not None


def location(data: Any, path: str) -> tuple[str | int, ...]:
    """Where a path leads in plain nested data, ids turned into positions. Raises KeyError when nowhere."""
    steps: list[str | int] = []
    for step in STEP.findall(path):
        position = _position(data, step)
        steps.append(position)
        data = data[position]
    return tuple(steps)


def _position(data: Any, step: str) -> str | int:
    """The key or the position that a step means in a part, a mapping or a list of them."""
    keys = type(data).model_fields if isinstance(data, BaseModel) else data
    if isinstance(keys, Mapping) and step in keys:
        return step
    if isinstance(data, list | tuple):
        for position, item in enumerate(data):
            name = item.get("id") if isinstance(item, Mapping) else getattr(item, "id", None)
            if step in (f"[{position}]", name):
                return position
    raise KeyError(step)


def steps_to(part: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Each step of a path below `part`, with what it leads to. Raises KeyError when it leads nowhere."""
    for step in STEP.findall(path):
        position = _position(part, step)
        part = part[position] if isinstance(position, int) else getattr(part, position)
        yield step, part


def fields_to(part: Any, path: str) -> Iterator[FieldInfo]:
    """The fields that a path passes through, below `part`. Raises KeyError when it leads nowhere."""
    for step, below in steps_to(part, path):
        if isinstance(part, BaseModel):
            yield type(part).model_fields[step]
        part = below


def replaced(data: dict[str, Any], path: str, value: Any) -> None:
    """Put `value` at `path` in plain nested data, in place."""
    *parents, last = location(data, path)
    for step in parents:
        data = data[step]  # type: ignore[index]
    data[last] = value  # type: ignore[index]


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
    return any(path == part or path.startswith((f"{part}.", f"{part}[")) for path in asked | moved for part in here)


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
