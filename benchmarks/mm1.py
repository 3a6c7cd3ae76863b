"""One queue with a textbook's answer, by every means at hand: customers a second, and the same wait from each.

M/M/1: customers come at random, two a minute; one server takes a third of a minute each, exponentially. The mean
wait in the queue is rho / (mu - lambda) = (2 / 3) / (3 - 2) = 2/3 of a minute.
"""

import importlib
import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import simpy

from benchmarks import common
from benchmarks.common import COMPILED, SIMPY, out, show, table
from sim.experiments.task import Engine
from sim.outcomes.measures import MEASURES
from sim.scenario.files import parse_scenario
from sim.scenario.scenario import Scenario

PER_MINUTE, SERVED_PER_MINUTE, THEORY = 2.0, 3.0, 2 / 3
MINUTES_A_WEEK = 7 * 24 * 60
GOAL, GOAL_TIMES = 1_660_000, "30 to 39"
GET_CIW = "not installed: pip install 'ciw==3.2.*'"

QUEUE = f"""
title: One queue
question: How long do people wait?
story: A textbook's.
currency: GBP
weeks: 1
headline: mean_wait
calendar:
  starts: "2026-01-05"
  opening:
    monday: "00:00-24:00"
    tuesday: "00:00-24:00"
    wednesday: "00:00-24:00"
    thursday: "00:00-24:00"
    friday: "00:00-24:00"
    saturday: "00:00-24:00"
    sunday: "00:00-24:00"
customers:
  base: 0
  visits_per_week: 1
  visits_shape: 1000
  gap_cv: 1
  spend_log_sd: 0
  leaving: {{churn_per_year: 0, concentration: 16}}
  newcomers_per_week: 0
  passers_by_per_week: {PER_MINUTE * MINUTES_A_WEEK}
segments: [{{id: all, label: All, share: 1}}]
trips: [{{id: any, label: Any, share: 1, spend: 0, spend_log_sd: 0}}]
stages: [{{id: only, label: Only}}]
departments: [{{id: only, label: Only}}]
resources: [{{id: server, label: Server, servers: 1}}]
journey:
  - id: service
    label: Service
    stage: only
    department: only
    resource: server
    minutes: {{mean: {1 / SERVED_PER_MINUTE}, law: exponential}}
relationship: {{reference: 0.8, loss_aversion: 1, gain: 0, leaving_sensitivity: 0, recapture: 0}}
economics: {{incremental_margin: 0, discount_rate: 0}}
"""


@dataclass(frozen=True)
class Served:
    """What one way to simulate the queue did: customers served, seconds taken, mean wait in minutes."""

    customers: int
    seconds: float
    mean_wait: float

    @property
    def a_second(self) -> float:
        """Customers a second."""
        return self.customers / self.seconds


def queue(weeks: int) -> Scenario:
    """The queue as a scenario of passers-by who come once."""
    return common.lasting(parse_scenario(QUEUE, "mm1"), weeks)


def by_engine(engine: Engine, weeks: int) -> Served:
    """The queue by an engine of ours, ledger rows and tallies included."""
    done = common.run(engine, queue(weeks))
    return Served(round(done.visits), done.seconds, MEASURES["mean_wait"].take(done.outcome))


def by_hand(weeks: int) -> Served:
    """The queue in plain SimPy, as its tutorials write it."""
    env, luck, waits = simpy.Environment(), random.Random(1), [0.0, 0]
    server = simpy.Resource(env)

    def customer() -> Generator[simpy.Event, Any, None]:
        came = env.now
        with server.request() as turn:
            yield turn
            waits[0] += env.now - came
            waits[1] += 1
            yield env.timeout(luck.expovariate(SERVED_PER_MINUTE))

    def customers() -> Generator[simpy.Event, Any, None]:
        while True:
            yield env.timeout(luck.expovariate(PER_MINUTE))
            env.process(customer())

    began = time.perf_counter()
    env.process(customers())
    env.run(until=weeks * MINUTES_A_WEEK)
    return Served(int(waits[1]), time.perf_counter() - began, waits[0] / waits[1])


def by_ciw(weeks: int) -> Served:
    """The queue in Ciw. Raises ImportError where it is not installed."""
    ciw: Any = importlib.import_module("ciw")
    began = time.perf_counter()
    ciw.seed(1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=PER_MINUTE)],
        service_distributions=[ciw.dists.Exponential(rate=SERVED_PER_MINUTE)],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(weeks * MINUTES_A_WEEK)
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return Served(len(waits), time.perf_counter() - began, sum(waits) / len(waits))


def ways(full: bool) -> list[tuple[str, Callable[[], Served]]]:
    """Every way to simulate the queue; the slow ones fewer weeks of it."""
    few, many = (6, 100) if full else (3, 25)
    return [
        ("Ripple, compiled", lambda: by_engine(COMPILED, many)),
        ("Ripple, SimPy engine", lambda: by_engine(SIMPY, few)),
        ("SimPy, by hand", lambda: by_hand(few)),
        ("Ciw 3.2", lambda: by_ciw(few)),
    ]


def report(full: bool) -> None:
    """Print customers a second and the mean wait, for every way."""
    common.warm_up(queue(1))
    found = table("", "customers", "seconds", "customers a second", "mean wait, minutes", "compiled is faster")
    compiled = None
    for name, way in ways(full):
        try:
            served = min((way() for _ in range(3)), key=lambda one: one.seconds)
        except ImportError:
            found.add_row(name, GET_CIW)
            continue
        compiled = compiled or served
        found.add_row(
            name,
            f"{served.customers:,}",
            f"{served.seconds:.2f}",
            f"{served.a_second:,.0f}",
            f"{served.mean_wait:.3f}",
            f"{compiled.a_second / served.a_second:.1f} ×",
        )
    assert compiled
    meaning = (
        f"Theory says {THEORY:.3f} minutes: it is the same queue. The goal is {GOAL:,} customers a second, the "
        f"fastest compiled engine we know of ({common.yes_or_no(compiled.a_second > GOAL)}); where it was measured "
        f"that was {GOAL_TIMES} times a hand-written SimPy model. Best of three each."
    )
    show(found, meaning)


if __name__ == "__main__":
    out.rule("M/M/1")
    report(full=False)
