"""Settling a visit that ends: money, mood, whether to come back, what is told; and the row that is written of it.

Like every rule of a visit (see `visit_rules`) written once for both engines.
"""

from typing import Any

import numpy as np

from sim.behaviour import basket, chance, experience, telling, visiting
from sim.engines.clock import WEEK, week_of
from sim.engines.incidents import draw
from sim.engines.population import BASE, LEAD, PASSER_BY
from sim.engines.randomness import ANSWERS, LEAVE, REVIEWS, TALKS, TOLD, uniform
from sim.engines.records import NOT_JOINED, is_followed
from sim.kernel import borrowed, called_rule, rule

VISIT = 0  # the place of what belongs to a visit as a whole


@rule
def settle_visit(state: Any, visit: Any, row: Any, lost: Any) -> bool:
    """Settle a visit that ends now, into a row (see `ROW`) and the loss by failure (`lost`: shape (failures,)).

    False for a visit of the warm-up, of which nothing is kept.
    """
    customer = state.people[visit.person]
    stranger = customer.source in (PASSER_BY, LEAD)
    customer.here = not stranger
    if visit.began < 0.0:
        customer.warm_ups += 1
        return False
    row.prospect = stranger and customer.joined == NOT_JOINED
    row.completed = basket.is_completed(visit.paid, state.plan.pays_somewhere, visit.over or visit.declined)
    _join(customer, row.completed, visit.began)
    _settle(state, visit, row, lost)
    before, row.experience = customer.satisfaction, experience.experience(state.plan.reference, visit.felt)
    customer.satisfaction = experience.satisfaction(before, row.experience, state.plan.gain)
    _shock(state, visit)
    row.left = _leaves(state, visit, before)
    _tell(state, visit, row.experience)
    _write(state, visit, row)
    return True


@rule
def _join(customer: Any, completed: bool, began: float) -> None:
    """Newcomers become customers on their first visit, leads when they buy."""
    joins = customer.source != PASSER_BY and (customer.source != LEAD or completed)
    if customer.joined == NOT_JOINED and joins:
        customer.joined = week_of(began)
    customer.here = customer.joined != NOT_JOINED


@rule
def _settle(state: Any, visit: Any, row: Any, parts: Any) -> None:
    """Spend, recaptured, revenue and refund, and the loss by failure, in minor units; what may yet come back."""
    plan, customer, kept = state.plan, state.people[visit.person], state.kept[visit.slot]
    spend = basket.to_minor(basket.meant(visit.spend, row.completed, visit.over, visit.odds), plan.minor_units)
    lost = basket.lost_total(spend, kept)
    spend += basket.to_minor(visit.on_top, plan.minor_units)
    basket.split_loss(lost, kept, parts)
    recaptured = customer.pot if row.completed else 0
    customer.pot += basket.set_aside(lost, plan.recapture) - recaptured
    row.spend, row.recaptured, row.revenue = spend, recaptured, spend - lost + recaptured
    row.refund = basket.refunded(spend - lost, visit.refund) if row.completed else 0


@rule
def _shock(state: Any, visit: Any) -> None:
    """The shock of earlier complaints has faded; one that was not settled adds to it."""
    customer, law, now = state.people[visit.person], state.plan.laws[0], state.now[0].minute
    customer.shock = chance.faded(customer.shock, (now - customer.shocked_at) / WEEK, law.shock_half_life)
    customer.shocked_at = now
    if visit.unsettled or visit.reporting:
        again = (now - customer.complained_at) / WEEK <= law.shock_half_life
        tenure = law.tenure_at_start if customer.source == BASE else -float(customer.joined)
        customer.shock += visiting.shock_of_complaint(law.shock_times, again, tenure + now / WEEK, law.shock_tenure)
        customer.complained_at = now


@called_rule
def stays_away(state: Any, customer: Any) -> bool:
    """Whether someone whose visit is due now leaves for good instead, which is decided before paying.

    What counts is how their last visit was settled, and the shock that is left of it by now.
    """
    state = borrowed(state)
    now = state.now[0].minute
    if now < 0.0 or not _may_leave(state, customer, customer.visits):
        return False
    shock = chance.faded(customer.shock, (now - customer.shocked_at) / WEEK, state.plan.laws[0].shock_half_life)
    u = uniform(state.seed, state.stream, customer.who, customer.visits, VISIT, LEAVE, 0)
    return _flips(state, customer, shock, u, now)


@rule
def _leaves(state: Any, visit: Any, before: float) -> bool:
    """Whether the customer leaves for good after this visit, where that is decided then."""
    customer, left = state.people[visit.person], False
    if customer.here:
        customer.counts = experience.satisfaction_that_counts(customer.satisfaction, before, visit.recovered)
        if not state.plan.decides_before and _may_leave(state, customer, visit.ordinal):
            left = _flips(state, customer, customer.shock, draw(state, visit, VISIT, LEAVE, 0), visit.began)
    return left


@rule
def _may_leave(state: Any, customer: Any, ordinal: int) -> bool:
    return visiting.may_leave(customer.source == BASE, state.plan.first_is_due, ordinal - customer.warm_ups)


@rule
def _flips(state: Any, customer: Any, shock: float, u: float, minute: float) -> bool:
    """Flip the coin of the relationship; who leaves does so in the week of that minute."""
    plan = state.plan
    multiplier = visiting.hazard_multiplier(customer.counts, plan.reference, plan.leaving_sensitivity, shock)
    left = visiting.leaves(u, customer.hazard, multiplier)
    if left:
        customer.here = False
        customer.left_week = week_of(minute)
    return left


@rule
def _tell(state: Any, visit: Any, quality: float) -> None:
    """Some talk about it, and some review it where all can read."""
    law, word = state.plan.laws[0], state.now[0]
    if law.telling > 0.0 and draw(state, visit, VISIT, TALKS, 0) < law.telling:
        kind = telling.promotes(state.people[visit.person].satisfaction)
        word.talk = chance.faded(word.talk, (word.minute - word.since) / WEEK, law.talk_half_life)
        word.since = word.minute
        u = draw(state, visit, VISIT, TOLD, 0)
        word.talk += telling.told(u, kind, law.told_good, law.shift_good, law.told_bad, law.shift_bad)
    if law.reputation > 0.0 and draw(state, visit, VISIT, REVIEWS, 0) < law.reviews:
        word.reputation = telling.reviewed(word.reputation, quality, law.review_pace)


@rule
def _write(state: Any, visit: Any, row: Any) -> None:
    plan, customer, law = state.plan, state.people[visit.person], state.plan.laws[0]
    week = week_of(visit.began)
    row.customer, row.visit, row.week, row.age = visit.who, visit.ordinal, week, week - max(customer.joined, 0)
    row.segment, row.channel, row.trip = visit.segment, visit.channel, visit.trip
    row.bad_asset, row.promise, row.contacts = visit.bad_asset, visit.promise, visit.contacts
    row.handled, row.delivered = visit.handled, visit.delivered
    row.satisfaction, row.expectation = customer.satisfaction, customer.expectation
    row.trust = customer.trust if plan.believes else np.nan
    row.score = telling.score(customer.satisfaction, row.experience, law.survey_delay, law.forgetting)
    row.followed = is_followed(customer.source == BASE, customer.joined, row.age, plan.joins_by, plan.followed)
    row.solved_first, row.complained, row.cross_sold = visit.solved_first, visit.complained, visit.cross_sold
    u = draw(state, visit, VISIT, ANSWERS, 0)
    row.answered = telling.answers(u, customer.satisfaction, law.answers, law.extremes)
