"""Queues for servers, in which customers and broken things stand alike; and things lent out, reported and mended."""

import numpy as np

from sim.behaviour import borrowing, chance
from sim.engines.clock import DESK_ENDS, RENEGES, REPAIR_ENDS, SERVICE_ENDS, priority
from sim.engines.compiled.dealings import suffer
from sim.engines.compiled.state import NOBODY, State, change, count, draw, give_back_row, hold, take_row
from sim.engines.randomness import BORROWS, DURATION, FAULTY, PATIENCE, REPAIR, uniform
from sim.engines.records import BAD, BUSY, QUEUE, REFUSALS, REPAIRS, REPORTS, SHORTAGES, SOUND, WORKING
from sim.kernel import borrowed, inlined, kernel


@inlined
def join(state: State, slot: int) -> bool:
    """Be served at once, or queue and perhaps lose patience; False where the queue is so long that they go."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    visit.asked = state.now[0].minute
    balks = _balks(state, slot)
    if visit.over:
        return False
    if _seize(state, touchpoint.resource, slot):
        _serve(state, slot)
    elif touchpoint.on_wait >= 0 and not balks:
        times = state.plan.segments[state.people[visit.person].segment].patience_times
        u = draw(state, slot, touchpoint.key, PATIENCE, state.passes[slot, visit.at])
        patience = chance.exponential(u, touchpoint.patience * times)
        visit.gives_up = state.now[0].minute + patience
        visit.waiting = True
        hold(state, patience, priority(RENEGES, visit.tie, visit.person))
    return True


@inlined
def _balks(state: State, slot: int) -> bool:
    """Whether the queue is too long already; then what a long wait does happens at once."""
    touchpoint = state.plan.touchpoints[state.visits[slot].at]
    number = touchpoint.resource
    too_long = state.services[number].free == 0 and state.levels[number, QUEUE].level >= touchpoint.balks_at
    balks = touchpoint.on_wait >= 0 and touchpoint.balks_at >= 0 and too_long
    if balks:
        suffer(state, slot, touchpoint.on_wait)
    return bool(balks)


@inlined
def _seize(state: State, number: int, slot: int) -> bool:
    """Take a free server, or stand last in the queue; whether there was one."""
    service = state.services[number]
    if service.free > 0:
        service.free -= 1
        return True
    last = service.last
    state.visits[slot].previous, state.visits[slot].next = last, NOBODY
    if last == NOBODY:
        service.first = slot
    else:
        state.visits[last].next = slot
    service.last = slot
    change(state, number, QUEUE, 1)
    return False


@inlined
def _step_out(state: State, number: int, slot: int) -> None:
    """Leave the queue, from wherever in it."""
    service, previous, following = state.services[number], state.visits[slot].previous, state.visits[slot].next
    if previous == NOBODY:
        service.first = following
    else:
        state.visits[previous].next = following
    if following == NOBODY:
        service.last = previous
    else:
        state.visits[following].previous = previous
    change(state, number, QUEUE, -1)


@inlined
def _serve(state: State, slot: int) -> None:
    """Begin to be served."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    _add_wait(state, slot)
    change(state, touchpoint.resource, BUSY, 1)
    kind = DESK_ENDS if touchpoint.hears >= 0 else SERVICE_ENDS
    hold(state, minutes(state, slot), priority(kind, visit.tie, visit.person))


@inlined
def _add_wait(state: State, slot: int) -> None:
    visit = state.visits[slot]
    before = state.waits[slot, visit.at]
    waited = state.now[0].minute - visit.asked
    state.waits[slot, visit.at] = waited if np.isnan(before) else before + waited
    state.joins[slot, visit.at] += 1


