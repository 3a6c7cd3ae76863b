"""What happens at each step of a visit, written once for both engines and free of their clocks.

A rule takes the engine's state and the visit: objects in the SimPy engine, records of arrays in the compiled one, with
the fields of `sim.engines.people` under the same names. Both states have the `plan`, `seed` and `stream` for luck,
`people`, `pools`, `levels`, `counters` and `flows`, what is kept of a visit by failure point and touchpoint (`kept`,
`response`, `waits`, `passes` and `joins`), and `now[0]`: the minute, what is said about the business, and the count.
Here is coming, meeting and going on, and what customer and business have to do with each other: promises, contacts,
decisions. What goes wrong is in `incidents`, how a visit is settled in `settlement`. Nothing of a relationship moves in
the warm-up.
"""

import math
from typing import Any

from sim.behaviour import basket, chance, experience, promising, telling, visiting
from sim.engines import lowering
from sim.engines.clock import WEEK, minute_at, open_from, week_of
from sim.engines.incidents import borrow, break_promise, draw, lift, report, suffer, suffer_chances, tell
from sim.engines.people import NOWHERE, Kind
from sim.engines.population import BASE, rain_at
from sim.engines.randomness import (
    CONVERTS,
    CROSS_SELLS,
    CROSS_SPEND,
    DELIVERS,
    DURATION,
    GAP,
    PATIENCE,
    PERMISSION,
    RESOLVES,
    ROUTE,
    SPEND,
    TIE,
    TRIP,
    tie_of,
    uniform,
)
from sim.engines.records import KEPT, MOST_PASSES, NOT_JOINED, UNTESTED
from sim.engines.settlement import VISIT, stays_away
from sim.kernel import borrowed, called_rule, rule


@rule
def tie_of_next(state: Any, customer: Any) -> int:
    """Who goes first when several arrive at once."""
    return tie_of(uniform(state.seed, state.stream, customer.who, customer.visits, VISIT, TIE, 0))


@rule
def comes(state: Any, customer: Any) -> bool:
    """Whether someone whose visit is due now comes: before the end, if enough is said, and if they stay a customer."""
    if state.now[0].minute >= state.plan.ends or not _hears_enough(state, customer):
        return False
    if state.plan.decides_before and stays_away(state, customer):
        tell(state, Kind.STAYS_AWAY, None)
        return False
    return True


@rule
def _hears_enough(state: Any, customer: Any) -> bool:
    """Whether someone who would come only if enough is said comes now, for the first time."""
    law, word = state.plan.laws[0], state.now[0]
    if customer.visits > 0 or customer.pull == 0.0:
        return True
    would_be_a_week = (law.newcomers_a_week + law.leads_a_week) / law.considering
    talk = chance.faded(word.talk, (word.minute - word.since) / WEEK, law.talk_half_life)
    return telling.comes(customer.pull, telling.shift(talk, law.talk_half_life, would_be_a_week))


@rule
def next_arrival(state: Any, customer: Any) -> float:
    """The minute at which the customer comes again; infinity for who does not.

    Who is still here when the next visit is due begins it on leaving.
    """
    plan, now = state.plan, state.now[0].minute
    if not customer.here:
        return math.inf
    u = uniform(state.seed, state.stream, customer.who, customer.visits, VISIT, GAP, 0)
    customer.next_week += visiting.gap_weeks(u, customer.visits_per_week, plan.gaps)
    planned = minute_at(customer.next_week, plan.minutes, plan.op_weeks, plan.guide)
    return planned if planned >= now else open_from(now, plan.minutes, plan.op_weeks)


@rule
def begin(state: Any, visit: Any) -> None:
    """A visit begins now; the customer's next one will have the next ordinal."""
    plan, customer, now = state.plan, state.people[visit.person], state.now[0]
    visit.who, visit.ordinal, visit.segment, visit.began = customer.who, customer.visits, customer.segment, now.minute
    customer.visits += 1
    now.counted += 1
    visit.raining = rain_at(state.rain, plan.starts, now.minute)
    visit.trip = chance.choice(draw(state, visit, VISIT, TRIP, 0), plan.trip_shares)
    trip = plan.trips[visit.trip]
    visit.spend = basket.intended_spend(draw(state, visit, VISIT, SPEND, 0), trip.spend, customer.level, trip.log_sd)
    tell(state, Kind.ARRIVES, visit, NOWHERE, visit.trip)


@rule
def meet(state: Any, visit: Any) -> None:
    """Come to a touchpoint: what is met there, what is borrowed, and what goes wrong by chance."""
    touchpoint, passes = state.plan.touchpoints[visit.at], state.passes[visit.slot]
    passes[visit.at] += 1
    visit.pass_here = passes[visit.at]
    state.now[0].counted += 1 + touchpoint.chances
    enter(state, visit)
    if touchpoint.borrows >= 0 and not visit.over:
        borrow(state, visit)
    if touchpoint.chances > 0:
        suffer_chances(state, visit)


