"""From a file to a scenario, or to one error that lists every fault in it."""

from pathlib import Path

from pydantic import ValidationError

from sim.scenario import checks, offers
from sim.scenario.checks import Finding
from sim.scenario.document import Document, parse, read
from sim.scenario.faults import Fault, ScenarioError, faults_of, path_of
from sim.scenario.scenario import Scenario


def read_scenario(path: Path) -> Scenario:
    """The scenario in that file.

    Raises:
        ScenarioError: every fault found, each with file, line, path, value found and what is allowed.
    """
    return scenario_of(read(path))


def parse_scenario(text: str, file: str) -> Scenario:
    """The scenario in that text, which came from `file`. Raises ScenarioError as `read_scenario` does."""
    return scenario_of(parse(text, file))


def scenario_of(document: Document) -> Scenario:
    """The scenario in a document already parsed. Raises ScenarioError with every fault found."""
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(faults_of(error, document)) from None
    found = list(checks.findings(scenario)) or list(offers.findings(scenario))
    raise_findings(found, document)
    return scenario


def raise_findings(found: list[Finding], document: Document) -> None:
    """Raise a ScenarioError that names the line of each finding; nothing when there is none."""
    if found:
        faults = [
            Fault(document.file, document.line_of(loc), path_of(loc, document.data), message) for loc, message in found
        ]
        raise ScenarioError(tuple(sorted(faults, key=lambda fault: fault.line or 0)))