@inlined
def minutes(state: State, slot: int) -> float:
    """How long this touchpoint takes."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    times = state.plan.trips[visit.trip].time_times if touchpoint.grows else 1.0
    u = draw(state, slot, touchpoint.key, DURATION, state.passes[slot, visit.at])
    taken = chance.duration(u, touchpoint.law, touchpoint.mean * times, touchpoint.log_sd)
    if touchpoint.contact:
        visit.handled += taken
    return taken


@inlined
def service_ends(state: State, number: int) -> None:
    """A server is free again, and whoever stands first in the queue has it."""
    change(state, number, BUSY, -1)
    service = state.services[number]
    first = service.first
    if first == NOBODY:
        service.free += 1
        return
    _step_out(state, number, first)
    if state.visits[first].person == NOBODY:
        _repair(state, state.visits[first].pool, state.visits[first].job)
        give_back_row(state, first)
    else:
        state.visits[first].waiting = False
        _serve(state, first)


@inlined
def gives_up(state: State, slot: int, tie: int) -> bool:
    """Patience ends, unless the turn came first; whether the customer walks out of the queue.

    The event may be of an earlier queue, or of an earlier visit (another tie): then it is nothing any more.
    """
    if slot == NOBODY:
        return False
    visit = state.visits[slot]
    if not visit.waiting or visit.tie != tie or visit.gives_up != state.now[0].minute:
        return False
    visit.waiting = False
    touchpoint = state.plan.touchpoints[visit.at]
    suffer(state, slot, touchpoint.on_wait)
    if visit.over:
        _step_out(state, touchpoint.resource, slot)
        _add_wait(state, slot)
    return bool(visit.over)


@kernel
def ask_for_repair(state: State, number: int, job: int) -> None:
    """A pulled thing gets the repairer at once, or stands in the queue."""
    state = borrowed(state)
    waiter = take_row(state)
    state.visits[waiter].person, state.visits[waiter].pool, state.visits[waiter].job = NOBODY, number, job
    if _seize(state, state.plan.pools[number].repairer, waiter):
        give_back_row(state, waiter)
        _repair(state, number, job)


@kernel
def _repair(state: State, number: int, job: int) -> None:
    """The repairer begins."""
    state = borrowed(state)
    pool = state.plan.pools[number]
    change(state, pool.repairer, BUSY, 1)
    u = uniform(state.seed, state.stream, job, 0, pool.key, REPAIR, 0)
    hold(state, chance.duration(u, pool.law, pool.mean, pool.log_sd), priority(REPAIR_ENDS, number, job))


@inlined
def borrow(state: State, slot: int) -> None:
    """Draw one of the things in the bay at random; an empty bay is a failure of its own."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    number, key = touchpoint.borrows, state.plan.pools[touchpoint.borrows].key
    if visit.pool >= 0 or draw(state, slot, key, BORROWS, 0) >= state.plan.trips[visit.trip].borrows:
        return
    pool = state.pools[number]
    if pool.idle == 0:
        count(state, state.services.size + number, SHORTAGES)
        suffer(state, slot, touchpoint.on_shortage)
        return
    visit.pool = number
    visit.borrowings += 1
    u = draw(state, slot, key, FAULTY, state.passes[slot, visit.at])
    visit.holds_bad = borrowing.draws_faulty(u, pool.faulty_idle, pool.idle)
    visit.bad_asset = BAD if visit.holds_bad else SOUND
    pool.idle -= 1
    pool.faulty_idle -= visit.holds_bad
    change(state, state.services.size + number, BUSY, 1)
    if visit.holds_bad:
        suffer(state, slot, touchpoint.on_asset)


@kernel
def report(state: State, slot: int) -> None:
    """Report the bad thing in hand: it is pulled, or refused and put back into line."""
    state = borrowed(state)
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    visit.reporting = False
    if visit.pool != touchpoint.hears or not visit.holds_bad:
        return
    number = visit.pool
    pool, thing = state.pools[number], state.services.size + number
    count(state, thing, REPORTS)
    visit.unsettled = False
    if touchpoint.always_acts or borrowing.may_be_pulled(pool.idle, state.plan.pools[number].reserve):
        visit.pool, visit.holds_bad = NOBODY, False
        pool.pulled += 1
        change(state, thing, BUSY, -1)
        change(state, thing, QUEUE, 1)
        ask_for_repair(state, number, pool.pulled)
    else:
        count(state, thing, REFUSALS)
        visit.unsettled = True
        suffer(state, slot, touchpoint.on_unresolved)


@kernel
def repair_ends(state: State, number: int) -> None:
    """A mended thing comes back, sound."""
    state = borrowed(state)
    service_ends(state, state.plan.pools[number].repairer)
    thing = state.services.size + number
    state.pools[number].idle += 1
    change(state, thing, QUEUE, -1)
    change(state, thing, WORKING, 1)
    count(state, thing, REPAIRS)
