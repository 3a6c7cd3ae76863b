"""The loop: the next event happens, and whoever it is about goes on until the visit ends."""

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import basket, chance, telling, visiting
from sim.engines import lowering
from sim.engines.calendar import WEEK, minute_at, open_from, week_of
from sim.engines.clock import ARRIVES, DWELL_ENDS, RENEGES, REPAIR_ENDS, kind_of, ordinal_of, priority, tie_in
from sim.engines.compiled.dealings import deal, enter, hand_back, suffer_chances
from sim.engines.compiled.queues import borrow, gives_up, join, minutes, repair_ends, report, service_ends
from sim.engines.compiled.settlement import VISIT, settle_visit, stays_away
from sim.engines.compiled.state import NOBODY, State, change, draw, drop_first, give_back_row, hold, take_row
from sim.engines.population import rain_at
from sim.engines.randomness import GAP, ROUTE, SPEND, TIE, TRIP, tie_of, uniform
from sim.engines.records import BUSY, MOST_PASSES, NO_RESPONSE, NOT_BORROWED, NOT_JOINED, QUEUE, UNTESTED, WORKING
from sim.kernel import borrowed, inlined, kernel


@inlined
def begin(state: State, person: int, tie: int) -> None:
    """A visit begins now, in a row of its own."""
    plan, row, now = state.plan, state.people[person], state.now[0].minute
    slot = take_row(state)
    row.slot = slot
    visit = state.visits[slot]
    visit.person, visit.who, visit.visit, visit.tie = person, row.who, row.visits, tie
    row.visits += 1
    visit.began, visit.at = now, 0
    state.now[0].counted += 1
    visit.felt, visit.pool, visit.borrowings, visit.bad_asset = 0.0, NOBODY, 0, NOT_BORROWED
    visit.channel, visit.contacts, visit.promise = 0, 0, UNTESTED
    visit.handled, visit.delivered, visit.refund = 0.0, np.nan, 0.0
    visit.complained, visit.unsettled, visit.recovered, visit.solved_first = False, False, False, False
    visit.failed, visit.declined, visit.cross_sold = False, False, False
    visit.agreed_to_buy, visit.odds, visit.on_top = False, 1.0, 0.0
    visit.holds_bad, visit.reporting, visit.paid, visit.over, visit.waiting = False, False, False, False, False
    state.kept[slot, :] = 1.0
    state.response[slot, :] = NO_RESPONSE
    state.waits[slot, :] = np.nan
    state.passes[slot, :] = 0
    state.joins[slot, :] = 0
    visit.raining = rain_at(state.rain, plan.starts, now)
    visit.trip = chance.choice(draw(state, slot, VISIT, TRIP, 0), plan.trips["share"])
    trip = plan.trips[visit.trip]
    visit.spend = basket.intended_spend(draw(state, slot, VISIT, SPEND, 0), trip.spend, row.level, trip.log_sd)


@inlined
def comes(state: State, person: int) -> bool:
    """Whether someone who would come only if enough is said comes now, for the first time."""
    customer, law, word = state.people[person], state.plan.laws[0], state.now[0]
    if customer.visits > 0 or customer.pull == 0.0:
        return True
    would_be_a_week = (law.newcomers_a_week + law.leads_a_week) / law.considering
    talk = chance.faded(word.talk, (word.minute - word.since) / WEEK, law.talk_half_life)
    return telling.comes(customer.pull, telling.shift(talk, law.talk_half_life, would_be_a_week))


@inlined
def go_on(state: State, slot: int, resumes: bool) -> None:
    """Go from touchpoint to touchpoint until something takes time, or until there is no way on."""
    visit = state.visits[slot]
    while True:
        if not resumes and _meet(state, slot):
            return
        resumes = False
        if not visit.over:
            _settle_up(state, slot)
        visit.at = _way_on(state, slot)
        if visit.at < 0 or visit.over:
            break
    hand_back(state, slot)
    settle_visit(state, slot)
    _next_arrival(state, slot)
    state.people[visit.person].slot = NOBODY
    give_back_row(state, slot)


@inlined
def _meet(state: State, slot: int) -> bool:
    """Enter a touchpoint; whether it takes time, so that some later event goes on from here."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    state.passes[slot, visit.at] += 1
    state.now[0].counted += 1 + touchpoint.chances
    enter(state, slot)
    if touchpoint.borrows >= 0 and not visit.over:
        borrow(state, slot)
    if touchpoint.chances > 0:
        suffer_chances(state, slot)
    if visit.over:
        return False
    if touchpoint.resource >= 0:
        return join(state, slot)
    if touchpoint.timed:
        hold(state, minutes(state, slot), priority(DWELL_ENDS, visit.tie, visit.person))
        return True
    return False


@inlined
def _settle_up(state: State, slot: int) -> None:
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    if touchpoint.hears >= 0 and visit.reporting:
        report(state, slot)
    if touchpoint.deals:
        deal(state, slot)
    visit.paid = visit.paid or (touchpoint.pays and not visit.over and not visit.declined)


@inlined
def _way_on(state: State, slot: int) -> int:
    """The next touchpoint, or -1 when the visit ends here."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    if state.passes[slot, visit.at] >= MOST_PASSES:
        state.now[0].endless = visit.at
        return -1
    if touchpoint.routes == 0 or visit.declined or visit.over:
        return -1
    u, passed = draw(state, slot, touchpoint.key, ROUTE, state.passes[slot, visit.at]), 0.0
    for number in range(touchpoint.first_route, touchpoint.first_route + touchpoint.routes):
        route = state.plan.routes[number]
        if _holds(state, slot, number):
            passed += route.share
        if u < passed:
            _count_flow(state, number)
            return int(route.to)
    return -1


