"""Everything that changes while the compiled engine runs: arrays, and a heap of events to come."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import skilling
from sim.engines.calendar import WEEK, week_of
from sim.engines.plan import Plan
from sim.engines.population import BASE, Population
from sim.engines.randomness import Luck, uniform
from sim.engines.records import COUNTERS, NOT_JOINED, STILL_HERE, WORKING, Page, Records, add_level, page_of
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


NOBODY = -1
ROOM = 1_024  # events on the event_list beside one for each customer, to begin with
ORDINALS = 1 << 32

PERSON = np.dtype(
    [(name, "i8") for name in ("who", "source", "segment", "visits", "pot", "slot", "left_week", "joined", "warm_ups")]
    + [(name, "f8") for name in ("visits_per_week", "hazard", "level", "pull", "next_week", "satisfaction")]
    + [(name, "f8") for name in ("expectation", "trust", "cap", "promised", "shock", "shocked_at", "complained_at")]
    + [("counts", "f8"), ("agreed", "?"), ("here", "?")],
    align=True,
)
VISIT_ROW = np.dtype(
    [(name, "i8") for name in ("person", "who", "visit", "tie", "trip", "at", "pool", "borrowings", "bad_asset")]
    + [(name, "i8") for name in ("job", "next", "previous", "channel", "contacts", "promise")]
    + [
        (name, "f8")
        for name in ("began", "spend", "felt", "asked", "gives_up", "handled", "delivered", "refund", "on_top", "odds")
    ]
    + [(name, "?") for name in ("raining", "holds_bad", "reporting", "complained", "unsettled", "recovered")]
    + [
        (name, "?")
        for name in (
            "failed",
            "declined",
            "agreed_to_buy",
            "cross_sold",
            "solved_first",
            "paid",
            "over",
            "waiting",
        )
    ],
    align=True,
)
SERVICE = np.dtype([(name, "i8") for name in ("free", "first", "last")])
POOL = np.dtype([(name, "i8") for name in ("idle", "faulty_idle", "pulled")])
LEVEL = np.dtype([("level", "i8"), ("since", "f8")])
NOW = np.dtype(
    [(name, "f8") for name in ("minute", "talk", "since", "reputation")]
    + [(name, "i8") for name in ("events", "rows", "visits", "free_slot", "endless", "counted")]
)


class State(NamedTuple):
    """The plan, the luck, and all that changes.

    `kept` and `response` have shape (visits, failures), `waits`, `passes` and `joins` (visits, touchpoints). `levels`
    has shape (services and then pools, counters), `counters` the same and a last axis of weeks, `flows`
    (routes, weeks). `now` has one row: where the clock stands, what is said about the business (see `Word`), and
    the events counted so far (see `Meter`), where `events` are those to come.
    """

    plan: Plan
    seed: int
    stream: int
    rain: NDArray[np.bool_]
    people: NDArray[np.void]
    visits: NDArray[np.void]
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
    visits = people + things
    services, pools = plan.servers.size, plan.pools.size
    return State(
        plan=plan,
        seed=luck.seed,
        stream=luck.stream,
        rain=population.rain,
        people=_people(plan, population),
        visits=np.empty(visits, VISIT_ROW),
        kept=np.empty((visits, plan.failures.size)),
        response=np.empty((visits, plan.failures.size), np.int64),
        waits=np.empty((visits, plan.touchpoints.size)),
        passes=np.empty((visits, plan.touchpoints.size), np.int64),
        joins=np.empty((visits, plan.touchpoints.size), np.int16),
        services=_services(plan),
        pools=_pools(plan),
        levels=_levels(plan),
        counters=np.zeros((services + pools, len(COUNTERS), plan.weeks)),
        event_list=np.empty(people + ROOM, EVENT),
        flows=np.zeros((plan.routes.size, plan.weeks)),
        now=np.array(
            [(plan.starts, 0.0, plan.starts, plan.laws["reputation_starts"][0], 0, 0, 0, NOBODY, NOBODY, 0)], NOW
        ),
        page=page_of(rows),
    )


def _people(plan: Plan, population: Population) -> NDArray[np.void]:
    people = np.zeros(population.who.size, PERSON)
    for name in ("who", "source", "segment", "visits_per_week", "hazard", "level", "pull"):
        people[name] = getattr(population, name)
    people["next_week"] = population.first_week
    people["satisfaction"] = people["counts"] = plan.reference
    people["expectation"] = plan.segments["expectation"][population.segment]
    people["trust"], people["cap"] = plan.laws["trust"], plan.laws["cap"]
    people["promised"], people["complained_at"] = np.nan, -np.inf
    people["joined"] = np.where(population.source == BASE, 0, NOT_JOINED)
    people["slot"] = NOBODY
    people["left_week"] = STILL_HERE
    return people


def _services(plan: Plan) -> NDArray[np.void]:
    services = np.empty(plan.servers.size, SERVICE)
    services["free"] = plan.servers
    services["first"] = services["last"] = NOBODY
    return services


def _pools(plan: Plan) -> NDArray[np.void]:
    pools = np.zeros(plan.pools.size, POOL)
    pools["idle"] = plan.pools["size"]
    return pools


def _levels(plan: Plan) -> NDArray[np.void]:
    levels = np.zeros((plan.servers.size + plan.pools.size, len(COUNTERS)), LEVEL)
    levels["since"] = plan.starts
    levels["level"][plan.servers.size :, WORKING] = plan.pools["size"]
    return levels


def with_room(state: State) -> State:
    """The same state with an event_list twice as long."""
    event_list = np.empty(2 * state.event_list.size, EVENT)
    event_list[: state.event_list.size] = state.event_list
    return state._replace(event_list=event_list)


def records_of(state: State) -> Records:
    """What is left at the end (see `Records`)."""
    services = state.services.size
    return Records(
        np.ascontiguousarray(state.people["left_week"]),
        np.ascontiguousarray(state.people["joined"]),
        state.flows,
        state.counters[:services].copy(),
        state.counters[services:].copy(),
    )


@inlined
def draw(state: State, slot: int, place: int, purpose: int, k: int) -> float:
    """The luck of this customer on this visit, at this place, for this purpose."""
    row = state.visits[slot]
    return uniform(state.seed, state.stream, row.who, row.visit, place, purpose, k)


@inlined
def hold(state: State, minutes: float, code: int) -> None:
    """An event that many minutes from now."""
    now = state.now[0]
    push(state.event_list, now.events, now.minute + minutes, code)
    now.events += 1


@inlined
def change(state: State, thing: int, counter: int, by: int) -> None:
    """Move a level of a service or pool by that much, from now on."""
    row, now = state.levels[thing, counter], state.now[0].minute
    add_level(state.counters[thing, counter], float(row.level), row.since, now)
    row.level += by
    row.since = now


@inlined
def count(state: State, thing: int, counter: int) -> None:
    """Count one more in this week; warm-up is not counted."""
    week = week_of(state.now[0].minute)
    if 0 <= week < state.plan.weeks:
        state.counters[thing, counter, week] += 1.0


@inlined
def lift(state: State, number: int, log_odds: float) -> float:
    """What a skill adds to a chance now, in log-odds; 0 where there is none."""
    added = 0.0
    if number >= 0:
        skill, week = state.plan.skills[number], state.now[0].minute / WEEK
        added = log_odds * skilling.skill(week, skill.at_start, skill.half_life, skill.every, skill.restores)
    return added


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
