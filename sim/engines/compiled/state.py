"""Everything that changes while the compiled engine runs: arrays, and a heap of events to come."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import skilling
from sim.engines.calendar import WEEK, week_of
from sim.engines.plan import Plan
from sim.engines.population import BASE, Cast
from sim.engines.randomness import Luck, uniform
from sim.engines.records import COUNTERS, NOT_JOINED, STILL_HERE, WORKING, Page, Records, add_level, page_of
from sim.kernel import inlined, kernel

EVENT = np.dtype([("minute", "f8"), ("priority", "i8")])


@kernel
def push(agenda: NDArray[np.void], size: int, minute: float, priority: int) -> None:
    """Add an event to the `size` that are there (agenda: shape (room,), of `EVENT`, room > size)."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        other = agenda[above]
        if other.minute < minute or (other.minute == minute and other.priority <= priority):
            break
        agenda[place].minute = other.minute
        agenda[place].priority = other.priority
        place = above
    agenda[place].minute = minute
    agenda[place].priority = priority


@kernel
def drop_first(agenda: NDArray[np.void], size: int) -> None:
    """Take the first of `size` events away; the next one is at position 0 then."""
    last = size - 1
    minute, priority = agenda[last].minute, agenda[last].priority
    place, below = 0, 1
    while below < last:
        other = below + 1
        if other < last and (
            agenda[other].minute < agenda[below].minute
            or (agenda[other].minute == agenda[below].minute and agenda[other].priority < agenda[below].priority)
        ):
            below = other
        if minute < agenda[below].minute or (minute == agenda[below].minute and priority <= agenda[below].priority):
            break
        agenda[place].minute = agenda[below].minute
        agenda[place].priority = agenda[below].priority
        place, below = below, 2 * below + 1
    agenda[place].minute = minute
    agenda[place].priority = priority


NOBODY = -1
ROOM = 1_024  # events on the agenda beside one for each customer, to begin with
ORDINALS = 1 << 32

PERSON = np.dtype(
    [(name, "i8") for name in ("who", "source", "segment", "visits", "pot", "guest", "left_week", "joined", "warm_ups")]
    + [(name, "f8") for name in ("visits_per_week", "hazard", "level", "pull", "next_week", "satisfaction")]
    + [(name, "f8") for name in ("expectation", "trust", "cap", "promised", "shock", "shocked_at", "complained_at")]
    + [("counts", "f8"), ("agreed", "?"), ("here", "?")],
    align=True,
)
GUEST = np.dtype(
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
    + [(name, "i8") for name in ("events", "rows", "guests", "free_guest", "endless", "counted")]
)


class Shop(NamedTuple):
    """The plan, the luck, and all that changes.

    `kept` and `response` have shape (guests, failures), `waits`, `passes` and `joins` (guests, touchpoints). `levels`
    has shape (services and then pools, counters), `counters` the same and a last axis of weeks, `flows`
    (routes, weeks). `now` has one row: where the clock stands, what is said about the business (see `Word`), and
    the events counted so far (see `Meter`), where `events` are those to come.
    """

    plan: Plan
    seed: int
    stream: int
    rain: NDArray[np.bool_]
    people: NDArray[np.void]
    guests: NDArray[np.void]
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
    agenda: NDArray[np.void]
    now: NDArray[np.void]
    page: Page


def shop_of(plan: Plan, cast: Cast, luck: Luck, visits: NDArray[np.void]) -> Shop:
    """An empty shop before anybody came, that will write its ledger into `visits` (shape (rows,)).

    Raises:
        ValueError: more customers or things than ordinals.
    """
    people, things = cast.who.size, int(plan.pools["size"].sum())
    if people + things >= ORDINALS:
        raise ValueError(f"found {people + things:,} customers and things; allowed: fewer than {ORDINALS:,}")
    guests = people + things
    services, pools = plan.servers.size, plan.pools.size
    return Shop(
        plan=plan,
        seed=luck.seed,
        stream=luck.stream,
        rain=cast.rain,
        people=_people(plan, cast),
        guests=np.empty(guests, GUEST),
        kept=np.empty((guests, plan.failures.size)),
        response=np.empty((guests, plan.failures.size), np.int64),
        waits=np.empty((guests, plan.touchpoints.size)),
        passes=np.empty((guests, plan.touchpoints.size), np.int64),
        joins=np.empty((guests, plan.touchpoints.size), np.int16),
        services=_services(plan),
        pools=_pools(plan),
        levels=_levels(plan),
        counters=np.zeros((services + pools, len(COUNTERS), plan.weeks)),
        agenda=np.empty(people + ROOM, EVENT),
        flows=np.zeros((plan.routes.size, plan.weeks)),
        now=np.array(
            [(plan.starts, 0.0, plan.starts, plan.laws["reputation_starts"][0], 0, 0, 0, NOBODY, NOBODY, 0)], NOW
        ),
        page=page_of(visits),
    )


