"""Queues for servers, in which customers and broken things stand alike; and things lent out, reported and mended."""

import numpy as np

from sim.behaviour import borrowing, chance
from sim.engines.clock import DESK_ENDS, RENEGES, REPAIR_ENDS, SERVICE_ENDS, priority
from sim.engines.compiled.dealings import suffer
from sim.engines.compiled.state import NOBODY, Shop, change, count, draw, give_back_row, hold, take_row
from sim.engines.randomness import BORROWS, DURATION, FAULTY, PATIENCE, REPAIR, uniform
from sim.engines.records import BAD, BUSY, QUEUE, REFUSALS, REPAIRS, REPORTS, SHORTAGES, SOUND, WORKING
from sim.kernel import borrowed, inlined, kernel


@inlined
def join(shop: Shop, guest: int) -> bool:
    """Be served at once, or queue and perhaps lose patience; False where the queue is so long that they go."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    visit.asked = shop.now[0].minute
    balks = _balks(shop, guest)
    if visit.over:
        return False
    if _seize(shop, touchpoint.resource, guest):
        _serve(shop, guest)
    elif touchpoint.on_wait >= 0 and not balks:
        times = shop.plan.segments[shop.people[visit.person].segment].patience_times
        u = draw(shop, guest, touchpoint.key, PATIENCE, shop.passes[guest, visit.at])
        patience = chance.exponential(u, touchpoint.patience * times)
        visit.gives_up = shop.now[0].minute + patience
        visit.waiting = True
        hold(shop, patience, priority(RENEGES, visit.tie, visit.person))
    return True


@inlined
def _balks(shop: Shop, guest: int) -> bool:
    """Whether the queue is too long already; then what a long wait does happens at once."""
    touchpoint = shop.plan.touchpoints[shop.guests[guest].at]
    number = touchpoint.resource
    too_long = shop.services[number].free == 0 and shop.levels[number, QUEUE].level >= touchpoint.balks_at
    balks = touchpoint.on_wait >= 0 and touchpoint.balks_at >= 0 and too_long
    if balks:
        suffer(shop, guest, touchpoint.on_wait)
    return bool(balks)


@inlined
def _seize(shop: Shop, number: int, guest: int) -> bool:
    """Take a free server, or stand last in the queue; whether there was one."""
    service = shop.services[number]
    if service.free > 0:
        service.free -= 1
        return True
    last = service.last
    shop.guests[guest].previous, shop.guests[guest].next = last, NOBODY
    if last == NOBODY:
        service.first = guest
    else:
        shop.guests[last].next = guest
    service.last = guest
    change(shop, number, QUEUE, 1)
    return False


@inlined
def _step_out(shop: Shop, number: int, guest: int) -> None:
    """Leave the queue, from wherever in it."""
    service, previous, following = shop.services[number], shop.guests[guest].previous, shop.guests[guest].next
    if previous == NOBODY:
        service.first = following
    else:
        shop.guests[previous].next = following
    if following == NOBODY:
        service.last = previous
    else:
        shop.guests[following].previous = previous
    change(shop, number, QUEUE, -1)


@inlined
def _serve(shop: Shop, guest: int) -> None:
    """Begin to be served."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    _add_wait(shop, guest)
    change(shop, touchpoint.resource, BUSY, 1)
    kind = DESK_ENDS if touchpoint.hears >= 0 else SERVICE_ENDS
    hold(shop, minutes(shop, guest), priority(kind, visit.tie, visit.person))