@rule
def balks(state: Any, visit: Any, waiting: int) -> bool:
    """Whether a queue of so many is too long already; then what a long wait does happens at once."""
    touchpoint = state.plan.touchpoints[visit.at]
    too_long = touchpoint.on_wait >= 0 and touchpoint.balks_at >= 0 and waiting >= touchpoint.balks_at
    if too_long:
        suffer(state, visit, touchpoint.on_wait)
    return bool(too_long)


@rule
def patience(state: Any, visit: Any) -> float:
    """How many minutes the customer waits here before a long wait does what it does."""
    touchpoint = state.plan.touchpoints[visit.at]
    mean = touchpoint.patience * state.plan.segments[visit.segment].patience_times
    return chance.exponential(draw(state, visit, touchpoint.key, PATIENCE, visit.pass_here), mean)


@rule
def ends_wait(state: Any, visit: Any) -> None:
    """Add a joining of the queue here, and what was waited there."""
    waits = state.waits[visit.slot]
    before, waited = waits[visit.at], state.now[0].minute - visit.asked
    waits[visit.at] = waited if math.isnan(before) else before + waited
    state.joins[visit.slot][visit.at] += 1


@rule
def minutes(state: Any, visit: Any) -> float:
    """How long this touchpoint takes."""
    touchpoint = state.plan.touchpoints[visit.at]
    times = state.plan.trips[visit.trip].time_times if touchpoint.grows else 1.0
    u = draw(state, visit, touchpoint.key, DURATION, visit.pass_here)
    taken = chance.duration(u, touchpoint.law, touchpoint.mean * times, touchpoint.log_sd)
    if touchpoint.contact:
        visit.handled += taken
    return taken


@rule
def settle_up(state: Any, visit: Any) -> None:
    """Before leaving a touchpoint: report, deal, pay."""
    touchpoint = state.plan.touchpoints[visit.at]
    if touchpoint.hears >= 0 and visit.reporting:
        report(state, visit)
    if touchpoint.deals:
        deal(state, visit)
    if touchpoint.pays and not (visit.paid or visit.over or visit.declined):
        visit.paid = True
        tell(state, Kind.PAYS, visit)


@rule
def way_on(state: Any, visit: Any) -> int:
    """The next touchpoint, or -1 when the visit ends here, or would go on for ever."""
    touchpoint = state.plan.touchpoints[visit.at]
    if visit.pass_here >= MOST_PASSES:
        state.now[0].endless = visit.at
        return -1
    if touchpoint.routes == 0 or visit.declined or visit.over:
        return -1
    u, passed = draw(state, visit, touchpoint.key, ROUTE, visit.pass_here), 0.0
    for number in range(touchpoint.first_route, touchpoint.first_route + touchpoint.routes):
        route = state.plan.routes[number]
        if _is_open(state, visit, route):
            passed += route.share
        if u < passed:
            week = week_of(state.now[0].minute)
            if 0 <= week < state.plan.weeks:
                state.flows[number][week] += 1.0
            return int(route.to)
    return -1


@rule
def _is_open(state: Any, visit: Any, route: Any) -> bool:
    """Whether that way is open to this visit."""
    channel = state.plan.touchpoints[route.to].channel
    may_go = channel < 0 or state.plan.segments[visit.segment].may_use >> channel & 1 == 1
    chosen = route.segments >> visit.segment & 1 == 1 and route.trips >> visit.trip & 1 == 1
    is_customer = state.people[visit.person].joined != NOT_JOINED
    return may_go and chosen and lowering.holds(route.when, visit.reporting, visit.failed, is_customer)


@rule
def enter(state: Any, visit: Any) -> None:
    """What is met on entering a touchpoint: its channel, its claim, an intrusion, and what is felt there."""
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    visit.failed = False
    if touchpoint.channel >= 0:
        visit.channel = touchpoint.channel
    if state.plan.believes and visit.began >= 0.0:
        _hear(state, visit)
    if touchpoint.on_intrusion >= 0 and not customer.agreed:
        suffer(state, visit, touchpoint.on_intrusion)
    if touchpoint.permission > 0.0 and visit.began >= 0.0 and not customer.agreed:
        customer.agreed = draw(state, visit, touchpoint.key, PERMISSION, visit.pass_here) < touchpoint.permission
    for number in range(touchpoint.first_attribute, touchpoint.first_attribute + touchpoint.attributes):
        felt = state.plan.attributes[number]
        visit.felt += experience.felt(felt.level, felt.weight, state.plan.loss_aversion)


@rule
def _hear(state: Any, visit: Any) -> None:
    """Expectation moves towards what the reputation says, before the first contact, and what is promised."""
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    law = state.plan.laws[0]
    first = visit.ordinal == 0 and visit.at == 0 and visit.pass_here == 1
    if law.reputation > 0.0 and customer.source != BASE and first:
        customer.expectation = promising.heard(customer.expectation, state.now[0].reputation, law.reputation, 1.0)
    if not math.isnan(touchpoint.claim):
        customer.expectation = promising.heard(customer.expectation, touchpoint.claim, law.hearing, customer.trust)
        customer.promised = touchpoint.claim
        if promising.is_lie(touchpoint.claim, touchpoint.known):
            customer.cap = min(customer.cap, law.cap_after_lie)


