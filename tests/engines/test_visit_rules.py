"""The rules of coming, meeting, dealing and going on, one at a time."""

import math
from typing import Any

import numpy as np
import pytest

from sim.behaviour.promising import conversion
from sim.engines import visit_rules as rules
from sim.engines.clock import DAY, WEEK
from sim.engines.people import Kind, Visit
from sim.engines.population import BASE, LEAD, NEWCOMER, PASSER_BY
from sim.engines.records import BAD, BROKEN, KEPT, MOST_PASSES, NO_RESPONSE, UNTESTED
from sim.engines.simpy import SimpyEngine
from tests.engines.practice import practice
from tests.engines.practised import BOT, CALL, PHONE, PITCH, SITE, WORK
from tests.engines.stage import engine_at, visit_of
from tests.engines.worlds import Changes, tiny

BAY, AISLES, CHECKOUT, DESK = range(4)
QUEUED = 2


def someone(engine: SimpyEngine, source: int) -> int:
    return next(person for person, one in enumerate(engine.people) if one.source == source)


# ---- coming --------------------------------------------------------------------------------------------


def test_customers_come_until_the_end() -> None:
    engine = engine_at(tiny({"weeks": 1}))
    customer = engine.people[someone(engine, BASE)]
    assert rules.comes(engine, customer)
    engine.env.run(until=WEEK)
    assert not rules.comes(engine, customer)


def test_who_would_come_comes_the_first_time_if_enough_is_said() -> None:
    engine = engine_at(practice())
    customer = engine.people[someone(engine, NEWCOMER)]
    customer.pull = 1.5
    assert not rules.comes(engine, customer)
    engine.now[0].talk, engine.now[0].since = 1_000.0, engine.env.now
    assert rules.comes(engine, customer)
    engine.now[0].talk, customer.visits = -1_000.0, 1
    assert rules.comes(engine, customer)


def test_who_decides_before_paying_may_stay_away_and_is_heard_of() -> None:
    heard: list[tuple[Kind, Visit | None]] = []
    leaving = {"chance_per_visit": 1, "concentration": 1, "decides": "before_paying"}
    engine = engine_at(tiny({"customers.leaving": leaving}), 1.0)
    engine.trace = lambda minute, kind, visit, what, detail: heard.append((kind, visit))
    customer = engine.people[someone(engine, BASE)]
    assert not rules.comes(engine, customer)
    assert (customer.here, customer.left_week) == (False, 0)
    assert heard == [(Kind.STAYS_AWAY, None)]


def test_the_next_arrival_is_a_gap_later_on_the_operational_clock_and_never_before_now() -> None:
    engine = engine_at(tiny(), -math.inf)
    customer = engine.people[someone(engine, BASE)]
    week = customer.next_week
    planned = rules.next_arrival(engine, customer)
    assert customer.next_week > week
    assert planned == pytest.approx(np.interp(customer.next_week, engine.plan.op_weeks, engine.plan.minutes))
    customer.next_week, customer.visits_per_week = 0.0, 1e6
    engine.env.run(until=DAY)  # Tuesday, closed
    assert rules.next_arrival(engine, customer) == 2 * DAY + 9 * 60
    customer.here = False
    assert rules.next_arrival(engine, customer) == math.inf


def test_ties_differ_from_visit_to_visit() -> None:
    engine = engine_at(tiny())
    customer, ties = engine.people[0], set[int]()
    for customer.visits in range(10):
        ties.add(rules.tie_of_next(engine, customer))
    assert len(ties) == 10


def test_a_visit_begins_with_an_ordinal_a_trip_and_a_basket() -> None:
    engine = engine_at(tiny({"weather.rain": 1, "customers.spend_log_sd": 0, "trips.main.spend_log_sd": 0}))
    first, second = engine.begin(0, 5), engine.begin(0, 6)
    assert (first.ordinal, second.ordinal, engine.people[0].visits) == (0, 1, 2)
    assert first.raining
    assert first.spend > 0.0
    assert engine.now[0].counted == 2
    assert {engine.begin(person, 0).trip for person in range(40)} == {0, 1}


# ---- at a touchpoint -----------------------------------------------------------------------------------