@inlined
def _add_wait(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    before = shop.waits[guest, visit.at]
    waited = shop.now[0].minute - visit.asked
    shop.waits[guest, visit.at] = waited if np.isnan(before) else before + waited
    shop.joins[guest, visit.at] += 1


@inlined
def minutes(shop: Shop, guest: int) -> float:
    """How long this touchpoint takes."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    times = shop.plan.trips[visit.trip].time_times if touchpoint.grows else 1.0
    u = draw(shop, guest, touchpoint.key, DURATION, shop.passes[guest, visit.at])
    taken = chance.duration(u, touchpoint.law, touchpoint.mean * times, touchpoint.log_sd)
    if touchpoint.contact:
        visit.handled += taken
    return taken


@inlined
def service_ends(shop: Shop, number: int) -> None:
    """A server is free again, and whoever stands first in the queue has it."""
    change(shop, number, BUSY, -1)
    service = shop.services[number]
    first = service.first
    if first == NOBODY:
        service.free += 1
        return
    _step_out(shop, number, first)
    if shop.guests[first].person == NOBODY:
        _repair(shop, shop.guests[first].pool, shop.guests[first].job)
        give_back_row(shop, first)
    else:
        shop.guests[first].waiting = False
        _serve(shop, first)


@inlined
def gives_up(shop: Shop, guest: int, tie: int) -> bool:
    """Patience ends, unless the turn came first; whether the customer walks out of the queue.

    The event may be of an earlier queue, or of an earlier visit (another tie): then it is nothing any more.
    """
    if guest == NOBODY:
        return False
    visit = shop.guests[guest]
    if not visit.waiting or visit.tie != tie or visit.gives_up != shop.now[0].minute:
        return False
    visit.waiting = False
    touchpoint = shop.plan.touchpoints[visit.at]
    suffer(shop, guest, touchpoint.on_wait)
    if visit.over:
        _step_out(shop, touchpoint.resource, guest)
        _add_wait(shop, guest)
    return bool(visit.over)


@kernel
def ask_for_repair(shop: Shop, number: int, job: int) -> None:
    """A pulled thing gets the repairer at once, or stands in the queue."""
    shop = borrowed(shop)
    waiter = take_row(shop)
    shop.guests[waiter].person, shop.guests[waiter].pool, shop.guests[waiter].job = NOBODY, number, job
    if _seize(shop, shop.plan.pools[number].repairer, waiter):
        give_back_row(shop, waiter)
        _repair(shop, number, job)


@kernel
def _repair(shop: Shop, number: int, job: int) -> None:
    """The repairer begins."""
    shop = borrowed(shop)
    pool = shop.plan.pools[number]
    change(shop, pool.repairer, BUSY, 1)
    u = uniform(shop.seed, shop.stream, job, 0, pool.key, REPAIR, 0)
    hold(shop, chance.duration(u, pool.law, pool.mean, pool.log_sd), priority(REPAIR_ENDS, number, job))


@inlined
def borrow(shop: Shop, guest: int) -> None:
    """Draw one of the things in the bay at random; an empty bay is a failure of its own."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    number, key = touchpoint.borrows, shop.plan.pools[touchpoint.borrows].key
    if visit.pool >= 0 or draw(shop, guest, key, BORROWS, 0) >= shop.plan.trips[visit.trip].borrows:
        return
    pool = shop.pools[number]
    if pool.idle == 0:
        count(shop, shop.services.size + number, SHORTAGES)
        suffer(shop, guest, touchpoint.on_shortage)
        return
    visit.pool = number
    visit.borrowings += 1
    u = draw(shop, guest, key, FAULTY, shop.passes[guest, visit.at])
    visit.holds_bad = borrowing.draws_faulty(u, pool.faulty_idle, pool.idle)
    visit.bad_asset = BAD if visit.holds_bad else SOUND
    pool.idle -= 1
    pool.faulty_idle -= visit.holds_bad
    change(shop, shop.services.size + number, BUSY, 1)
    if visit.holds_bad:
        suffer(shop, guest, touchpoint.on_asset)


@kernel
def report(shop: Shop, guest: int) -> None:
    """Report the bad thing in hand: it is pulled, or refused and put back into line."""
    shop = borrowed(shop)
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    visit.reporting = False
    if visit.pool != touchpoint.hears or not visit.holds_bad:
        return
    number = visit.pool
    pool, thing = shop.pools[number], shop.services.size + number
    count(shop, thing, REPORTS)
    visit.unsettled = False
    if touchpoint.always_acts or borrowing.may_be_pulled(pool.idle, shop.plan.pools[number].reserve):
        visit.pool, visit.holds_bad = NOBODY, False
        pool.pulled += 1
        change(shop, thing, BUSY, -1)
        change(shop, thing, QUEUE, 1)
        ask_for_repair(shop, number, pool.pulled)
    else:
        count(shop, thing, REFUSALS)
        visit.unsettled = True
        suffer(shop, guest, touchpoint.on_unresolved)


@kernel
def repair_ends(shop: Shop, number: int) -> None:
    """A mended thing comes back, sound."""
    shop = borrowed(shop)
    service_ends(shop, shop.plan.pools[number].repairer)
    thing = shop.services.size + number
    shop.pools[number].idle += 1
    change(shop, thing, QUEUE, -1)
    change(shop, thing, WORKING, 1)
    count(shop, thing, REPAIRS)
