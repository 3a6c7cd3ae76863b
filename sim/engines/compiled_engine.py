"""The compiled engine: the SimPy engine's events in the same order, as one loop over arrays.

Each function here is the one of the same name in `simpy_engine`, for whoever stands in a row of `guests`. A process
that waits there is a row that some later event finds again here. Whoever is handed a server or gives up is served or
gone within the same event, because nothing else can happen in between.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import basket, borrowing, chance, experience, leaving, visiting
from sim.engines.agenda import drop_first, push
from sim.engines.calendar import minute_at, open_from, week_of
from sim.engines.cast import BASE, PASSER_BY, Cast, rain_at
from sim.engines.clock import (
    ARRIVES,
    DESK_ENDS,
    DWELL_ENDS,
    RENEGES,
    REPAIR_ENDS,
    SERVICE_ENDS,
    kind_of,
    ordinal_of,
    priority,
    tie_in,
)
from sim.engines.plan import HAND_BACK, LEAVE_SHOP, Plan
from sim.engines.randomness import (
    BORROWS,
    BREAKS,
    COMPLAINT,
    DURATION,
    FAULTY,
    GAP,
    HAPPENS,
    LEAVE,
    PATIENCE,
    REPAIR,
    RESPONSE,
    ROUTE,
    SPEND,
    TIE,
    TRIP,
    Luck,
    tie_of,
    uniform,
)
from sim.engines.records import (
    BAD,
    BUSY,
    CHUNK_ROWS,
    NO_RESPONSE,
    NOT_BORROWED,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    SOUND,
    WORKING,
    Records,
    Sink,
    add_level,
    visit_dtype,
)
from sim.engines.shop import NOBODY, Shop, records_of, shop_of, with_room
from sim.kernel import borrowed, inlined, kernel

Progress = Callable[[float], None]
"""Told the share of the run that is done, many times a second; may raise to stop it."""

_VISIT = 0  # the place of what belongs to a visit as a whole
_EVENTS_AT_A_TIME = 1 << 17
_NEW_EVENTS = 8  # more than one event can add to the agenda
DONE, PAGE_FULL, AGENDA_FULL, PAUSED = range(4)


def run(plan: Plan, cast: Cast, luck: Luck, sink: Sink, progress: Progress = lambda share: None) -> Records:
    """Simulate one replication; visits go to `sink` in chunks as they end. Holds no lock while it works.

    A chunk is the sink's only until it returns. Whatever `progress` raises ends the run and reaches the caller.

    Raises:
        ValueError: more customers and things than ordinals.
    """
    visits = np.empty(CHUNK_ROWS, visit_dtype(plan))
    shop = shop_of(plan, cast, luck, visits)
    state = _open(shop, cast.first_minute)
    while state != DONE:
        state = _advance(shop, _EVENTS_AT_A_TIME)
        if state == AGENDA_FULL:
            shop = with_room(shop)
        if state in (PAGE_FULL, DONE):
            _hand_over(shop, visits, sink)
        progress(_share_done(shop))
    _close(shop)
    return records_of(shop)


def _hand_over(shop: Shop, visits: NDArray[np.void], sink: Sink) -> None:
    rows = int(shop.now["rows"][0])
    if rows:
        sink(visits[:rows])
        shop.now["rows"] = 0


def _share_done(shop: Shop) -> float:
    if not shop.now["events"][0]:
        return 1.0
    plan = shop.plan
    return float(min((shop.now["minute"][0] - plan.starts) / (plan.ends - plan.starts), 1.0))


@kernel
def _open(shop: Shop, first_minute: NDArray[np.float64]) -> int:
    """Put everybody's first arrival on the agenda."""
    shop = borrowed(shop)
    for person in range(first_minute.size):
        if first_minute[person] < shop.plan.ends:
            _will_arrive(shop, person, first_minute[person])
    return PAUSED


