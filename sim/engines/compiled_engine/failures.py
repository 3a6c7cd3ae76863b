"""What goes wrong, and what customers do about it."""

from sim.behaviour import chance, experience, trusting
from sim.engines.compiled_engine.primitives import change, draw, lift
from sim.engines.compiled_engine.shop import NOBODY, Shop
from sim.engines.mishaps import HAND_BACK, LEAVE_SHOP
from sim.engines.randomness import BREAKS, COMPLAINT, HAPPENS, RESPONSE
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
