"""What an event takes, beside what a price says: touchpoints passed, failures looked at, and columns of the ledger."""

import time
from typing import NamedTuple

from benchmarks.common import show, table
from sim.experiments.events import events_a_visit
from sim.experiments.library import load
from sim.experiments.price import price_of
from sim.experiments.task import Task, outcome_of
from sim.experiments.warmth import warm
from sim.scenario.journey import Failure, Response, Route, Touchpoint
from sim.scenario.quantity import Quantity, by_default
from sim.scenario.scenario import Scenario


class _World(NamedTuple):
    """What makes it dear, and the scenario."""

    label: str
    world: Scenario


def report(full: bool) -> None:
    """Print visits, events and seconds of worlds that are dear in one way each, and what they are priced at."""
    warm()
    filled = table("world", "visits", "events a visit", "ns an event", "seconds", "priced, on one core")
    for label, world in _worlds(400_000 if full else 100_000):
        task = Task(world, 1, 0, with_unbroken=False)
        began = time.process_time()
        visits = float(outcome_of(task).tally.visits.sum())
        seconds, each = time.process_time() - began, events_a_visit(world)
        took = f"{1e9 * seconds / visits / each:,.0f}"
        priced = price_of([task]).seconds
        filled.add_row(label, f"{visits:,.0f}", f"{each:,.1f}", took, f"{seconds:.2f}", f"{priced:.2f}")
    show(filled, "A price is on the slow side: the last column should be the larger one.")


def _worlds(visits: int) -> list[_World]:
    tiny = load("tiny")
    customers = tiny.customers.model_copy(update={"base": by_default(visits // 10, "customers")})
    small = tiny.model_copy(
        update={"customers": customers, "weeks": 10, "warm_up_days": 0, "skills": (), "attributes": (), "fixes": ()}
    )
    return [
        _World("tiny", small),
        _World("60 touchpoints", _along(small, 60, 0)),
        _World("200 failures at one touchpoint", _along(small, 1, 200)),
        _World("100 touchpoints that nobody passes", _along(small, 100, 0, passed=1)),
    ]


def _along(small: Scenario, places: int, failures: int, passed: int | None = None) -> Scenario:
    """Visits along a line of touchpoints that take no time, with failures that seldom happen at the first."""
    where = {"stage": small.stages[0].id, "department": small.departments[0].id}
    journey = []
    for i in range(places):
        goes_on = i + 1 < places and (passed is None or i + 1 < passed)
        onward = Route(to=f"p{i + 1}", share=Quantity(mode=1 if goes_on else 0))
        journey.append(Touchpoint(id=f"p{i}", label="P", next=(onward,) if i + 1 < places else (), **where))
    rare, response = Quantity(mode=0.001), Response(id="stays", label="Stays")
    some = [
        Failure(id=f"f{i}", label="F", at="p0", cause="chance", chance=rare, responses=(response,))
        for i in range(failures)
    ]
    return small.model_copy(update={"journey": tuple(journey), "failures": tuple(some)})
