"""What customer and business have to do with each other on a visit, in the SimPy engine: promises, contacts, decisions.

Nothing of a relationship moves in the warm-up.
"""

from collections.abc import Callable
from typing import Any

from sim.behaviour import chance, experience, promising, recovering, skilling, trusting
from sim.engines.calendar import WEEK
from sim.engines.plan import Plan
from sim.engines.population import BASE
from sim.engines.randomness import CONVERTS, CROSS_SELLS, CROSS_SPEND, DELIVERS, PERMISSION, RESOLVES
from sim.engines.records import BROKEN, KEPT, UNTESTED
from sim.engines.simpy.people import Tables, Visit, Word
from sim.engines.simpy.trace import Kind, Tell

Draw = Callable[[Visit, int, int, int], float]
Suffer = Callable[[Visit, int, int], None]


class Dealings:
    """Each method is one step of a visit; `draw` gives luck, `suffer` makes a failure happen, `tell` says what did."""

    def __init__(self, plan: Plan, tables: Tables, word: Word, draw: Draw, suffer: Suffer, tell: Tell) -> None:
        self.plan, self.tables, self.word = plan, tables, word
        self.law = tables.laws[0]
        self.draw, self.suffer, self.tell = draw, suffer, tell

    def enter(self, visit: Visit) -> None:
        """What is met on entering a touchpoint: its channel, its claim, an intrusion, and what is felt there."""
        touchpoint = self.tables.touchpoints[visit.at]
        visit.failed = False
        if touchpoint.channel >= 0:
            visit.channel = touchpoint.channel
        if self.plan.believes and _counts(visit):
            self._hear(visit, touchpoint)
        if touchpoint.on_intrusion >= 0 and not visit.customer.agreed:
            self.suffer(visit, touchpoint.on_intrusion, visit.pass_here)
        if touchpoint.permission > 0.0 and _counts(visit):
            self._ask_permission(visit, touchpoint, visit.pass_here)
        for felt in self.tables.attributes[
            touchpoint.first_attribute : touchpoint.first_attribute + touchpoint.attributes
        ]:
            visit.felt += experience.felt(felt.level, felt.weight, self.plan.loss_aversion)

    def _hear(self, visit: Visit, touchpoint: Any) -> None:
        """Expectation moves towards what the reputation says, before the first contact, and what is promised."""
        customer, law = visit.customer, self.law
        is_first = customer.source != BASE and visit.ordinal == 0 and visit.at == 0 and visit.pass_here == 1
        if law.reputation > 0.0 and is_first:
            customer.expectation = promising.heard(customer.expectation, self.word.reputation, law.reputation, 1.0)
        if touchpoint.claim != touchpoint.claim:  # NaN: nothing is promised here
            return
        customer.expectation = promising.heard(customer.expectation, touchpoint.claim, law.hearing, customer.trust)
        customer.promised = touchpoint.claim
        if trusting.is_lie(touchpoint.claim, touchpoint.known):
            customer.cap = min(customer.cap, law.cap_after_lie)

    def _ask_permission(self, visit: Visit, touchpoint: Any, k: int) -> None:
        if not visit.customer.agreed:
            visit.customer.agreed = self.draw(visit, touchpoint.key, PERMISSION, k) < touchpoint.permission

    def deal(self, visit: Visit, minute: float) -> None:
        """What is settled before leaving a touchpoint: delivery, contact, decision, and what is bought on top."""
        touchpoint, k = self.tables.touchpoints[visit.at], visit.pass_here
        if touchpoint.delivers == touchpoint.delivers:
            self._deliver(visit, touchpoint, k)
        if touchpoint.contact and not visit.over:
            self._answer(visit, touchpoint, k, minute)
        if touchpoint.converts == touchpoint.converts and not visit.over:
            self._decide(visit, touchpoint, k, minute)
        if touchpoint.cross_sells == touchpoint.cross_sells and not (visit.over or visit.declined or visit.cross_sold):
            self._offer_more(visit, touchpoint, k)

    def _deliver(self, visit: Visit, touchpoint: Any, k: int) -> None:
        """The promise is tested on what is delivered; with the failure off it is met: nothing is felt or learned."""
        customer, segment = visit.customer, self.tables.segments[visit.customer.segment]
        promised = customer.promised if customer.promised == customer.promised else customer.expectation
        u = self.draw(visit, touchpoint.key, DELIVERS, k)
        quality = promising.delivered(u, touchpoint.delivers + segment.fit, touchpoint.spread)
        if touchpoint.on_promise < 0:
            visit.delivered = max(quality, promised)
            self.keep_promise(visit)
            return
        visit.delivered = quality
        gap = quality - customer.expectation
        weight = self.tables.failures[touchpoint.on_promise].weight
        hurt = gap * segment.hurt_times if gap < 0.0 else gap
        visit.felt += experience.felt(hurt, weight, self.plan.loss_aversion)
        if _counts(visit):
            customer.expectation = promising.learned(customer.expectation, quality, self.law.learning)
        if promising.is_broken(quality, promised):
            self.break_promise(visit)
            self.suffer(visit, touchpoint.on_promise, k)
        else:
            self.keep_promise(visit)

    def break_promise(self, visit: Visit) -> None:
        """Trust takes the hit."""
        visit.promise = BROKEN
        if self.plan.believes and _counts(visit):
            visit.customer.trust = trusting.after_broken(visit.customer.trust, self.law.hit)

    def keep_promise(self, visit: Visit) -> None:
        """Trust heals a little."""
        self.tell(Kind.IS_KEPT, visit)
        if visit.promise == UNTESTED:
            visit.promise = KEPT
        if _counts(visit):
            visit.customer.trust = trusting.after_kept(visit.customer.trust, self.law.heal, visit.customer.cap)

    def _answer(self, visit: Visit, touchpoint: Any, k: int, minute: float) -> None:
        """A contact settles the question or the complaint, or ends without an answer."""
        visit.contacts += 1
        lift = self.lift(touchpoint.resolves_skill, touchpoint.resolves_lift, minute)
        if self.draw(visit, touchpoint.key, RESOLVES, k) >= chance.shifted(touchpoint.resolves, lift):
            visit.unsettled = visit.reporting
            self.suffer(visit, touchpoint.on_unresolved, k)
            return
        visit.solved_first = visit.solved_first or visit.contacts == 1
        visit.unsettled = visit.reporting = False
        self.tell(Kind.IS_SETTLED, visit)
        if visit.complained and not visit.recovered:
            visit.recovered = True
            visit.felt = recovering.restored(visit.felt, touchpoint.restores)
            visit.refund = max(visit.refund, touchpoint.refund)

    def _decide(self, visit: Visit, touchpoint: Any, k: int, minute: float) -> None:
        """Yes or no, by what is expected and how much is trusted."""
        customer, law = visit.customer, self.law
        lift = self.lift(touchpoint.converts_skill, touchpoint.converts_lift, minute)
        if self.plan.believes:
            gains = customer.expectation - law.expectation, law.by_expectation, customer.trust - law.trust, law.by_trust
            p = promising.conversion(touchpoint.converts, *gains, lift)
        else:
            p = chance.shifted(touchpoint.converts, lift)
        visit.declined = self.draw(visit, touchpoint.key, CONVERTS, k) >= p
        visit.agreed_to_buy = not visit.declined
        self.tell(Kind.DECLINES if visit.declined else Kind.AGREES, visit)

    def _offer_more(self, visit: Visit, touchpoint: Any, k: int) -> None:
        """Who trusts buys more; on what is bought after the till nothing is lost any more."""
        more = self.law.by_trust * (visit.customer.trust - self.law.trust) if self.plan.believes else 0.0
        if self.draw(visit, touchpoint.key, CROSS_SELLS, k) < chance.shifted(touchpoint.cross_sells, more):
            visit.cross_sold = True
            self.tell(Kind.ADDS, visit)
            u = self.draw(visit, touchpoint.key, CROSS_SPEND, k)
            amount = chance.lognormal(u, touchpoint.cross_spend, touchpoint.cross_log_sd)
            visit.spend += 0.0 if visit.paid else amount
            visit.on_top += amount if visit.paid else 0.0

    def lift(self, number: int, log_odds: float, minute: float) -> float:
        """What a skill adds to a chance now, in log-odds; 0 where there is none."""
        if number < 0:
            return 0.0
        skill = self.tables.skills[number]
        return log_odds * skilling.skill(minute / WEEK, skill.at_start, skill.half_life, skill.every, skill.restores)


def _counts(visit: Visit) -> bool:
    """Whether the visit began after the warm-up."""
    return visit.began >= 0.0