@inlined
def _count_flow(state: State, route: int) -> None:
    week = week_of(state.now[0].minute)
    if 0 <= week < state.plan.weeks:
        state.flows[route, week] += 1.0


@inlined
def _holds(state: State, slot: int, number: int) -> bool:
    """Whether that way is open to this visit."""
    visit, route = state.visits[slot], state.plan.routes[number]
    customer, channel = state.people[visit.person], state.plan.touchpoints[route.to].channel
    may_go = channel < 0 or state.plan.segments[customer.segment].may_use >> channel & 1 == 1
    chosen = route.segments >> customer.segment & 1 == 1 and route.trips >> visit.trip & 1 == 1
    so_far = lowering.holds(route.when, visit.reporting, visit.failed, customer.joined != NOT_JOINED)
    return may_go and chosen and so_far


@inlined
def _next_arrival(state: State, slot: int) -> None:
    """Who is still a customer comes again; who is still here when the next visit is due begins it on leaving."""
    plan, now, person = state.plan, state.now[0].minute, state.visits[slot].person
    row = state.people[person]
    if not row.here:
        return
    u = uniform(state.seed, state.stream, row.who, row.visits, VISIT, GAP, 0)
    row.next_week += visiting.gap_weeks(u, row.visits_per_week, plan.gaps)
    planned = minute_at(row.next_week, plan.minutes, plan.op_weeks, plan.guide)
    if planned < now:
        planned = open_from(now, plan.minutes, plan.op_weeks)
    if planned < plan.ends:
        will_arrive(state, person, planned)


@inlined
def will_arrive(state: State, person: int, planned: float) -> None:
    """Put an arrival on the event_list, with the tie of that visit."""
    now, row = state.now[0], state.people[person]
    tie = tie_of(uniform(state.seed, state.stream, row.who, row.visits, VISIT, TIE, 0))
    hold(state, planned - now.minute, priority(ARRIVES, tie, person))


_NEW_EVENTS = 8  # more than one event can add to the event_list, repairs apart
DONE, PAGE_FULL, LIST_FULL, PAUSED, ENDLESS = range(5)


@kernel
def open_doors(state: State, first_minute: NDArray[np.float64]) -> int:
    """Put everybody's first arrival on the event_list."""
    state = borrowed(state)
    for person in range(first_minute.size):
        if first_minute[person] < state.plan.ends:
            will_arrive(state, person, first_minute[person])
    return PAUSED


@kernel
def close_books(state: State) -> None:
    """Bring every level up to the end."""
    state = borrowed(state)
    state.now[0].minute = max(state.now[0].minute, state.plan.ends)
    for thing in range(state.levels.shape[0]):
        for counter in (QUEUE, BUSY, WORKING):
            change(state, thing, counter, 0)


@kernel
def advance(state: State, most_events: int) -> int:
    """Let about that many events happen, or fewer: until none is left, the page is full or the event_list is."""
    state = borrowed(state)
    now = state.now[0]
    enough = now.counted + most_events
    # A visit through touchpoints that take no time may have every thing there is pulled and its repair begun.
    room_needed = _NEW_EVENTS + state.visits.size - state.people.size
    for _ in range(most_events):
        if now.events == 0:
            return DONE
        if now.rows == state.page.rows.size:
            return PAGE_FULL
        if now.events + room_needed > state.event_list.size:
            return LIST_FULL
        now.minute = state.event_list[0].minute
        code = state.event_list[0].priority
        drop_first(state.event_list, now.events)
        now.events -= 1
        _happens(state, kind_of(code), tie_in(code), ordinal_of(code))
        if now.endless >= 0:
            return ENDLESS
        if now.counted >= enough:
            return PAUSED
    return PAUSED


@inlined
def _happens(state: State, kind: int, tie: int, ordinal: int) -> None:
    if kind == REPAIR_ENDS:
        repair_ends(state, tie)
        return
    if kind == ARRIVES:
        if state.now[0].minute >= state.plan.ends or not comes(state, ordinal):
            return
        if state.plan.decides_before and stays_away(state, ordinal):
            return
        begin(state, ordinal, tie)
        resumes = False
    else:
        at = state.people[ordinal].slot
        resumes = True
        if kind == RENEGES:
            if not gives_up(state, at, tie):
                return
        elif kind != DWELL_ENDS:
            service_ends(state, state.plan.touchpoints[state.visits[at].at].resource)
    go_on(state, state.people[ordinal].slot, resumes)
