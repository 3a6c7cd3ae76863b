"""Complaints, contacts, channels, queues and ways through a whole business, in the right direction and size."""

import numpy as np
import pytest

from sim.behaviour import basket, visiting
from sim.behaviour.chance import shifted
from sim.engines.population import BASE
from sim.engines.records import NO_RESPONSE
from sim.experiments.task import Engine
from tests.engines.practice import practice
from tests.engines.practised import (
    BOT,
    CALL,
    MANY_LEAVE,
    NOBODY_LEAVES,
    NOBODY_MEETS,
    NOBODY_TALKS,
    PHONE,
    PITCH,
    SITE,
    WORK,
    leaves_at,
    of_visits,
    off,
    practised,
    rows_of_each,
    source_of,
)
from tests.engines.worlds import Changes, assert_same, run

QUEUE, COLD_CALL = 0, 6
WEB, OFFICE, CHAT, TELEPHONE = range(4)
ALL_ANSWERED = off("hang") | {"journey.phone.contact.resolves": 1}
NONE_ANSWERED = off("hang") | {"journey.phone.contact.resolves": 0}


def complained_at_the_desk(visits: np.ndarray) -> np.ndarray:
    return visits["complained"] & (visits["passes"][:, PHONE] > 0)


# ---- complaints ----------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 4, 20])
def test_a_complaint_that_is_not_settled_makes_leaving_that_many_times_likelier(times: float) -> None:
    """Satisfaction has no say, and shocks are gone by the next visit: what is left is the shock itself."""
    shock = {f"relationship.shock_{name}": value for name, value in (("times", times), ("half_life", 0), ("tenure", 0))}
    done = practised(NONE_ANSWERED | MANY_LEAVE | shock | {"relationship.leaving_sensitivity": 0})
    unsettled = complained_at_the_desk(done.visits)
    assert unsettled.sum() > 100
    np.testing.assert_array_equal(done.visits["left"], leaves_at(done, np.where(unsettled, times, 1.0)))


def test_who_is_answered_in_the_end_is_not_shocked() -> None:
    again = off("hang") | off("queue") | {"journey.phone.next": [{"to": "phone", "when": "failed"}], **MANY_LEAVE}
    calm, other = (practised(again | {"relationship.shock_times": times}).visits for times in (1, 100))
    assert (calm["contacts"][complained_at_the_desk(calm)] > 1).sum() > 50
    assert_same(calm, other)


def test_a_complaint_that_nobody_hears_is_not_settled_either() -> None:
    """Those who walk out of the queue complaining reach no desk."""
    walks_out = ALL_ANSWERED | MANY_LEAVE | {"customers.base": 300, "journey.pitch.balks_at": 0}
    calm, other = (practised(walks_out | {"relationship.shock_times": times}).visits for times in (1, 100))
    assert other["left"].sum() > calm["left"].sum()


def test_a_shock_is_doubled_by_another_soon_and_lasts() -> None:
    """Where shocks hardly fade: the first adds 2, each later one 4, and all of them stay."""
    shock = {"relationship.shock_times": 3, "relationship.shock_half_life": 10_000, "relationship.shock_tenure": 0}
    done = practised(NONE_ANSWERED | MANY_LEAVE | shock | {"relationship.leaving_sensitivity": 0, "warm_up_days": 0})
    count = {}
    for rows in rows_of_each(done):
        so_far = np.cumsum(complained_at_the_desk(rows))
        count |= dict(zip(zip(rows["customer"], rows["visit"], strict=True), so_far, strict=True))
    complaints = np.array([count[row["customer"], row["visit"]] for row in done.visits])
    assert complaints.max() > 3
    multipliers = 1.0 + np.where(complaints > 0, 4.0 * complaints - 2.0, 0.0)
    assert (np.array(leaves_at(done, multipliers)) == done.visits["left"]).mean() > 0.999


@pytest.mark.parametrize("restores", [0, 0.6, 5])
def test_after_a_recovery_satisfaction_counts_at_most_as_high_as_before(restores: float) -> None:
    sensitive = {"relationship.leaving_sensitivity": 8, "relationship.gain": 0.5, "customers.base": 300}
    heard = ALL_ANSWERED | off("queue") | MANY_LEAVE
    done = practised(heard | sensitive | {"journey.phone.contact.restores": restores})
    before = {}
    for rows in rows_of_each(done):
        levels = [done.plan.reference, *rows["satisfaction"][:-1]]
        before |= dict(zip(zip(rows["customer"], rows["visit"], strict=True), levels, strict=True))
    was = np.array([before[row["customer"], row["visit"]] for row in done.visits])
    recovered, now = complained_at_the_desk(done.visits), done.visits["satisfaction"]
    assert (now > was)[recovered].sum() > 5
    counts = np.where(recovered, np.minimum(now, was), now)
    multipliers = np.array([visiting.hazard_multiplier(level, 0.8, 8.0, 0.0) for level in counts])
    np.testing.assert_array_equal(done.visits["left"], leaves_at(done, multipliers))


def test_a_settled_complaint_restores_its_share_of_the_experience_lost_and_of_what_was_paid() -> None:
    gentle = {f"failures.{name}.weight": 0.05 for name in ("queue", "dead_end", "gap", "price", "cold_call")}
    same = ALL_ANSWERED | NOBODY_LEAVES | NOBODY_TALKS | gentle | {"attributes": []}
    without, done = (practised(same | {"journey.phone.contact.restores": share}) for share in (0, 0.6))
    recovered, lost = complained_at_the_desk(done.visits), without.visits["experience"] - 0.8
    assert (lost[recovered] < -0.01).sum() > 100
    assert without.visits["experience"].min() > 0
    kept = np.where(recovered & (lost < 0), 0.4, 1.0)
    np.testing.assert_allclose(done.visits["experience"], 0.8 + kept * lost, atol=1e-12)
    paid = done.visits["revenue"] - done.visits["recaptured"]
    refund = [basket.refunded(int(one), 0.1 * had) for one, had in zip(paid, recovered, strict=True)]
    np.testing.assert_array_equal(done.visits["refund"], refund)


