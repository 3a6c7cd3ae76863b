"""From a file to a scenario, or to one error that lists every fault in it."""

import copy
import itertools
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario import checks, offers
from sim.scenario.bounds import TOO_MANY
from sim.scenario.document import Document, parse, read
from sim.scenario.faults import MOST, MOST_SOUGHT, Fault, ScenarioError, faults_at, in_order, rest
from sim.scenario.quantity import Finding
from sim.scenario.scenario import Scenario
from sim.scenario.validation import faults_of

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
    kept = [one for one in found if not any(_names(one[2], owner) for owner in owners)]
    return (*faults_at(document.file, kept, document.data), *rest(document.file, int(not is_all), is_all))


def _names(message: str, owner: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(owner)}(?!\w)", message) is not None


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