def test_meeting_a_touchpoint_counts_the_pass_and_borrows() -> None:
    engine = engine_at(tiny({"trips.main.borrows": 1, "trips.small.borrows": 1}))
    engine.pools[0].faulty_idle = engine.pools[0].idle
    visit, counted = visit_of(engine, at=BAY), engine.now[0].counted
    visit.pass_here = 0
    rules.meet(engine, visit)
    assert (visit.pass_here, engine.passes[visit.slot][BAY], visit.bad_asset) == (1, 1, BAD)
    assert engine.now[0].counted == counted + 1


def test_meeting_a_touchpoint_meets_what_goes_wrong_there_by_chance() -> None:
    engine = engine_at(practice({"failures.price.chance": 1}))
    visit, counted = visit_of(engine, at=WORK), engine.now[0].counted
    rules.meet(engine, visit)
    assert engine.response[visit.slot][5] != NO_RESPONSE
    assert engine.now[0].counted == counted + 2


@pytest.mark.parametrize(("waiting", "balks"), [(1, False), (2, True), (3, True)])
def test_who_finds_the_queue_too_long_suffers_a_long_wait_at_once(waiting: int, balks: bool) -> None:
    engine = engine_at(practice())
    visit = visit_of(engine, at=PITCH)
    assert rules.balks(engine, visit, waiting) is balks
    assert visit.failed is balks
    assert not rules.balks(engine, visit_of(engine, at=PHONE), waiting)  # no queue there is too long to join


def test_patience_is_the_touchpoints_times_the_segments() -> None:
    def of(**changes: Any) -> float:
        engine = engine_at(tiny({path.replace("__", "."): value for path, value in changes.items()}))
        return rules.patience(engine, visit_of(engine, at=CHECKOUT))

    calm = of(segments__hurried__patience_times=1)
    assert calm > 0.0
    assert of(segments__hurried__patience_times=1, journey__checkout__patience=24) == pytest.approx(2 * calm)
    halved = of(segments__hurried__patience_times=0.5, segments__regulars__patience_times=0.5)
    assert halved == pytest.approx(calm / 2)


def test_waits_add_up_and_joinings_are_counted() -> None:
    engine = engine_at(tiny())
    visit = visit_of(engine, at=CHECKOUT, asked=0.0)
    engine.env.run(until=3.0)
    rules.ends_wait(engine, visit)
    rules.ends_wait(engine, visit)
    assert math.isnan(engine.waits[visit.slot][BAY])
    assert (engine.waits[visit.slot][CHECKOUT], engine.joins[visit.slot][CHECKOUT]) == (6.0, 2)


def test_minutes_grow_with_the_trip_where_they_do_and_a_contact_is_handled() -> None:
    changes: Changes = {"journey.work.minutes": {"mean": 30}, "journey.bot.minutes": {"mean": 5}}
    engine = engine_at(practice(changes))
    assert rules.minutes(engine, visit_of(engine, at=WORK, trip=0)) == 30.0
    assert rules.minutes(engine, visit_of(engine, at=WORK, trip=1)) == 15.0
    visit = visit_of(engine, at=BOT, trip=1)
    assert rules.minutes(engine, visit) == 5.0
    assert visit.handled == 5.0


# ---- going on ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ["over", "declined"])
def test_who_settles_up_reports_deals_and_pays(ended: str) -> None:
    engine = engine_at(tiny())
    visit = visit_of(engine, at=CHECKOUT)
    rules.settle_up(engine, visit)
    assert visit.paid
    unpaid = visit_of(engine, at=CHECKOUT, **{ended: True})
    rules.settle_up(engine, unpaid)
    assert not unpaid.paid
    told = visit_of(engine, at=DESK, reporting=True)
    rules.settle_up(engine, told)
    assert not told.reporting
    answered = visit_of(office := engine_at(practice()), at=BOT)
    rules.settle_up(office, answered)
    assert answered.contacts == 1


def test_the_way_on_depends_on_what_happened() -> None:
    engine = engine_at(tiny())
    assert rules.way_on(engine, visit_of(engine, at=BAY)) == AISLES
    assert rules.way_on(engine, visit_of(engine, at=CHECKOUT)) == -1
    assert rules.way_on(engine, visit_of(engine, at=CHECKOUT, reporting=True)) == DESK
    assert rules.way_on(engine, visit_of(engine, at=CHECKOUT, reporting=True, over=True)) == -1
    assert rules.way_on(engine, visit_of(engine, at=BAY, declined=True)) == -1
    assert np.sum(engine.flows) == 2


