"""Small worlds for tests, and one replication of them with every row of the ledger kept."""

from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.engines.plan import Plan, plan_of
from sim.engines.population import Population, population_of
from sim.engines.randomness import Luck
from sim.engines.records import Records, visit_dtype
from sim.experiments.task import ENGINES, Engine
from sim.outcomes.outcome import Outcome
from sim.outcomes.tally import Tally
from sim.scenario.document import parse
from sim.scenario.faults import Document
from sim.scenario.files import scenario_of
from sim.scenario.paths import replaced
from sim.scenario.scenario import Scenario

TINY = Path(__file__).parents[2] / "scenarios" / "tiny.yaml"
_TINY = parse(TINY.read_text(encoding="utf-8"), "tiny.yaml").data
Changes = dict[str, Any]


class Run(NamedTuple):
    scenario: Scenario
    plan: Plan
    population: Population
    visits: np.ndarray
    records: Records


def tiny_data(changes: Changes | None = None) -> dict[str, Any]:
    """The tiny shop as plain data, with the values at these paths replaced; levers, fixes and story left out."""
    return changed(deepcopy(_TINY) | {"fixes": [], "levers": [], "why": []}, changes)


def changed(data: dict[str, Any], changes: Changes | None) -> dict[str, Any]:
    """Plain data with the values at these paths replaced, in place."""
    for path, value in (changes or {}).items():
        head, _, name = path.rpartition(".")
        if head:
            replaced(data, head, _at(data, head) | {name: value})
        else:
            data[name] = value
    return data


def _at(data: Any, path: str) -> dict[str, Any]:
    for step in path.split("."):
        data = data[step] if isinstance(data, dict) else next(item for item in data if item["id"] == step)
    return dict(data)


def checked(data: dict[str, Any]) -> Scenario:
    """The scenario of plain data, through every check that a file goes through."""
    return scenario_of(Document("test", data))


def tiny(changes: Changes | None = None) -> Scenario:
    return checked(tiny_data(changes))


def run(scenario: Scenario, seed: int = 1, replication: int = 0, engine: Engine = "simpy") -> Run:
    plan, luck, chunks = plan_of(scenario), Luck(seed, replication), []
    population = population_of(scenario, plan, luck)
    records = ENGINES[engine](plan, population, luck, lambda visits: chunks.append(visits.copy()), lambda share: None)
    visits = np.concatenate(chunks) if chunks else np.empty(0, visit_dtype(plan))
    return Run(scenario, plan, population, visits, records)


def outcome_of(done: Run) -> Outcome:
    tally = Tally(done.plan)
    tally.add(done.visits)
    return Outcome(done.scenario, tally, done.population, done.records)


def by_customer(visits: np.ndarray) -> np.ndarray:
    """Rows in the order (customer, visit), which does not depend on who overtook whom."""
    return visits[np.lexsort((visits["visit"], visits["customer"]))]


def assert_same(one: np.ndarray, other: np.ndarray, leaving_out: tuple[str, ...] = ()) -> None:
    """Rows equal bit for bit, NaN equal to NaN."""
    assert one.size == other.size
    for name in one.dtype.names or ():
        if name not in leaving_out:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)
