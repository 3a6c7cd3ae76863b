"""What goes wrong on a visit, and what customer and business have to do with each other: promises, contacts, a yes."""

import numpy as np

from sim.behaviour import chance, experience, promising, recovering, trusting
from sim.engines.compiled.state import NOBODY, Shop, change, draw, lift
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
def suffer_chances(shop: Shop, guest: int) -> None:
    """Whatever may happen here by chance."""
    visit = shop.guests[guest]
    touchpoint, k = shop.plan.touchpoints[visit.at], shop.passes[guest, visit.at]
    for number in range(touchpoint.first_chance, touchpoint.first_chance + touchpoint.chances):
        failure = shop.plan.chance_failures[number]
        row = shop.plan.failures[failure]
        p = chance.shifted(row.chance, lift(shop, row.skill, row.lift))
        if not visit.over and draw(shop, guest, row.key, HAPPENS, k) < p:
            suffer(shop, guest, failure)
        elif row.breaks_promise and visit.promise == UNTESTED:
            visit.promise = KEPT


@kernel
def suffer(shop: Shop, guest: int, failure: int) -> None:
    """A failure happens: the customer responds, and it takes its part of basket and mood."""
    shop = borrowed(shop)
    if failure < 0:
        return
    plan, visit = shop.plan, shop.guests[guest]
    row, k = plan.failures[failure], shop.passes[guest, visit.at]
    shares = plan.responses["share"][row.first_response : row.first_response + row.responses]
    chosen = chance.choice(draw(shop, guest, row.key, RESPONSE, k), shares)
    if visit.raining and plan.responses[row.first_response + chosen].not_in_rain:
        chosen = 0
    response = plan.responses[row.first_response + chosen]
    shop.response[guest, failure], visit.failed = chosen, True
    hurt = response.feels * plan.segments[shop.people[visit.person].segment].hurt_times
    visit.felt += experience.felt(hurt, row.weight, plan.loss_aversion)
    if not visit.paid:
        shop.kept[guest, failure] *= 1.0 - plan.losses[row.first_response + chosen, visit.trip]
    _act(shop, guest, failure, response.then)
    is_customer = shop.people[visit.person].joined != NOT_JOINED
    odds = row.customer_odds if is_customer else row.prospect_odds
    visit.odds = 1.0 if visit.agreed_to_buy else odds
    if row.breaks_promise:
        break_promise(shop, guest)
    if row.complaint > 0.0 and (visit.holds_bad or not row.of_asset):
        complains = draw(shop, guest, row.key, COMPLAINT, k) < row.complaint
        visit.reporting, visit.complained = visit.reporting or complains, visit.complained or complains


@inlined
def break_promise(shop: Shop, guest: int) -> None:
    """Trust takes the hit."""
    visit = shop.guests[guest]
    customer = shop.people[visit.person]
    visit.promise = BROKEN
    if shop.plan.believes and visit.began >= 0.0:
        customer.trust = trusting.after_broken(customer.trust, shop.plan.laws[0].hit)


@inlined
def _act(shop: Shop, guest: int, failure: int, then: int) -> None:
    visit = shop.guests[guest]
    if then == HAND_BACK:
        hand_back(shop, guest)
    elif then == LEAVE_SHOP:
        visit.over = True
        if not visit.paid:
            shop.kept[guest, failure] = 0.0


@inlined
def hand_back(shop: Shop, guest: int) -> None:
    """Give back what was borrowed; a sound one may come back broken, and the next borrower meets it."""
    visit = shop.guests[guest]
    if visit.pool < 0:
        return
    number = visit.pool
    pool, plan, thing = shop.pools[number], shop.plan.pools[number], shop.services.size + number
    breaks = not visit.holds_bad and draw(shop, guest, plan.key, BREAKS, visit.borrowings) < plan.breaks
    pool.idle += 1
    change(shop, thing, BUSY, -1)
    if visit.holds_bad or breaks:
        pool.faulty_idle += 1
    if breaks:
        change(shop, thing, WORKING, -1)
    visit.pool, visit.holds_bad = NOBODY, False