def test_a_channel_or_a_kind_of_customer_may_close_a_way() -> None:
    engine = engine_at(practice({"segments.people.cannot_use": ["office"]}))
    firms, people = (
        next(person for person, one in enumerate(engine.people) if (one.source, one.segment) == (PASSER_BY, segment))
        for segment in (0, 1)
    )
    assert rules.way_on(engine, visit_of(engine, firms, at=SITE)) == PITCH
    assert rules.way_on(engine, visit_of(engine, people, at=SITE)) == WORK
    assert rules.way_on(engine, visit_of(engine, someone(engine, BASE), at=SITE)) in (BOT, WORK)


def test_a_visit_that_goes_round_for_ever_is_found() -> None:
    engine = engine_at(tiny())
    visit = visit_of(engine, at=AISLES, pass_here=MOST_PASSES)
    assert rules.way_on(engine, visit) == -1
    assert engine.now[0].endless == AISLES


HEARD, LEVEL = 0.4, 0.75  # how much of a promise is heard; what everybody expects to begin with
COLD_CALL, GAP, NO_ANSWER = 6, 4, 2


def office(**changes: Any) -> SimpyEngine:
    return engine_at(practice({path.replace("__", "."): value for path, value in changes.items()}))


def entering(engine: SimpyEngine, at: int, source: int = BASE, **fields: Any) -> Visit:
    visit = visit_of(engine, someone(engine, source), at, **fields)
    rules.enter(engine, visit)
    return visit


def dealing(engine: SimpyEngine, at: int, source: int = BASE, **fields: Any) -> Visit:
    visit = visit_of(engine, someone(engine, source), at, **fields)
    rules.deal(engine, visit)
    return visit


# ---- entering ------------------------------------------------------------------------------------------


def test_a_claim_is_heard_as_far_as_it_is_believed_and_a_lie_caps_trust() -> None:
    engine = office(**{"beliefs__hearing": HEARD, "beliefs__cap_after_lie": 0.6, "beliefs__trust": 0.5})
    visit = entering(engine, SITE, failed=True)
    customer, before = engine.people[visit.person], engine.plan.segments[visit.segment].expectation
    assert customer.expectation == pytest.approx(before + HEARD * 0.5 * (0.9 - before))
    assert (customer.promised, customer.cap) == (0.9, 0.6)  # 0.9 was promised and 0.8 known
    assert (visit.channel, visit.failed) == (0, False)


def test_in_the_warm_up_nothing_is_heard() -> None:
    visit = entering(engine := office(), SITE, began=-1.0)
    assert math.isnan(engine.people[visit.person].promised)


def test_reviews_are_met_before_the_first_contact_by_whoever_is_no_customer_yet() -> None:
    engine = office(reputation__weight=1, reputation__starts=0.2, journey__site__claim=None)
    lead, customer = entering(engine, SITE, LEAD), entering(engine, SITE, BASE)
    assert engine.people[lead.person].expectation == pytest.approx(0.2)
    assert engine.people[customer.person].expectation == engine.plan.segments[customer.segment].expectation
    lead.pass_here, engine.now[0].reputation = 2, 0.9
    rules.enter(engine, lead)
    assert engine.people[lead.person].expectation == pytest.approx(0.2)


def test_who_has_not_agreed_is_called_unasked_and_who_agrees_is_so_no_more() -> None:
    engine = office(journey__call__permission=1)
    visit = entering(engine, CALL)
    assert engine.response[visit.slot][COLD_CALL] != NO_RESPONSE
    assert engine.people[visit.person].agreed
    again = entering(engine, CALL)
    assert engine.response[again.slot][COLD_CALL] == NO_RESPONSE


def test_what_is_felt_there_is_felt() -> None:
    engine = office()
    visit = entering(engine, WORK)
    must_be, attractive = (engine.plan.attributes[place] for place in range(1, 3))  # the first one is at the pitch
    assert must_be.level == 0.0
    assert visit.felt == pytest.approx(attractive.level * attractive.weight)


# ---- before leaving ------------------------------------------------------------------------------------


def delivered(level: float, **changes: Any) -> tuple[SimpyEngine, Visit]:
    engine = office(journey__work__delivers={"level": level, "spread": 0}, journey__work__cross_sells=None, **changes)
    return engine, dealing(engine, WORK)


