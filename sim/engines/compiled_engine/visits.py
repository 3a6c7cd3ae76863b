"""One visit, from arriving to deciding whether to come again."""

import numpy as np

from sim.behaviour import basket, chance, experience, leaving, visiting
from sim.engines.calendar import minute_at, open_from, week_of
from sim.engines.cast import BASE, PASSER_BY, rain_at
from sim.engines.clock import ARRIVES, DWELL_ENDS, priority
from sim.engines.compiled_engine.failures import hand_back, suffer_chances
from sim.engines.compiled_engine.primitives import draw, give_back_row, hold, take_row
from sim.engines.compiled_engine.queues import join, minutes
from sim.engines.compiled_engine.shop import NOBODY, Shop
from sim.engines.compiled_engine.things import borrow, report
from sim.engines.randomness import GAP, LEAVE, ROUTE, SPEND, TIE, TRIP, tie_of, uniform
from sim.engines.records import NO_RESPONSE, NOT_BORROWED
from sim.kernel import inlined

_VISIT = 0  # the place of what belongs to a visit as a whole


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
    visit.felt, visit.pool, visit.borrowings, visit.bad_asset = 0.0, NOBODY, 0, NOT_BORROWED
    visit.holds_bad, visit.reporting, visit.paid, visit.over, visit.waiting = False, False, False, False, False
    shop.kept[guest, :] = 1.0
    shop.response[guest, :] = NO_RESPONSE
    shop.waits[guest, :] = np.nan
    shop.passes[guest, :] = 0
    visit.raining = rain_at(shop.rain, plan.starts, now)
    visit.trip = chance.choice(draw(shop, guest, _VISIT, TRIP, 0), plan.trips["share"])
    trip = plan.trips[visit.trip]
    visit.spend = basket.intended_spend(draw(shop, guest, _VISIT, SPEND, 0), trip.spend, row.level, trip.log_sd)


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
    _take_stock(shop, guest)
    _next_arrival(shop, guest)
    shop.people[visit.person].guest = NOBODY
    give_back_row(shop, guest)


@inlined
def _meet(shop: Shop, guest: int) -> bool:
    """Enter a touchpoint; whether it takes time, so that some later event goes on from here."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    shop.passes[guest, visit.at] += 1
    if touchpoint.borrows >= 0:
        borrow(shop, guest)
    if touchpoint.chances > 0:
        suffer_chances(shop, guest)
    if visit.over:
        return False
    if touchpoint.resource >= 0:
        join(shop, guest)
        return True
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
    visit.paid = visit.paid or touchpoint.pays


@inlined
def _way_on(shop: Shop, guest: int) -> int:
    """The next touchpoint, or -1 when the visit ends here."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    if touchpoint.routes == 0:
        return -1
    u, passed = draw(shop, guest, touchpoint.key, ROUTE, shop.passes[guest, visit.at]), 0.0
    for number in range(touchpoint.first_route, touchpoint.first_route + touchpoint.routes):
        route = shop.plan.routes[number]
        if not route.reporting or visit.reporting:
            passed += route.share
            if u < passed:
                return int(route.to)
    return -1


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
    for k in range(shop.waits.shape[1]):
        shop.page.wait[number, k] = shop.waits[guest, k]
    for k in range(shop.response.shape[1]):
        shop.page.response[number, k] = shop.response[guest, k]


@inlined
def _leaves(shop: Shop, guest: int) -> bool:
    """Flip the coin of the relationship."""
    plan, visit = shop.plan, shop.guests[guest]
    customer = shop.people[visit.person]
    if not leaving.may_leave(customer.source == BASE, visit.visit):
        return False
    multiplier = leaving.hazard_multiplier(customer.satisfaction, plan.reference, plan.leaving_sensitivity)
    return leaving.leaves(draw(shop, guest, _VISIT, LEAVE, 0), customer.hazard, multiplier)


@inlined
def _next_arrival(shop: Shop, guest: int) -> None:
    """Who is still a customer comes again; who is still here when the next visit is due begins it on leaving."""
    plan, now, person = shop.plan, shop.now[0].minute, shop.guests[guest].person
    row = shop.people[person]
    if row.source == PASSER_BY or row.left_week >= 0:
        return
    u = uniform(shop.seed, shop.stream, row.who, row.visits, _VISIT, GAP, 0)
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
    tie = tie_of(uniform(shop.seed, shop.stream, row.who, row.visits, _VISIT, TIE, 0))
    hold(shop, planned - now.minute, priority(ARRIVES, tie, person))
