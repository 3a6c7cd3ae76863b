"""What trust and expectation act on in a whole business, and what they do not."""

import numpy as np
import pytest

from sim.behaviour import visiting
from sim.behaviour.promising import conversion, heard
from sim.engines.population import LEAD
from sim.engines.randomness import CONVERTS, key_of, uniform
from tests.engines.practised import (
    MANY_LEAVE,
    NOBODY_LEAVES,
    NOBODY_MEETS,
    NOBODY_TALKS,
    PITCH,
    WORK,
    leaves_at,
    of_visits,
    practised,
    source_of,
)
from tests.engines.worlds import Changes, Run, assert_same

NOBODY_HEARS: Changes = {"beliefs.hearing": 0, "beliefs.learning": 0, "reputation.weight": 0}


def test_trust_acts_on_cross_sales_and_not_on_leaving() -> None:
    """Nobody hears anything and everybody converts: then trust can only move what is bought on top."""
    same = NOBODY_HEARS | MANY_LEAVE | {"journey.pitch.converts": {"chance": 1}}
    trusting, wary = (practised(same | {"beliefs.hit": hit, "beliefs.conversion_by_trust": 5}) for hit in (0, 1))
    assert trusting.visits["trust"].mean() > wary.visits["trust"].mean() + 0.4
    assert trusting.visits["left"].sum() > 20
    money = ("trust", "cross_sold", "spend", "lost", "recaptured", "revenue", "refund")
    assert_same(trusting.visits, wary.visits, leaving_out=money)
    np.testing.assert_array_equal(trusting.records.left_week, wary.records.left_week)
    assert trusting.visits["cross_sold"].sum() > 2 * wary.visits["cross_sold"].sum()
    assert (trusting.visits["cross_sold"] >= wary.visits["cross_sold"]).all()


@pytest.mark.parametrize("hit", [0, 1])
def test_whatever_the_trust_people_leave_by_satisfaction_alone(hit: float) -> None:
    """Nobody complains, so that there is neither shock nor recovery."""
    calm = {"relationship.complaint_intercept": -20, "relationship.complaint_slope": 0, "beliefs.hit": hit}
    done = practised(calm | MANY_LEAVE)
    multipliers = [visiting.hazard_multiplier(level, 0.8, 0.9, 0.0) for level in done.visits["satisfaction"]]
    np.testing.assert_array_equal(done.visits["left"], leaves_at(done, np.array(multipliers)))
    assert done.visits["left"].sum() > 20


def test_without_trust_a_promise_is_not_believed() -> None:
    done = practised({"beliefs.trust": 0, "beliefs.heal": 0, "beliefs.learning": 0, "reputation.weight": 0})
    np.testing.assert_array_equal(done.visits["expectation"], done.plan.segments["expectation"][done.visits["segment"]])


def decided(hit: float) -> Run:
    """Everybody decides on every visit, and nothing but trust has a say in it."""
    changes = NOBODY_MEETS | NOBODY_LEAVES | NOBODY_HEARS | {"customers.leads_per_week": 0}
    asks = {"journey.work.converts": {"chance": 0.5}, "beliefs.conversion_by_trust": 4, "beliefs.hit": hit}
    asks |= {"skills": []}
    return practised(changes | asks | {"journey.pitch.converts": None, "customers.newcomers_per_week": 0})


def test_who_trusts_less_buys_less_and_nobody_else_does() -> None:
    trusting, wary = (of_visits(decided(hit), "completed") for hit in (0, 1))
    assert trusting.keys() == wary.keys()
    assert all(trusting[visit] for visit, bought in wary.items() if bought)
    assert sum(wary.values()) < 0.6 * sum(trusting.values())


# ---- conversion ----------------------------------------------------------------------------------


def joined(changes: Changes) -> set[int]:
    done = practised(NOBODY_MEETS | NOBODY_TALKS | changes)
    return set(done.population.who[(done.population.source == LEAD) & (done.records.joined_week >= 0)].tolist())


def test_a_bolder_promise_wins_the_same_leads_and_more() -> None:
    modest, bold = (joined({"journey.pitch.claim.level": level, "beliefs.hearing": 1}) for level in (0.3, 1.0))
    assert modest < bold


def test_where_expectation_decides_nothing_a_bold_promise_wins_nobody() -> None:
    blind = {"beliefs.conversion_by_expectation": 0}
    modest, bold = (joined(blind | {"journey.pitch.claim.level": level}) for level in (0.3, 1.0))
    assert modest == bold


def test_each_lead_decides_by_the_law_of_conversion() -> None:
    """Expected 0.75 or, as people, 0.6; half-trusted, one promise of 0.9 and one of 0.85 are heard at 0.4."""
    changes = {"beliefs.trust": 0.5, "skills": [], "beliefs.conversion_by_expectation": 8}
    done = practised(NOBODY_MEETS | NOBODY_TALKS | changes)
    leads = done.visits[(source_of(done) == LEAD) & (done.visits["passes"][:, PITCH] == 1)]
    assert leads.size > 100
    for row in leads:
        expected = heard(heard((0.75, 0.6)[row["segment"]], 0.9, 0.4, 0.5), 0.85, 0.4, 0.5)
        chance = conversion(0.4, expected - 0.75, 8.0, 0.0, 1.0, 0.0)
        bought = uniform(1, 0, int(row["customer"]), 0, key_of("pitch"), CONVERTS, 1) < chance
        assert bought == (row["passes"][WORK] == 1)
