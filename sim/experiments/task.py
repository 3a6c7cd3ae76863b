"""One replication of one world, start to finish: the unit of work that everything else repeats."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engines import compiled, simpy
from sim.engines.plan import Plan, plan_of
from sim.engines.population import Population, population_of
from sim.engines.randomness import Luck
from sim.engines.records import MOST_PASSES, EndlessVisitError, Meter, Progress, Records, Sink
from sim.experiments.events import OverrunError, expected_events
from sim.outcomes.breakdown import By, breakdown, part_totals, places_of
from sim.outcomes.measures import MEASURES, Sample, totals_of
from sim.outcomes.outcome import Outcome
from sim.outcomes.tally import Tally
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.quantity import minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures

Engine = Literal["compiled", "simpy"]
ENGINES: dict[Engine, Callable[[Plan, Population, Luck, Sink, Progress, Meter], Records]] = {
    "compiled": compiled.run,
    "simpy": simpy.run,
}
"""The same ledger bit for bit: one is fast, the other is the one to read."""
OVERRUN = 3
"""A run stops itself beyond so many times the events that it was priced at."""
FEW_EVENTS = 1_000_000


@dataclass(frozen=True)
class Task:
    """What to simulate: a world, its luck, and whether its twin without failures, its ledger and a split are wanted."""

    world: Scenario
    seed: int
    replication: int
    engine: Engine = "compiled"
    with_unbroken: bool = True
    ledger_folder: Path | None = None
    by: By | None = None


@dataclass(frozen=True)
class Replication:
    """What is kept of one replication.

    `retention` has shape (weeks followed + 1,); `lost` is by failure point, a year. `passes` (touchpoints,) and `flows`
    (routes,) say how often each touchpoint is met and each way on is taken, a year. `parts` has the measures of each
    part where a split was asked for (see `sim.outcomes.breakdown`). `totals` and, by part, `part_totals` have what
    pooled measures are made of.
    """

    number: int
    measures: dict[str, float]
    lost: dict[str, float]
    retention: NDArray[np.float64]
    passes: NDArray[np.float64]
    flows: NDArray[np.float64]
    parts: dict[str, dict[str, float]] = field(default_factory=dict)
    totals: dict[str, Sample] = field(default_factory=dict)
    part_totals: dict[str, dict[str, Sample]] = field(default_factory=dict)

    def sample(self, measure: str, part: str | None = None) -> Sample:
        """What this replication says of a measure, of all or of a part (see `Measure.sample`)."""
        values, totals = (self.measures, self.totals) if part is None else (self.parts[part], self.part_totals[part])
        return totals[measure] if measure in totals else (values[measure],)


def simulate(task: Task, progress: Progress = lambda share: None) -> Replication:
    """Simulate a task; `progress` hears the share done and may raise to stop it.

    Raises:
        OverrunError: it came to three times the events that it was priced at.
    """
    outcome = outcome_of(task, progress)
    return Replication(
        number=task.replication,
        measures={name: measure.take(outcome) for name, measure in MEASURES.items()},
        lost=outcome.lost_by_failure_point(minor_units(task.world.currency)),
        retention=outcome.retention(),
        passes=outcome.tally.passes.sum(axis=(0, 1)) * outcome.a_year,
        flows=outcome.records.flows.sum(axis=1) * outcome.a_year,
        parts=breakdown(outcome, task.by) if task.by else {},
        totals=totals_of(outcome, MEASURES.values()),
        part_totals=part_totals(outcome, task.by) if task.by else {},
    )


def outcome_of(task: Task, progress: Progress = lambda share: None, also: Sink | None = None) -> Outcome:
    """What happened in a task, with its twin where that is wanted. `also` sees every visit of the world too."""
    plan = plan_of(task.world)
    population = population_of(task.world, plan, Luck(task.seed, task.replication))
    worlds = 2 if task.with_unbroken else 1
    outcome = _simulate(
        task, task.world, plan, population, lambda share: progress(share / worlds), task.ledger_folder, also
    )
    if not task.with_unbroken:
        return outcome
    twin = without_failures(task.world)  # the same people in the same weather
    return replace(
        outcome, unbroken=_simulate(task, twin, plan_of(twin), population, lambda share: progress((1 + share) / worlds))
    )


def _simulate(
    task: Task,
    world: Scenario,
    plan: Plan,
    population: Population,
    progress: Progress,
    folder: Path | None = None,
    also: Sink | None = None,
) -> Outcome:
    """Simulate that world, the task's own or its twin."""
    with _named(world):
        return _outcome(task, world, plan, population, progress, folder, also)


def _outcome(
    task: Task,
    world: Scenario,
    plan: Plan,
    population: Population,
    progress: Progress,
    folder: Path | None,
    also: Sink | None,
) -> Outcome:
    engine, luck = ENGINES[task.engine], Luck(task.seed, task.replication)
    tally = Tally(plan, places_of(world, task.by))
    add = tally.add if also is None else _both(tally.add, also)
    if folder is None:
        return Outcome(world, tally, population, engine(plan, population, luck, add, progress, meter_of(world)))
    from sim.outcomes.ledger import PartWriter  # slow to import, and most runs write no ledger

    with PartWriter(folder, world, luck) as part:
        records = engine(plan, population, luck, _both(add, part.add), progress, meter_of(world))
        outcome = Outcome(world, tally, population, records)
        part.finish(outcome)
    return outcome


def meter_of(world: Scenario) -> Meter:
    """Stops a run that comes to far more events than its world was priced at, which is reckoned for long runs only."""
    priced = cache(lambda: expected_events(world))

    def meter(events: int) -> None:
        if events > FEW_EVENTS and events > OVERRUN * priced():
            raise OverrunError(events, priced())

    return meter


@contextmanager
def _named(world: Scenario) -> Iterator[None]:
    """A visit that never ends is a fault of the scenario, and has a place in it."""
    try:
        yield
    except EndlessVisitError as error:
        place = world.journey[error.touchpoint].id
        message = f"a visit came by {MOST_PASSES:,} times and goes on; allowed: ways on that end sooner"
        raise ScenarioError((Fault("journey", None, f"journey.{place}.next", message),)) from None


def _both(first: Sink, second: Sink) -> Sink:
    def sink(visits: NDArray[np.void]) -> None:
        first(visits)
        second(visits)

    return sink
