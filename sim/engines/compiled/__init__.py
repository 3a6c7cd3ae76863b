"""The compiled engine: the SimPy engine's events in the same order, as one loop over arrays.

Each function here is the one of the same name in `sim.engines.simpy`, for whoever stands in a row of `visits`.
A process that waits there is a row here, which some later event finds again. Whoever is handed a server or gives up is
served or gone within the same event, because nothing else can happen in between.
"""

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.loop import DONE, ENDLESS, LIST_FULL, PAGE_FULL, advance, close_books, open_doors
from sim.engines.compiled.state import State, state_of, with_room
from sim.engines.plan import Plan
from sim.engines.population import Population
from sim.engines.randomness import Luck
from sim.engines.records import (
    CHUNK_ROWS,
    EVENTS_BETWEEN_REPORTS,
    EndlessVisitError,
    Meter,
    Progress,
    Records,
    Sink,
    records_of,
    unheard,
    visit_dtype,
)


def run(
    plan: Plan, population: Population, luck: Luck, sink: Sink, progress: Progress = unheard, meter: Meter = unheard
) -> Records:
    """Simulate one replication; visits go to `sink` in chunks as they end. Holds no lock while it works.

    A chunk is the sink's only until it returns. Whatever `progress` or `meter` raises ends the run and
    reaches the caller.

    Raises:
        ValueError: more customers and things than ordinals.
        EndlessVisitError: a visit goes round for ever, or as good as that.
    """
    visits = np.empty(CHUNK_ROWS, visit_dtype(plan))
    state = state_of(plan, population, luck, visits)
    reached = open_doors(state, population.first_minute)
    while reached != DONE:
        reached = advance(state, EVENTS_BETWEEN_REPORTS)
        if reached == ENDLESS:
            raise EndlessVisitError(int(state.now["endless"][0]))
        if reached == LIST_FULL:
            state = with_room(state)
        if reached in (PAGE_FULL, DONE):
            _hand_over(state, visits, sink)
        meter(int(state.now["counted"][0]))
        progress(_share_done(state))
    close_books(state)
    left, joined = (np.ascontiguousarray(state.people[name]) for name in ("left_week", "joined"))
    return records_of(plan, left, joined, state.flows, state.counters)


def _hand_over(state: State, visits: NDArray[np.void], sink: Sink) -> None:
    rows = int(state.now["rows"][0])
    if rows:
        sink(visits[:rows])
        state.now["rows"] = 0


def _share_done(state: State) -> float:
    if not state.now["events"][0]:
        return 1.0
    plan = state.plan
    return float(min((state.now["minute"][0] - plan.starts) / (plan.ends - plan.starts), 1.0))