@inlined
def enter(shop: Shop, guest: int) -> None:
    """What is met on entering a touchpoint: its channel, its claim, an intrusion, and what is felt there."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    visit.failed = False
    if touchpoint.channel >= 0:
        visit.channel = touchpoint.channel
    if shop.plan.believes and visit.began >= 0.0:
        _hear(shop, guest)
    if touchpoint.on_intrusion >= 0 and not shop.people[visit.person].agreed:
        suffer(shop, guest, touchpoint.on_intrusion)
    if touchpoint.permission > 0.0 and visit.began >= 0.0:
        _ask_permission(shop, guest)
    for number in range(touchpoint.first_attribute, touchpoint.first_attribute + touchpoint.attributes):
        felt = shop.plan.attributes[number]
        visit.felt += experience.felt(felt.level, felt.weight, shop.plan.loss_aversion)


@inlined
def _hear(shop: Shop, guest: int) -> None:
    """Expectation moves towards what the reputation says, before the first contact, and what is promised."""
    visit, law = shop.guests[guest], shop.plan.laws[0]
    touchpoint, customer = shop.plan.touchpoints[visit.at], shop.people[visit.person]
    first = visit.visit == 0 and visit.at == 0 and shop.passes[guest, 0] == 1
    if law.reputation > 0.0 and customer.source != BASE and first:
        customer.expectation = promising.heard(customer.expectation, shop.now[0].reputation, law.reputation, 1.0)
    if not np.isnan(touchpoint.claim):
        customer.expectation = promising.heard(customer.expectation, touchpoint.claim, law.hearing, customer.trust)
        customer.promised = touchpoint.claim
        if trusting.is_lie(touchpoint.claim, touchpoint.known):
            customer.cap = min(customer.cap, law.cap_after_lie)


@inlined
def _ask_permission(shop: Shop, guest: int) -> None:
    visit = shop.guests[guest]
    touchpoint, customer = shop.plan.touchpoints[visit.at], shop.people[visit.person]
    if not customer.agreed:
        u = draw(shop, guest, touchpoint.key, PERMISSION, shop.passes[guest, visit.at])
        customer.agreed = u < touchpoint.permission


@kernel
def deal(shop: Shop, guest: int) -> None:
    """What is settled before leaving a touchpoint: delivery, contact, decision, and what is bought on top."""
    shop = borrowed(shop)
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    if not np.isnan(touchpoint.delivers):
        _deliver(shop, guest)
    if touchpoint.contact and not visit.over:
        _answer(shop, guest)
    if not np.isnan(touchpoint.converts) and not visit.over:
        _decide(shop, guest)
    if not np.isnan(touchpoint.cross_sells) and not (visit.over or visit.declined or visit.cross_sold):
        _offer_more(shop, guest)


@inlined
def _deliver(shop: Shop, guest: int) -> None:
    """The promise is tested on what is delivered; with the failure off it is met: nothing is felt or learned."""
    visit = shop.guests[guest]
    touchpoint, customer = shop.plan.touchpoints[visit.at], shop.people[visit.person]
    segment = shop.plan.segments[customer.segment]
    promised = customer.expectation if np.isnan(customer.promised) else customer.promised
    u = draw(shop, guest, touchpoint.key, DELIVERS, shop.passes[guest, visit.at])
    quality = promising.delivered(u, touchpoint.delivers + segment.fit, touchpoint.spread)
    if touchpoint.on_promise < 0:
        visit.delivered = max(quality, promised)
        _keep_promise(shop, guest)
    else:
        visit.delivered = quality
        gap = quality - customer.expectation
        weight = shop.plan.failures[touchpoint.on_promise].weight
        hurt = gap * segment.hurt_times if gap < 0.0 else gap
        visit.felt += experience.felt(hurt, weight, shop.plan.loss_aversion)
        if visit.began >= 0.0:
            customer.expectation = promising.learned(customer.expectation, quality, shop.plan.laws[0].learning)
        if promising.is_broken(quality, promised):
            break_promise(shop, guest)
            suffer(shop, guest, touchpoint.on_promise)
        else:
            _keep_promise(shop, guest)


@inlined
def _keep_promise(shop: Shop, guest: int) -> None:
    """Trust heals a little."""
    visit = shop.guests[guest]
    customer = shop.people[visit.person]
    if visit.promise == UNTESTED:
        visit.promise = KEPT
    if visit.began >= 0.0:
        customer.trust = trusting.after_kept(customer.trust, shop.plan.laws[0].heal, customer.cap)


@inlined
def _answer(shop: Shop, guest: int) -> None:
    """A contact settles the question or the complaint, or ends without an answer."""
    visit = shop.guests[guest]
    touchpoint = shop.plan.touchpoints[visit.at]
    visit.contacts += 1
    lifted = lift(shop, touchpoint.resolves_skill, touchpoint.resolves_lift)
    u = draw(shop, guest, touchpoint.key, RESOLVES, shop.passes[guest, visit.at])
    if u >= chance.shifted(touchpoint.resolves, lifted):
        visit.unsettled = visit.reporting
        suffer(shop, guest, touchpoint.on_unresolved)
    else:
        visit.solved_first = visit.solved_first or visit.contacts == 1
        visit.unsettled, visit.reporting = False, False
        if visit.complained and not visit.recovered:
            visit.recovered = True
            visit.felt = recovering.restored(visit.felt, touchpoint.restores)
            visit.refund = max(visit.refund, touchpoint.refund)


@inlined
def _decide(shop: Shop, guest: int) -> None:
    """Yes or no, by what is expected and how much is trusted."""
    visit, law = shop.guests[guest], shop.plan.laws[0]
    touchpoint, customer = shop.plan.touchpoints[visit.at], shop.people[visit.person]
    lifted = lift(shop, touchpoint.converts_skill, touchpoint.converts_lift)
    if shop.plan.believes:
        gain, trusted = customer.expectation - law.expectation, customer.trust - law.trust
        p = promising.conversion(touchpoint.converts, gain, law.by_expectation, trusted, law.by_trust, lifted)
    else:
        p = chance.shifted(touchpoint.converts, lifted)
    visit.declined = draw(shop, guest, touchpoint.key, CONVERTS, shop.passes[guest, visit.at]) >= p
    visit.agreed_to_buy = not visit.declined


@inlined
def _offer_more(shop: Shop, guest: int) -> None:
    """Who trusts buys more; on what is bought after the till nothing is lost any more."""
    visit, law = shop.guests[guest], shop.plan.laws[0]
    touchpoint, k = shop.plan.touchpoints[visit.at], shop.passes[guest, visit.at]
    more = law.by_trust * (shop.people[visit.person].trust - law.trust) if shop.plan.believes else 0.0
    if draw(shop, guest, touchpoint.key, CROSS_SELLS, k) < chance.shifted(touchpoint.cross_sells, more):
        visit.cross_sold = True
        u = draw(shop, guest, touchpoint.key, CROSS_SPEND, k)
        amount = chance.lognormal(u, touchpoint.cross_spend, touchpoint.cross_log_sd)
        visit.spend += 0.0 if visit.paid else amount
        visit.on_top += amount if visit.paid else 0.0