@called_rule
def deal(state: Any, visit: Any) -> None:
    """What is settled before leaving a touchpoint: delivery, contact, decision, and what is bought on top."""
    state = borrowed(state)
    touchpoint = state.plan.touchpoints[visit.at]
    if not math.isnan(touchpoint.delivers):
        _deliver(state, visit)
    if touchpoint.contact and not visit.over:
        _answer(state, visit)
    if not math.isnan(touchpoint.converts) and not visit.over:
        _decide(state, visit)
    if not math.isnan(touchpoint.cross_sells) and not (visit.over or visit.declined or visit.cross_sold):
        _offer_more(state, visit)


@rule
def _deliver(state: Any, visit: Any) -> None:
    """The promise is tested on what is delivered; with the failure off it is met: nothing is felt or learned."""
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    segment = state.plan.segments[visit.segment]
    promised = customer.expectation if math.isnan(customer.promised) else customer.promised
    u = draw(state, visit, touchpoint.key, DELIVERS, visit.pass_here)
    quality = promising.delivered(u, touchpoint.delivers + segment.fit, touchpoint.spread)
    if touchpoint.on_promise < 0:
        visit.delivered = max(quality, promised)
        _keep_promise(state, visit)
    else:
        visit.delivered = quality
        gap = quality - customer.expectation
        weight = state.plan.failures[touchpoint.on_promise].weight
        hurt = gap * segment.hurt_times if gap < 0.0 else gap
        visit.felt += experience.felt(hurt, weight, state.plan.loss_aversion)
        if visit.began >= 0.0:
            customer.expectation = promising.learned(customer.expectation, quality, state.plan.laws[0].learning)
        if promising.is_broken(quality, promised):
            break_promise(state, visit)
            suffer(state, visit, touchpoint.on_promise)
        else:
            _keep_promise(state, visit)


@rule
def _keep_promise(state: Any, visit: Any) -> None:
    """Trust heals a little."""
    tell(state, Kind.IS_KEPT, visit)
    if visit.promise == UNTESTED:
        visit.promise = KEPT
    if visit.began >= 0.0:
        customer = state.people[visit.person]
        customer.trust = promising.after_kept(customer.trust, state.plan.laws[0].heal, customer.cap)


@rule
def _answer(state: Any, visit: Any) -> None:
    """A contact settles the question or the complaint, or ends without an answer."""
    touchpoint = state.plan.touchpoints[visit.at]
    visit.contacts += 1
    lifted = lift(state, touchpoint.resolves_skill, touchpoint.resolves_lift)
    u = draw(state, visit, touchpoint.key, RESOLVES, visit.pass_here)
    if u >= chance.shifted(touchpoint.resolves, lifted):
        visit.unsettled = visit.reporting
        suffer(state, visit, touchpoint.on_unresolved)
    else:
        visit.solved_first = visit.solved_first or visit.contacts == 1
        visit.unsettled, visit.reporting = False, False
        tell(state, Kind.IS_SETTLED, visit)
        if visit.complained and not visit.recovered:
            visit.recovered = True
            visit.felt = experience.restored(visit.felt, touchpoint.restores)
            visit.refund = max(visit.refund, touchpoint.refund)


@rule
def _decide(state: Any, visit: Any) -> None:
    """Yes or no, by what is expected and how much is trusted."""
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    law = state.plan.laws[0]
    lifted = lift(state, touchpoint.converts_skill, touchpoint.converts_lift)
    if state.plan.believes:
        gain, trusted = customer.expectation - law.expectation, customer.trust - law.trust
        p = promising.conversion(touchpoint.converts, gain, law.by_expectation, trusted, law.by_trust, lifted)
    else:
        p = chance.shifted(touchpoint.converts, lifted)
    visit.declined = draw(state, visit, touchpoint.key, CONVERTS, visit.pass_here) >= p
    visit.agreed_to_buy = not visit.declined
    tell(state, Kind.DECLINES if visit.declined else Kind.AGREES, visit)


@rule
def _offer_more(state: Any, visit: Any) -> None:
    """Who trusts buys more; on what is bought after the till nothing is lost any more."""
    touchpoint, law, k = state.plan.touchpoints[visit.at], state.plan.laws[0], visit.pass_here
    more = law.by_trust * (state.people[visit.person].trust - law.trust) if state.plan.believes else 0.0
    if draw(state, visit, touchpoint.key, CROSS_SELLS, k) < chance.shifted(touchpoint.cross_sells, more):
        visit.cross_sold = True
        tell(state, Kind.ADDS, visit)
        u = draw(state, visit, touchpoint.key, CROSS_SPEND, k)
        amount = chance.lognormal(u, touchpoint.cross_spend, touchpoint.cross_log_sd)
        visit.spend += 0.0 if visit.paid else amount
        visit.on_top += amount if visit.paid else 0.0
