"""Scenario files: read into a scenario, or one error that lists every fault, and written into; their layout stays."""

import copy
import io
import itertools
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.emitter import RoundTripEmitter

from sim.scenario import checks, offers
from sim.scenario.document import parse, read
from sim.scenario.faults import (
    MOST,
    MOST_SOUGHT,
    Document,
    Fault,
    ScenarioError,
    faults_at,
    faults_of,
    in_order,
    rest,
)
from sim.scenario.fixes import Lever, Preset
from sim.scenario.paths import location, quantity_at, steps_to
from sim.scenario.quantity import TOO_MANY, Finding, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.wording import clean
from sim.scenario.world import is_whole, restated, world_of

MoreChecks = Callable[[Scenario], Iterator[Finding]]


def read_scenario(path: Path, more: MoreChecks = lambda scenario: iter(())) -> Scenario:
    """The scenario in that file; `more` finds what only a later layer can tell.

    Raises:
        ScenarioError: every fault found, each with file, line, path, value found and what is allowed.
    """
    return scenario_of(read(path), more)


def parse_scenario(text: str, file: str) -> Scenario:
    """The scenario in that text, which came from `file`. Raises ScenarioError as `read_scenario` does."""
    return scenario_of(parse(text, file))


def scenario_of(document: Document, more: MoreChecks = lambda scenario: iter(())) -> Scenario:
    """The scenario in a document already parsed. Raises ScenarioError with every fault found."""
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        sound = _without_faulty_keys(document.data, error)
        others = _faults(sound, document, more, _owners(document.data, error)) if sound else ()
        raise ScenarioError(in_order([*faults_of(error, document), *others])) from None
    if found := _faults(scenario, document, more):
        raise ScenarioError(found)
    return scenario


def _faults(
    scenario: Scenario, document: Document, more: MoreChecks, owners: Collection[str] = ()
) -> tuple[Fault, ...]:
    """What only the whole scenario can tell; the search stops where there is far more than anybody would read.

    What is said of one of the `owners` of faulty keys may follow from the key that was taken out, so it is left unsaid.
    """
    every = itertools.chain(checks.findings(scenario), offers.findings(scenario), more(scenario))
    found = [(document.line_of(loc), loc, message) for loc, message in itertools.islice(every, MOST_SOUGHT)]
    is_all = next(every, None) is None
    named = re.compile("|".join(rf"(?<!\w){re.escape(owner)}(?!\w)" for owner in owners) or "(?!)")
    kept = [one for one in found if not named.search(one[2])]
    return (*faults_at(document.file, kept, document.data), *rest(document.file, int(not is_all), is_all))


def _owners(data: Any, error: ValidationError) -> set[str]:
    """The ids of the parts that have a faulty key."""
    owners = set()
    for fault in error.errors()[:MOST]:
        part = data
        for step in fault["loc"][:-1]:
            try:
                part = part[step]
            except (LookupError, TypeError):  # a name that pydantic alone gives to a way of reading what is there
                break
            if isinstance(part, dict) and isinstance(part.get("id"), str):
                owners.add(part["id"])
    return owners


def _without_faulty_keys(data: dict[str, Any], error: ValidationError) -> Scenario | None:
    """What is left when every faulty key is taken out, if that is a scenario: so that it can be checked as well.

    Nothing of a file that is too large.
    """
    if any(fault["type"] == TOO_MANY for fault in error.errors()):
        return None
    left = copy.deepcopy(data)
    try:
        for fault in error.errors():
            *parents, key = fault["loc"]
            part: Any = left
            for step in parents:
                part = part[step]
            del part[str(key)]  # never an item of a list: that would move the lines of the others
        return Scenario.model_validate(left)
    except (ValidationError, LookupError, TypeError):
        return None


_FINEST = 6
"""To how many tenths of tenths a step is divided at most."""


def holding(scenario: Scenario, lever: Lever) -> Lever:
    """The lever with its ends so far out, by whole steps, that it holds the value its quantity has in that scenario.

    Where that end is none that the quantity may have, the step becomes finer. Where nothing helps, the lever is left.
    """
    value = quantity_at(scenario, lever.path).value
    if lever.min <= value <= lever.max:
        return lever
    tried = (_drawn_out(lever, value, step) for step in _steps(scenario, lever))
    return next((one for one in tried if _can_stand(scenario, one)), lever)


def _steps(scenario: Scenario, lever: Lever) -> Iterator[Decimal]:
    """Steps that divide the lever's own, so that its presets still stand on them."""
    step = _exactly(lever.step)
    yield step
    if is_whole(scenario, lever.path):
        yield Decimal(1)
    else:
        yield from (step.scaleb(-tenths) for tenths in range(1, _FINEST + 1))


def _drawn_out(lever: Lever, value: float, step: Decimal) -> Lever:
    low, high, at = _exactly(lever.min), _exactly(lever.max), _exactly(value)
    below, above = (math.ceil(max(gap, Decimal(0)) / step) * step for gap in (low - at, at - high))
    ends = {"min": low - below, "max": high + above, "step": step}
    return lever.model_copy(update={name: _plain(float(end)) for name, end in ends.items()})


def _can_stand(scenario: Scenario, lever: Lever) -> bool:
    """Whether the quantity may have the values at both ends."""
    try:
        for end in (lever.min, lever.max):
            world_of(scenario, {lever.path: end})
    except ScenarioError:
        return False
    return True


def _exactly(value: float) -> Decimal:
    """The number as it is written, not the binary fraction next to it."""
    return Decimal(str(value))


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
    for position, (was, lever) in enumerate(zip(before.levers, levers, strict=True)):
        changed = [name for name in ("min", "max", "step") if getattr(was, name) != getattr(lever, name)]
        for name in changed:
            data["levers"][position][name] = getattr(lever, name)
    return _checked(data, after.model_copy(update={"levers": tuple(levers)}))


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
