"""What the benchmarks share: one timed run of an engine, the shop they measure, and how they print."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from sim.engines.plan import plan_of
from sim.engines.population import BASE, population_of
from sim.engines.randomness import Luck
from sim.experiments.library import load
from sim.experiments.task import ENGINES, Engine
from sim.outcomes.outcome import Outcome
from sim.outcomes.tally import Tally
from sim.scenario.scenario import Scenario

COMPILED: Engine = "compiled"
SIMPY: Engine = "simpy"
Result = TypeVar("Result")
Section = Callable[[bool], None]
"""Measures something and prints it; told whether the long measurements are wanted too."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


@dataclass(frozen=True)
class Timed:
    """One run of an engine, people and plan included, and how long it took; `visits` counts the warm-up's too."""

    seconds: float
    visits: float
    outcome: Outcome

    @property
    def microseconds_a_visit(self) -> float:
        """Time for one visit, all told."""
        return 1e6 * self.seconds / self.visits


def run(engine: Engine, scenario: Scenario, seed: int = 1, replication: int = 0) -> Timed:
    """One replication into tallies, timed from the scenario to the last visit."""
    began = time.perf_counter()
    outcome = simulate(engine, scenario, seed, replication)
    seconds = time.perf_counter() - began
    return Timed(seconds, float(outcome.tally.visits.sum()) + warm_up_visits(outcome), outcome)


def simulate(engine: Engine, scenario: Scenario, seed: int = 1, replication: int = 0) -> Outcome:
    """One replication of one world, with tallies only."""
    luck, plan = Luck(seed, replication), plan_of(scenario)
    population, tally = population_of(scenario, plan, luck), Tally(plan)
    records = ENGINES[engine](plan, population, luck, tally.add, lambda share: None)
    return Outcome(scenario, tally, population, records)


def warm_up_visits(outcome: Outcome) -> float:
    """Visits expected in the warm-up, of which engines keep no rows: what these customers make in that time."""
    plan, population = plan_of(outcome.scenario), outcome.population
    rate = (
        population.visits_per_week[population.source == BASE].sum()
        + outcome.scenario.customers.passers_by_per_week.value
    )
    return float(rate * np.interp(0.0, plan.minutes, plan.op_weeks))


def best(times: int, once: Callable[[], Timed]) -> Timed:
    """The fastest of several runs: what else the machine does only ever slows one down."""
    return min((once() for _ in range(times)), key=lambda timed: timed.seconds)


def warm_up(scenario: Scenario, engines: Sequence[Engine] = (COMPILED,)) -> None:
    """Let the engines compile, or fetch what they compiled before, so that no timing holds it."""
    for engine in engines:
        simulate(engine, lasting(scenario, 1))


def shop(weeks: int | None = None) -> Scenario:
    """The yardstick: the dodgy trolley's shop, for its own weeks or so many."""
    scenario = load("dodgy_trolley")
    return scenario if weeks is None else lasting(scenario, weeks)


def lasting(scenario: Scenario, weeks: int, warm_up_days: int | None = None) -> Scenario:
    """The same scenario for so many weeks."""
    days = scenario.warm_up_days if warm_up_days is None else warm_up_days
    return scenario.model_copy(update={"weeks": weeks, "warm_up_days": days})


def table(*columns: str) -> Table:
    """An empty table: the first column for names, the others for figures."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        made.add_column(column, justify="right" if position else "left")
    return made


def show(filled: Table, meaning: str) -> None:
    """Print a table and what it means."""
    out.print(filled)
    out.print(meaning, style="italic")


def yes_or_no(reached: bool) -> str:
    """Whether a goal is reached, in a word."""
    return "reached" if reached else "not reached"
