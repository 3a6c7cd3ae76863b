"""What a job will cost, said before it starts: visits, events, time, memory; and the refusal of what costs too much."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import psutil

from sim.engines.records import CHUNK_ROWS, COUNTERS, visit_bytes
from sim.experiments.events import (
    TooLargeError,
    at_once,
    events_a_visit,
    passes_at_most,
    people,
    refuse_endless,
    unbroken,
    visits_of,
)
from sim.experiments.task import Engine, Task
from sim.experiments.workers import cores
from sim.scenario.scenario import Scenario
from sim.scenario.walks.passes import weights_of

__all__ = ["Advice", "Budget", "Price", "TooLargeError", "expected_visits", "price_of", "spoken"]

SECONDS_A_VISIT: dict[Engine, float] = {"compiled": 0.7e-6, "simpy": 20e-6}
SECONDS_A_TOUCHPOINT: dict[Engine, float] = {"compiled": 0.2e-6, "simpy": 10e-6}
SECONDS_A_FAILURE: dict[Engine, float] = {"compiled": 0.07e-6, "simpy": 3e-6}
SECONDS_A_COLUMN: dict[Engine, float] = {"compiled": 0.02e-6, "simpy": 0.3e-6}
"""On one core, on the slow side of what `python -m benchmarks events` prints: for a visit, a touchpoint that it passes,
a failure looked at there, and each failure point and touchpoint of the scenario, which a visit has a column for."""
_SECONDS_A_CUSTOMER = 3e-6
_BYTES_A_CUSTOMER = {"compiled": 400, "simpy": 3_000}
_BYTES_A_VISIT = {"compiled": 300, "simpy": 4_000}
"""Of one that is under way, beside its columns."""
_BYTES_A_SUM = 37 * 8
_BYTES_A_WORLD = 70e6
_SPARE = 0.8


@dataclass(frozen=True)
class Advice:
    """What there is to lower besides the number of runs where a job is refused: for its time, and for its memory."""

    time: str
    memory: str


OPTIONS = Advice("--weeks, --customers, raise --budget", "--customers or --weeks")
IN_THE_FILE = Advice("or the weeks and customers.base of the scenario", "customers.base or weeks")
"""What is left where a command or a page has no options for it."""


@dataclass(frozen=True)
class Price:
    """What a job takes at most: visits and events simulated, wall-clock seconds and bytes of memory on this machine."""

    visits: float
    seconds: float
    memory_bytes: float
    events: float = 0.0

    def __str__(self) -> str:
        """The price in words."""
        return f"about {self.visits:,.0f} visits, {spoken(self.seconds)} and {self.memory_bytes / 1e9:.1f} GB"


@dataclass(frozen=True)
class Budget:
    """What a job may take; memory unless said otherwise: four fifths of what this machine has free."""

    minutes: float = 60.0
    memory_bytes: float | None = None

    def check(self, tasks: Sequence[Task], runs: str, or_else: Advice = OPTIONS) -> Price:
        """The price of these tasks; refused where they cost too much.

        `runs` says what asks for so many of them, `or_else` what there is to change besides.

        Raises:
            TooLargeError: says the price, what is allowed and what to lower; or which visits go round without end.
        """
        for world in {id(task.world): task.world for task in tasks}.values():
            refuse_endless(world)
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
    """About how many visits a task simulates; rather more than fewer."""
    return visits_of(task.world) + (visits_of(unbroken(task.world)) if task.with_unbroken else 0.0)


def price_of(tasks: Sequence[Task]) -> Price:
    """What these tasks cost together, side by side on all cores where the engine lets them."""
    kinds = {_kind(task): task for task in tasks}
    times = Counter(map(_kind, tasks))
    priced = {kind: _price(task) for kind, task in kinds.items()}
    side_by_side = min(cores(), len(tasks)) or 1
    # SimPy holds Python's lock: its replications take turns.
    speed = side_by_side if all(task.engine == "compiled" for task in kinds.values()) else 1
    memory = (size for kind, one in priced.items() for size in repeat(one.memory_bytes, min(times[kind], side_by_side)))
    largest = sorted(memory, reverse=True)[:side_by_side]
    visits, seconds, events = (
        sum(times[kind] * getattr(one, name) for kind, one in priced.items())
        for name in ("visits", "seconds", "events")
    )
    return Price(visits, seconds / speed, sum(largest), events)


def _kind(task: Task) -> tuple[int, Engine, bool]:
    """Tasks of one kind cost the same: there may be thousands, of a world or two."""
    return id(task.world), task.engine, task.with_unbroken


def _price(task: Task) -> Price:
    """What one task costs on one core."""
    worlds = [task.world, *([unbroken(task.world)] if task.with_unbroken else [])]
    visits = [visits_of(world) for world in worlds]
    events = sum(count * events_a_visit(world) for count, world in zip(visits, worlds, strict=True))
    seconds = sum(count * _seconds_a_visit(world, task.engine) for count, world in zip(visits, worlds, strict=True))
    seconds += people(task.world) * _SECONDS_A_CUSTOMER
    return Price(sum(visits), seconds, _bytes(task), events)


def _seconds_a_visit(world: Scenario, engine: Engine) -> float:
    passes, looked_at = passes_at_most(world).mean, weights_of(world) - 1.0
    each = SECONDS_A_VISIT[engine] + float(passes.sum()) * SECONDS_A_TOUCHPOINT[engine]
    columns = (len(world.failures) + len(world.journey)) * SECONDS_A_COLUMN[engine]
    return each + float(passes @ looked_at) * SECONDS_A_FAILURE[engine] + columns


def _bytes(task: Task) -> float:
    """People, those who are here at once, the ledger's page, and the sums that are kept of it."""
    world = task.world
    a_row = visit_bytes(len(world.failures), len(world.journey))
    here = at_once(world) * (_BYTES_A_VISIT[task.engine] + a_row)
    standing = people(world) * _BYTES_A_CUSTOMER[task.engine] + here
    return _BYTES_A_WORLD + standing + CHUNK_ROWS * a_row + _bytes_of_sums(task)


def _bytes_of_sums(task: Task) -> float:
    """By week and segment, of the world and of its twin; by week, what is known of queues, pools and ways on."""
    world = task.world
    places = len(world.journey) if task.by else 0
    a_cell = (1 + places) * _BYTES_A_SUM + 8 * (len(world.failures) + 3 * len(world.journey))
    routes = sum(len(touchpoint.next) for touchpoint in world.journey)
    a_week = len(world.segments) * a_cell + 8 * (routes + len(COUNTERS) * (len(world.resources) + len(world.assets)))
    return (2 if task.with_unbroken else 1) * world.weeks * a_week


def spoken(seconds: float) -> str:
    """A length of time as people say it."""
    for size, unit in ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:,.0f} {unit}" if seconds >= 10 * size else f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
