"""Everything that changes while the compiled engine runs: arrays, and a heap of events to come."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.people import NOBODY, Level, Now, Pool, Visit, dtype_of, levels_of, people_of, pools_of, table_of
from sim.engines.plan import Plan
from sim.engines.population import Population
from sim.engines.randomness import Luck
from sim.engines.records import COUNTERS, Page, page_of
from sim.kernel import inlined, kernel

EVENT = np.dtype([("minute", "f8"), ("priority", "i8")])


@kernel
def push(heap: NDArray[np.void], size: int, minute: float, priority: int) -> None:
    """Add an event to the `size` that are there (heap: shape (room,), of `EVENT`, room > size)."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        other = heap[above]
        if other.minute < minute or (other.minute == minute and other.priority <= priority):
            break
        heap[place].minute = other.minute
        heap[place].priority = other.priority
        place = above
    heap[place].minute = minute
    heap[place].priority = priority


@kernel
def drop_first(heap: NDArray[np.void], size: int) -> None:
    """Take the first of `size` events away; the next one is at position 0 then."""
    last = size - 1
    minute, priority = heap[last].minute, heap[last].priority
    place, below = 0, 1
    while below < last:
        other = below + 1
        if other < last and (
            heap[other].minute < heap[below].minute
            or (heap[other].minute == heap[below].minute and heap[other].priority < heap[below].priority)
        ):
            below = other
        if minute < heap[below].minute or (minute == heap[below].minute and priority <= heap[below].priority):
            break
        heap[place].minute = heap[below].minute
        heap[place].priority = heap[below].priority
        place, below = below, 2 * below + 1
    heap[place].minute = minute
    heap[place].priority = priority


ROOM = 1_024  # events on the event_list beside one for each customer, to begin with
ORDINALS = 1 << 32


@dataclass(slots=True)
class Waiter(Visit):
    """A row of `visits`: a visit, or a thing that waits for repair, which is `job`, of nobody.

    `previous` and `next` are rows in the same queue, or the next row that nobody uses; `waiting` for a turn until the
    minute at which it `gives_up`.
    """

    job: int = 0
    next: int = NOBODY
    previous: int = NOBODY
    waiting: bool = False
    gives_up: float = 0.0


@dataclass(slots=True)
class Moment(Now):
    """Where the clock stands; and how many events are to come, rows written and rows of visits are in use."""

    minute: float = 0.0
    events: int = 0
    rows: int = 0
    visits: int = 0
    free_slot: int = NOBODY


SERVICE = np.dtype([(name, "i8") for name in ("free", "first", "last")])


class State(NamedTuple):
    """The plan, the luck, and all that changes.

    `kept` and `response` have shape (visits, failures), `waits`, `passes` and `joins` (visits, touchpoints). `levels`
    has shape (services and then pools, counters), `counters` the same and a last axis of weeks, `flows`
    (routes, weeks). `now` has one row, as has `blank`: a visit before anything happened on it.
    """

    plan: Plan
    seed: int
    stream: int
    rain: NDArray[np.bool_]
    people: NDArray[np.void]
    visits: NDArray[np.void]
    blank: NDArray[np.void]
    kept: NDArray[np.float64]
    response: NDArray[np.int64]
    waits: NDArray[np.float64]
    passes: NDArray[np.int64]
    joins: NDArray[np.int16]
    services: NDArray[np.void]
    pools: NDArray[np.void]
    levels: NDArray[np.void]
    counters: NDArray[np.float64]
    flows: NDArray[np.float64]
    event_list: NDArray[np.void]
    now: NDArray[np.void]
    page: Page


def state_of(plan: Plan, population: Population, luck: Luck, rows: NDArray[np.void]) -> State:
    """An empty state before anybody came, that will write its ledger into `rows` (shape (rows,)).

    Raises:
        ValueError: more customers or things than ordinals.
    """
    people, things = population.who.size, int(plan.pools["size"].sum())
    if people + things >= ORDINALS:
        raise ValueError(f"found {people + things:,} customers and things; allowed: fewer than {ORDINALS:,}")
    by_failure, by_touchpoint = (people + things, plan.failures.size), (people + things, plan.touchpoints.size)
    levels = levels_of(plan)
    return State(
        plan=plan,
        seed=luck.seed,
        stream=luck.stream,
        rain=population.rain,
        people=people_of(plan, population),
        visits=np.empty(people + things, dtype_of(Waiter)),
        blank=table_of([Waiter(NOBODY, NOBODY, 0)], Waiter),
        kept=np.empty(by_failure),
        response=np.empty(by_failure, np.int64),
        waits=np.empty(by_touchpoint),
        passes=np.empty(by_touchpoint, np.int64),
        joins=np.empty(by_touchpoint, np.int16),
        services=np.array([(free, NOBODY, NOBODY) for free in plan.servers.tolist()], SERVICE),
        pools=table_of(pools_of(plan), Pool),
        levels=table_of([level for row in levels for level in row], Level).reshape(-1, len(COUNTERS)),
        counters=np.zeros((len(levels), len(COUNTERS), plan.weeks)),
        flows=np.zeros((plan.routes.size, plan.weeks)),
        event_list=np.empty(people + ROOM, EVENT),
        now=table_of([Moment(plan.starts, plan.laws["reputation_starts"][0], minute=plan.starts)], Moment),
        page=page_of(rows),
    )


def with_room(state: State) -> State:
    """The same state with an event_list twice as long."""
    event_list = np.empty(2 * state.event_list.size, EVENT)
    event_list[: state.event_list.size] = state.event_list
    return state._replace(event_list=event_list)


@inlined
def hold(state: State, minutes: float, code: int) -> None:
    """An event that many minutes from now."""
    now = state.now[0]
    push(state.event_list, now.events, now.minute + minutes, code)
    now.events += 1


@inlined
def take_row(state: State) -> int:
    """A row of `visits` that nobody uses."""
    now = state.now[0]
    slot = now.free_slot
    if slot == NOBODY:
        slot = now.visits
        now.visits += 1
    else:
        now.free_slot = state.visits[slot].next
    return int(slot)


@inlined
def give_back_row(state: State, slot: int) -> None:
    """Let a row of `visits` be used again."""
    state.visits[slot].next = state.now[0].free_slot
    state.now[0].free_slot = slot
