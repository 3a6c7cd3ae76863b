"""What people read instead of a path."""

import re

from sim.scenario.part import Named
from sim.scenario.paths import steps_to
from sim.scenario.scenario import Scenario

_PLAIN = {
    "once": "cost at the start",
    "per_year": "cost a year",
    "per_use": "cost each use",
    "times": "effect, times",
    "add": "effect, added",
    "mean": "",
    "costs": "",
    "changes": "",
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
    for step, part in steps_to(scenario, path):
        if isinstance(part, Named):
            labels.append(part.label)
            words = []
        elif not step.startswith("[") and not (step in _SILENT and not words):
            words.append(_PLAIN.get(step, step.replace("_", " ")))
    return _sentence(labels, " ".join(word for word in words if word))


def _sentence(labels: list[str], words: str) -> str:
    said = f"{', '.join(labels)}: {words}" if labels and words else ", ".join(labels) or words
    return re.sub(r"^(.)", lambda first: first.group().upper(), said)

