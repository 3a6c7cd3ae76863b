"""What goes wrong on a visit and what the customer then does; and things that are lent out, brought back and reported.

Like every rule of a visit (see `visit_rules`) written once for both engines.
"""

from typing import Any

from sim.behaviour import borrowing, chance, experience, promising
from sim.engines.clock import WEEK, week_of
from sim.engines.lowering import HAND_BACK, LEAVE_SHOP
from sim.engines.people import BROKE, NOBODY, NOWHERE, Kind
from sim.engines.randomness import BORROWS, BREAKS, COMPLAINT, FAULTY, HAPPENS, REPAIR, RESPONSE, uniform
from sim.engines.records import (
    BAD,
    BROKEN,
    BUSY,
    KEPT,
    NOT_JOINED,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    SOUND,
    UNTESTED,
    WORKING,
    add_level,
)
from sim.kernel import borrowed, called_rule, in_compiled, rule


def tell(state: Any, kind: Kind, visit: Any, what: int = NOWHERE, detail: int = 0) -> None:
    """Tell the trace, if there is one, what happens (see `trace`)."""
    if state.trace is not None:
        state.trace(state.now[0].minute, kind, visit, what, detail)


@in_compiled(tell)
def _no_tale(state: Any, kind: Kind, visit: Any, what: int = NOWHERE, detail: int = 0) -> None:
    """Compiled code has no trace."""


def ask_for_repair(state: Any, pool: int, job: int) -> None:
    """A pulled thing asks for the repairer: at once, or in the queue, as the engine's clock has it."""
    state.ask_for_repair(pool, job)


@rule
def draw(state: Any, visit: Any, place: int, purpose: int, k: int) -> float:
    """The luck of this customer on this visit, at this place, for this purpose."""
    return uniform(state.seed, state.stream, visit.who, visit.ordinal, place, purpose, k)


@rule
def change(state: Any, thing: int, counter: int, by: int) -> None:
    """Move a level of a service or pool by that much, from now on."""
    row, now = state.levels[thing][counter], state.now[0].minute
    add_level(state.counters[thing][counter], float(row.level), row.since, now)
    row.level += by
    row.since = now


@rule
def count(state: Any, thing: int, counter: int) -> None:
    """Count one more in this week; warm-up is not counted."""
    week = week_of(state.now[0].minute)
    if 0 <= week < state.plan.weeks:
        state.counters[thing][counter][week] += 1.0


@rule
def thing_of(state: Any, pool: int) -> int:
    """Where the levels of a pool stand: after those of the services."""
    return int(state.plan.servers.size + pool)


@rule
def lift(state: Any, number: int, log_odds: float) -> float:
    """What a skill adds to a chance now, in log-odds; 0 where there is none."""
    added = 0.0
    if number >= 0:
        skill, week = state.plan.skills[number], state.now[0].minute / WEEK
        added = log_odds * borrowing.skill(week, skill.at_start, skill.half_life, skill.every, skill.restores)
    return added


@rule
def repair_minutes(state: Any, number: int, job: int) -> float:
    """How long the repair of a pool's thing takes, by its number."""
    pool = state.plan.pools[number]
    u = uniform(state.seed, state.stream, job, 0, pool.key, REPAIR, 0)
    return chance.duration(u, pool.law, pool.mean, pool.log_sd)


@rule
def suffer_chances(state: Any, visit: Any) -> None:
    """Whatever may happen here by chance."""
    touchpoint = state.plan.touchpoints[visit.at]
    for number in range(touchpoint.first_chance, touchpoint.first_chance + touchpoint.chances):
        failure = state.plan.chance_failures[number]
        row = state.plan.failures[failure]
        p = chance.shifted(row.chance, lift(state, row.skill, row.lift))
        if not visit.over and draw(state, visit, row.key, HAPPENS, visit.pass_here) < p:
            suffer(state, visit, failure)
        elif row.breaks_promise and visit.promise == UNTESTED:
            visit.promise = KEPT


@called_rule
def suffer(state: Any, visit: Any, failure: int) -> None:
    """A failure happens: the customer responds, and it takes its part of basket and mood."""
    state = borrowed(state)
    if failure < 0:
        return
    plan, k = state.plan, visit.pass_here
    row = plan.failures[failure]
    first = row.first_response
    shares = plan.response_shares[first : first + row.responses]
    chosen = chance.choice(draw(state, visit, row.key, RESPONSE, k), shares)
    if visit.raining and plan.responses[first + chosen].not_in_rain:
        chosen = 0
    response = plan.responses[first + chosen]
    state.response[visit.slot][failure], visit.failed = chosen, True
    hurt = response.feels * plan.segments[visit.segment].hurt_times
    visit.felt += experience.felt(hurt, row.weight, plan.loss_aversion)
    if not visit.paid:
        state.kept[visit.slot][failure] *= 1.0 - plan.losses[first + chosen, visit.trip]
    tell(state, Kind.FAILS, visit, failure, chosen)
    _act(state, visit, failure, response.then)
    odds = row.customer_odds if state.people[visit.person].joined != NOT_JOINED else row.prospect_odds
    visit.odds = 1.0 if visit.agreed_to_buy else odds
    if row.breaks_promise:
        break_promise(state, visit)
    if row.complaint > 0.0 and (visit.holds_bad or not row.of_asset):
        _complain(state, visit, draw(state, visit, row.key, COMPLAINT, k) < row.complaint)


