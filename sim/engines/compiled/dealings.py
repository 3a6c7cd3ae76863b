"""What goes wrong on a visit, and what customer and business have to do with each other: promises, contacts, a yes."""

import numpy as np

from sim.behaviour import chance, experience, promising, recovering, trusting
from sim.engines.compiled.state import NOBODY, State, change, draw, lift
from sim.engines.lowering import HAND_BACK, LEAVE_SHOP
from sim.engines.population import BASE
from sim.engines.randomness import (
    BREAKS,
    COMPLAINT,
    CONVERTS,
    CROSS_SELLS,
    CROSS_SPEND,
    DELIVERS,
    HAPPENS,
    PERMISSION,
    RESOLVES,
    RESPONSE,
)
from sim.engines.records import BROKEN, BUSY, KEPT, NOT_JOINED, UNTESTED, WORKING
from sim.kernel import borrowed, inlined, kernel


@inlined
def suffer_chances(state: State, slot: int) -> None:
    """Whatever may happen here by chance."""
    visit = state.visits[slot]
    touchpoint, k = state.plan.touchpoints[visit.at], state.passes[slot, visit.at]
    for number in range(touchpoint.first_chance, touchpoint.first_chance + touchpoint.chances):
        failure = state.plan.chance_failures[number]
        row = state.plan.failures[failure]
        p = chance.shifted(row.chance, lift(state, row.skill, row.lift))
        if not visit.over and draw(state, slot, row.key, HAPPENS, k) < p:
            suffer(state, slot, failure)
        elif row.breaks_promise and visit.promise == UNTESTED:
            visit.promise = KEPT


@kernel
def suffer(state: State, slot: int, failure: int) -> None:
    """A failure happens: the customer responds, and it takes its part of basket and mood."""
    state = borrowed(state)
    if failure < 0:
        return
    plan, visit = state.plan, state.visits[slot]
    row, k = plan.failures[failure], state.passes[slot, visit.at]
    shares = plan.responses["share"][row.first_response : row.first_response + row.responses]
    chosen = chance.choice(draw(state, slot, row.key, RESPONSE, k), shares)
    if visit.raining and plan.responses[row.first_response + chosen].not_in_rain:
        chosen = 0
    response = plan.responses[row.first_response + chosen]
    state.response[slot, failure], visit.failed = chosen, True
    hurt = response.feels * plan.segments[state.people[visit.person].segment].hurt_times
    visit.felt += experience.felt(hurt, row.weight, plan.loss_aversion)
    if not visit.paid:
        state.kept[slot, failure] *= 1.0 - plan.losses[row.first_response + chosen, visit.trip]
    _act(state, slot, failure, response.then)
    is_customer = state.people[visit.person].joined != NOT_JOINED
    odds = row.customer_odds if is_customer else row.prospect_odds
    visit.odds = 1.0 if visit.agreed_to_buy else odds
    if row.breaks_promise:
        break_promise(state, slot)
    if row.complaint > 0.0 and (visit.holds_bad or not row.of_asset):
        complains = draw(state, slot, row.key, COMPLAINT, k) < row.complaint
        visit.reporting, visit.complained = visit.reporting or complains, visit.complained or complains


@inlined
def break_promise(state: State, slot: int) -> None:
    """Trust takes the hit."""
    visit = state.visits[slot]
    customer = state.people[visit.person]
    visit.promise = BROKEN
    if state.plan.believes and visit.began >= 0.0:
        customer.trust = trusting.after_broken(customer.trust, state.plan.laws[0].hit)


@inlined
def _act(state: State, slot: int, failure: int, then: int) -> None:
    visit = state.visits[slot]
    if then == HAND_BACK:
        hand_back(state, slot)
    elif then == LEAVE_SHOP:
        visit.over = True
        if not visit.paid:
            state.kept[slot, failure] = 0.0


@inlined
def hand_back(state: State, slot: int) -> None:
    """Give back what was borrowed; a sound one may come back broken, and the next borrower meets it."""
    visit = state.visits[slot]
    if visit.pool < 0:
        return
    number = visit.pool
    pool, plan, thing = state.pools[number], state.plan.pools[number], state.services.size + number
    breaks = not visit.holds_bad and draw(state, slot, plan.key, BREAKS, visit.borrowings) < plan.breaks
    pool.idle += 1
    change(state, thing, BUSY, -1)
    if visit.holds_bad or breaks:
        pool.faulty_idle += 1
    if breaks:
        change(state, thing, WORKING, -1)
    visit.pool, visit.holds_bad = NOBODY, False


