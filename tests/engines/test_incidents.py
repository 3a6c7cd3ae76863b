"""The rules of what goes wrong and of things lent out, one at a time."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines import incidents
from sim.engines.clock import WEEK
from sim.engines.people import Kind, Level, Visit
from sim.engines.records import (
    BAD,
    BROKEN,
    BUSY,
    KEPT,
    NO_RESPONSE,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    SHORTAGES,
    SOUND,
    UNTESTED,
    WORKING,
)
from sim.engines.simpy import SimpyEngine
from tests.engines.practice import practice
from tests.engines.practised import WORK
from tests.engines.stage import engine_at, visit_of
from tests.engines.worlds import tiny

BAY, CHECKOUT, DESK = 0, 2, 3
WHEEL, EMPTY, QUEUED, REFUSED = range(4)


def shop(pool: int = 3, breaks: float = 0.0, minute: float = 0.0, **changes: Any) -> SimpyEngine:
    sizes = {"assets.trolleys.pool": pool, "assets.trolleys.breaks": breaks, "assets.trolleys.reserve": 0}
    return engine_at(tiny(sizes | changes), minute)


def level(engine: SimpyEngine, counter: int, pool: int = 0) -> int:
    return engine.levels[incidents.thing_of(engine, pool)][counter].level


def counted(engine: SimpyEngine, *counters: int) -> np.ndarray:
    return np.array([engine.counters[incidents.thing_of(engine, 0)][counter] for counter in counters])


def borrowing(engine: SimpyEngine, person: int = 0) -> Visit:
    """Someone at the bay who has borrowed, if there was anything to borrow."""
    visit = visit_of(engine, person, at=BAY)
    visit.trip = max(range(len(engine.plan.trips)), key=lambda trip: engine.plan.trips[trip].borrows)
    incidents.borrow(engine, visit)
    return visit


@given(
    st.integers(0, 6),
    st.lists(st.tuples(st.sampled_from(["lend", "back", "pull", "mend"]), st.booleans())),
)
def test_no_thing_is_ever_lost_or_made(size: int, steps: list[tuple[str, bool]]) -> None:
    """Whatever is lent, brought back, pulled and mended, in any order that can happen."""
    engine, out, in_repair, lent = shop(size, breaks=0.5), list[Visit](), 0, 0
    pool = engine.pools[0]
    for step, coin in steps:
        if step == "lend" and pool.idle:
            lent += 1
            visit = borrowing(engine, lent % len(engine.people))
            if visit.pool == 0:
                out.append(visit)
        elif step == "back" and out:
            incidents.hand_back(engine, out.pop(-1 if coin else 0))
        elif step == "pull" and any(visit.holds_bad for visit in out):
            visit = next(visit for visit in out if visit.holds_bad)
            out.remove(visit)
            visit.at, visit.reporting = DESK, True
            incidents.report(engine, visit)
            in_repair += 1
        elif step == "mend" and in_repair:
            incidents.mended(engine, 0)
            in_repair -= 1
        bad_out = sum(visit.holds_bad for visit in out)
        assert (level(engine, BUSY), level(engine, QUEUE)) == (len(out), in_repair)
        assert pool.idle + len(out) + in_repair == size
        assert 0 <= pool.faulty_idle <= pool.idle
        assert level(engine, WORKING) == size - pool.faulty_idle - bad_out - in_repair


def test_repair_jobs_are_numbered_from_one() -> None:
    engine, jobs = shop(), list[int]()
    engine.ask_for_repair = lambda pool, job: jobs.append(job)  # type: ignore[method-assign]
    for person in range(3):
        visit = borrowing(engine, person)
        visit.holds_bad, visit.at = True, DESK
        incidents.report(engine, visit)
        assert (visit.pool, visit.holds_bad, visit.reporting, visit.unsettled) == (-1, False, False, False)
    assert jobs == [1, 2, 3]


def test_a_report_is_refused_where_too_few_are_left_and_then_it_is_not_settled() -> None:
    engine = shop(pool=2, **{"assets.trolleys.reserve": 2})
    visit = borrowing(engine)
    visit.holds_bad, visit.at = True, DESK
    incidents.report(engine, visit)
    assert (visit.pool, visit.holds_bad, visit.unsettled) == (0, True, True)
    assert engine.response[visit.slot][REFUSED] != NO_RESPONSE
    np.testing.assert_array_equal(counted(engine, REPORTS, REFUSALS)[:, 0], [1, 1])


def test_who_holds_nothing_bad_reports_nothing() -> None:
    engine = shop()
    visit = visit_of(engine, at=DESK, reporting=True)
    incidents.report(engine, visit)
    assert not visit.reporting
    assert not counted(engine, REPORTS).any()


def test_an_empty_bay_is_counted_and_is_a_failure() -> None:
    engine = shop(pool=0)
    visit = borrowing(engine)
    assert (visit.pool, visit.borrowings) == (-1, 0)
    assert counted(engine, SHORTAGES)[0, 0] == 1
    assert engine.response[visit.slot][EMPTY] != NO_RESPONSE
    assert visit.failed


def test_a_sound_one_may_come_back_broken_and_then_works_no_more() -> None:
    engine = shop(breaks=1.0)
    incidents.hand_back(engine, borrowing(engine))
    pool = engine.pools[0]
    assert (pool.idle, pool.faulty_idle, level(engine, BUSY), level(engine, WORKING)) == (3, 1, 0, 2)
    visit = visit_of(engine, at=BAY)
    incidents.hand_back(engine, visit)  # who holds nothing brings back nothing
    assert pool.idle == 3


def test_of_nothing_but_faulty_ones_a_faulty_one_is_drawn_and_that_is_a_failure() -> None:
    engine = shop()
    engine.pools[0].faulty_idle = 3
    visit = borrowing(engine)
    assert visit.bad_asset == BAD
    assert engine.response[visit.slot][WHEEL] != NO_RESPONSE
    engine.pools[0].faulty_idle = 0
    assert borrowing(engine, 1).bad_asset == SOUND


def test_who_already_holds_one_takes_no_other() -> None:
    engine = shop()
    visit = borrowing(engine)
    incidents.borrow(engine, visit)
    assert (visit.borrowings, engine.pools[0].idle) == (1, 2)


def test_levels_are_weighed_by_time_and_counts_by_week() -> None:
    engine = shop(pool=4, minute=-WEEK, warm_up_days=7, weeks=2)
    pool = incidents.thing_of(engine, 0)
    engine.env.run(until=WEEK / 2)
    incidents.change(engine, pool, BUSY, 1)
    incidents.count(engine, pool, REPORTS)
    engine.env.run(until=WEEK * 1.5)
    incidents.change(engine, pool, BUSY, -1)
    incidents.change(engine, pool, WORKING, -1)
    for counter in (REPORTS, REFUSALS, SHORTAGES):
        incidents.count(engine, pool, counter)
    engine.env.run(until=WEEK * 2)
    for counter in (BUSY, WORKING):
        incidents.change(engine, pool, counter, 0)
    np.testing.assert_allclose(counted(engine, BUSY, WORKING) / WEEK, [[0.5, 0.5], [4.0, 3.5]])
    np.testing.assert_array_equal(
        counted(engine, REPORTS, REFUSALS, SHORTAGES, REPAIRS), [[1, 1], [0, 1], [0, 1], [0, 0]]
    )


@pytest.mark.parametrize("when", [-1.0, 2.0 * WEEK])
def test_what_happens_outside_the_weeks_recorded_is_not_counted(when: float) -> None:
    engine = shop(minute=when, weeks=2)
    incidents.count(engine, incidents.thing_of(engine, 0), REPORTS)
    assert not np.array(engine.counters).any()


def test_a_service_knows_how_many_wait_and_how_many_are_served() -> None:
    engine = shop(minute=0.0)
    engine.levels[0] = [Level(0, 0.0) for _ in engine.levels[0]]
    for counter in (BUSY, QUEUE):
        incidents.change(engine, 0, counter, +1)
    engine.env.run(until=WEEK / 4)
    incidents.change(engine, 0, QUEUE, -1)
    incidents.change(engine, 0, BUSY, +1)
    engine.env.run(until=WEEK)
    for counter in (BUSY, QUEUE):
        incidents.change(engine, 0, counter, 0)
    np.testing.assert_allclose(np.array(engine.counters[0])[[QUEUE, BUSY], 0] / WEEK, [0.25, 1.75])


# ---- what a failure does -------------------------------------------------------------------------------


def test_a_failure_takes_its_part_of_basket_and_mood_and_a_trace_hears_of_it() -> None:
    heard: list[tuple[Kind, int, int]] = []
    endures = {"failures.queue.responses": [{"id": "cut", "label": "Cuts", "loss": 0.25, "feels": -0.4}]}
    engine = engine_at(
        tiny(endures), trace=lambda minute, kind, visit, what, detail: heard.append((kind, what, detail))
    )
    visit = visit_of(engine, at=CHECKOUT)
    heard.clear()
    incidents.suffer(engine, visit, QUEUED)
    row, segment = engine.plan.failures[QUEUED], engine.plan.segments[visit.segment]
    assert visit.felt == pytest.approx(-0.4 * segment.hurt_times * row.weight * engine.plan.loss_aversion)
    assert engine.kept[visit.slot].tolist() == [1.0, 1.0, 0.75, 1.0]
    assert engine.response[visit.slot] == [NO_RESPONSE, NO_RESPONSE, 0, NO_RESPONSE]
    assert heard == [(Kind.FAILS, QUEUED, 0)]
    incidents.suffer(engine, visit, -1)  # one that is off is none
    visit.paid = True
    incidents.suffer(engine, visit, QUEUED)
    assert engine.kept[visit.slot][QUEUED] == 0.75  # after the till nothing is lost any more


@pytest.mark.parametrize(("then", "over", "pool", "kept"), [("leave", True, 0, 0.0), ("hand_back", False, -1, 1.0)])
def test_who_walks_out_buys_nothing_and_who_hands_back_holds_nothing(
    then: str, over: bool, pool: int, kept: float
) -> None:
    engine = shop(**{"failures.queue.responses": [{"id": "go", "label": "Goes", "then": then}]})
    visit = borrowing(engine)
    incidents.suffer(engine, visit, QUEUED)
    assert (visit.over, visit.pool, engine.kept[visit.slot][QUEUED]) == (over, pool, kept)


def test_whoever_complains_has_something_to_report() -> None:
    engine = shop(**{"relationship.complaint_intercept": 1_000})
    engine.pools[0].faulty_idle = 3
    visit = borrowing(engine)
    assert visit.reporting
    assert visit.complained


@pytest.mark.parametrize(("began", "trust"), [(0.0, 0.7), (-1.0, 1.0)])
def test_a_wrong_price_breaks_the_promise_and_costs_trust_once_the_warm_up_is_over(began: float, trust: float) -> None:
    engine = engine_at(practice({"failures.price.chance": 1, "beliefs.hit": 0.3, "beliefs.trust": 1}))
    visit = visit_of(engine, at=WORK, began=began)
    incidents.suffer_chances(engine, visit)
    assert visit.promise == BROKEN
    assert engine.people[visit.person].trust == pytest.approx(trust)


def test_where_nothing_goes_wrong_that_breaks_a_promise_it_is_kept() -> None:
    engine = engine_at(practice({"failures.price.chance": 0}))
    visit = visit_of(engine, at=WORK)
    assert visit.promise == UNTESTED
    incidents.suffer_chances(engine, visit)
    assert visit.promise == KEPT
    assert not visit.failed


def test_a_skill_lifts_by_its_log_odds_as_far_as_it_is_there() -> None:
    engine = engine_at(practice({"skills.selling.coaching_every": 0, "skills.selling.half_life": 5}))
    assert incidents.lift(engine, -1, 0.8) == 0.0
    assert incidents.lift(engine, 0, 0.8) == pytest.approx(0.8)
    engine.env.run(until=5 * WEEK)
    assert incidents.lift(engine, 0, 0.8) == pytest.approx(0.4)


def test_a_repair_takes_as_long_as_its_law_says() -> None:
    assert incidents.repair_minutes(shop(**{"assets.trolleys.repair.minutes": {"mean": 30}}), 0, 1) == 30.0
