"""One visit at one touchpoint, for tests of what happens there: rules are called on the SimPy engine, one at a time."""

from typing import Any

from sim.engines.people import Trace, Visit
from sim.engines.plan import plan_of
from sim.engines.population import population_of
from sim.engines.randomness import Luck
from sim.engines.simpy import SimpyEngine
from sim.scenario.scenario import Scenario


def engine_at(scenario: Scenario, minute: float = 0.0, trace: Trace | None = None) -> SimpyEngine:
    """An engine in which nobody moves, at that minute."""
    plan, luck = plan_of(scenario), Luck(1, 0)
    engine = SimpyEngine(plan, population_of(scenario, plan, luck), luck, lambda rows: None, trace)
    if minute > engine.env.now:
        engine.env.run(until=minute)
    return engine


def visit_of(engine: SimpyEngine, person: int = 0, at: int = 0, **fields: Any) -> Visit:
    """A visit that has come to a touchpoint for the first time, with these fields otherwise."""
    visit = engine.begin(person, tie=0)
    visit.at, visit.pass_here = at, 1
    for name, value in fields.items():
        setattr(visit, name, value)
    return visit
