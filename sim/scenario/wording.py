"""What people read instead of a path."""

import re

from sim.scenario.figures import NO_OR_YES, bare, setting
from sim.scenario.fixes import Change
from sim.scenario.journey import Route
from sim.scenario.part import Named, Part
from sim.scenario.paths import settables, steps_to
from sim.scenario.scenario import Scenario
from sim.scenario.skills import Lift

_PLAIN = {
    "base": "customers at week 0",
    "once": "cost at the start",
    "per_year": "cost a year",
    "per_use": "cost each use",
    "times": "effect, times",
    "add": "effect, added",
    "mean": "",
    "costs": "",
    "changes": "",
    "next": "",
    "lifts": "",
    "on": "",
}
_SILENT = ("economics", "fixes", "failures", "assets", "resources", "journey", "policies", "customers", "responses")


def label_of(scenario: Scenario, path: str) -> str:
    """The quantity at that path in words: its lever's label, or the labels on the way and the field's name.

    Raises:
        KeyError: the path leads nowhere.
    """
    for lever in scenario.levers:
        if lever.path == path:
            return lever.label
    labels: list[str] = []
    words: list[str] = []
    which = ""
    for step, part in steps_to(scenario, path):
        if isinstance(part, Named):
            labels.append(part.label)
            words = []
        elif step.startswith("["):
            which = _which(scenario, part)
        elif not (step in _SILENT and not words):
            words.append(_PLAIN.get(step, step.replace("_", " ")))
    return _sentence(labels, " ".join(word for word in words if word) + which)


def moved(scenario: Scenario, path: str, value: float | bool) -> str:
    """A quantity or switch that stands elsewhere, in words: "repair time at 120 minutes instead of 240".

    Raises:
        KeyError: the path leads nowhere.
    """
    now, label = settables(scenario)[path], label_of(scenario, path)
    if isinstance(now, bool) or (now.unit == NO_OR_YES and value in (0, 1)):
        return f"“{label}” {'on' if value else 'off'}"
    unit = now.unit or ""
    is_said = not unit or unit.split(maxsplit=1)[0].lower() in label.lower()
    there = bare(value, unit) if is_said else setting(value, unit)
    return f"{label[:1].lower()}{label[1:]} at {there} instead of {bare(now.value, unit)}"


def _which(scenario: Scenario, part: Part) -> str:
    """Which of several it is that have no label of their own: what it changes, or where it leads."""
    if isinstance(part, Change):
        return f", on “{label_of(scenario, part.path)}”"
    if isinstance(part, Lift):
        return f" on {part.rate} at “{_named(scenario, part.at)}”"
    assert isinstance(part, Route)
    whose = [_named(scenario, name) for name in (*part.segments, *part.trips)]
    return ", ".join([f" to “{_named(scenario, part.to)}”", *([] if part.when == "always" else [part.when]), *whose])


def _named(scenario: Scenario, name: str) -> str:
    parts = (*scenario.journey, *scenario.failures, *scenario.segments, *scenario.trips)
    return next(part.label for part in parts if part.id == name)


def _sentence(labels: list[str], words: str) -> str:
    said = f"{', '.join(labels)}: {words}" if labels and words else ", ".join(labels) or words
    return re.sub(r"^(.)", lambda first: first.group().upper(), said)
