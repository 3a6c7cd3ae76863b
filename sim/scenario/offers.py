"""What a scenario offers to move: that each lever and fix leads somewhere and stays within bounds."""

from collections.abc import Collection, Iterator, Sequence

from sim.scenario import checks
from sim.scenario.checks import Finding
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at, settable, unknown_path
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with the levers and fixes, beyond what is wrong with the scenario itself."""
    at_home = {message for _, message in checks.findings(scenario)}
    paths = [lever.path for lever in scenario.levers]
    for i, lever in enumerate(scenario.levers):
        if lever.path in paths[:i]:
            yield ("levers", i, "path"), f'found "{lever.path}" again; allowed: one lever a path'
        for field, message in _lever(scenario, lever, at_home):
            yield ("levers", i, field), message
    for i, fix in enumerate(scenario.fixes):
        for fault in _faults(scenario, {}, [fix.id], at_home):
            yield ("fixes", i, "changes"), f"{fault.path}: {fault.message}"


def _faults(scenario: Scenario, sets: Sets, fixes: Sequence[str], at_home: Collection[str]) -> list[Fault]:
    """What is wrong with a world and not with the scenario itself."""
    try:
        world_of(scenario, sets, fixes)
    except ScenarioError as error:
        return [fault for fault in error.faults if fault.message not in at_home]
    return []


def _lever(scenario: Scenario, lever: Lever, at_home: Collection[str]) -> Iterator[tuple[str, str]]:
    if wrong := unknown_path(scenario, lever.path):
        yield "path", wrong
        return
    if not isinstance(dict(settable(scenario))[lever.path], Quantity):
        yield "path", f'found "{lever.path}", a switch; allowed: a quantity'
        return
    default = quantity_at(scenario, lever.path).value
    if not lever.min <= default <= lever.max or lever.min == lever.max:
        yield (
            "min",
            f"found {lever.min:.15g} to {lever.max:.15g}; allowed: a range that holds the value {default:.15g}",
        )
    for field, end in (("min", lever.min), ("max", lever.max)):
        for fault in _faults(scenario, {lever.path: end}, [], at_home):
            yield field, fault.message
