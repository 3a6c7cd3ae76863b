"""The loop: the next event happens, and whoever it is about goes on until the visit ends."""

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import basket, chance, telling, visiting
from sim.engines import lowering
from sim.engines.calendar import WEEK, minute_at, open_from, week_of
from sim.engines.clock import ARRIVES, DWELL_ENDS, RENEGES, REPAIR_ENDS, kind_of, ordinal_of, priority, tie_in
from sim.engines.compiled.dealings import deal, enter, hand_back, suffer_chances
from sim.engines.compiled.queues import borrow, gives_up, join, minutes, repair_ends, report, service_ends
from sim.engines.compiled.settlement import VISIT, stays_away, take_stock
from sim.engines.compiled.state import NOBODY, Shop, change, draw, drop_first, give_back_row, hold, take_row
from sim.engines.population import rain_at
from sim.engines.randomness import GAP, ROUTE, SPEND, TIE, TRIP, tie_of, uniform
from sim.engines.records import BUSY, MOST_PASSES, NO_RESPONSE, NOT_BORROWED, NOT_JOINED, QUEUE, UNTESTED, WORKING
from sim.kernel import borrowed, inlined, kernel


@inlined
def begin(shop: Shop, person: int, tie: int) -> None:
    """A visit begins now, in a row of its own."""
    plan, row, now = shop.plan, shop.people[person], shop.now[0].minute
    guest = take_row(shop)
    row.guest = guest
    visit = shop.guests[guest]
    visit.person, visit.who, visit.visit, visit.tie = person, row.who, row.visits, tie
    row.visits += 1
    visit.began, visit.at = now, 0
    shop.now[0].counted += 1
    visit.felt, visit.pool, visit.borrowings, visit.bad_asset = 0.0, NOBODY, 0, NOT_BORROWED
    visit.channel, visit.contacts, visit.promise = 0, 0, UNTESTED
    visit.handled, visit.delivered, visit.refund = 0.0, np.nan, 0.0
    visit.complained, visit.unsettled, visit.recovered, visit.solved_first = False, False, False, False
    visit.failed, visit.declined, visit.cross_sold = False, False, False
    visit.agreed_to_buy, visit.odds, visit.on_top = False, 1.0, 0.0
    visit.holds_bad, visit.reporting, visit.paid, visit.over, visit.waiting = False, False, False, False, False
    shop.kept[guest, :] = 1.0
    shop.response[guest, :] = NO_RESPONSE
    shop.waits[guest, :] = np.nan
    shop.passes[guest, :] = 0
    shop.joins[guest, :] = 0
    visit.raining = rain_at(shop.rain, plan.starts, now)
    visit.trip = chance.choice(draw(shop, guest, VISIT, TRIP, 0), plan.trips["share"])
    trip = plan.trips[visit.trip]
    visit.spend = basket.intended_spend(draw(shop, guest, VISIT, SPEND, 0), trip.spend, row.level, trip.log_sd)


@inlined
def comes(shop: Shop, person: int) -> bool:
    """Whether someone who would come only if enough is said comes now, for the first time."""
    customer, law, word = shop.people[person], shop.plan.laws[0], shop.now[0]
    if customer.visits > 0 or customer.pull == 0.0:
        return True
    would_be_a_week = (law.newcomers_a_week + law.leads_a_week) / law.considering
    talk = chance.faded(word.talk, (word.minute - word.since) / WEEK, law.talk_half_life)
    return telling.comes(customer.pull, telling.shift(talk, law.talk_half_life, would_be_a_week))


@inlined
def go_on(shop: Shop, guest: int, resumes: bool) -> None:
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
    hand_back(shop, guest)
    take_stock(shop, guest)
    _next_arrival(shop, guest)
    shop.people[visit.person].guest = NOBODY
    give_back_row(shop, guest)


@inlined
def _meet(shop: Shop, guest: int) -> bool:
    """Enter a touchpoint; whether it takes time, so that some later event goes on from here."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    shop.passes[guest, visit.at] += 1
    shop.now[0].counted += 1 + touchpoint.chances
    enter(shop, guest)
    if touchpoint.borrows >= 0 and not visit.over:
        borrow(shop, guest)
    if touchpoint.chances > 0:
        suffer_chances(shop, guest)
    if visit.over:
        return False
    if touchpoint.resource >= 0:
        return join(shop, guest)
    if touchpoint.timed:
        hold(shop, minutes(shop, guest), priority(DWELL_ENDS, visit.tie, visit.person))
        return True
    return False


@inlined
def _settle_up(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    if touchpoint.hears >= 0 and visit.reporting:
        report(shop, guest)
    if touchpoint.deals:
        deal(shop, guest)
    visit.paid = visit.paid or (touchpoint.pays and not visit.over and not visit.declined)


@inlined
def _way_on(shop: Shop, guest: int) -> int:
    """The next touchpoint, or -1 when the visit ends here."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    if shop.passes[guest, visit.at] >= MOST_PASSES:
        shop.now[0].endless = visit.at
        return -1
    if touchpoint.routes == 0 or visit.declined or visit.over:
        return -1
    u, passed = draw(shop, guest, touchpoint.key, ROUTE, shop.passes[guest, visit.at]), 0.0
    for number in range(touchpoint.first_route, touchpoint.first_route + touchpoint.routes):
        route = shop.plan.routes[number]
        if _holds(shop, guest, number):
            passed += route.share
        if u < passed:
            _count_flow(shop, number)
            return int(route.to)
    return -1