@kernel
def _close(shop: Shop) -> None:
    """Bring every level up to the end."""
    shop = borrowed(shop)
    shop.now[0].minute = max(shop.now[0].minute, shop.plan.ends)
    for thing in range(shop.levels.shape[0]):
        for counter in (QUEUE, BUSY, WORKING):
            _change(shop, thing, counter, 0)


@kernel
def _advance(shop: Shop, most_events: int) -> int:
    """Let that many events happen, or fewer: until none is left, the page is full or the agenda is."""
    shop = borrowed(shop)
    now = shop.now[0]
    for _ in range(most_events):
        if now.events == 0:
            return DONE
        if now.rows == shop.page.rows.size:
            return PAGE_FULL
        if now.events + _NEW_EVENTS > shop.agenda.size:
            return AGENDA_FULL
        now.minute = shop.agenda[0].minute
        code = shop.agenda[0].priority
        drop_first(shop.agenda, now.events)
        now.events -= 1
        _happens(shop, kind_of(code), tie_in(code), ordinal_of(code))
    return PAUSED


@inlined
def _happens(shop: Shop, kind: int, tie: int, ordinal: int) -> None:
    if kind == REPAIR_ENDS:
        _repair_ends(shop, tie)
        return
    if kind == ARRIVES:
        if shop.now[0].minute >= shop.plan.ends:
            return
        _begin(shop, ordinal, tie)
        resumes = False
    else:
        at = shop.people[ordinal].guest
        resumes = True
        if kind == RENEGES:
            if not _gives_up(shop, at):
                return
        elif kind != DWELL_ENDS:
            _service_ends(shop, shop.plan.touchpoints[shop.guests[at].at].resource)
    _visit(shop, shop.people[ordinal].guest, resumes)


@inlined
def _draw(shop: Shop, guest: int, place: int, purpose: int, k: int) -> float:
    """The luck of this customer on this visit, at this place, for this purpose."""
    row = shop.guests[guest]
    return uniform(shop.seed, shop.stream, row.who, row.visit, place, purpose, k)


# ---- coming, going on, taking stock --------------------------------------------------------------


@inlined
def _will_arrive(shop: Shop, person: int, planned: float) -> None:
    now, row = shop.now[0], shop.people[person]
    tie = tie_of(uniform(shop.seed, shop.stream, row.who, row.visits, _VISIT, TIE, 0))
    _hold(shop, planned - now.minute, priority(ARRIVES, tie, person))


@inlined
def _hold(shop: Shop, minutes: float, code: int) -> None:
    now = shop.now[0]
    push(shop.agenda, now.events, now.minute + minutes, code)
    now.events += 1


@inlined
def _begin(shop: Shop, person: int, tie: int) -> None:
    plan, row, now = shop.plan, shop.people[person], shop.now[0].minute
    guest = _free_guest(shop)
    row.guest = guest
    visit = shop.guests[guest]
    visit.person, visit.who, visit.visit, visit.tie = person, row.who, row.visits, tie
    row.visits += 1
    visit.began, visit.at = now, 0
    visit.felt, visit.pool, visit.borrowings, visit.bad_asset = 0.0, NOBODY, 0, NOT_BORROWED
    visit.holds_bad, visit.reporting, visit.paid, visit.over, visit.waiting = False, False, False, False, False
    shop.kept[guest, :] = 1.0
    shop.response[guest, :] = NO_RESPONSE
    shop.waits[guest, :] = np.nan
    shop.passes[guest, :] = 0
    visit.raining = rain_at(shop.rain, plan.starts, now)
    visit.trip = chance.choice(_draw(shop, guest, _VISIT, TRIP, 0), plan.trips.share)
    trip = plan.trips[visit.trip]
    visit.spend = basket.intended_spend(_draw(shop, guest, _VISIT, SPEND, 0), trip.spend, row.level, trip.log_sd)


@inlined
def _free_guest(shop: Shop) -> int:
    now = shop.now[0]
    guest = now.free_guest
    if guest == NOBODY:
        guest = now.guests
        now.guests += 1
    else:
        now.free_guest = shop.guests[guest].next
    return guest


