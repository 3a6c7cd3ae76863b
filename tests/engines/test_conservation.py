"""Whatever the world, nothing is lost or made: customers, money, things."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import basket, experience, visiting
from sim.engines.clock import WEEK
from sim.engines.population import BASE
from sim.engines.randomness import LEAVE, Luck, uniform
from sim.engines.records import (
    BAD,
    BUSY,
    NO_RESPONSE,
    NOT_BORROWED,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    SOUND,
    STILL_HERE,
    WORKING,
)
from sim.scenario.world import without_failures
from tests.engines.watched import WatchedPool, run_watched
from tests.engines.worlds import Changes, Run, run, tiny

WHEEL, EMPTY, QUEUED, REFUSED = range(4)
ON = st.sampled_from([True, True, True, False])
SHARE = st.sampled_from([0.0, 0.15, 0.5, 1.0])
DECIDES = st.sampled_from(["after_visit", "before_paying"])


def fixed(minutes: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    """Durations of whole minutes: with these, events of one instant are common."""
    return st.sampled_from(minutes).map(lambda mean: {"mean": mean, "law": "fixed"})


@st.composite
def worlds(draw: st.DrawFn) -> Changes:
    base, rate = draw(st.sampled_from([(0, 1), (1, 300), (1, 1), (5, 200), (8, 40), (40, 3)]))
    return {
        "customers.base": base,
        "customers.visits_per_week": rate,
        "weeks": draw(st.integers(1, 3)),
        "warm_up_days": draw(st.sampled_from([0, 0, 4])),
        "customers.gap_cv": draw(st.sampled_from([0.3, 0.9, 2.0])),
        "customers.newcomers_per_week": draw(st.sampled_from([0, 6])),
        "customers.passers_by_per_week": draw(st.sampled_from([0, 30])),
        "customers.leaving.churn_per_year": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "customers.leaving.decides": draw(DECIDES),
        "customers.leaving.first_period": draw(st.sampled_from(["paid", "due"])),
        "assets.trolleys.pool": draw(st.integers(0, 6)),
        "assets.trolleys.breaks": draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])),
        "assets.trolleys.reserve": draw(st.integers(0, 4)),
        "assets.trolleys.repair.minutes": draw(fixed([0, 5, 240, 5000])),
        "resources.tills.servers": draw(st.integers(1, 3)),
        "resources.desk.servers": draw(st.integers(1, 2)),
        "journey.aisles.minutes": draw(fixed([0, 5, 10, 30])),
        "journey.checkout.minutes": draw(fixed([0, 5, 10])),
        "journey.desk.minutes": draw(fixed([0, 5])),
        "journey.checkout.patience": draw(st.sampled_from([0, 1, 12])),
        "trips.small.time_times": 1,
        "weather.rain": draw(SHARE),
        "relationship.recapture": draw(SHARE),
        "relationship.gain": draw(SHARE),
        "relationship.complaint_intercept": draw(st.sampled_from([-4.01, 0, 1000])),
        **{f"failures.{name}.on": draw(ON) for name in ("wheel", "empty_bay", "queue", "refused")},
    }


def rows_by_customer(visits: np.ndarray) -> Iterator[np.ndarray]:
    """Each customer's rows, in the order in which the ledger has them."""
    for customer in np.unique(visits["customer"]):
        yield visits[visits["customer"] == customer]


def check_money(done: Run) -> None:
    visits = done.visits
    np.testing.assert_array_equal(
        visits["revenue"], visits["spend"] - visits["lost"].sum(axis=1) + visits["recaptured"]
    )
    for name in ("spend", "lost", "recaptured", "revenue"):
        assert (visits[name] >= 0).all()
    assert not visits["revenue"][~visits["completed"]].any()


def check_pots(done: Run) -> None:
    """What comes back is what was set aside, once, on the next completed visit."""
    for rows in rows_by_customer(done.visits):
        pot = 0
        for row in rows:
            assert row["recaptured"] == (pot if row["completed"] else 0)
            pot += basket.set_aside(int(row["lost"].sum()), done.plan.recapture) - row["recaptured"]
            assert pot >= 0