def _people(plan: Plan, cast: Cast) -> NDArray[np.void]:
    people = np.zeros(cast.who.size, PERSON)
    for name in ("who", "source", "segment", "visits_per_week", "hazard", "level", "pull"):
        people[name] = getattr(cast, name)
    people["next_week"] = cast.first_week
    people["satisfaction"] = people["counts"] = plan.reference
    people["expectation"] = plan.segments["expectation"][cast.segment]
    people["trust"], people["cap"] = plan.laws["trust"], plan.laws["cap"]
    people["promised"], people["complained_at"] = np.nan, -np.inf
    people["joined"] = np.where(cast.source == BASE, 0, NOT_JOINED)
    people["guest"] = NOBODY
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


def with_room(shop: Shop) -> Shop:
    """The same shop with an agenda twice as long."""
    agenda = np.empty(2 * shop.agenda.size, EVENT)
    agenda[: shop.agenda.size] = shop.agenda
    return shop._replace(agenda=agenda)


def records_of(shop: Shop) -> Records:
    """What is left at the end (see `Records`)."""
    services = shop.services.size
    return Records(
        np.ascontiguousarray(shop.people["left_week"]),
        np.ascontiguousarray(shop.people["joined"]),
        shop.flows,
        shop.counters[:services].copy(),
        shop.counters[services:].copy(),
    )


@inlined
def draw(shop: Shop, guest: int, place: int, purpose: int, k: int) -> float:
    """The luck of this customer on this visit, at this place, for this purpose."""
    row = shop.guests[guest]
    return uniform(shop.seed, shop.stream, row.who, row.visit, place, purpose, k)


@inlined
def hold(shop: Shop, minutes: float, code: int) -> None:
    """An event that many minutes from now."""
    now = shop.now[0]
    push(shop.agenda, now.events, now.minute + minutes, code)
    now.events += 1


@inlined
def change(shop: Shop, thing: int, counter: int, by: int) -> None:
    """Move a level of a service or pool by that much, from now on."""
    row, now = shop.levels[thing, counter], shop.now[0].minute
    add_level(shop.counters[thing, counter], float(row.level), row.since, now)
    row.level += by
    row.since = now


@inlined
def count(shop: Shop, thing: int, counter: int) -> None:
    """Count one more in this week; warm-up is not counted."""
    week = week_of(shop.now[0].minute)
    if 0 <= week < shop.plan.weeks:
        shop.counters[thing, counter, week] += 1.0


@inlined
def lift(shop: Shop, number: int, log_odds: float) -> float:
    """What a skill adds to a chance now, in log-odds; 0 where there is none."""
    added = 0.0
    if number >= 0:
        skill, week = shop.plan.skills[number], shop.now[0].minute / WEEK
        added = log_odds * skilling.skill(week, skill.at_start, skill.half_life, skill.every, skill.restores)
    return added


@inlined
def take_row(shop: Shop) -> int:
    """A row of `guests` that nobody uses."""
    now = shop.now[0]
    guest = now.free_guest
    if guest == NOBODY:
        guest = now.guests
        now.guests += 1
    else:
        now.free_guest = shop.guests[guest].next
    return int(guest)


@inlined
def give_back_row(shop: Shop, guest: int) -> None:
    """Let a row of `guests` be used again."""
    shop.guests[guest].next = shop.now[0].free_guest
    shop.now[0].free_guest = guest
