"""Taking stock after a visit: money, mood, whether to come back, what is told; and the row that is written of it."""

import numpy as np

from sim.behaviour import basket, chance, experience, leaving, recovering, surveying, telling
from sim.engines.calendar import WEEK, week_of
from sim.engines.compiled.state import State, draw
from sim.engines.population import BASE, LEAD, PASSER_BY
from sim.engines.randomness import ANSWERS, LEAVE, REVIEWS, TALKS, TOLD, uniform
from sim.engines.records import NOT_JOINED, is_followed
from sim.kernel import borrowed, inlined, kernel

VISIT = 0  # the place of what belongs to a visit as a whole


@inlined
def settle_visit(state: State, slot: int) -> None:
    """Settle a visit that ends now; nothing is kept of the warm-up."""
    visit = state.visits[slot]
    customer = state.people[visit.person]
    stranger = customer.source in (PASSER_BY, LEAD)
    customer.here = not stranger
    if visit.began >= 0.0:
        prospect = stranger and customer.joined == NOT_JOINED
        _join(state, slot)
        _settle(state, slot)
        before, quality = customer.satisfaction, experience.experience(state.plan.reference, visit.felt)
        customer.satisfaction = experience.satisfaction(before, quality, state.plan.gain)
        _shock(state, slot)
        left = _leaves(state, slot, before)
        _tell(state, slot, quality)
        _write(state, slot, quality, left, prospect)
        state.now[0].rows += 1
    else:
        customer.warm_ups += 1


@inlined
def _completed(state: State, slot: int) -> bool:
    visit = state.visits[slot]
    return basket.is_completed(visit.paid, state.plan.pays_somewhere, visit.over or visit.declined)


@inlined
def _join(state: State, slot: int) -> None:
    """Newcomers become customers on their first visit, leads when they buy."""
    visit = state.visits[slot]
    customer = state.people[visit.person]
    joins = customer.source != PASSER_BY and (customer.source != LEAD or _completed(state, slot))
    if customer.joined == NOT_JOINED and joins:
        customer.joined = week_of(visit.began)
    customer.here = customer.joined != NOT_JOINED


@inlined
def _settle(state: State, slot: int) -> None:
    """Spend, recaptured, revenue and refund, and the loss by failure, in minor units; what may yet come back."""
    plan, visit, number = state.plan, state.visits[slot], state.now[0].rows
    customer, row = state.people[visit.person], state.page.rows[number]
    row.completed = _completed(state, slot)
    meant = basket.meant(visit.spend, row.completed, visit.over, visit.odds)
    spend = basket.to_minor(meant, plan.minor_units)
    lost = basket.lost_total(spend, state.kept[slot])
    spend += basket.to_minor(visit.on_top, plan.minor_units)
    basket.split_loss(lost, state.kept[slot], state.page.lost[number])
    recaptured = customer.pot if row.completed else 0
    customer.pot += basket.set_aside(lost, plan.recapture) - recaptured
    row.spend, row.recaptured, row.revenue = spend, recaptured, spend - lost + recaptured
    row.refund = basket.refunded(spend - lost, visit.refund) if row.completed else 0


@inlined
def _shock(state: State, slot: int) -> None:
    """The shock of earlier complaints has faded; one that was not settled adds to it."""
    visit, law, now = state.visits[slot], state.plan.laws[0], state.now[0].minute
    customer = state.people[visit.person]
    customer.shock = chance.faded(customer.shock, (now - customer.shocked_at) / WEEK, law.shock_half_life)
    customer.shocked_at = now
    if visit.unsettled or visit.reporting:
        again = (now - customer.complained_at) / WEEK <= law.shock_half_life
        tenure = law.tenure_at_start if customer.source == BASE else -float(customer.joined)
        customer.shock += leaving.shock_of_complaint(law.shock_times, again, tenure + now / WEEK, law.shock_tenure)
        customer.complained_at = now


