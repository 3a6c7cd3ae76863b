"""Customers who decide before paying: worked out by hand for a few of them, on both engines."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.behaviour import visiting
from sim.engines import visit_rules
from sim.engines.clock import WEEK
from sim.engines.people import Customer
from sim.engines.plan import Plan, plan_of
from sim.engines.population import BASE, LEAD, NEWCOMER, PASSER_BY, population_of
from sim.engines.randomness import LEAVE, Luck, uniform
from sim.engines.records import NOT_JOINED, STILL_HERE
from sim.engines.simpy import SimpyEngine
from sim.experiments.library import FOLDER, load
from sim.experiments.task import Engine
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.engines.practice import practice
from tests.engines.practised import MANY_LEAVE, NOBODY_TALKS, source_of
from tests.engines.worlds import Changes, Run, assert_same, outcome_of, run, tiny

ENGINES: tuple[Engine, ...] = ("compiled", "simpy")
YEAR = 365 / 7  # weeks
BEFORE: Changes = {"customers.leaving.decides": "before_paying"}
ALL_GO: Changes = {"customers.leaving": {"chance_per_visit": 1, "concentration": 1, "decides": "before_paying"}}


def contracts(customers: int, **leaving: Any) -> Scenario:
    """A few customers with a contract of £100 a year for four years."""
    scenario = world_of(load(str(FOLDER / "known_answers" / "contracts.yaml")), {"customers.base": customers})
    found = scenario.customers.leaving.model_copy(update=leaving)
    people = scenario.customers.model_copy(update={"leaving": found})
    return scenario.model_copy(update={"customers": people, "weeks": 209})


def payments_by_hand(done: Run, due: bool) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Who pays for which renewal in which week, and the week in which each one leaves."""
    stream, paid, left = Luck(1, 0).stream, [], []
    population = done.population
    people = zip(
        population.who.tolist(), population.first_week, population.visits_per_week, population.hazard, strict=True
    )
    for who, first, rate, hazard in people:
        gone = STILL_HERE
        for renewal in range(5):
            week = int(first + renewal / rate)
            if week >= 209:
                break
            u = uniform(1, stream, who, renewal, 0, LEAVE, 0)
            if not (due and renewal == 0) and u < 1 - np.exp(-hazard):
                gone = week
                break
            paid.append((who, renewal, week))
        left.append(gone)
    return paid, left


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("first_period", ["paid", "due"])
def test_renewals_of_a_few_customers_are_those_worked_out_by_hand(engine: Engine, first_period: str) -> None:
    done = run(contracts(12, first_period=first_period), engine=engine)
    paid, left = payments_by_hand(done, first_period == "due")
    rows = done.visits[["customer", "visit", "week"]]
    assert sorted(rows.tolist()) == sorted(paid)
    assert done.records.left_week.tolist() == left
    assert 2 < sum(week == STILL_HERE for week in left) < 10
    assert (done.visits["revenue"] == 10_000).all()
    assert not done.visits["left"].any()
    first_payments = sum(renewal == 0 for _, renewal, _ in paid)
    assert (first_payments == 12) == (first_period == "due")


def test_whoever_decides_after_a_visit_pays_once_more_and_leaves_at_the_same_moments() -> None:
    before, after = (run(contracts(300, decides=when)) for when in ("before_paying", "after_visit"))
    np.testing.assert_array_equal(before.records.left_week, after.records.left_week)
    leavers = int((after.records.left_week != STILL_HERE).sum())
    assert leavers > 50
    assert after.visits.size - before.visits.size == leavers
    assert after.visits["left"].sum() == leavers
    stayed = after.visits[~after.visits["left"]]
    assert_same(before.visits, stayed)


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_decided_in_the_warm_up_and_what_is_due_after_it_is_paid_once(engine: Engine) -> None:
    often = ALL_GO | {"warm_up_days": 28, "customers.newcomers_per_week": 0, "weeks": 3}
    paid = run(tiny(often), engine=engine)
    assert paid.visits.size == 0
    came = paid.records.left_week != STILL_HERE
    assert came.sum() > 200
    assert outcome_of(paid).retention()[-1] == pytest.approx(1 - came.mean())
    due = run(tiny(often | {"customers.leaving.first_period": "due"}), engine=engine)
    _, visits = np.unique(due.visits["customer"], return_counts=True)
    assert visits.size > 200
    assert (visits == 1).all()
    assert due.visits["visit"].max() > 0  # the first of the run, not of the warm-up


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_decides_at_the_visit_that_makes_them_a_customer_and_passers_by_never(engine: Engine) -> None:
    done = run(practice(ALL_GO | {"weeks": 40, "customers.base": 30}), engine=engine)
    source, joined, left = source_of(done), done.records.joined_week, done.records.left_week
    assert not (source == BASE).any()
    for kind in (NEWCOMER, LEAD, PASSER_BY):
        rows = done.visits[source == kind]
        assert rows.size > 20
        assert not rows["visit"].any()
    gone = (left != STILL_HERE) & (done.population.source != BASE)
    assert (joined[gone] != NOT_JOINED).all()
    assert (left[gone] >= joined[gone]).all()
    assert gone.sum() > 20
    assert (left[done.population.source == PASSER_BY] == STILL_HERE).all()