def check_customers(done: Run) -> None:
    assert np.isin(done.visits["customer"], done.population.who).all()
    if done.plan.joins_by == 0:
        base = np.isin(done.visits["customer"], done.population.who[done.population.source == BASE])
        assert (done.visits["followed"] == base).all()
    left_week = dict(zip(done.population.who.tolist(), done.records.left_week.tolist(), strict=True))
    before_paying = done.plan.decides_before
    for rows in rows_by_customer(done.visits):
        # One after the other, in the order of the ledger: no visit begins before the one before it ends.
        assert (np.diff(rows["visit"]) == 1).all()
        assert (np.diff(rows["week"]) >= 0).all()
        assert not rows["left"][:-1].any()
        last = rows[-1]
        week = left_week.pop(int(last["customer"]))
        if before_paying:
            assert not last["left"]
            assert week == STILL_HERE or week >= last["week"]
        else:
            assert week == (last["week"] if last["left"] else STILL_HERE)
    assert before_paying or set(left_week.values()) <= {STILL_HERE}
    assert ((done.visits["week"] >= 0) & (done.visits["week"] < done.plan.weeks)).all()


def check_moods(done: Run) -> None:
    for rows in rows_by_customer(done.visits):
        before = done.plan.reference
        for row in rows:
            assert 0 <= row["experience"] <= 1
            before = experience.satisfaction(before, row["experience"], done.plan.gain)
            assert row["satisfaction"] == before


def check_waits(done: Run) -> None:
    waits, served = done.visits["wait"], done.plan.touchpoints["resource"] >= 0
    assert np.isnan(waits[:, ~served]).all()
    assert (waits[~np.isnan(waits)] >= 0).all()
    joins, passes = done.visits["joins"], done.visits["passes"]
    np.testing.assert_array_equal(joins > 0, ~np.isnan(waits))
    assert (joins <= passes).all()


def check_consequences(done: Run) -> None:
    """Loss, experience and completion follow from the responses written in the row, and from nothing else."""
    plan, responses = done.plan, done.plan.responses
    for row in done.visits:
        kept, felt, walked_out = np.ones(plan.failures.size), 0.0, False
        for k in range(plan.failures.size):
            if row["response"][k] == NO_RESPONSE:
                continue
            chosen = plan.failures["first_response"][k] + row["response"][k]
            hurt = responses["feels"][chosen] * plan.segments["hurt_times"][row["segment"]]
            felt += experience.felt(hurt, plan.failures["weight"][k], plan.loss_aversion)
            if k != REFUSED:  # the desk comes after the till
                kept[k] = 0.0 if responses["then"][chosen] == 2 else 1 - plan.losses[chosen, row["trip"]]
                walked_out |= bool(responses["then"][chosen] == 2)
        parts = np.zeros(kept.size, np.int64)
        basket.split_loss(basket.lost_total(int(row["spend"]), kept), kept, parts)
        assert row["lost"].tolist() == parts.tolist()
        assert row["experience"] == pytest.approx(experience.experience(plan.reference, felt), abs=1e-12)
        assert row["completed"] == (not walked_out)


def check_borrowing(done: Run) -> None:
    visits = done.visits
    if done.scenario.failures[WHEEL].on:
        np.testing.assert_array_equal(visits["bad_asset"] == BAD, visits["response"][:, WHEEL] != NO_RESPONSE)
    else:
        assert not (visits["bad_asset"] == BAD).any()
    short = visits["response"][:, EMPTY] != NO_RESPONSE
    assert (visits["bad_asset"][short] == NOT_BORROWED).all()
    assert set(visits["bad_asset"]) <= {NOT_BORROWED, SOUND, BAD}


