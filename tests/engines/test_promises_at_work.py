"""Promises heard, tested and remembered in a whole business: replayed by hand, customer by customer."""

import numpy as np
import pytest

from sim.behaviour import experience
from sim.behaviour.promising import after_broken, after_kept, heard, learned
from sim.engines.population import BASE
from sim.engines.records import BROKEN, KEPT, UNTESTED
from tests.engines.practised import PITCH, SITE, off, practised, rows_of_each, source_of
from tests.engines.worlds import Changes, Run

ONE_TEST_A_VISIT: Changes = off("price") | {"reputation.weight": 0}
HONEST: Changes = {"journey.site.claim": {"level": 0.9}}
ALL_KEPT: Changes = off("gap", "price")


def believed(done: Run, row: np.void, expectation: float, trust: float, cap: float) -> tuple[float, float]:
    """Expectation and trust after a visit on which work is delivered at most once, by the laws alone."""
    law = done.plan.laws[0]
    for place in (SITE, PITCH):
        if row["passes"][place]:
            expectation = heard(expectation, done.plan.touchpoints["claim"][place], law["hearing"], trust)
    if not np.isnan(row["delivered"]):
        expectation = learned(expectation, row["delivered"], law["learning"])
    if row["promise"] == BROKEN:
        return expectation, after_broken(trust, law["hit"])
    return expectation, after_kept(trust, law["heal"], cap) if row["promise"] == KEPT else trust


@pytest.mark.parametrize("changes", [{}, {"beliefs.hit": 1, "beliefs.heal": 0}, {"beliefs.heal": 1}, HONEST])
def test_expectation_and_trust_are_what_each_customers_own_visits_make_of_them(changes: Changes) -> None:
    """What others go through is nowhere in it: a broken promise costs the trust of that customer only."""
    done = practised(ONE_TEST_A_VISIT | {"warm_up_days": 0} | changes)
    cap = 1.0 if changes == HONEST else 0.7
    for rows in rows_of_each(done):
        believes = done.plan.segments["expectation"][rows["segment"][0]], 0.7
        for row in rows:
            believes = believed(done, row, *believes, cap)
            assert (row["expectation"], row["trust"]) == pytest.approx(believes, abs=1e-12)


def test_in_the_warm_up_nobody_believes_anything_else_than_before() -> None:
    done = practised(ONE_TEST_A_VISIT | {"warm_up_days": 60, "weeks": 4})
    for rows in rows_of_each(done):
        start = done.plan.segments["expectation"][rows["segment"][0]], 0.7
        assert tuple(rows[["expectation", "trust"]][0]) == pytest.approx(believed(done, rows[0], *start, 0.7))
    assert (done.visits["visit"] > 1).any()


def test_less_than_expected_hurts_twice_as_much_as_more_pleases_and_some_more_than_others() -> None:
    quiet = off("queue", "dead_end", "no_answer", "hang", "price", "cold_call")
    responses = [{"id": "bear", "label": "Bears it"}]
    done = practised(quiet | {"attributes": [], "failures.gap.responses": responses, "failures.gap.reported": False})
    tested = done.visits[done.visits["promise"] != UNTESTED]
    expected = (tested["expectation"] - 0.2 * tested["delivered"]) / 0.8  # before it was learned
    gap = tested["delivered"] - expected
    hurt = np.where(gap < 0, gap * done.plan.segments["hurt_times"][tested["segment"]], gap)
    felt = [experience.felt(event, 1.0, 2.0) for event in hurt]
    np.testing.assert_allclose(tested["experience"], [experience.experience(0.8, x) for x in felt], atol=1e-9)
    assert (gap > 0).sum() > 20 < (gap < 0).sum()


def test_with_the_failure_off_delivery_meets_the_promise() -> None:
    done = practised(ALL_KEPT)
    tested = done.visits["promise"] != UNTESTED
    assert (done.visits["promise"][tested] == KEPT).all()
    assert (done.visits["delivered"][tested] >= 0.85).all()


def test_what_a_segment_is_delivered_is_better_or_worse_by_how_well_it_fits_them() -> None:
    visits = practised({"journey.work.delivers.spread": 0}).visits
    for segment, quality in enumerate((0.85, 0.7)):
        delivered = visits["delivered"][visits["segment"] == segment]
        assert delivered[~np.isnan(delivered)] == pytest.approx(quality)


def test_who_was_lied_to_once_never_trusts_as_much_again() -> None:
    """Only prospects meet the lie, on their first visit; all later promises are honest and kept."""
    lie = {"journey.pitch.claim": {"level": 0.85, "known": 0.8}, "beliefs.trust": 0.3, "beliefs.heal": 0.5}
    done = practised(HONEST | ALL_KEPT | lie)
    base, trust = source_of(done) == BASE, done.visits["trust"]
    assert (done.visits["visit"][~base] > 3).any()
    assert trust[~base].max() <= 0.7
    assert trust[base].max() > 0.95


def test_a_cap_does_not_take_away_trust_that_is_there() -> None:
    done = practised(ALL_KEPT | {"beliefs.trust": 0.9})
    assert (done.visits["trust"] == 0.9).all()


def test_a_promise_that_is_kept_to_the_letter_is_no_lie() -> None:
    done = practised(ALL_KEPT | {"journey.site.claim": {"level": 0.9, "known": 0.9}})
    assert done.visits["trust"].max() > 0.7
