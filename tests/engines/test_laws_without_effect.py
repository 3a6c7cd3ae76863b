"""A law whose effect is 0 changes nothing, exactly; with an effect it does something; on both engines."""

from typing import Any, NamedTuple, get_args

import numpy as np
import pytest

from sim.engines.records import BROKEN, KEPT, NO_RESPONSE, UNTESTED
from sim.experiments.task import Engine
from sim.scenario.world import without_failures
from tests.engines.practice import practice
from tests.engines.test_conservation import leaves_naturally
from tests.engines.worlds import Changes, assert_same, run

BELIEF_COLUMNS = ("expectation", "trust", "delivered", "promise")
DECIDES_NOTHING: Changes = {"beliefs.conversion_by_expectation": 0, "beliefs.conversion_by_trust": 0}
GAP_OFF: Changes = {"failures.gap.on": False}
PROMISE_NOTHING: Changes = {
    "beliefs": None,
    "journey.site.claim": None,
    "journey.pitch.claim": None,
    "journey.work.delivers": None,
    "failures.gap.cause": "chance",
    "failures.gap.chance": 0,
    "failures.gap.on": False,
}
RATES = (("pitch", "conversion"), ("price", "failure"), ("phone", "resolution"))
ATTRIBUTES = ("tidy", "cake", "view")
CONTACT = {"resolves": 0.7}


class Law(NamedTuple):
    """Changes that give a law no effect, that leave it out, that let it work; columns that it may touch anyway."""

    idle: Changes
    absent: Changes
    at_work: Changes
    may_touch: tuple[str, ...] = ()


def lifts(log_odds: float) -> list[dict[str, Any]]:
    return [{"at": at, "rate": rate, "log_odds": log_odds} for at, rate in RATES]


def attributes(**values: Any) -> Changes:
    return {f"attributes.{one}.{field}": value for one in ATTRIBUTES for field, value in values.items()}


LAWS = {
    "beliefs that decide nothing": Law(
        GAP_OFF | DECIDES_NOTHING | {"beliefs.hearing": 0, "beliefs.learning": 0},
        PROMISE_NOTHING,
        GAP_OFF,
        BELIEF_COLUMNS,
    ),
    "promises heard where they decide nothing": Law(
        GAP_OFF | DECIDES_NOTHING | {"beliefs.hearing": 1, "beliefs.hit": 1},
        PROMISE_NOTHING,
        {"beliefs.hearing": 1, "beliefs.hit": 1},
        BELIEF_COLUMNS,
    ),
    "trust that neither falls nor heals": Law(
        {"beliefs.hit": 0, "beliefs.heal": 0, "beliefs.conversion_by_trust": 10},
        {"beliefs.hit": 0, "beliefs.heal": 0, "beliefs.conversion_by_trust": 0},
        {"beliefs.conversion_by_trust": 10},
    ),
    "a lie that costs no trust": Law(
        {"beliefs.cap_after_lie": 1}, {"journey.site.claim": {"level": 0.9}}, {"beliefs.cap_after_lie": 0.6}
    ),
    "shocks": Law(
        {"relationship.shock_times": 1, "relationship.shock_half_life": 40, "relationship.tenure_at_start": 0},
        {"relationship.shock_times": 1},
        {"relationship.shock_times": 60, "relationship.tenure_at_start": 0},
    ),
    "talk of nobody": Law(
        {"word_of_mouth.telling": 0, "word_of_mouth.shift_good": 1, "word_of_mouth.half_life": 40},
        {"word_of_mouth.telling": 0},
        {"word_of_mouth.telling": 1, "word_of_mouth.shift_bad": -1},
    ),
    "talk to nobody": Law(
        {"word_of_mouth.told_good": 0, "word_of_mouth.told_bad": 0}, {"word_of_mouth.telling": 0}, {}
    ),
    "talk that moves nobody": Law(
        {"word_of_mouth.shift_good": 0, "word_of_mouth.shift_bad": 0}, {"word_of_mouth.telling": 0}, {}
    ),
    "word of mouth where all come who consider it and nobody talks": Law(
        {"word_of_mouth": {"telling": 0, "considering": 1, "half_life": 3, "shift_bad": -1}},
        {"word_of_mouth": {}},
        {"word_of_mouth": {"telling": 1, "considering": 1, "half_life": 3, "shift_bad": -1}},
    ),
    "a reputation nobody heeds": Law(
        {"reputation": {"weight": 0, "reviews": 1, "pace": 1, "starts": 0}}, {"reputation": {}}, {}
    ),
    "a skill that lifts nothing": Law({"skills.selling.lifts": lifts(0)}, {"skills": []}, {}),
    "a skill nobody has": Law({"skills.selling.at_start": 0, "skills.selling.coaching_every": 0}, {"skills": []}, {}),
    "attributes at level 0": Law(attributes(level=0), {"attributes": []}, {}),
    "attributes without weight": Law(attributes(weight=0), {"attributes": []}, {}),
    "what must be there and is, what attracts and is not": Law(
        attributes(kind="must_be", level=0.9),
        attributes(kind="attractive", level=-0.9),
        attributes(kind="must_be", level=-0.9),
    ),
    "a cross-sale that nobody takes": Law(
        {"journey.work.cross_sells": {"chance": 0, "spend": 1e6}}, {"journey.work.cross_sells": None}, {}
    ),
    "a queue that is never too long": Law({"journey.pitch.balks_at": 10_000}, {"journey.pitch.balks_at": None}, {}),
    "a contact that restores and refunds nothing": Law(
        {"journey.phone.contact": CONTACT | {"restores": 0, "refund": 0}}, {"journey.phone.contact": CONTACT}, {}
    ),
    "a refund, which is money and no feeling": Law(
        {"journey.phone.contact": CONTACT | {"refund": 1}},
        {"journey.phone.contact": CONTACT},
        {"journey.phone.contact": CONTACT | {"refund": 1, "restores": 1}},
        ("refund",),
    ),
    "a survey, which only measures": Law(
        {"survey": {"delay": 300, "answers": 1, "extremes": 0}}, {"survey": {}}, {"relationship.gain": 0.3},
        ("score", "answered"),
    ),
    "permission where nobody minds an intrusion": Law(
        {"failures.cold_call.on": False, "journey.site.permission": 1},
        {"failures.cold_call.on": False, "journey.site.permission": 0, "journey.call.permission": 0},
        {"journey.site.permission": 0},
    ),
}  # fmt: skip


