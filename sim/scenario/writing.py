"""Writes a choice, or better numbers, into the text of a scenario file; its comments and its layout stay."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import RoundTripEmitter

from sim.scenario.cleaning import clean
from sim.scenario.document import Document
from sim.scenario.faults import Fault, ScenarioError, faults_of
from sim.scenario.fixes import Lever
from sim.scenario.paths import location, steps_to
from sim.scenario.presets import Preset
from sim.scenario.quantity import Quantity
from sim.scenario.reading import parse_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated
from sim.scenario.writing_levers import holding

SAVED = "saved"
"""What the id of a preset begins with that was written into a file with `with_preset`."""

_FILE = "the file"
_LONGEST_LINE = 4_096  # no line of the file is folded that was not


class _Emitter(RoundTripEmitter):
    """Writes `[{to: till}]` as it was, not `[to: till]`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brace_single_entry_mapping_in_flow_sequence = True


def preset_of(
    scenario: Scenario, label: str, help: str, sets: Mapping[str, float], fixes: Sequence[str]
) -> Preset | None:
    """A preset that stands for a choice, with an id of its own; None where the scenario stands as it is.

    Raises:
        ScenarioError: a label or help that a scenario file cannot hold.
    """
    if not sets and not fixes:
        return None
    taken = {preset.id: preset.label for preset in scenario.presets if preset.label != label}
    name, number = SAVED, 1
    while name in taken:
        number += 1
        name = f"{SAVED}_{number}"
    settings = [{"path": path, "value": _plain(value)} for path, value in sets.items()]
    said = {"id": name, "label": label, "help": help, "sets": settings, "fixes": list(fixes)}
    try:
        return Preset.model_validate(said)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, Document(_FILE, said))) from None


def saved_preset(scenario: Scenario) -> Preset | None:
    """The first preset that was written into the scenario's file with `with_preset`; None where there is none."""
    return next((preset for preset in scenario.presets if preset.id.startswith(SAVED)), None)


def with_preset(text: str, preset: Preset) -> str:
    """The file with that preset first; one of the same id gives way.

    Raises:
        ScenarioError: every fault of the file, or of the preset in it.
    """
    before, data = _read(text)
    rest = [one for one in before.presets if one.id != preset.id]
    presets = data.setdefault("presets", CommentedSeq())
    for position in reversed(range(len(presets))):
        if presets[position].get("id") == preset.id:
            del presets[position]
    presets.insert(0, _preset(preset))
    return _checked(data, before.model_copy(update={"presets": (preset, *rest)}))


def with_quantities(text: str, quantities: Mapping[str, Quantity]) -> str:
    """The file with other quantities at these paths, ranges and provenance included.

    A lever that goes less far than the new value of its quantity is drawn out until it holds it.

    Raises:
        ScenarioError: every fault of the file, a path that leads to no quantity, a value out of bounds, or a place
            that the file leaves out altogether.
    """
    before, data = _read(text)
    after = restated(before, quantities)
    for path, quantity in quantities.items():
        _put(data, [step for step, _ in steps_to(before, path)], quantity)
    levers = [holding(after, lever) if lever.path in quantities else lever for lever in before.levers]
    for position, lever in enumerate(levers):
        _put_lever(data, position, before.levers[position], lever)
    return _checked(data, after.model_copy(update={"levers": tuple(levers)}))


def _put_lever(data: Any, position: int, before: Lever, after: Lever) -> None:
    for name in ("min", "max", "step"):
        if getattr(before, name) != getattr(after, name):
            data["levers"][position][name] = getattr(after, name)


def _read(text: str) -> tuple[Scenario, Any]:
    """The file's scenario, and the same as data that knows its comments; checked before it is believed."""
    scenario = parse_scenario(text, _FILE)
    return scenario, _yaml().load(clean(text))


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Emitter = _Emitter
    yaml.preserve_quotes = True
    yaml.width = _LONGEST_LINE
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _checked(data: Any, expected: Scenario) -> str:
    """The data as text, once it is certain that the text says what was asked for, and all else as before."""
    stream = io.StringIO()
    _yaml().dump(data, stream)
    text = stream.getvalue()
    if parse_scenario(text, _FILE) != expected:
        wrong = "cannot be changed by Ripple without changing more than was asked; edit it by hand"
        raise ScenarioError((Fault(_FILE, None, "", wrong),))
    return text


def _preset(preset: Preset) -> CommentedMap:
    said = CommentedMap({"id": preset.id, "label": preset.label, "help": preset.help})
    if preset.sets:
        said["sets"] = CommentedSeq([_flow({"path": one.path, "value": one.value}) for one in preset.sets])
    if preset.fixes:
        said["fixes"] = CommentedSeq(preset.fixes)
        said["fixes"].fa.set_flow_style()
    return said


def _flow(said: Mapping[str, Any]) -> CommentedMap:
    """A mapping on one line."""
    flow = CommentedMap(said)
    flow.fa.set_flow_style()
    return flow


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else float(value)


def _put(data: Any, steps: Sequence[str], quantity: Quantity) -> None:
    """Put a quantity where these steps lead; comments within one that is there stay."""
    *parents, last = steps
    for step in parents:
        data = _below(data, step)
    said = quantity.model_dump(exclude_none=True)
    key = _key(data, last)
    there = data.get(key)
    if not isinstance(there, CommentedMap):
        data[key] = _flow(said)
        return
    for name in [name for name in there if name not in said]:
        del there[name]
    there.update(said)


def _below(data: Any, step: str) -> Any:
    key = _key(data, step)
    if isinstance(data, CommentedMap) and key not in data:
        data[key] = CommentedMap()  # the file left out a part that has only defaults
    return data[key]


def _key(data: Any, step: str) -> str | int:
    try:
        (key,) = location(data, step)
    except KeyError:
        if isinstance(data, Mapping):
            return step
        raise ScenarioError((Fault(_FILE, None, step, "is not said in the file; write it there first"),)) from None
    return key