class Overheard(NamedTuple):
    """What a decision before paying rests on."""

    customer: Customer
    ordinal: int
    now: float
    since: float
    shocked: float
    satisfaction: float
    stays_away: bool


def overheard(monkeypatch: pytest.MonkeyPatch, scenario: Scenario) -> tuple[Plan, list[Overheard], np.ndarray]:
    """Every decision before paying, and the ledger."""
    plan, luck, chunks, heard, decide = plan_of(scenario), Luck(1, 0), [], list[Overheard](), visit_rules.stays_away

    def listen(engine: SimpyEngine, customer: Customer) -> bool:
        now = engine.env.now
        before = customer.visits, now, (now - customer.shocked_at) / WEEK, customer.shock, customer.satisfaction
        heard.append(Overheard(customer, *before, decide(engine, customer)))
        return heard[-1].stays_away

    monkeypatch.setattr(visit_rules, "stays_away", listen)
    SimpyEngine(plan, population_of(scenario, plan, luck), luck, chunks.append).run(lambda share: None)
    return plan, heard, np.concatenate(chunks)


def test_the_multiplier_is_that_of_the_last_visit_with_the_shock_faded_since(monkeypatch: pytest.MonkeyPatch) -> None:
    shock = {"relationship.shock_times": 9, "relationship.shock_half_life": 2, "relationship.shock_tenure": 0}
    no_recovery = {"journey.phone.contact.resolves": 0, "customers.base": 200}
    plan, heard, rows = overheard(monkeypatch, practice(BEFORE | MANY_LEAVE | NOBODY_TALKS | shock | no_recovery))
    last = {(row["customer"], row["visit"]): row["satisfaction"] for row in rows}
    stream, unlike = Luck(1, 0).stream, 0
    for customer, ordinal, now, since, shocked, satisfaction, stays_away in heard:
        may = now >= 0 and (customer.source == BASE or ordinal > 0)
        assert satisfaction == last.get((customer.who, ordinal - 1), plan.reference)
        u = uniform(1, stream, customer.who, ordinal, 0, LEAVE, 0)
        faded, fresh = (
            np.exp(-plan.leaving_sensitivity * (satisfaction - plan.reference)) * (1 + left)
            for left in (shocked * 2 ** (-since / 2), shocked)
        )
        assert stays_away == (may and visiting.leaves(u, customer.hazard, faded))
        unlike += visiting.leaves(u, customer.hazard, fresh) != visiting.leaves(u, customer.hazard, faded)
    assert unlike > 5
    assert sum(one[-1] for one in heard) > 50


def test_after_a_recovery_the_satisfaction_that_counts_is_no_higher_than_before_at_the_next_renewal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sensitive = {"relationship.leaving_sensitivity": 8, "relationship.gain": 0.5, "customers.base": 300}
    settled = {"journey.phone.contact.resolves": 1, "journey.phone.contact.restores": 5}
    plan, heard, rows = overheard(monkeypatch, practice(BEFORE | MANY_LEAVE | sensitive | settled))
    levels: dict[int, list[float]] = {}
    for row in rows:
        levels.setdefault(int(row["customer"]), [plan.reference]).append(float(row["satisfaction"]))
    capped = 0
    for customer in {id(one[0]): one[0] for one in heard}.values():
        came = levels.get(customer.who, [plan.reference])
        if customer.joined == NOT_JOINED:
            continue
        assert customer.counts in (came[-1], min(came[-2:]))
        capped += customer.counts < came[-1]
    assert capped > 5


def test_a_visit_that_was_not_made_leaves_no_trace() -> None:
    """No row, nothing lent or queued for, no way taken, nothing told: all that is counted is of the visits made."""
    done = run(practice(BEFORE | {"customers.leaving.churn_per_year": 0.9, "warm_up_days": 0}))
    gone = done.population.who[done.records.left_week != STILL_HERE]
    assert gone.size > 20
    for who in gone:
        rows = done.visits[done.visits["customer"] == who]
        np.testing.assert_array_equal(rows["visit"], np.arange(rows.size))
    assert done.records.flows.sum() == done.visits["passes"].sum() - done.visits.size


def test_the_week_of_leaving_is_that_of_the_visit_that_was_due() -> None:
    done = run(contracts(300))
    last = {int(row["customer"]): int(row["week"]) for row in done.visits}
    for who, week in zip(done.population.who.tolist(), done.records.left_week.tolist(), strict=True):
        if week != STILL_HERE and who in last:
            assert last[who] + int(YEAR) <= week <= last[who] + int(YEAR) + 1


def test_a_file_says_when_customers_decide_and_what_they_have_paid() -> None:
    plan = plan_of(tiny())
    assert (plan.decides_before, plan.first_is_due) == (False, False)
    plan = plan_of(tiny(BEFORE | {"customers.leaving.first_period": "due"}))
    assert (plan.decides_before, plan.first_is_due) == (True, True)
    with pytest.raises(ScenarioError, match=r"customers\.leaving\.decides"):
        tiny({"customers.leaving.decides": "sometimes"})
