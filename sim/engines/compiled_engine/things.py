"""Things lent out, reported and mended."""

from sim.behaviour import borrowing
from sim.engines.compiled_engine.failures import suffer
from sim.engines.compiled_engine.primitives import change, count, draw
from sim.engines.compiled_engine.queues import ask_for_repair, service_ends
from sim.engines.compiled_engine.shop import NOBODY, Shop
from sim.engines.randomness import BORROWS, FAULTY
from sim.engines.records import BAD, BUSY, QUEUE, REFUSALS, REPAIRS, REPORTS, SHORTAGES, SOUND, WORKING
from sim.kernel import borrowed, inlined, kernel


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
