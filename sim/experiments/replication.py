"""One replication of one world, start to finish: the unit of work that everything else repeats."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engines import compiled_engine, simpy_engine
from sim.engines.cast import Cast, cast_of
from sim.engines.plan import Plan, minor_units, plan_of
from sim.engines.randomness import Luck
from sim.engines.records import Records, Sink
from sim.outcomes.measures import MEASURES
from sim.outcomes.outcome import Outcome
from sim.outcomes.tally import Tally
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures

Progress = Callable[[float], None]
Engine = Literal["compiled", "simpy"]
ENGINES: dict[Engine, Callable[[Plan, Cast, Luck, Sink, Progress], Records]] = {
    "compiled": compiled_engine.run,
    "simpy": simpy_engine.run,
}
"""The same ledger bit for bit: one is fast, the other is the one to read."""


@dataclass(frozen=True)
class Task:
    """What to simulate: a world, its luck, and whether its twin without failures and its ledger are wanted."""

    world: Scenario
    seed: int
    replication: int
    engine: Engine = "compiled"
    with_unbroken: bool = True
    ledger_folder: Path | None = None


@dataclass(frozen=True)
class Replication:
    """What is kept of one replication. `retention` has shape (weeks + 1,); `lost` is by failure point, a year."""

    number: int
    measures: dict[str, float]
    lost: dict[str, float]
    retention: NDArray[np.float64]


def simulate(task: Task, progress: Progress = lambda share: None) -> Replication:
    """Simulate a task; `progress` hears the share done and may raise to stop it."""
    luck = Luck(task.seed, task.replication)
    worlds = 2 if task.with_unbroken else 1
    outcome = simulate_world(task.world, luck, task.engine, lambda share: progress(share / worlds), task.ledger_folder)
    if task.with_unbroken:
        twin = without_failures(task.world)  # the same people in the same weather
        unbroken = _simulate(twin, outcome.cast, luck, task.engine, lambda share: progress((1 + share) / worlds))
        outcome = replace(outcome, unbroken=unbroken)
    return Replication(
        number=task.replication,
        measures={name: measure.take(outcome) for name, measure in MEASURES.items()},
        lost=outcome.lost_by_failure_point(minor_units(task.world.currency)),
        retention=outcome.retention(),
    )


def simulate_world(
    world: Scenario,
    luck: Luck,
    engine: Engine = "compiled",
    progress: Progress = lambda share: None,
    ledger_folder: Path | None = None,
    also: Sink | None = None,
) -> Outcome:
    """Simulate one world once; with a folder, its full ledger is left there too. `also` sees every visit as well."""
    return _simulate(world, cast_of(world, plan_of(world), luck), luck, engine, progress, ledger_folder, also)


def _simulate(
    world: Scenario,
    cast: Cast,
    luck: Luck,
    engine: Engine,
    progress: Progress,
    ledger_folder: Path | None = None,
    also: Sink | None = None,
) -> Outcome:
    plan = plan_of(world)
    tally = Tally(plan)
    add = tally.add if also is None else _both(tally.add, also)
    if ledger_folder is None:
        return Outcome(world, tally, cast, ENGINES[engine](plan, cast, luck, add, progress))
    from sim.outcomes.ledger import PartWriter  # slow to import, and most runs write no ledger

    with PartWriter(ledger_folder, world, luck) as part:
        records = ENGINES[engine](plan, cast, luck, _both(add, part.add), progress)
        outcome = Outcome(world, tally, cast, records)
        part.finish(outcome)
    return outcome


def _both(first: Sink, second: Sink) -> Sink:
    def sink(visits: NDArray[np.void]) -> None:
        first(visits)
        second(visits)

    return sink