def test_less_than_promised_breaks_the_promise_hurts_and_is_learned_from() -> None:
    engine, visit = delivered(0.2, beliefs__learning=0.5, beliefs__hit=0.3, beliefs__trust=1)
    customer, segment = engine.people[visit.person], engine.plan.segments[visit.segment]
    quality = 0.2 + segment.fit
    assert visit.delivered == pytest.approx(quality)
    assert visit.promise == BROKEN
    assert engine.response[visit.slot][GAP] != NO_RESPONSE
    assert customer.trust == pytest.approx(0.7)
    assert customer.expectation == pytest.approx((segment.expectation + quality) / 2)
    gap = (quality - segment.expectation) * segment.hurt_times
    assert visit.felt == pytest.approx(engine.plan.loss_aversion * max(gap, -1.0))


def test_more_than_promised_keeps_it_and_heals() -> None:
    engine, visit = delivered(1.0, beliefs__heal=0.5, beliefs__trust=0.4, beliefs__cap=0.8)
    assert visit.promise == KEPT
    assert engine.people[visit.person].trust == pytest.approx(0.6)
    assert visit.felt > 0.0


def test_with_the_failure_off_the_promise_is_met_and_nothing_is_felt() -> None:
    engine, visit = delivered(0.2, failures__gap__on=False)
    assert visit.delivered == engine.plan.segments[visit.segment].expectation
    assert (visit.promise, visit.felt) == (KEPT, 0.0)


def test_a_contact_that_answers_settles_what_was_complained_of() -> None:
    engine = office(journey__phone__contact={"resolves": 1, "restores": 0.5, "refund": 0.1})
    visit = dealing(engine, PHONE, reporting=True, unsettled=True, complained=True, felt=-0.4)
    assert (visit.contacts, visit.solved_first, visit.recovered) == (1, True, True)
    assert (visit.reporting, visit.unsettled) == (False, False)
    assert (visit.felt, visit.refund) == (pytest.approx(-0.2), 0.1)
    rules.deal(engine, visit)
    assert (visit.contacts, visit.felt) == (2, pytest.approx(-0.2))  # restored once


def test_a_contact_without_an_answer_is_a_failure() -> None:
    engine = office(journey__phone__contact={"resolves": 0})
    visit = dealing(engine, PHONE, reporting=True)
    assert (visit.solved_first, visit.reporting, visit.unsettled) == (False, True, True)
    assert engine.response[visit.slot][NO_ANSWER] != NO_RESPONSE
    over = dealing(engine, BOT, over=True)
    assert over.contacts == 0


@pytest.mark.parametrize(("chance", "kind"), [(1.0, Kind.AGREES), (0.0, Kind.DECLINES)])
def test_yes_or_no(chance: float, kind: Kind) -> None:
    heard: list[Kind] = []
    engine = office(journey__pitch__converts={"chance": chance})
    engine.trace = lambda minute, kind, visit, what, detail: heard.append(kind)
    visit = dealing(engine, PITCH)
    assert (visit.declined, visit.agreed_to_buy) == (not chance, bool(chance))
    assert heard[-1] is kind


def test_who_trusts_less_says_no_where_the_law_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = office(beliefs__conversion_by_trust=2, skills=[])
    visit = visit_of(engine, someone(engine, LEAD), PITCH)
    customer = engine.people[visit.person]
    p = conversion(0.4, customer.expectation - LEVEL, engine.plan.laws[0].by_expectation, -0.5, 2.0, 0.0)
    customer.trust = engine.plan.laws[0].trust - 0.5
    for u, declined in ((p * 0.999, False), (p * 1.001, True)):
        monkeypatch.setattr(rules, "draw", lambda *args, u=u: u)
        rules.deal(engine, visit)
        assert visit.declined is declined


def test_more_is_bought_once_and_after_the_till_on_top() -> None:
    engine = office(journey__work__cross_sells={"chance": 1, "spend": 80, "spend_log_sd": 0})
    before, after = (dealing(engine, WORK, spend=100.0, paid=paid) for paid in (False, True))
    assert (before.spend, before.on_top) == (pytest.approx(180.0), 0.0)
    assert (after.spend, after.on_top) == (100.0, pytest.approx(80.0))
    rules.deal(engine, after)
    assert after.on_top == pytest.approx(80.0)


def test_nothing_is_dealt_with_where_there_is_nothing() -> None:
    visit = dealing(office(), CALL)
    assert (visit.contacts, visit.promise, visit.declined, visit.cross_sold) == (0, UNTESTED, False, False)
