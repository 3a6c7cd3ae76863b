"""Leads, word of mouth and reviews in a whole business: who comes, who joins, and that nobody else changes."""

import numpy as np
import pytest

from sim.behaviour.telling import reviewed
from sim.engines.population import BASE, LEAD, NEWCOMER, PASSER_BY
from sim.engines.records import NOT_JOINED
from tests.engines.practised import (
    NOBODY_LEAVES,
    NOBODY_MEETS,
    NOBODY_TALKS,
    practised,
    practised_without_failures,
    source_of,
)
from tests.engines.worlds import Changes, Run, assert_same, by_customer

PRAISE: Changes = {"attributes": [], "relationship.reference": 0.9, "word_of_mouth.telling": 1}
BLAME: Changes = {"attributes": [], "relationship.reference": 0.5, "word_of_mouth.telling": 1}


def came(done: Run) -> np.ndarray:
    """Whether each of those population was ever there after the warm-up."""
    return np.isin(done.population.who, done.visits["customer"])


def first_of(done: Run) -> np.ndarray:
    return done.visits["visit"] == 0


def might_come(done: Run) -> np.ndarray:
    """Newcomers and leads whose one chance to come first is after the warm-up and before the end."""
    asked = np.isin(done.population.source, (NEWCOMER, LEAD))
    return asked & (done.population.first_minute >= 0) & (done.population.first_minute < done.plan.ends)


def test_leads_join_when_they_buy_and_only_then_and_come_again_only_then() -> None:
    done = practised()
    leads = done.population.source == LEAD
    joined = dict(zip(done.population.who[leads].tolist(), done.records.joined_week[leads].tolist(), strict=True))
    rows = done.visits[source_of(done) == LEAD]
    first = rows[rows["prospect"]]
    assert (first["visit"] == 0).all()
    for row in first:
        assert joined.pop(int(row["customer"])) == (row["week"] if row["completed"] else NOT_JOINED)
    assert set(joined.values()) <= {NOT_JOINED}
    again = rows[~rows["prospect"]]
    assert again.size > 50
    assert np.isin(again["customer"], first["customer"][first["completed"]]).all()


def test_newcomers_are_customers_from_their_first_visit_and_passers_by_never() -> None:
    done = practised()
    source, joined = done.population.source, done.records.joined_week
    assert (joined[source == BASE] == 0).all()
    assert (joined[source == PASSER_BY] == NOT_JOINED).all()
    np.testing.assert_array_equal(joined[source == NEWCOMER] >= 0, came(done)[source == NEWCOMER])
    np.testing.assert_array_equal(done.visits["prospect"], ~np.isin(source_of(done), (BASE, NEWCOMER)) & first_of(done))


@pytest.mark.parametrize(
    ("changes", "some"),
    [
        (PRAISE, True),
        (PRAISE | {"word_of_mouth.considering": 1}, False),
        (PRAISE | {"word_of_mouth.shift_good": 0}, False),
        (PRAISE | NOBODY_TALKS, False),
        (BLAME, False),
    ],
    ids=["praise", "praise, but all come anyway", "praise that moves nobody", "silence", "blame"],
)
def test_only_praise_brings_anyone_who_would_not_have_come(changes: Changes, some: bool) -> None:
    done = practised_without_failures(changes)
    referred = done.population.pull >= 1
    assert came(done)[referred].any() == some
    assert referred.any() == (changes.get("word_of_mouth.considering") != 1)


def test_where_nothing_is_said_those_come_who_consider_it_and_with_blame_fewer_of_them() -> None:
    silent, blamed, praised = (practised_without_failures(c) for c in (PRAISE | NOBODY_TALKS, BLAME, PRAISE))
    np.testing.assert_array_equal(came(silent)[might_come(silent)], silent.population.pull[might_come(silent)] < 1)
    assert (came(blamed) <= came(silent)).all()
    assert (came(silent) <= came(praised)).all()
    assert came(blamed).sum() < came(silent).sum() < came(praised).sum()


