"""What every step of the compiled engine is made of: luck, events to come, levels, and rows of guests."""

from sim.behaviour import skilling
from sim.engines.calendar import WEEK, week_of
from sim.engines.compiled_engine.agenda import push
from sim.engines.compiled_engine.shop import NOBODY, Shop
from sim.engines.randomness import uniform
from sim.engines.records import add_level
from sim.kernel import inlined


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
