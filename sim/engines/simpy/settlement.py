"""Taking stock after a visit: money, mood, whether to come back, what is told; and the row that is written of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import basket, chance, experience, leaving, recovering, surveying, telling
from sim.engines.calendar import WEEK, week_of
from sim.engines.plan import Plan
from sim.engines.population import BASE, LEAD, PASSER_BY, Population
from sim.engines.randomness import ANSWERS, LEAVE, REVIEWS, TALKS, TOLD
from sim.engines.records import CHUNK_ROWS, NOT_JOINED, STILL_HERE, Sink, is_followed, visit_dtype
from sim.engines.simpy.people import Customer, Visit, Word

Draw = Callable[[int], float]
"""The luck of this visit for a purpose."""


class Settlement:
    """Settles each visit as it ends; rows go to the sink in chunks, nothing is kept of the warm-up."""

    def __init__(self, plan: Plan, population: Population, law: Any, word: Word, sink: Sink) -> None:
        self.plan, self.law, self.word, self.sink = plan, law, word, sink
        self.left_week = np.full(population.who.size, STILL_HERE, np.int64)
        self.joined_week = np.where(population.source == BASE, 0, NOT_JOINED)
        self._rows: list[tuple[Any, ...]] = []
        self._dtype = visit_dtype(plan)

    def take(self, visit: Visit, now: float, draw: Draw) -> None:
        """Settle a visit that ends now."""
        customer = visit.customer
        customer.here = customer.source not in (PASSER_BY, LEAD)
        if visit.began < 0:
            customer.warm_ups += 1
            return
        prospect = customer.source in (PASSER_BY, LEAD) and not customer.is_customer
        self._join(visit)
        money, parts = self._settle(visit)
        before, quality = customer.satisfaction, experience.experience(self.plan.reference, visit.felt)
        customer.satisfaction = experience.satisfaction(before, quality, self.plan.gain)
        self._shock(visit, now)
        left = self._leaves(visit, before, draw)
        self._tell(visit, quality, now, draw)
        self._write(visit, (money, parts), (quality, left, prospect), draw)
        if len(self._rows) >= CHUNK_ROWS:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows not handed over yet."""
        if self._rows:
            self.sink(np.array(self._rows, self._dtype))
            self._rows = []

    def _join(self, visit: Visit) -> None:
        """Newcomers become customers on their first visit, leads when they buy."""
        customer = visit.customer
        joins = customer.source != PASSER_BY and (customer.source != LEAD or self._completed(visit))
        if not customer.is_customer and joins:
            customer.joined = week_of(visit.began)
            self.joined_week[customer.ordinal] = customer.joined
        customer.here = customer.is_customer

    def _completed(self, visit: Visit) -> bool:
        return basket.is_completed(visit.paid, self.plan.pays_somewhere, visit.over or visit.declined)

    def _settle(self, visit: Visit) -> tuple[tuple[int, int, int, int], NDArray[np.int64]]:
        """Spend, recaptured, revenue and refund, and the loss by failure, in minor units; what may yet come back."""
        customer, plan = visit.customer, self.plan
        completed = self._completed(visit)
        spend = basket.to_minor(basket.meant(visit.spend, completed, visit.over, visit.odds), plan.minor_units)
        lost = basket.lost_total(spend, visit.kept)
        spend += basket.to_minor(visit.on_top, plan.minor_units)
        parts = np.zeros(visit.kept.size, np.int64)
        basket.split_loss(lost, visit.kept, parts)
        recaptured = customer.pot if completed else 0
        customer.pot += basket.set_aside(lost, plan.recapture) - recaptured
        refund = basket.refunded(spend - lost, visit.refund) if completed else 0
        return (spend, recaptured, spend - lost + recaptured, refund), parts

    def _shock(self, visit: Visit, now: float) -> None:
        """The shock of earlier complaints has faded; one that was not settled adds to it."""
        customer, law = visit.customer, self.law
        customer.shock = chance.faded(customer.shock, (now - customer.shocked_at) / WEEK, law.shock_half_life)
        customer.shocked_at = now
        if not visit.unsettled and not visit.reporting:
            return
        again = (now - customer.complained_at) / WEEK <= law.shock_half_life
        tenure = law.tenure_at_start if customer.source == BASE else -float(customer.joined)
        customer.shock += leaving.shock_of_complaint(law.shock_times, again, tenure + now / WEEK, law.shock_tenure)
        customer.complained_at = now

    def stays_away(self, customer: Customer, now: float, u: float) -> bool:
        """Whether someone whose visit is due now leaves for good instead, which is decided before paying.

        What counts is how their last visit was settled, and the shock that is left of it by now.
        """
        if now < 0 or not self._may_leave(customer, customer.visits):
            return False
        since = (now - customer.shocked_at) / WEEK
        return self._flips(customer, chance.faded(customer.shock, since, self.law.shock_half_life), u, now)

    def _leaves(self, visit: Visit, before: float, draw: Draw) -> bool:
        """Whether the customer leaves for good after this visit, where that is decided then."""
        customer = visit.customer
        if not customer.here:
            return False
        customer.counts = recovering.satisfaction_that_counts(customer.satisfaction, before, visit.recovered)
        if self.plan.decides_before or not self._may_leave(customer, visit.ordinal):
            return False
        return self._flips(customer, customer.shock, draw(LEAVE), visit.began)

    def _may_leave(self, customer: Customer, ordinal: int) -> bool:
        return leaving.may_leave(customer.source == BASE, self.plan.first_is_due, ordinal - customer.warm_ups)

    def _flips(self, customer: Customer, shock: float, u: float, minute: float) -> bool:
        """Flip the coin of the relationship; who leaves does so in the week of that minute."""
        plan = self.plan
        multiplier = leaving.hazard_multiplier(customer.counts, plan.reference, plan.leaving_sensitivity, shock)
        left = leaving.leaves(u, customer.hazard, multiplier)
        if left:
            customer.here = False
            self.left_week[customer.ordinal] = week_of(minute)
        return left

    def _tell(self, visit: Visit, quality: float, now: float, draw: Draw) -> None:
        """Some talk about it, and some review it where all can read."""
        law, word = self.law, self.word
        if law.telling > 0.0 and draw(TALKS) < law.telling:
            kind = surveying.promotes(visit.customer.satisfaction)
            word.talk = chance.faded(word.talk, (now - word.since) / WEEK, law.talk_half_life)
            word.since = now
            word.talk += telling.told(draw(TOLD), kind, law.told_good, law.shift_good, law.told_bad, law.shift_bad)
        if law.reputation > 0.0 and draw(REVIEWS) < law.reviews:
            word.reputation = telling.reviewed(word.reputation, quality, law.review_pace)

    def _write(self, visit: Visit, paid: Any, felt: tuple[float, bool, bool], draw: Draw) -> None:
        customer, law, plan, week = visit.customer, self.law, self.plan, week_of(visit.began)
        (money, parts), (quality, left, prospect) = paid, felt
        age = week - max(customer.joined, 0)
        followed = is_followed(customer.source == BASE, customer.joined, age, plan.joins_by, plan.followed)
        score = surveying.score(customer.satisfaction, quality, law.survey_delay, law.forgetting)
        answered = surveying.answers(draw(ANSWERS), customer.satisfaction, law.answers, law.extremes)
        self._rows.append(
            (customer.who, visit.ordinal, week, age, customer.segment, visit.channel, visit.trip, *money)
            + (visit.bad_asset, visit.promise, visit.contacts, visit.handled, quality, customer.satisfaction)
            + (customer.expectation, customer.trust if plan.believes else np.nan, visit.delivered, score)
            + (self._completed(visit), left, followed, prospect, visit.solved_first, visit.complained)
            + (visit.cross_sold, answered, parts, visit.response, visit.waits, visit.passes, visit.joins)
        )