@kernel
def stays_away(state: State, person: int) -> bool:
    """Whether someone whose visit is due now leaves for good instead, which is decided before paying.

    What counts is how their last visit was settled, and the shock that is left of it by now.
    """
    state = borrowed(state)
    customer, now = state.people[person], state.now[0].minute
    if now < 0.0 or not _may_leave(state, person, customer.visits):
        return False
    shock = chance.faded(customer.shock, (now - customer.shocked_at) / WEEK, state.plan.laws[0].shock_half_life)
    u = uniform(state.seed, state.stream, customer.who, customer.visits, VISIT, LEAVE, 0)
    return _flips(state, person, shock, u, now)


@inlined
def _leaves(state: State, slot: int, before: float) -> bool:
    """Whether the customer leaves for good after this visit, where that is decided then."""
    visit = state.visits[slot]
    customer = state.people[visit.person]
    left = False
    if customer.here:
        customer.counts = recovering.satisfaction_that_counts(customer.satisfaction, before, visit.recovered)
        if not state.plan.decides_before and _may_leave(state, visit.person, visit.visit):
            left = _flips(state, visit.person, customer.shock, draw(state, slot, VISIT, LEAVE, 0), visit.began)
    return left


@inlined
def _may_leave(state: State, person: int, ordinal: int) -> bool:
    customer = state.people[person]
    return leaving.may_leave(customer.source == BASE, state.plan.first_is_due, ordinal - customer.warm_ups)


@inlined
def _flips(state: State, person: int, shock: float, u: float, minute: float) -> bool:
    """Flip the coin of the relationship; who leaves does so in the week of that minute."""
    plan, customer = state.plan, state.people[person]
    multiplier = leaving.hazard_multiplier(customer.counts, plan.reference, plan.leaving_sensitivity, shock)
    left = leaving.leaves(u, customer.hazard, multiplier)
    if left:
        customer.here = False
        customer.left_week = week_of(minute)
    return left


@inlined
def _tell(state: State, slot: int, quality: float) -> None:
    """Some talk about it, and some review it where all can read."""
    visit, law, word = state.visits[slot], state.plan.laws[0], state.now[0]
    if law.telling > 0.0 and draw(state, slot, VISIT, TALKS, 0) < law.telling:
        kind = surveying.promotes(state.people[visit.person].satisfaction)
        word.talk = chance.faded(word.talk, (word.minute - word.since) / WEEK, law.talk_half_life)
        word.since = word.minute
        u = draw(state, slot, VISIT, TOLD, 0)
        word.talk += telling.told(u, kind, law.told_good, law.shift_good, law.told_bad, law.shift_bad)
    if law.reputation > 0.0 and draw(state, slot, VISIT, REVIEWS, 0) < law.reviews:
        word.reputation = telling.reviewed(word.reputation, quality, law.review_pace)


@inlined
def _write(state: State, slot: int, quality: float, left: bool, prospect: bool) -> None:
    plan, visit, number = state.plan, state.visits[slot], state.now[0].rows
    customer, row, law = state.people[visit.person], state.page.rows[number], state.plan.laws[0]
    week = week_of(visit.began)
    age = week - max(customer.joined, 0)
    row.customer, row.visit, row.week, row.age = visit.who, visit.visit, week, age
    row.segment, row.channel, row.trip = customer.segment, visit.channel, visit.trip
    row.bad_asset, row.promise, row.contacts, row.handled = (
        visit.bad_asset,
        visit.promise,
        visit.contacts,
        visit.handled,
    )
    row.experience, row.satisfaction, row.expectation = quality, customer.satisfaction, customer.expectation
    row.trust = customer.trust if plan.believes else np.nan
    row.delivered = visit.delivered
    row.score = surveying.score(customer.satisfaction, quality, law.survey_delay, law.forgetting)
    row.left, row.prospect = left, prospect
    row.followed = is_followed(customer.source == BASE, customer.joined, age, plan.joins_by, plan.followed)
    row.solved_first, row.complained, row.cross_sold = visit.solved_first, visit.complained, visit.cross_sold
    u = draw(state, slot, VISIT, ANSWERS, 0)
    row.answered = surveying.answers(u, customer.satisfaction, law.answers, law.extremes)
    for k in range(state.waits.shape[1]):
        state.page.wait[number, k] = state.waits[slot, k]
        state.page.passes[number, k] = state.passes[slot, k]
        state.page.joins[number, k] = state.joins[slot, k]
    for k in range(state.response.shape[1]):
        state.page.response[number, k] = state.response[slot, k]
