"""What a job will cost, said before it starts: visits, time and memory; and the refusal of what costs too much."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import psutil

from sim.experiments.replication import Engine, Task
from sim.experiments.workers import cores
from sim.scenario.scenario import Scenario

SECONDS_A_VISIT: dict[Engine, float] = {"compiled": 0.4e-6, "simpy": 20e-6}
SECONDS_A_TOUCHPOINT: dict[Engine, float] = {"compiled": 0.15e-6, "simpy": 10e-6}
"""On one core, on the slow side of what `make bench` prints; a visit passes several touchpoints."""
_SECONDS_A_CUSTOMER = 3e-6
_BYTES_A_CUSTOMER = {"compiled": 400, "simpy": 3_000}
_BYTES_A_WORLD = 70e6
_SPARE = 0.8
_GONE_WRONG = ("reporting", "failed")


class TooLargeError(ValueError):
    """A job was refused before it started."""


@dataclass(frozen=True)
class Advice:
    """What there is to lower besides the number of runs where a job is refused: for its time, and for its memory."""

    time: str
    memory: str


_OPTIONS = Advice("--weeks, --customers, raise --budget", "--customers or --weeks")
IN_THE_FILE = Advice("or the weeks and customers.base of the scenario", "customers.base or weeks")
"""What is left where a command or a page has no options for it."""


@dataclass(frozen=True)
class Price:
    """About what a job takes: visits simulated, wall-clock seconds and bytes of memory on this machine."""

    visits: float
    seconds: float
    memory_bytes: float

    def __str__(self) -> str:
        """The price in words."""
        return f"about {self.visits:,.0f} visits, {spoken(self.seconds)} and {self.memory_bytes / 1e9:.1f} GB"


@dataclass(frozen=True)
class Budget:
    """What a job may take; memory unless said otherwise: four fifths of what this machine has free."""

    minutes: float = 60.0
    memory_bytes: float | None = None

    def check(self, tasks: Sequence[Task], runs: str, or_else: Advice = _OPTIONS) -> Price:
        """The price of these tasks; refused where they cost too much.

        `runs` says what asks for so many of them, `or_else` what there is to change besides.

        Raises:
            TooLargeError: says the price, what is allowed and what to lower.
        """
        price = price_of(tasks)
        allowed = self.memory_bytes or _SPARE * psutil.virtual_memory().available
        if price.memory_bytes > allowed:
            raise TooLargeError(
                f"this run would take {price}; allowed: {allowed / 1e9:.1f} GB of memory. Lower {or_else.memory}, "
                "or the newcomers_per_week and passers_by_per_week of the scenario."
            )
        if price.seconds > 60 * self.minutes:
            simpy = any(task.engine == "simpy" for task in tasks)
            hint = " or use --engine compiled" if simpy else ""
            raise TooLargeError(
                f"this run would take {price}; allowed: {spoken(60 * self.minutes)}. Lower {runs}, "
                f"{or_else.time}{hint}."
            )
        return price


def expected_visits(task: Task) -> float:
    """About how many visits a task simulates: nobody leaves, newcomers come evenly, and leads buy as often as asked."""
    world, customers = task.world, task.world.customers
    weeks = world.weeks + world.warm_up_days / 7
    mix = sum(segment.share.value * segment.visits_times.value for segment in world.segments)
    won = customers.newcomers_per_week.value + customers.leads_per_week.value * _share_who_buy(world)
    there = customers.base.value + won * world.weeks / 2
    a_week = there * customers.visits_per_week.value * mix + _strangers_a_week(world)
    return a_week * weeks * (2 if task.with_unbroken else 1)


def _share_who_buy(world: Scenario) -> float:
    """The share of leads who say yes wherever they are asked."""
    return math.prod(touchpoint.converts.chance.value for touchpoint in world.journey if touchpoint.converts)


def _strangers_a_week(world: Scenario) -> float:
    return world.customers.passers_by_per_week.value + world.customers.leads_per_week.value


def touchpoints_a_visit(world: Scenario) -> float:
    """How many touchpoints a visit on which nothing goes wrong passes on average, loops counted each time round."""
    names = [touchpoint.id for touchpoint in world.journey]
    onward = np.zeros((len(names), len(names)))
    for i, touchpoint in enumerate(world.journey):
        left = 1.0
        for route in touchpoint.next:
            share = min(route.share.value, left) if route.when not in _GONE_WRONG else 0.0
            onward[i, names.index(route.to)] += share
            left -= share
    # Every journey ends (the scenario was checked), but one may go round for as long as makes no difference to a price.
    passes = np.linalg.solve(np.eye(len(names)) - onward.T * (1 - 1e-9), np.eye(len(names))[0])
    return float(passes.sum())


def price_of(tasks: Sequence[Task]) -> Price:
    """What these tasks cost together, side by side on all cores where the engine lets them."""
    kinds = {_kind(task): task for task in tasks}
    times = Counter(map(_kind, tasks))
    visits = {kind: expected_visits(task) for kind, task in kinds.items()}
    seconds = sum(times[kind] * _seconds(task, visits[kind]) for kind, task in kinds.items())
    side_by_side = min(cores(), len(tasks)) or 1
    # SimPy holds Python's lock: its replications take turns.
    speed = side_by_side if all(task.engine == "compiled" for task in kinds.values()) else 1
    memory = (size for kind, task in kinds.items() for size in repeat(_bytes(task), min(times[kind], side_by_side)))
    largest = sorted(memory, reverse=True)[:side_by_side]
    return Price(sum(times[kind] * visits[kind] for kind in kinds), seconds / speed, sum(largest))


def _kind(task: Task) -> tuple[int, Engine, bool]:
    """Tasks of one kind cost the same: there may be thousands, of a world or two."""
    return id(task.world), task.engine, task.with_unbroken


def _seconds(task: Task, visits: float) -> float:
    each = SECONDS_A_VISIT[task.engine] + touchpoints_a_visit(task.world) * SECONDS_A_TOUCHPOINT[task.engine]
    return visits * each + _people(task) * _SECONDS_A_CUSTOMER


def _bytes(task: Task) -> float:
    a_visit_under_way = 16 * (len(task.world.failures) + len(task.world.journey))
    return _BYTES_A_WORLD + _people(task) * (_BYTES_A_CUSTOMER[task.engine] + a_visit_under_way)


def _people(task: Task) -> float:
    """Everybody who may come."""
    customers = task.world.customers
    considering = task.world.word_of_mouth.considering.value
    streams = customers.newcomers_per_week.value / considering + _strangers_a_week(task.world) / considering
    return customers.base.value + streams * (task.world.weeks + task.world.warm_up_days / 7)


def spoken(seconds: float) -> str:
    """A length of time as people say it."""
    for size, unit in ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:,.0f} {unit}" if seconds >= 10 * size else f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
