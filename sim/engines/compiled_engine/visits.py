"""One visit, from arriving to deciding whether to come again."""

import numpy as np

from sim.behaviour import basket, chance, telling, visiting
from sim.engines import places
from sim.engines.calendar import WEEK, minute_at, open_from, week_of
from sim.engines.cast import rain_at
from sim.engines.clock import ARRIVES, DWELL_ENDS, priority
from sim.engines.compiled_engine.dealings import deal, enter
from sim.engines.compiled_engine.failures import hand_back, suffer_chances
from sim.engines.compiled_engine.primitives import draw, give_back_row, hold, take_row
from sim.engines.compiled_engine.queues import join, minutes
from sim.engines.compiled_engine.shop import NOBODY, Shop
from sim.engines.compiled_engine.stock import VISIT, take_stock
from sim.engines.compiled_engine.things import borrow, report
from sim.engines.randomness import GAP, ROUTE, SPEND, TIE, TRIP, tie_of, uniform
from sim.engines.records import MOST_PASSES, NO_RESPONSE, NOT_BORROWED, NOT_JOINED, UNTESTED
from sim.kernel import inlined


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
    so_far = places.holds(route.when, visit.reporting, visit.failed, customer.joined != NOT_JOINED)
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