@rule
def _complain(state: Any, visit: Any, complains: bool) -> None:
    if complains:
        visit.reporting, visit.complained = True, True
        tell(state, Kind.SPEAKS_UP, visit)


@rule
def _act(state: Any, visit: Any, failure: int, then: int) -> None:
    if then == HAND_BACK:
        hand_back(state, visit)
    elif then == LEAVE_SHOP:
        visit.over = True
        if not visit.paid:
            state.kept[visit.slot][failure] = 0.0


@rule
def break_promise(state: Any, visit: Any) -> None:
    """Trust takes the hit."""
    visit.promise = BROKEN
    if state.plan.believes and visit.began >= 0.0:
        customer = state.people[visit.person]
        customer.trust = promising.after_broken(customer.trust, state.plan.laws[0].hit)


@rule
def borrow(state: Any, visit: Any) -> None:
    """Draw one of the things in the bay at random; an empty bay is a failure of its own."""
    touchpoint = state.plan.touchpoints[visit.at]
    number = touchpoint.borrows
    pool, key = state.pools[number], state.plan.pools[number].key
    if visit.pool >= 0 or draw(state, visit, key, BORROWS, 0) >= state.plan.trips[visit.trip].borrows:
        return
    if pool.idle == 0:
        count(state, thing_of(state, number), SHORTAGES)
        tell(state, Kind.FINDS_NONE, visit, number)
        suffer(state, visit, touchpoint.on_shortage)
        return
    visit.pool = number
    visit.borrowings += 1
    u = draw(state, visit, key, FAULTY, visit.pass_here)
    visit.holds_bad = borrowing.draws_faulty(u, pool.faulty_idle, pool.idle)
    visit.bad_asset = BAD if visit.holds_bad else SOUND
    pool.idle -= 1
    pool.faulty_idle -= visit.holds_bad
    change(state, thing_of(state, number), BUSY, 1)
    tell(state, Kind.TAKES, visit, number, visit.bad_asset)
    if visit.holds_bad:
        suffer(state, visit, touchpoint.on_asset)


@rule
def hand_back(state: Any, visit: Any) -> None:
    """Give back what was borrowed; a sound one may come back broken, and the next borrower meets it."""
    if visit.pool < 0:
        return
    number, bad = visit.pool, visit.holds_bad
    pool, row, thing = state.pools[number], state.plan.pools[number], thing_of(state, number)
    breaks = not bad and draw(state, visit, row.key, BREAKS, visit.borrowings) < row.breaks
    pool.idle += 1
    change(state, thing, BUSY, -1)
    if bad or breaks:
        pool.faulty_idle += 1
    if breaks:
        change(state, thing, WORKING, -1)
    tell(state, Kind.BRINGS_BACK, visit, number, BAD if bad else BROKE if breaks else SOUND)
    visit.pool, visit.holds_bad = NOBODY, False


@called_rule
def report(state: Any, visit: Any) -> None:
    """Report the bad thing in hand: it is pulled, or refused and put back into line."""
    state = borrowed(state)
    touchpoint = state.plan.touchpoints[visit.at]
    visit.reporting = False
    if visit.pool != touchpoint.hears or not visit.holds_bad:
        return
    number = visit.pool
    pool, thing = state.pools[number], thing_of(state, number)
    count(state, thing, REPORTS)
    visit.unsettled = False
    if touchpoint.always_acts or borrowing.may_be_pulled(pool.idle, state.plan.pools[number].reserve):
        visit.pool, visit.holds_bad = NOBODY, False
        pool.pulled += 1
        change(state, thing, BUSY, -1)
        change(state, thing, QUEUE, 1)
        ask_for_repair(state, number, pool.pulled)
        tell(state, Kind.IS_PULLED, visit, number)
    else:
        count(state, thing, REFUSALS)
        tell(state, Kind.IS_REFUSED, visit, number)
        visit.unsettled = True
        suffer(state, visit, touchpoint.on_unresolved)


@rule
def mended(state: Any, number: int) -> None:
    """A thing of that pool comes back from repair, sound."""
    thing = thing_of(state, number)
    state.pools[number].idle += 1
    change(state, thing, QUEUE, -1)
    change(state, thing, WORKING, 1)
    count(state, thing, REPAIRS)
    tell(state, Kind.MENDED, None, number)