@inlined
def _count_flow(shop: Shop, route: int) -> None:
    week = week_of(shop.now[0].minute)
    if 0 <= week < shop.plan.weeks:
        shop.flows[route, week] += 1.0


@inlined
def _holds(shop: Shop, guest: int, number: int) -> bool:
    """Whether that way is open to this visit."""
    visit, route = shop.guests[guest], shop.plan.routes[number]
    customer, channel = shop.people[visit.person], shop.plan.touchpoints[route.to].channel
    may_go = channel < 0 or shop.plan.segments[customer.segment].may_use >> channel & 1 == 1
    chosen = route.segments >> customer.segment & 1 == 1 and route.trips >> visit.trip & 1 == 1
    so_far = lowering.holds(route.when, visit.reporting, visit.failed, customer.joined != NOT_JOINED)
    return may_go and chosen and so_far


@inlined
def _next_arrival(shop: Shop, guest: int) -> None:
    """Who is still a customer comes again; who is still here when the next visit is due begins it on leaving."""
    plan, now, person = shop.plan, shop.now[0].minute, shop.guests[guest].person
    row = shop.people[person]
    if not row.here:
        return
    u = uniform(shop.seed, shop.stream, row.who, row.visits, VISIT, GAP, 0)
    row.next_week += visiting.gap_weeks(u, row.visits_per_week, plan.gaps)
    planned = minute_at(row.next_week, plan.minutes, plan.op_weeks, plan.guide)
    if planned < now:
        planned = open_from(now, plan.minutes, plan.op_weeks)
    if planned < plan.ends:
        will_arrive(shop, person, planned)


@inlined
def will_arrive(shop: Shop, person: int, planned: float) -> None:
    """Put an arrival on the agenda, with the tie of that visit."""
    now, row = shop.now[0], shop.people[person]
    tie = tie_of(uniform(shop.seed, shop.stream, row.who, row.visits, VISIT, TIE, 0))
    hold(shop, planned - now.minute, priority(ARRIVES, tie, person))


_NEW_EVENTS = 8  # more than one event can add to the agenda, repairs apart
DONE, PAGE_FULL, AGENDA_FULL, PAUSED, ENDLESS = range(5)


@kernel
def open_doors(shop: Shop, first_minute: NDArray[np.float64]) -> int:
    """Put everybody's first arrival on the agenda."""
    shop = borrowed(shop)
    for person in range(first_minute.size):
        if first_minute[person] < shop.plan.ends:
            will_arrive(shop, person, first_minute[person])
    return PAUSED


@kernel
def close_books(shop: Shop) -> None:
    """Bring every level up to the end."""
    shop = borrowed(shop)
    shop.now[0].minute = max(shop.now[0].minute, shop.plan.ends)
    for thing in range(shop.levels.shape[0]):
        for counter in (QUEUE, BUSY, WORKING):
            change(shop, thing, counter, 0)


@kernel
def advance(shop: Shop, most_events: int) -> int:
    """Let about that many events happen, or fewer: until none is left, the page is full or the agenda is."""
    shop = borrowed(shop)
    now = shop.now[0]
    enough = now.counted + most_events
    # A visit through touchpoints that take no time may have every thing there is pulled and its repair begun.
    room_needed = _NEW_EVENTS + shop.guests.size - shop.people.size
    for _ in range(most_events):
        if now.events == 0:
            return DONE
        if now.rows == shop.page.rows.size:
            return PAGE_FULL
        if now.events + room_needed > shop.agenda.size:
            return AGENDA_FULL
        now.minute = shop.agenda[0].minute
        code = shop.agenda[0].priority
        drop_first(shop.agenda, now.events)
        now.events -= 1
        _happens(shop, kind_of(code), tie_in(code), ordinal_of(code))
        if now.endless >= 0:
            return ENDLESS
        if now.counted >= enough:
            return PAUSED
    return PAUSED


@inlined
def _happens(shop: Shop, kind: int, tie: int, ordinal: int) -> None:
    if kind == REPAIR_ENDS:
        repair_ends(shop, tie)
        return
    if kind == ARRIVES:
        if shop.now[0].minute >= shop.plan.ends or not comes(shop, ordinal):
            return
        if shop.plan.decides_before and stays_away(shop, ordinal):
            return
        begin(shop, ordinal, tie)
        resumes = False
    else:
        at = shop.people[ordinal].guest
        resumes = True
        if kind == RENEGES:
            if not gives_up(shop, at, tie):
                return
        elif kind != DWELL_ENDS:
            service_ends(shop, shop.plan.touchpoints[shop.guests[at].at].resource)
    go_on(shop, shop.people[ordinal].guest, resumes)