def test_who_is_referred_leaves_by_a_hazard_of_their_own_and_is_otherwise_the_same() -> None:
    loyal, like_others = (practised({"word_of_mouth.referred_leaving": times}).population for times in (0.5, 1))
    referred = like_others.pull >= 1
    assert 0.4 < referred[np.isin(like_others.source, (NEWCOMER, LEAD))].mean() < 0.6
    np.testing.assert_array_equal(loyal.hazard, like_others.hazard * np.where(referred, 0.5, 1))
    assert_same_people(loyal._replace(hazard=like_others.hazard), like_others)


def assert_same_people(one: object, other: object) -> None:
    for name in ("who", "source", "segment", "first_week", "visits_per_week", "hazard", "level", "pull", "rain"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_word_of_mouth_changes_who_comes_and_nothing_about_those_who_come_anyway() -> None:
    """Nobody meets, so that newcomers stand in nobody's way."""
    silent, talked = (practised(NOBODY_MEETS | {"word_of_mouth.telling": t, "reputation.weight": 0}) for t in (0, 1))
    assert_same_people(silent.population, talked.population)
    both = np.intersect1d(silent.visits["customer"], talked.visits["customer"])
    assert both.size < np.union1d(silent.visits["customer"], talked.visits["customer"]).size
    assert_same(*(by_customer(done.visits[np.isin(done.visits["customer"], both)]) for done in (silent, talked)))


def test_the_shift_is_what_is_told_for_each_would_be_customer() -> None:
    """Everybody praises each visit to two people by 0.1, newly; 160 a week might come of whom 80 do unasked."""
    market = {"customers.base": 400, "customers.newcomers_per_week": 80, "customers.leads_per_week": 0}
    slow = {"customers.visits_per_week": 0.3, "word_of_mouth.half_life": 0.5, "customers.visits_shape": 50}
    done = practised_without_failures(PRAISE | NOBODY_MEETS | NOBODY_LEAVES | market | slow)
    later = might_come(done) & (done.population.first_minute > 4 * 10_080)
    told = 0.2 * (done.visits["week"] >= 4).sum()
    shift = came(done)[later].mean() / 0.5 - 1
    assert shift == pytest.approx(told / later.sum(), abs=0.07)
    assert shift > 0.2


def test_newcomers_meet_the_reviews_before_anything_is_promised_and_customers_do_not() -> None:
    """A reputation that each review makes its own; nothing else moves expectation."""
    deaf = {"beliefs.hearing": 0, "beliefs.learning": 0, "warm_up_days": 0}
    done = practised(deaf | {"reputation": {"weight": 1, "reviews": 0, "starts": 0.33}})
    new = source_of(done) != BASE
    assert (done.visits["expectation"][new] == 0.33).all()
    assert np.isin(done.visits["expectation"][~new], done.plan.segments["expectation"]).all()
    reviewed_all = practised(deaf | {"reputation": {"weight": 1, "reviews": 1, "pace": 1, "starts": 0.33}})
    first = reviewed_all.visits[(source_of(reviewed_all) != BASE) & first_of(reviewed_all)]
    lived = reviewed_all.visits["experience"].round(9)
    assert np.isin(first["expectation"].round(9), [0.33, *lived]).all()


def test_a_reputation_becomes_what_visits_are_like() -> None:
    """Every visit is as good as the last, and a tenth of them reviewed: after many the reputation is that."""
    deaf = {"beliefs.hearing": 0, "beliefs.learning": 0, "attributes": [], "warm_up_days": 0}
    word = {"reputation": {"weight": 1, "reviews": 0.5, "pace": 0.1, "starts": 0.2}}
    done = practised_without_failures(deaf | word)
    new = done.visits[(source_of(done) != BASE) & first_of(done)]["expectation"]
    ladder = [0.2]
    while len(ladder) < 2_000:
        ladder.append(reviewed(ladder[-1], done.plan.reference, 0.1))
    assert np.isin(new.round(9), np.round(ladder, 9)).all()
    assert new[0] < 0.4
    assert new[-1] == pytest.approx(done.plan.reference, abs=0.01)
