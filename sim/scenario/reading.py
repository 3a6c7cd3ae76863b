"""From a file to a scenario, or to one error that lists every fault in it."""

import copy
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario import checks, offers
from sim.scenario.bounds import TOO_MANY
from sim.scenario.document import Document, parse, read
from sim.scenario.faults import Fault, ScenarioError, faults_of, in_order, path_of
from sim.scenario.part import Finding
from sim.scenario.scenario import Scenario

MoreChecks = Callable[[Scenario], Iterator[Finding]]


def _none(scenario: Scenario) -> Iterator[Finding]:
    return iter(())


def read_scenario(path: Path, more: MoreChecks = _none) -> Scenario:
    """The scenario in that file; `more` finds what only a later layer can tell.

    Raises:
        ScenarioError: every fault found, each with file, line, path, value found and what is allowed.
    """
    return scenario_of(read(path), more)


def parse_scenario(text: str, file: str) -> Scenario:
    """The scenario in that text, which came from `file`. Raises ScenarioError as `read_scenario` does."""
    return scenario_of(parse(text, file))


def scenario_of(document: Document, more: MoreChecks = _none) -> Scenario:
    """The scenario in a document already parsed. Raises ScenarioError with every fault found."""
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        sound = _without_faulty_keys(document.data, error)
        rest = _faults(sound, document, more) if sound else []
        raise ScenarioError(in_order([*faults_of(error, document), *rest])) from None
    if found := _faults(scenario, document, more):
        raise ScenarioError(in_order(found))
    return scenario


def _faults(scenario: Scenario, document: Document, more: MoreChecks) -> list[Fault]:
    found = itertools.chain(checks.findings(scenario), offers.findings(scenario), more(scenario))
    return [Fault(document.file, document.line_of(loc), path_of(loc, document.data), message) for loc, message in found]


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