@inlined
def _free(shop: Shop, guest: int) -> None:
    shop.guests[guest].next = shop.now[0].free_guest
    shop.now[0].free_guest = guest


@inlined
def _visit(shop: Shop, guest: int, resumes: bool) -> None:
    """Go from touchpoint to touchpoint until something takes time, or until there is no way on."""
    visit = shop.guests[guest]
    while True:
        if not resumes and _meet(shop, guest):
            return
        resumes = False
        if not visit.over:
            _settle_up(shop, guest)
        visit.at = _way_on(shop, guest)
        if visit.at < 0 or visit.over:
            break
    _hand_back(shop, guest)
    _take_stock(shop, guest)
    _next_arrival(shop, guest)
    _free(shop, guest)


@inlined
def _meet(shop: Shop, guest: int) -> bool:
    """Enter a touchpoint; whether it takes time, so that some later event goes on from here."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    shop.passes[guest, visit.at] += 1
    if touchpoint.borrows >= 0:
        _borrow(shop, guest)
    if touchpoint.chances > 0:
        _suffer_chances(shop, guest)
    if visit.over:
        return False
    if touchpoint.resource >= 0:
        _join(shop, guest)
        return True
    if touchpoint.timed:
        _hold(shop, _minutes(shop, guest), priority(DWELL_ENDS, visit.tie, visit.person))
        return True
    return False


@inlined
def _settle_up(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    if touchpoint.hears >= 0 and visit.reporting:
        _report(shop, guest)
    visit.paid = visit.paid or touchpoint.pays


@inlined
def _way_on(shop: Shop, guest: int) -> int:
    """The next touchpoint, or -1 when the visit ends here."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    if touchpoint.routes == 0:
        return -1
    u, passed = _draw(shop, guest, touchpoint.key, ROUTE, shop.passes[guest, visit.at]), 0.0
    for number in range(touchpoint.first_route, touchpoint.first_route + touchpoint.routes):
        route = shop.plan.routes[number]
        if not route.reporting or visit.reporting:
            passed += route.share
            if u < passed:
                return route.to
    return -1


@inlined
def _minutes(shop: Shop, guest: int) -> float:
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    times = shop.plan.trips[visit.trip].time_times if touchpoint.grows else 1.0
    u = _draw(shop, guest, touchpoint.key, DURATION, shop.passes[guest, visit.at])
    return chance.duration(u, touchpoint.law, touchpoint.mean * times, touchpoint.log_sd)