def check_levels(done: Run, pools: list[WatchedPool]) -> None:
    resources, kept = done.records.resources, done.records.pools
    assert (resources >= 0).all()
    assert (kept >= 0).all()
    assert (resources[:, BUSY] <= done.plan.servers[:, None] * WEEK + 1e-6).all()
    for watched, counters in zip(pools, kept, strict=True):
        assert (counters[[BUSY, QUEUE]].sum(axis=0) <= watched.size * WEEK + 1e-6).all()
        assert (counters[WORKING] <= watched.size * WEEK + 1e-6).all()
        assert counters[REPORTS].sum() <= watched.reports
        assert counters[REFUSALS].sum() <= watched.refusals
        assert counters[REPAIRS].sum() <= watched.repaired
        assert counters[SHORTAGES].sum() >= (done.visits["response"][:, EMPTY] != NO_RESPONSE).sum()
        if not done.scenario.warm_up_days:
            assert counters[REPORTS].sum() - counters[REFUSALS].sum() >= counters[REPAIRS].sum()


@settings(max_examples=60)
@given(worlds(), st.integers(0, 1_000))
def test_every_world_conserves_customers_money_and_things(changes: Changes, seed: int) -> None:
    done, pools = run_watched(tiny(changes), seed)
    check_money(done)
    check_pots(done)
    check_customers(done)
    check_moods(done)
    check_waits(done)
    check_consequences(done)
    check_borrowing(done)
    check_levels(done, pools)


def test_the_worlds_tried_hold_what_they_are_to_try() -> None:
    """A tight little world of whole minutes has breakdowns, refusals, shortages, queues and walk-outs."""
    changes = {
        "customers.base": 8,
        "customers.leaving.churn_per_year": 1.0,
        "customers.visits_per_week": 200,
        "assets.trolleys.pool": 3,
        "assets.trolleys.breaks": 0.5,
        "assets.trolleys.reserve": 1,
        "relationship.complaint_intercept": 0,
        "journey.aisles.minutes": {"mean": 10},
        "journey.checkout.minutes": {"mean": 5},
        "journey.checkout.patience": 1,
        "weeks": 1,
        "warm_up_days": 0,
    }
    done = run(tiny(changes))
    assert (done.visits["response"] != NO_RESPONSE).any(axis=0).all()
    assert done.records.pools[0, [REPORTS, REFUSALS, REPAIRS, SHORTAGES]].sum(axis=1).all()
    assert not done.visits["completed"].all()
    assert done.visits["left"].any()
    assert np.isin(done.visits["wait"][:, 2], [5.0, 10.0]).any()  # someone waited exactly one or two services


@settings(max_examples=20)
@given(worlds(), st.integers(0, 1_000))
def test_with_every_failure_off_nothing_is_lost_and_nobody_is_moved(changes: Changes, seed: int) -> None:
    done = run(without_failures(tiny(changes)), seed)
    visits, reference = done.visits, done.plan.reference
    assert not visits["lost"].any()
    assert not visits["recaptured"].any()
    np.testing.assert_array_equal(visits["revenue"], visits["spend"])
    assert visits["completed"].all()
    assert (visits["response"] == NO_RESPONSE).all()
    assert not (visits["bad_asset"] == BAD).any()
    assert (visits["experience"] == reference).all()
    assert (visits["satisfaction"] == reference).all()
    coins = np.array(leaves_naturally(done, seed), bool)
    np.testing.assert_array_equal(visits["left"], coins & (not done.plan.decides_before))
    assert not (done.plan.decides_before and coins.any())  # whoever came had decided to


def leaves_naturally(done: Run, seed: int) -> list[bool]:
    """Who would leave after each visit, or instead of it, by nothing but their own hazard."""
    base = set(done.population.who[done.population.source == BASE].tolist())
    hazard = dict(zip(done.population.who.tolist(), done.population.hazard.tolist(), strict=True))
    stream, due = Luck(seed, 0).stream, done.scenario.customers.leaving.first_period == "due"
    came: Counter[int] = Counter()
    found = []
    for row in done.visits:
        who, ordinal = int(row["customer"]), int(row["visit"])
        u = uniform(seed, stream, who, ordinal, 0, LEAVE, 0)
        may = came[who] > 0 or (who in base and not due)
        found.append(may and visiting.leaves(u, hazard[who], 1.0))
        came[who] += 1
    return found
