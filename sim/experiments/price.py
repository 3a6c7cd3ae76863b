"""What a job will cost, said before it starts: visits, time and memory; and the refusal of what costs too much."""

from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from sim.experiments.replication import Engine, Task
from sim.experiments.workers import cores

SECONDS_A_VISIT: dict[Engine, float] = {"compiled": 1.0e-6, "simpy": 50e-6}
"""On one core, on the slow side of what `make bench` prints."""
_SECONDS_A_CUSTOMER = 3e-6
_BYTES_A_CUSTOMER = {"compiled": 300, "simpy": 3_000}
_BYTES_A_WORLD = 70e6
_SPARE = 0.8


class TooLargeError(ValueError):
    """A job was refused before it started."""


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

    def check(self, tasks: Sequence[Task], replications: int) -> None:
        """Refuse these tasks where they cost too much.

        Raises:
            TooLargeError: says the price, what is allowed and what to lower.
        """
        price = price_of(tasks)
        allowed = self.memory_bytes or _SPARE * psutil.virtual_memory().available
        lower = [f"--replications (now {replications})", "--weeks", "--customers"]
        if price.memory_bytes > allowed:
            raise TooLargeError(
                f"this run would take {price}; allowed: {allowed / 1e9:.1f} GB of memory. Lower --customers, or the "
                "customers.base, newcomers_per_week and passers_by_per_week of the scenario."
            )
        if price.seconds > 60 * self.minutes:
            simpy = any(task.engine == "simpy" for task in tasks)
            hint = " or use --engine compiled" if simpy else ""
            raise TooLargeError(
                f"this run would take {price}; allowed: {spoken(60 * self.minutes)}. Lower {', '.join(lower)}, "
                f"raise --budget{hint}."
            )


def expected_visits(task: Task) -> float:
    """About how many visits a task simulates."""
    customers = task.world.customers
    weeks = task.world.weeks + task.world.warm_up_days / 7
    a_week = customers.base.value * customers.visits_per_week.value + customers.passers_by_per_week.value
    return a_week * weeks * (2 if task.with_unbroken else 1)


def price_of(tasks: Sequence[Task]) -> Price:
    """What these tasks cost together, side by side on all cores where the engine lets them."""
    visits = [expected_visits(task) for task in tasks]
    seconds = sum(_seconds(task, count) for task, count in zip(tasks, visits, strict=True))
    side_by_side = min(cores(), len(tasks)) or 1
    # SimPy holds Python's lock: its replications take turns.
    speed = side_by_side if all(task.engine == "compiled" for task in tasks) else 1
    largest = sorted((_bytes(task) for task in tasks), reverse=True)[:side_by_side]
    return Price(sum(visits), seconds / speed, sum(largest))


def _seconds(task: Task, visits: float) -> float:
    return visits * SECONDS_A_VISIT[task.engine] + _people(task) * _SECONDS_A_CUSTOMER


def _bytes(task: Task) -> float:
    return _BYTES_A_WORLD + _people(task) * _BYTES_A_CUSTOMER[task.engine]


def _people(task: Task) -> float:
    """Everybody who may come."""
    customers = task.world.customers
    streams = customers.newcomers_per_week.value + customers.passers_by_per_week.value
    return customers.base.value + streams * (task.world.weeks + task.world.warm_up_days / 7)


def spoken(seconds: float) -> str:
    """A length of time as people say it."""
    for size, unit in ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:,.0f} {unit}" if seconds >= 10 * size else f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