@inlined
def enter(state: State, slot: int) -> None:
    """What is met on entering a touchpoint: its channel, its claim, an intrusion, and what is felt there."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    visit.failed = False
    if touchpoint.channel >= 0:
        visit.channel = touchpoint.channel
    if state.plan.believes and visit.began >= 0.0:
        _hear(state, slot)
    if touchpoint.on_intrusion >= 0 and not state.people[visit.person].agreed:
        suffer(state, slot, touchpoint.on_intrusion)
    if touchpoint.permission > 0.0 and visit.began >= 0.0:
        _ask_permission(state, slot)
    for number in range(touchpoint.first_attribute, touchpoint.first_attribute + touchpoint.attributes):
        felt = state.plan.attributes[number]
        visit.felt += experience.felt(felt.level, felt.weight, state.plan.loss_aversion)


@inlined
def _hear(state: State, slot: int) -> None:
    """Expectation moves towards what the reputation says, before the first contact, and what is promised."""
    visit, law = state.visits[slot], state.plan.laws[0]
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    first = visit.visit == 0 and visit.at == 0 and state.passes[slot, 0] == 1
    if law.reputation > 0.0 and customer.source != BASE and first:
        customer.expectation = promising.heard(customer.expectation, state.now[0].reputation, law.reputation, 1.0)
    if not np.isnan(touchpoint.claim):
        customer.expectation = promising.heard(customer.expectation, touchpoint.claim, law.hearing, customer.trust)
        customer.promised = touchpoint.claim
        if trusting.is_lie(touchpoint.claim, touchpoint.known):
            customer.cap = min(customer.cap, law.cap_after_lie)


@inlined
def _ask_permission(state: State, slot: int) -> None:
    visit = state.visits[slot]
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    if not customer.agreed:
        u = draw(state, slot, touchpoint.key, PERMISSION, state.passes[slot, visit.at])
        customer.agreed = u < touchpoint.permission


@kernel
def deal(state: State, slot: int) -> None:
    """What is settled before leaving a touchpoint: delivery, contact, decision, and what is bought on top."""
    state = borrowed(state)
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    if not np.isnan(touchpoint.delivers):
        _deliver(state, slot)
    if touchpoint.contact and not visit.over:
        _answer(state, slot)
    if not np.isnan(touchpoint.converts) and not visit.over:
        _decide(state, slot)
    if not np.isnan(touchpoint.cross_sells) and not (visit.over or visit.declined or visit.cross_sold):
        _offer_more(state, slot)


@inlined
def _deliver(state: State, slot: int) -> None:
    """The promise is tested on what is delivered; with the failure off it is met: nothing is felt or learned."""
    visit = state.visits[slot]
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    segment = state.plan.segments[customer.segment]
    promised = customer.expectation if np.isnan(customer.promised) else customer.promised
    u = draw(state, slot, touchpoint.key, DELIVERS, state.passes[slot, visit.at])
    quality = promising.delivered(u, touchpoint.delivers + segment.fit, touchpoint.spread)
    if touchpoint.on_promise < 0:
        visit.delivered = max(quality, promised)
        _keep_promise(state, slot)
    else:
        visit.delivered = quality
        gap = quality - customer.expectation
        weight = state.plan.failures[touchpoint.on_promise].weight
        hurt = gap * segment.hurt_times if gap < 0.0 else gap
        visit.felt += experience.felt(hurt, weight, state.plan.loss_aversion)
        if visit.began >= 0.0:
            customer.expectation = promising.learned(customer.expectation, quality, state.plan.laws[0].learning)
        if promising.is_broken(quality, promised):
            break_promise(state, slot)
            suffer(state, slot, touchpoint.on_promise)
        else:
            _keep_promise(state, slot)


@inlined
def _keep_promise(state: State, slot: int) -> None:
    """Trust heals a little."""
    visit = state.visits[slot]
    customer = state.people[visit.person]
    if visit.promise == UNTESTED:
        visit.promise = KEPT
    if visit.began >= 0.0:
        customer.trust = trusting.after_kept(customer.trust, state.plan.laws[0].heal, customer.cap)


@inlined
def _answer(state: State, slot: int) -> None:
    """A contact settles the question or the complaint, or ends without an answer."""
    visit = state.visits[slot]
    touchpoint = state.plan.touchpoints[visit.at]
    visit.contacts += 1
    lifted = lift(state, touchpoint.resolves_skill, touchpoint.resolves_lift)
    u = draw(state, slot, touchpoint.key, RESOLVES, state.passes[slot, visit.at])
    if u >= chance.shifted(touchpoint.resolves, lifted):
        visit.unsettled = visit.reporting
        suffer(state, slot, touchpoint.on_unresolved)
    else:
        visit.solved_first = visit.solved_first or visit.contacts == 1
        visit.unsettled, visit.reporting = False, False
        if visit.complained and not visit.recovered:
            visit.recovered = True
            visit.felt = recovering.restored(visit.felt, touchpoint.restores)
            visit.refund = max(visit.refund, touchpoint.refund)


@inlined
def _decide(state: State, slot: int) -> None:
    """Yes or no, by what is expected and how much is trusted."""
    visit, law = state.visits[slot], state.plan.laws[0]
    touchpoint, customer = state.plan.touchpoints[visit.at], state.people[visit.person]
    lifted = lift(state, touchpoint.converts_skill, touchpoint.converts_lift)
    if state.plan.believes:
        gain, trusted = customer.expectation - law.expectation, customer.trust - law.trust
        p = promising.conversion(touchpoint.converts, gain, law.by_expectation, trusted, law.by_trust, lifted)
    else:
        p = chance.shifted(touchpoint.converts, lifted)
    visit.declined = draw(state, slot, touchpoint.key, CONVERTS, state.passes[slot, visit.at]) >= p
    visit.agreed_to_buy = not visit.declined


@inlined
def _offer_more(state: State, slot: int) -> None:
    """Who trusts buys more; on what is bought after the till nothing is lost any more."""
    visit, law = state.visits[slot], state.plan.laws[0]
    touchpoint, k = state.plan.touchpoints[visit.at], state.passes[slot, visit.at]
    more = law.by_trust * (state.people[visit.person].trust - law.trust) if state.plan.believes else 0.0
    if draw(state, slot, touchpoint.key, CROSS_SELLS, k) < chance.shifted(touchpoint.cross_sells, more):
        visit.cross_sold = True
        u = draw(state, slot, touchpoint.key, CROSS_SPEND, k)
        amount = chance.lognormal(u, touchpoint.cross_spend, touchpoint.cross_log_sd)
        visit.spend += 0.0 if visit.paid else amount
        visit.on_top += amount if visit.paid else 0.0
