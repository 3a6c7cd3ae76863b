"""What a preset means: where every lever stands, and which fixes are chosen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sim.scenario.fixes import Preset
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Start:
    """Where to start from: every lever's value by its path, and fixes in the scenario's order."""

    values: dict[str, float]
    fixes: tuple[str, ...]


def start_of(baseline: Scenario, preset: Preset | None) -> Start:
    """Where a preset starts, or without one the scenario itself; what it does not name is as the scenario has it."""
    values = {lever.path: quantity_at(baseline, lever.path).value for lever in baseline.levers}
    if preset is None:
        return Start(values, ())
    named = {setting.path: setting.value for setting in preset.sets}
    return Start(values | named, tuple(fix.id for fix in baseline.fixes if fix.id in preset.fixes))


def preset_at(baseline: Scenario, values: Mapping[str, float], fixes: Collection[str]) -> str | None:
    """The id of the first preset that has all levers at these values and just these fixes, None where none has."""
    for preset in baseline.presets:
        start = start_of(baseline, preset)
        if set(start.fixes) == set(fixes) and all(_alike(values[path], value) for path, value in start.values.items()):
            return preset.id
    return None


def _alike(value: float, other: float) -> bool:
    """Whether they are one value but for what was lost on the way through a slider in percent."""
    return abs(value - other) <= 1e-9 * max(1, abs(other))
