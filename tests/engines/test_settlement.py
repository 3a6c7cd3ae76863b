"""The rules of settling a visit that ends, one at a time."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.behaviour import visiting
from sim.engines import settlement
from sim.engines.clock import WEEK
from sim.engines.people import Visit
from sim.engines.population import BASE, LEAD, NEWCOMER, PASSER_BY
from sim.engines.records import NOT_JOINED, ROW
from sim.engines.simpy import SimpyEngine
from tests.engines.practice import practice
from tests.engines.stage import engine_at, visit_of

Settled = tuple[Any, list[int]]
CALM = {"word_of_mouth.telling": 0, "reputation.weight": 0, "customers.leaving.churn_per_year": 0}


def office(minute: float = 0.0, **changes: Any) -> SimpyEngine:
    return engine_at(practice(CALM | {path.replace("__", "."): value for path, value in changes.items()}), minute)


def someone(engine: SimpyEngine, source: int) -> int:
    return next(person for person, one in enumerate(engine.people) if one.source == source)


def settled(engine: SimpyEngine, visit: Visit) -> Settled:
    row, lost = SimpleNamespace(), np.zeros(len(engine.plan.failures), np.int64)
    assert settlement.settle_visit(engine, visit, row, lost)
    assert set(vars(row)) == set(ROW.names or ())
    return row, lost.tolist()


def test_of_the_warm_up_nothing_is_kept_but_that_there_was_a_visit() -> None:
    engine = office()
    visit = visit_of(engine, someone(engine, BASE), began=-1.0)
    assert not settlement.settle_visit(engine, visit, SimpleNamespace(), np.zeros(7, np.int64))
    customer = engine.people[visit.person]
    assert (customer.warm_ups, customer.here, customer.joined) == (1, True, 0)


def test_money_is_split_to_the_penny_and_some_comes_back_on_the_next_visit() -> None:
    engine = office(relationship__recapture=0.2)
    visit = visit_of(engine, someone(engine, BASE), spend=100.0, on_top=5.0, paid=True, refund=0.1)
    engine.kept[visit.slot][:2] = 0.9, 0.8
    row, lost = settled(engine, visit)
    assert (row.spend, row.recaptured, row.revenue, row.refund) == (10_500, 0, 7_700, 770)
    assert sum(lost) == 2_800
    assert lost[1] > lost[0] > 0
    again, _ = settled(engine, visit_of(engine, visit.person, spend=10.0, paid=True))
    assert (again.recaptured, again.revenue) == (560, 1_560)


def test_a_visit_that_is_not_completed_brings_nothing_and_who_walked_out_would_have_bought_by_the_odds() -> None:
    engine = office()
    person = someone(engine, BASE)
    row, _ = settled(engine, visit_of(engine, person, spend=100.0, declined=True))
    assert (row.completed, row.spend, row.revenue) == (False, 0, 0)
    visit = visit_of(engine, person, spend=100.0, over=True, odds=0.4)
    engine.kept[visit.slot][0] = 0.0
    row, lost = settled(engine, visit)
    assert (row.spend, row.revenue, lost[0]) == (4_000, 0, 4_000)


@pytest.mark.parametrize(
    ("source", "paid", "joins", "prospect"),
    [
        pytest.param(BASE, False, True, False, id="base"),
        pytest.param(NEWCOMER, False, True, False, id="newcomers join as they come"),
        pytest.param(LEAD, False, False, True, id="leads do not before they buy"),
        pytest.param(LEAD, True, True, True, id="and then they do"),
        pytest.param(PASSER_BY, True, False, True, id="passers-by never"),
    ],
)
def test_who_becomes_a_customer(source: int, paid: bool, joins: bool, prospect: bool) -> None:
    engine = office()
    visit = visit_of(engine, someone(engine, source), paid=paid)
    row, _ = settled(engine, visit)
    customer = engine.people[visit.person]
    assert (customer.joined != NOT_JOINED, customer.here, row.prospect) == (joins, joins, prospect)


def test_satisfaction_moves_towards_what_was_experienced_and_the_row_says_both() -> None:
    engine = office(relationship__gain=0.5)
    visit = visit_of(engine, someone(engine, BASE), felt=-0.4, contacts=2, complained=True, trip=1)
    row, _ = settled(engine, visit)
    assert row.experience == pytest.approx(0.4)
    assert row.satisfaction == engine.people[visit.person].satisfaction == pytest.approx(0.6)
    assert (row.customer, row.visit, row.week, row.age) == (visit.who, visit.ordinal, 0, 0)
    assert (row.contacts, row.complained, row.trip, row.left) == (2, True, 1, False)


def test_a_complaint_that_is_not_settled_shocks_and_another_soon_doubly() -> None:
    engine = office(
        relationship__shock_times=1.8, relationship__shock_half_life=6, relationship__shock_tenure=0, weeks=20
    )
    person = someone(engine, BASE)
    settled(engine, visit_of(engine, person, unsettled=True))
    assert engine.people[person].shock == pytest.approx(0.8)
    engine.env.run(until=6 * WEEK)
    settled(engine, visit_of(engine, person, reporting=True))
    assert engine.people[person].shock == pytest.approx(0.4 + 1.6)
    engine.env.run(until=12 * WEEK)
    settled(engine, visit_of(engine, person))
    assert engine.people[person].shock == pytest.approx(1.0)


def test_after_a_recovery_satisfaction_counts_at_most_as_high_as_before() -> None:
    engine = office(relationship__gain=0.5)
    person = someone(engine, BASE)
    settled(engine, visit_of(engine, person, felt=0.2, recovered=True))
    assert engine.people[person].satisfaction == pytest.approx(0.9)
    assert engine.people[person].counts == pytest.approx(0.8)


@pytest.mark.parametrize("decides", ["after_visit", "before_paying"])
def test_the_coin_is_flipped_after_the_visit_or_before_the_next(decides: str) -> None:
    engine = office(minute=WEEK, customers__leaving={"chance_per_visit": 1, "concentration": 1, "decides": decides})
    person = someone(engine, BASE)
    customer = engine.people[person]
    row, _ = settled(engine, visit_of(engine, person))
    assert row.left is (decides == "after_visit")
    assert (customer.here, customer.left_week) == (not row.left, 1 if row.left else -1)
    if decides == "before_paying":
        assert settlement.stays_away(engine, customer)
        assert not customer.here


def test_nobody_stays_away_in_the_warm_up_and_the_shock_that_is_left_counts() -> None:
    engine = office(minute=-1.0, relationship__shock_half_life=1, weeks=4)
    customer = engine.people[someone(engine, BASE)]
    customer.hazard, customer.shock, customer.shocked_at = np.inf, 0.0, 0.0
    assert not settlement.stays_away(engine, customer)
    engine.env.run(until=WEEK)
    u = settlement.uniform(engine.seed, engine.stream, customer.who, customer.visits, 0, settlement.LEAVE, 0)
    needed = -np.log1p(-u) / visiting.hazard_multiplier(customer.counts, engine.plan.reference, 0.9, 0.5)
    customer.shock = 1.0  # half of it is left a week later
    for hazard, stays_away in ((needed * 0.999, False), (needed * 1.001, True)):
        customer.hazard = hazard
        assert settlement.stays_away(engine, customer) is stays_away


def test_some_tell_and_some_review() -> None:
    engine = office(word_of_mouth__telling=1, word_of_mouth__told_bad=10, word_of_mouth__shift_bad=-0.1)
    settled(engine, visit_of(engine, someone(engine, BASE), felt=-1.0))
    assert engine.now[0].talk < 0.0
    engine = office(reputation__weight=1, reputation__reviews=1, reputation__pace=0.5, reputation__starts=1)
    row, _ = settled(engine, visit_of(engine, someone(engine, BASE), felt=-0.4))
    assert engine.now[0].reputation == pytest.approx((1.0 + row.experience) / 2)