def test_a_question_settled_at_the_first_contact_is_one_contact_settled() -> None:
    visits = practised().visits
    assert (visits["contacts"][visits["solved_first"]] >= 1).all()
    assert not visits["solved_first"][visits["contacts"] == 0].any()
    assert (visits["handled"] > 0).sum() == (visits["contacts"] > 0).sum()
    every = practised(off("dead_end", "no_answer", "hang")).visits
    np.testing.assert_array_equal(every["solved_first"], every["contacts"] > 0)


# ---- skill ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("log_odds", [-2, 2])
def test_a_skill_moves_its_chance_by_its_log_odds(log_odds: float) -> None:
    """A lasting skill and nothing else that decides; a wrong price happens to a fifth without it."""
    lift = {"at": "price", "rate": "failure", "log_odds": log_odds}
    skill = {"id": "care", "label": "Care", "half_life": 10_000, "lifts": [lift]}
    visits = practised({"skills": [skill], "customers.base": 300}).visits
    worked = visits["passes"][:, WORK] > 0
    share, expected = (visits["response"][worked, 5] != NO_RESPONSE).mean(), shifted(0.2, log_odds)
    assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / worked.sum()))


def test_a_skill_that_fades_lifts_less_and_less_and_the_same_people_first() -> None:
    same = NOBODY_MEETS | NOBODY_LEAVES | NOBODY_TALKS | {"skills.selling.coaching_every": 0}
    lift = {"skills.selling.lifts": [{"at": "price", "rate": "failure", "log_odds": -3}]}
    fresh, fading, none = (
        of_visits(practised(same | lift | {"skills.selling.half_life": life}), "response") for life in (10_000, 5, 0)
    )
    wrong = [{visit for visit, response in done.items() if response[5] >= 0} for done in (fresh, fading, none)]
    assert wrong[0] < wrong[1] < wrong[2]


# ---- queues, intrusions, channels, ways ----------------------------------------------------------


def test_nobody_waits_where_everybody_balks_at_once() -> None:
    responses = [{"id": "endure", "label": "Endures"}, {"id": "go", "label": "Goes", "share": 1, "then": "leave"}]
    changes = {"customers.base": 200, "failures.queue.responses": responses}
    balks, never = (practised(changes | {"journey.pitch.balks_at": at}).visits for at in (0, None))
    assert np.nanmax(balks["wait"][:, PITCH]) == 0 < np.nanmax(never["wait"][:, PITCH])
    assert (balks["response"][:, QUEUE] == 1).sum() > 10


def test_who_never_agrees_is_called_unasked_each_time_and_who_has_agreed_never_again() -> None:
    nobody = practised({"journey.site.permission": 0, "journey.call.permission": 0}).visits
    np.testing.assert_array_equal(nobody["response"][:, COLD_CALL] != NO_RESPONSE, nobody["passes"][:, CALL] > 0)
    once = practised({"journey.site.permission": 0, "journey.call.permission": 1, "warm_up_days": 0})
    for rows in rows_of_each(once):
        called = np.flatnonzero(rows["passes"][:, CALL])
        assert np.flatnonzero(rows["response"][:, COLD_CALL] != NO_RESPONSE).tolist() == called[:1].tolist()
    asked = practised({"journey.site.permission": 1}).visits
    assert asked["passes"][:, CALL].sum() > 20
    assert (asked["response"][:, COLD_CALL] == NO_RESPONSE).all()


def test_a_channel_closed_to_a_segment_is_never_used_by_it() -> None:
    visits = practised().visits
    people = visits["segment"] == 1
    assert not (visits["channel"][people] == CHAT).any()
    assert not visits["passes"][people, BOT].any()
    assert (visits["channel"][~people] == CHAT).sum() > 20


def test_a_visit_ends_in_the_channel_that_it_came_to_last() -> None:
    visits = practised({"journey.work.next": [{"to": "call"}]}).visits
    passes = visits["passes"] > 0
    came_to = (passes[:, PHONE], passes[:, BOT], passes[:, PITCH])
    last = np.select(came_to, (TELEPHONE, CHAT, OFFICE), WEB)
    np.testing.assert_array_equal(visits["channel"], last)


def test_prospects_hear_the_pitch_and_customers_do_not() -> None:
    done = practised()
    customer = (source_of(done) == BASE) | (done.visits["visit"] > 0)
    np.testing.assert_array_equal(done.visits["passes"][:, PITCH], ~customer)
    assert not done.visits["passes"][~customer, BOT].any()
    assert done.visits["passes"][customer, BOT].any()


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("changes", [{}, {"warm_up_days": 0}, {"customers.base": 0}, {"customers.base": 400}])
def test_who_passes_a_touchpoint_came_by_a_route_or_began_there(changes: Changes, engine: Engine) -> None:
    """Exactly, for the doors are closed when the warm-up ends and when the last week does."""
    done = run(practice(changes), engine=engine)
    arrived = np.zeros(done.plan.touchpoints.size)
    np.add.at(arrived, done.plan.routes["to"], done.records.flows.sum(axis=1))
    arrived[SITE] += done.visits.size
    np.testing.assert_array_equal(done.visits["passes"].sum(axis=0), arrived)
