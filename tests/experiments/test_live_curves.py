"""Rough curves of all levers, simulated ahead of a hand."""

import math
from collections.abc import Iterator

import pytest

from sim.experiments import inquiry
from sim.experiments.cache import REPLICATION, Store
from sim.experiments.curve import Surroundings, values_of
from sim.experiments.inquiry import LIVE_POINTS, LiveCurve, LiveCurves, live_weeks
from sim.experiments.library import load
from sim.experiments.task import Task, simulate
from sim.experiments.workers import Workers
from tests.waiting import PATIENCE

TINY = load("tiny").model_copy(update={"weeks": 2})
POOL, BREAKS, LOSS = TINY.levers
LOST, WORTH = "revenue_lost_per_year", "contribution"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as pool:
        yield pool


def job(workers: Workers, around: Surroundings, store: Store | None = None) -> LiveCurves:
    begun = LiveCurves(around, TINY.levers, (LOST, WORTH), 1, store or Store(on_disk=False), workers)
    begun.wait(PATIENCE)
    assert begun.error is None
    return begun


def found(job: LiveCurves, lever: object) -> LiveCurve:
    curve = job.curve(lever)  # type: ignore[arg-type]
    assert curve is not None
    return curve


def test_every_lever_has_its_ends_and_where_it_stands_and_the_others_stay_as_chosen(workers: Workers) -> None:
    around = Surroundings(TINY, {BREAKS.path: 0.03}, ("five_more_trolleys",))
    done = job(workers, around)
    for lever in TINY.levers:
        curve = found(done, lever)
        assert curve.values == values_of(lever, around.stands(lever), LIVE_POINTS)
        for value, measured in zip(curve.values[::3], curve.measured[::3], strict=True):
            alone = simulate(Task(around.at(lever, value), 1, 0))
            assert measured == {name: alone.measures[name] for name in (LOST, WORTH)}


def test_it_simulates_few_weeks_and_never_fewer_customers(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Task] = []
    real = REPLICATION.make
    monkeypatch.setattr(REPLICATION, "make", lambda task, progress: (asked.append(task), real(task, progress))[1])
    monkeypatch.setattr(inquiry, "LIVE_VISITS", 1)
    year = load("tiny").model_copy(update={"weeks": 52, "levers": TINY.levers[:1], "title": "A year"})
    begun = LiveCurves(Surroundings(year), year.levers, (WORTH,), 1, Store(on_disk=False), workers)
    begun.wait(PATIENCE)
    asked = [task for task in asked if task.world.title == "A year"]  # pages that were tested before go on simulating
    assert {task.world.weeks for task in asked} == {13} == {begun.weeks}
    assert {task.world.customers.base.value for task in asked} == {year.customers.base.value}
    assert not any(task.with_unbroken for task in asked)


def test_weeks_are_as_many_as_are_quick_and_none_where_even_few_take_long() -> None:
    shop = load("tiny").model_copy(update={"weeks": 520})
    assert live_weeks(load("tiny")) == 12
    assert 52 < live_weeks(shop) < 520
    for base, weeks in ((30_000, 13), (10_000_000, 0)):
        customers = shop.customers.model_copy(update={"base": shop.customers.base.model_copy(update={"mode": base})})
        assert live_weeks(shop.model_copy(update={"customers": customers})) == weeks


def test_what_is_remembered_is_not_simulated_again(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(on_disk=False)
    first = job(workers, Surroundings(TINY), store)

    def never(task: Task, progress: object) -> None:
        raise AssertionError(task)

    monkeypatch.setattr(REPLICATION, "make", never)
    again = job(workers, Surroundings(TINY), store)
    assert [again.curve(lever) for lever in TINY.levers] == [first.curve(lever) for lever in TINY.levers]


def test_all_levers_get_a_rough_shape_before_any_gets_detail() -> None:
    stands = {lever.path: Surroundings(TINY).stands(lever) for lever in TINY.levers}
    places = inquiry.coarse_first(TINY.levers, stands)
    assert [place.lever for place in places[:6]] == [*TINY.levers, *TINY.levers]
    for lever in TINY.levers:
        mine = [place.value for place in places if place.lever == lever]
        assert max(abs(value - stands[lever.path]) for value in mine) == abs(mine[0] - stands[lever.path])
        assert sorted([*mine, stands[lever.path]]) == list(values_of(lever, stands[lever.path], LIVE_POINTS))


def test_a_world_that_cannot_be_leaves_a_gap_and_nothing_else(workers: Workers) -> None:
    lever = POOL.model_copy(update={"min": -4})
    begun = LiveCurves(Surroundings(TINY), (lever,), (LOST,), 1, Store(on_disk=False), workers)
    begun.wait(PATIENCE)
    assert begun.error is None
    assert min(found(begun, lever).values) > 0


def test_stopped_it_ends_with_what_it_has(workers: Workers) -> None:
    begun = LiveCurves(Surroundings(TINY), TINY.levers, (LOST,), 1, Store(on_disk=False), workers)
    begun.stop()
    begun.wait(PATIENCE)
    assert begun.finished
    assert begun.error is None


def test_between_points_it_is_a_straight_line_and_beyond_them_nothing() -> None:
    curve = LiveCurve((0.0, 10.0, 20.0), ({LOST: 4.0}, {LOST: 8.0}, {LOST: 0.0}))
    assert [curve.at(LOST, value) for value in (0, 5, 10, 12.5, 20)] == [4, 6, 8, 6, 0]
    assert curve.at(LOST, -1) is None
    assert curve.at(LOST, 21) is None


def test_what_could_not_be_measured_is_missing_and_not_nothing() -> None:
    curve = LiveCurve((0.0, 10.0, 20.0), ({LOST: 4.0}, {LOST: math.nan}, {LOST: 8.0}))
    assert curve.points(LOST) == [(0, 4), (10, None), (20, 8)]
    assert curve.at(LOST, 10) == 6
    assert LiveCurve((0.0, 1.0), ({LOST: math.nan}, {LOST: math.nan})).at(LOST, 0) is None