def ledger(changes: Changes, engine: Engine) -> tuple[np.ndarray, np.ndarray]:
    done = run(practice(changes), seed=2, engine=engine)
    return done.visits, done.records.left_week


@pytest.mark.parametrize("engine", get_args(Engine))
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_without_an_effect_a_law_changes_exactly_nothing(law: Law, engine: Engine) -> None:
    (idle, left), (absent, left_without) = ledger(law.idle, engine), ledger(law.absent, engine)
    assert_same(idle, absent, leaving_out=law.may_touch)
    np.testing.assert_array_equal(left, left_without)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_with_an_effect_it_changes_something_and_both_engines_agree_on_what(law: Law) -> None:
    (at_work, left), (absent, _) = ledger(law.at_work, "simpy"), ledger(law.absent, "simpy")
    with pytest.raises(AssertionError):
        assert_same(at_work, absent, leaving_out=law.may_touch)
    compiled, left_compiled = ledger(law.at_work, "compiled")
    assert_same(at_work, compiled)
    np.testing.assert_array_equal(left, left_compiled)


def test_the_practice_holds_what_is_to_be_tried() -> None:
    visits = run(practice(), seed=2).visits
    assert (visits["response"] != NO_RESPONSE).any(axis=0).all()
    assert set(visits["promise"]) == {UNTESTED, BROKEN, KEPT}
    for name in ("prospect", "left", "complained", "cross_sold", "answered", "solved_first", "completed"):
        assert 5 < visits[name].sum() < visits.size, name
    assert (visits["refund"] > 0).sum() > 50


@pytest.mark.parametrize("engine", get_args(Engine))
@pytest.mark.parametrize("seed", range(3))
def test_with_every_failure_off_people_leave_by_their_own_hazard_alone(seed: int, engine: Engine) -> None:
    changes = {"attributes": [], "customers.leaving.churn_per_year": 0.9}
    done = run(without_failures(practice(changes)), seed, engine=engine)
    assert (done.visits["satisfaction"] == done.plan.reference).all()
    assert done.visits["left"].sum() > 20
    np.testing.assert_array_equal(done.visits["left"], leaves_naturally(done, seed))