@inlined
def _take_stock(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    if visit.began >= 0.0:
        _write(shop, guest)


@inlined
def _write(shop: Shop, guest: int) -> None:
    """Settle the visit and write its row."""
    plan, visit, number = shop.plan, shop.guests[guest], shop.now[0].rows
    customer, row = shop.people[visit.person], shop.page.rows[number]
    shop.now[0].rows += 1
    completed = basket.is_completed(visit.paid, plan.pays_somewhere, visit.over)
    spend = basket.to_minor(basket.meant(visit.spend, completed, visit.over), plan.minor_units)
    lost = basket.lost_total(spend, shop.kept[guest])
    basket.split_loss(lost, shop.kept[guest], shop.page.lost[number])
    recaptured = customer.pot if completed else 0
    customer.pot += basket.set_aside(lost, plan.recapture) - recaptured
    quality = experience.experience(plan.reference, visit.felt)
    customer.satisfaction = experience.satisfaction(customer.satisfaction, quality, plan.gain)
    left = _leaves(shop, guest)
    if left:
        customer.left_week = week_of(visit.began)
    row.customer, row.visit, row.week = visit.who, visit.visit, week_of(visit.began)
    row.segment, row.trip = customer.segment, visit.trip
    row.spend, row.recaptured, row.revenue = spend, recaptured, spend - lost + recaptured
    row.bad_asset, row.experience, row.satisfaction = visit.bad_asset, quality, customer.satisfaction
    row.completed, row.left, row.base = completed, left, customer.source == BASE
    shop.page.wait[number, :] = shop.waits[guest, :]
    shop.page.response[number, :] = shop.response[guest, :]


@inlined
def _leaves(shop: Shop, guest: int) -> bool:
    """Flip the coin of the relationship."""
    plan, visit = shop.plan, shop.guests[guest]
    customer = shop.people[visit.person]
    if not leaving.may_leave(customer.source == BASE, visit.visit):
        return False
    multiplier = leaving.hazard_multiplier(customer.satisfaction, plan.reference, plan.leaving_sensitivity)
    return leaving.leaves(_draw(shop, guest, _VISIT, LEAVE, 0), customer.hazard, multiplier)


@inlined
def _next_arrival(shop: Shop, guest: int) -> None:
    """Who is still a customer comes again; who is still here when the next visit is due begins it on leaving."""
    plan, now, person = shop.plan, shop.now[0].minute, shop.guests[guest].person
    row = shop.people[person]
    if row.source == PASSER_BY or row.left_week >= 0:
        return
    u = uniform(shop.seed, shop.stream, row.who, row.visits, _VISIT, GAP, 0)
    row.next_week += visiting.gap_weeks(u, row.visits_per_week, plan.gaps)
    planned = minute_at(row.next_week, plan.minutes, plan.op_weeks)
    if planned < now:
        planned = open_from(now, plan.minutes, plan.op_weeks)
    if planned < plan.ends:
        _will_arrive(shop, person, planned)


# ---- failures ------------------------------------------------------------------------------------


@inlined
def _borrow(shop: Shop, guest: int) -> None:
    """Draw one of the things in the bay at random; an empty bay is a failure of its own."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    number, key = touchpoint.borrows, shop.plan.pools[touchpoint.borrows].key
    if visit.pool >= 0 or _draw(shop, guest, key, BORROWS, 0) >= shop.plan.trips[visit.trip].borrows:
        return
    pool = shop.pools[number]
    if pool.idle == 0:
        _count(shop, shop.services.size + number, SHORTAGES)
        _suffer(shop, guest, touchpoint.on_shortage)
        return
    visit.pool = number
    visit.borrowings += 1
    u = _draw(shop, guest, key, FAULTY, shop.passes[guest, visit.at])
    visit.holds_bad = borrowing.draws_faulty(u, pool.faulty_idle, pool.idle)
    visit.bad_asset = BAD if visit.holds_bad else SOUND
    pool.idle -= 1
    pool.faulty_idle -= visit.holds_bad
    _change(shop, shop.services.size + number, BUSY, 1)
    if visit.holds_bad:
        _suffer(shop, guest, touchpoint.on_asset)


@inlined
def _suffer_chances(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    touchpoint, k = shop.plan.touchpoints[visit.at], shop.passes[guest, visit.at]
    for number in range(touchpoint.first_chance, touchpoint.first_chance + touchpoint.chances):
        failure = shop.plan.chance_failures[number]
        row = shop.plan.failures[failure]
        if not visit.over and _draw(shop, guest, row.key, HAPPENS, k) < row.chance:
            _suffer(shop, guest, failure)


@kernel
def _suffer(shop: Shop, guest: int, failure: int) -> None:
    """A failure happens: the customer responds, and it takes its part of basket and mood."""
    shop = borrowed(shop)
    if failure < 0:
        return
    plan, visit = shop.plan, shop.guests[guest]
    row, k = plan.failures[failure], shop.passes[guest, visit.at]
    shares = plan.responses.share[row.first_response : row.first_response + row.responses]
    chosen = chance.choice(_draw(shop, guest, row.key, RESPONSE, k), shares)
    if visit.raining and plan.responses[row.first_response + chosen].not_in_rain:
        chosen = 0
    response = plan.responses[row.first_response + chosen]
    shop.response[guest, failure] = chosen
    hurt = response.feels * plan.segments[shop.people[visit.person].segment].hurt_times
    visit.felt += experience.felt(hurt, row.weight, plan.loss_aversion)
    if not visit.paid:
        shop.kept[guest, failure] *= 1.0 - plan.losses[row.first_response + chosen, visit.trip]
    _act(shop, guest, failure, response.then)
    if visit.holds_bad:
        visit.reporting = visit.reporting or _draw(shop, guest, row.key, COMPLAINT, k) < row.complaint


@inlined
def _act(shop: Shop, guest: int, failure: int, then: int) -> None:
    visit = shop.guests[guest]
    if then == HAND_BACK:
        _hand_back(shop, guest)
    elif then == LEAVE_SHOP:
        visit.over = True
        if not visit.paid:
            shop.kept[guest, failure] = 0.0


# ---- queues --------------------------------------------------------------------------------------


@inlined
def _join(shop: Shop, guest: int) -> None:
    """Be served at once, or queue and perhaps lose patience."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    visit.asked = shop.now[0].minute
    if _seize(shop, touchpoint.resource, guest):
        _serve(shop, guest)
    elif touchpoint.on_wait >= 0:
        times = shop.plan.segments[shop.people[visit.person].segment].patience_times
        u = _draw(shop, guest, touchpoint.key, PATIENCE, shop.passes[guest, visit.at])
        patience = chance.exponential(u, touchpoint.patience * times)
        visit.gives_up = shop.now[0].minute + patience
        visit.waiting = True
        _hold(shop, patience, priority(RENEGES, visit.tie, visit.person))


@kernel
def _seize(shop: Shop, number: int, guest: int) -> bool:
    """Take a free server, or stand last in the queue; whether there was one."""
    shop = borrowed(shop)
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
    _change(shop, number, QUEUE, 1)
    return False


@kernel
def _step_out(shop: Shop, number: int, guest: int) -> None:
    """Leave the queue, from wherever in it."""
    shop = borrowed(shop)
    service, previous, following = shop.services[number], shop.guests[guest].previous, shop.guests[guest].next
    if previous == NOBODY:
        service.first = following
    else:
        shop.guests[previous].next = following
    if following == NOBODY:
        service.last = previous
    else:
        shop.guests[following].previous = previous
    _change(shop, number, QUEUE, -1)


@kernel
def _serve(shop: Shop, guest: int) -> None:
    """Begin to be served."""
    shop = borrowed(shop)
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    _add_wait(shop, guest)
    _change(shop, touchpoint.resource, BUSY, 1)
    kind = DESK_ENDS if touchpoint.hears >= 0 else SERVICE_ENDS
    _hold(shop, _minutes(shop, guest), priority(kind, visit.tie, visit.person))


@inlined
def _add_wait(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    before = shop.waits[guest, visit.at]
    waited = shop.now[0].minute - visit.asked
    shop.waits[guest, visit.at] = waited if np.isnan(before) else before + waited


@kernel
def _service_ends(shop: Shop, number: int) -> None:
    """A server is free again, and whoever stands first in the queue has it."""
    shop = borrowed(shop)
    _change(shop, number, BUSY, -1)
    service = shop.services[number]
    first = service.first
    if first == NOBODY:
        service.free += 1
        return
    _step_out(shop, number, first)
    if shop.guests[first].person == NOBODY:
        _repair(shop, shop.guests[first].pool, shop.guests[first].job)
        _free(shop, first)
    else:
        shop.guests[first].waiting = False
        _serve(shop, first)


@inlined
def _gives_up(shop: Shop, guest: int) -> bool:
    """Patience ends, unless the turn came first; whether the customer walks out of the queue."""
    if guest == NOBODY:
        return False
    visit = shop.guests[guest]
    if not visit.waiting or visit.gives_up != shop.now[0].minute:
        return False
    visit.waiting = False
    touchpoint = shop.plan.touchpoints[visit.at]
    _suffer(shop, guest, touchpoint.on_wait)
    if visit.over:
        _step_out(shop, touchpoint.resource, guest)
        _add_wait(shop, guest)
    return visit.over


# ---- things lent out -----------------------------------------------------------------------------


@kernel
def _report(shop: Shop, guest: int) -> None:
    """Report the bad thing in hand: it is pulled, or refused and put back into line."""
    shop = borrowed(shop)
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    visit.reporting = False
    if visit.pool != touchpoint.hears or not visit.holds_bad:
        return
    number = visit.pool
    pool, thing = shop.pools[number], shop.services.size + number
    _count(shop, thing, REPORTS)
    if touchpoint.always_acts or borrowing.may_be_pulled(pool.idle, shop.plan.pools[number].reserve):
        visit.pool, visit.holds_bad = NOBODY, False
        pool.pulled += 1
        _change(shop, thing, BUSY, -1)
        _change(shop, thing, QUEUE, 1)
        _ask_for_repair(shop, number, pool.pulled)
    else:
        _count(shop, thing, REFUSALS)
        _suffer(shop, guest, touchpoint.on_unresolved)


@kernel
def _ask_for_repair(shop: Shop, number: int, job: int) -> None:
    shop = borrowed(shop)
    waiter = _free_guest(shop)
    shop.guests[waiter].person, shop.guests[waiter].pool, shop.guests[waiter].job = NOBODY, number, job
    if _seize(shop, shop.plan.pools[number].repairer, waiter):
        _free(shop, waiter)
        _repair(shop, number, job)


@kernel
def _repair(shop: Shop, number: int, job: int) -> None:
    """The repairer begins."""
    shop = borrowed(shop)
    pool = shop.plan.pools[number]
    _change(shop, pool.repairer, BUSY, 1)
    u = uniform(shop.seed, shop.stream, job, 0, pool.key, REPAIR, 0)
    _hold(shop, chance.duration(u, pool.law, pool.mean, pool.log_sd), priority(REPAIR_ENDS, number, job))


@kernel
def _repair_ends(shop: Shop, number: int) -> None:
    """A mended thing comes back, sound."""
    shop = borrowed(shop)
    _service_ends(shop, shop.plan.pools[number].repairer)
    thing = shop.services.size + number
    shop.pools[number].idle += 1
    _change(shop, thing, QUEUE, -1)
    _change(shop, thing, WORKING, 1)
    _count(shop, thing, REPAIRS)


@inlined
def _hand_back(shop: Shop, guest: int) -> None:
    """Give back what was borrowed; a sound one may come back broken, and the next borrower meets it."""
    visit = shop.guests[guest]
    if visit.pool < 0:
        return
    number = visit.pool
    pool, plan, thing = shop.pools[number], shop.plan.pools[number], shop.services.size + number
    breaks = not visit.holds_bad and _draw(shop, guest, plan.key, BREAKS, visit.borrowings) < plan.breaks
    pool.idle += 1
    _change(shop, thing, BUSY, -1)
    if visit.holds_bad or breaks:
        pool.faulty_idle += 1
    if breaks:
        _change(shop, thing, WORKING, -1)
    visit.pool, visit.holds_bad = NOBODY, False


# ---- levels and counts ---------------------------------------------------------------------------


@inlined
def _change(shop: Shop, thing: int, counter: int, by: int) -> None:
    """Move a level of a service or pool by that much, from now on."""
    row, now = shop.levels[thing, counter], shop.now[0].minute
    add_level(shop.counters[thing, counter], float(row.level), row.since, now)
    row.level += by
    row.since = now


@inlined
def _count(shop: Shop, thing: int, counter: int) -> None:
    """Count one more in this week; warm-up is not counted."""
    week = week_of(shop.now[0].minute)
    if 0 <= week < shop.plan.weeks:
        shop.counters[thing, counter, week] += 1.0
