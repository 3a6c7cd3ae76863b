"""What a scenario offers to move: that each lever and fix leads somewhere and stays within bounds."""

from collections.abc import Iterator

from sim.scenario.checks import Finding
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at, settable, unknown_path
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with the levers and fixes of a scenario that is otherwise sound."""
    for i, lever in enumerate(scenario.levers):
        for field, message in _lever(scenario, lever):
            yield ("levers", i, field), message
    for i, fix in enumerate(scenario.fixes):
        try:
            world_of(scenario, fixes=[fix.id])
        except ScenarioError as error:
            for fault in error.faults:
                yield ("fixes", i, "changes"), f"{fault.path}: {fault.message}"


def _lever(scenario: Scenario, lever: Lever) -> Iterator[tuple[str, str]]:
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
        try:
            world_of(scenario, {lever.path: end})
        except ScenarioError as error:
            yield field, error.faults[0].message
