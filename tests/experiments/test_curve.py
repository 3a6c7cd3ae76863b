"""Drawing a curve: at which values, on which luck, in the background; and what is reported of it."""

import json
from collections.abc import Callable, Iterator
from math import isnan
from typing import Any

import pytest

from sim.experiments.cache import REPLICATION, Store
from sim.experiments.curve import Curve, CurveJob, Surroundings, curve_tasks, draw, lever_of, values_of
from sim.experiments.curve_findings import curve_report, sentences, tables
from sim.experiments.library import load
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import NEEDS_TWIN, Effort, compare
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Workers
from sim.scenario.faults import ScenarioError
from sim.scenario.world import world_of
from tests.experiments.curves_by_hand import curve, lever
from tests.waiting import PATIENCE, Tellings, again_and_again, held, wait_until

TINY = load("tiny").model_copy(update={"weeks": 3})
HERE = Surroundings(TINY)
POOL, LOSS = "assets.trolleys.pool", "failures.wheel.responses.persevere.loss"


@pytest.fixture(scope="module")
def found() -> Curve:
    return draw(HERE, lever_of(TINY, POOL), Effort(1, 4), points=5)


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers(2)
    yield workers
    workers.close()


def measures_of(curve: Curve) -> Any:
    """What every replication at every value found, in text: what is missing equals itself there."""
    return {
        value: [repr(one.measures) for one in run.replications]
        for value, run in zip(curve.values, curve.runs, strict=True)
    }


def known(found: Curve, wanted: Callable[[int, float], bool]) -> Store:
    """A store with those replications of a curve."""
    store = Store(on_disk=False)
    for value, run in zip(found.values, found.runs, strict=True):
        for one in run.replications:
            if wanted(one.number, value):
                key = REPLICATION.key(Task(run.world, run.seed, one.number, with_unbroken=False))
                store.put(key, REPLICATION.packed(one))
    return store


def found_by(job: CurveJob) -> Any:
    assert job.curve
    return measures_of(job.curve)


# ---- at which values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends_and_step", "now", "expected"),
    [
        ((0, 8, 1), 4, (0, 1, 2, 3, 4, 5, 6, 7, 8)),
        ((4, 10, 1), 5, (4, 5, 6, 7, 8, 9, 10)),  # no more than there are steps
        ((0, 80, 10), 33, (0, 10, 20, 33, 40, 50, 60, 70, 80)),  # where it stands, for the nearest
        ((0, 80, 1), 1, (0, 1, 20, 30, 40, 50, 60, 70, 80)),
        ((0, 80, 10), 95, (0, 10, 20, 30, 40, 50, 60, 70, 80, 95)),  # a fix took it beyond
        ((0, 1, 1), 0.5, (0, 0.5, 1)),
        ((0, 1, 3), 1, (0, 1)),
        ((0, 1, 0.3), 0.6, (0, 0.3, 0.6, 1)),  # the end is no multiple of the step
        ((0, 0.002, 0.0001), 0.0008, (0, 0.0002, 0.0005, 0.0008, 0.001, 0.0012, 0.0015, 0.0018, 0.002)),
    ],
)
def test_points_are_spread_over_the_range_on_its_steps_with_both_ends_and_now(
    ends_and_step: tuple[float, float, float], now: float, expected: tuple[float, ...]
) -> None:
    low, high, step = ends_and_step
    assert values_of(lever(min=low, max=high, step=step), now) == pytest.approx(expected)


def test_whole_things_stay_whole() -> None:
    values = values_of(lever(min=18, max=58, step=1), 24)
    assert values == tuple(map(round, values))
    assert 24 in values


def test_an_unknown_lever_is_refused_with_those_there_are() -> None:
    with pytest.raises(ScenarioError, match=rf'found "pool"; allowed: {POOL}, '):
        lever_of(TINY, "pool")
    with pytest.raises(ScenarioError, match="none: this scenario has no levers"):
        lever_of(TINY.model_copy(update={"levers": ()}), POOL)


# ---- what is simulated -------------------------------------------------------------------------------------


def test_a_point_is_that_world_simulated_and_now_is_the_world_as_it_is(found: Curve) -> None:
    now = TINY.assets[0].pool.value
    comparison = compare(TINY, world_of(TINY, {POOL: 40}), Effort(1, 4))
    at_now, at_40 = found.values.index(now), found.values.index(40)
    for measure in ("refused_share", "contribution"):
        shown = found.measuring(measure)
        assert shown.differences(at_now, at_40) == comparison.differences(measure)
        assert shown.estimate(at_now) == comparison.baseline.estimate(measure)


def test_it_is_drawn_around_the_world_chosen() -> None:
    sets = {"assets.trolleys.breaks": 0.05, POOL: 14.0}
    moved = world_of(TINY, sets)
    found = draw(Surroundings(TINY, sets), lever_of(TINY, POOL), Effort(1, 2), points=5)
    assert 14 in found.values
    alone = simulate(Task(moved, 1, 0, with_unbroken=False))
    assert found.measuring("contribution").runs[found.values.index(14)].replications[0].measures == pytest.approx(
        alone.measures, nan_ok=True
    )


def test_a_fix_acts_on_top_of_the_lever_at_every_point() -> None:
    fixed = Surroundings(TINY, {POOL: 10.0}, ("five_more_trolleys",))
    found = draw(fixed, lever_of(TINY, POOL), Effort(1, 2), points=3)
    assert (found.values, fixed.stands(found.lever)) == ((4, 10, 40), 10)
    assert [run.world.assets[0].pool.value for run in found.runs] == [9, 15, 45]


def test_surroundings_are_the_same_wherever_the_lever_itself_stands() -> None:
    pool = lever_of(TINY, POOL)
    one, other = (Surroundings(TINY, {POOL: place, LOSS: 0.1}) for place in (8.0, 30.0))
    assert one != other
    assert one.beside(pool) == other.beside(pool)
    assert one.beside(pool) != Surroundings(TINY, {POOL: 8.0, LOSS: 0.2}).beside(pool)


def test_twins_are_simulated_only_where_the_outcome_asks_for_them() -> None:
    for path, twins in ((POOL, False), (LOSS, True)):
        tasks = curve_tasks(HERE, lever_of(TINY, path), Effort(1, 2))
        assert {task.with_unbroken for task in tasks} == {twins}
    lost = draw(HERE, lever_of(TINY, LOSS), Effort(1, 2), points=3)
    assert [lost.estimate(at).mean is None for at in range(3)] == [False] * 3


def test_every_measure_that_needs_a_twin_gets_one() -> None:
    """Whatever a world with its twin can measure, a lever's outcome can."""
    with_twin, without = (simulate(Task(TINY, 1, 0, with_unbroken=twin)).measures for twin in (True, False))
    needs = {name for name, value in with_twin.items() if not isnan(value) and isnan(without[name])}
    assert needs == NEEDS_TWIN


def test_a_world_that_cannot_be_is_refused_before_anything_runs(workers: Workers) -> None:
    too_far = lever_of(TINY, LOSS).model_copy(update={"max": 2})
    with pytest.raises(ScenarioError, match=r"found 1\.25; allowed: a number from 0 to 1"):
        CurveJob(HERE, too_far, Effort(1, 2), Store(on_disk=False), workers)


def test_what_costs_too_much_is_refused_before_anything_runs(workers: Workers) -> None:
    with pytest.raises(TooLargeError, match=r"--replications \(now 9000\)"):
        CurveJob(HERE, lever_of(TINY, POOL), Effort(1, 9_000, budget=Budget(0.01)), Store(on_disk=False), workers)


# ---- in the background -------------------------------------------------------------------------------------


def test_points_come_as_they_are_done_and_later_runs_add_to_them(
    workers: Workers, found: Curve, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, values = (2, 9), found.values  # runs 0 and 1, at values up to 9

    def is_late(task: Task) -> bool:
        return (task.replication + 1, task.world.assets[0].pool.value) > may_end

    monkeypatch.setattr(REPLICATION, "make", held(simulate, is_late))
    job = CurveJob(HERE, lever_of(TINY, POOL), Effort(1, 4), Store(on_disk=False), workers, points=5)
    assert job.values == values
    wait_until(lambda: job.curve is not None and job.curve.values == tuple(v for v in values if v <= 9))
    assert not job.finished
    assert 0 < job.share_done < 1
    may_end = (5, 0)
    job.wait(PATIENCE)
    assert found_by(job) == measures_of(found)
    assert (job.finished, job.share_done, job.error) == (True, 1, None)


def test_a_stop_is_heard_and_what_was_done_is_not_simulated_again(
    workers: Workers, found: Curve, monkeypatch: pytest.MonkeyPatch
) -> None:
    tellings = Tellings()
    monkeypatch.setattr(REPLICATION, "make", tellings.of(again_and_again(simulate)))
    job = CurveJob(HERE, lever_of(TINY, POOL), Effort(1, 2), Store(on_disk=False), workers)
    wait_until(lambda: job.share_done > 0)
    tellings.stop(job)
    assert job.stopped
    job.wait(PATIENCE)
    assert (job.curve, job.error) == (None, None)
    assert len(tellings.late) <= 2  # threads
    simulated: list[tuple[float, int]] = []

    def counted(task: Task, progress: Callable[[float], None]) -> Replication:
        simulated.append((task.world.assets[0].pool.value, task.replication))
        return simulate(task, progress)

    monkeypatch.setattr(REPLICATION, "make", counted)
    store = known(found, lambda number, value: number == 1)
    again = CurveJob(HERE, lever_of(TINY, POOL), Effort(1, 4), store, workers, points=5)
    again.wait(PATIENCE)
    assert found_by(again) == measures_of(found)
    assert {number for _, number in simulated} == {0, 2, 3}


def test_once_all_points_are_there_they_are_means_of_the_same_replications(
    workers: Workers, found: Curve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REPLICATION, "make", held(simulate, lambda task: True))
    store = known(found, lambda number, value: number < 2 or (number, value) == (2, 4))
    job = CurveJob(HERE, found.lever, Effort(1, 4), store, workers, points=5)
    assert job.runs_done == 2
    assert job.curve
    assert [len(run.replications) for run in job.curve.runs] == [2] * 5
    job.stop()


def test_a_failure_is_told(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(task: Task, progress: Callable[[float], None]) -> Replication:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(REPLICATION, "make", broken)
    job = CurveJob(HERE, lever_of(TINY, POOL), Effort(1, 2), Store(on_disk=False), workers)
    job.wait(PATIENCE)
    assert isinstance(job.error, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        draw(HERE, lever_of(TINY, POOL), Effort(1, 2))


def test_one_run_is_a_curve_without_intervals() -> None:
    once = draw(HERE, lever_of(TINY, POOL), Effort(1, 1), points=3)
    assert once.estimate(0).mean is not None
    assert once.estimate(0).low is None


# ---- as data and as a table --------------------------------------------------------------------------------


def report_of(found: Curve) -> Any:
    return json.loads(json.dumps(curve_report(found, HERE), allow_nan=False))


def test_the_report_holds_every_point_of_both_measures_with_intervals(found: Curve) -> None:
    report = report_of(found)
    assert report["lever"] == {
        **{"path": POOL, "label": "Trolleys in the pool", "min": 4, "max": 40, "step": 1},
        **{"unit": "trolleys", "now": 9},
    }
    assert list(report["measures"]) == ["refused_share", "contribution"]
    for name, measure in report["measures"].items():
        assert [point["value"] for point in measure["points"]] == list(found.values)
        assert measure["points"][0]["low"] == found.measuring(name).estimate(0).low
        now = found.values.index(9)
        assert measure["points"][now]["from_now"]["mean"] == 0
        assert measure["points"][0]["from_now"]["mean"] == found.measuring(name).difference(now, 0).mean
    assert report["measures"]["contribution"]["points"][0]["unit"] == "GBP a year"
    assert report["declared"]["direction"] == "down"
    assert report["declared"]["holds"] is True


def test_a_lever_of_contribution_is_reported_once() -> None:
    found = curve((1, 3, 2), moves=lever("contribution", "interior"))
    report = report_of(found)
    assert list(report["measures"]) == ["contribution"]
    assert report["measures"]["contribution"]["best"] == {"place": "inside", "value": 20, "enough": None}
    said = list(sentences(report))
    assert said[0] == "contribution: interior. Best: inside, at 20."
    assert said[1].startswith("“Trolleys in the pool” should give contribution a highest or lowest value inside")


def test_sentences_say_where_it_is_enough_and_what_was_not_found() -> None:
    report = report_of(curve((3, 3, 3), moves=lever("visits", "up"), own=0, contribution=(1, 4, 4)))
    assert list(sentences(report))[:2] == [
        "visits: none.",
        "contribution: up. Best: high end, at 30; beyond 20 no clear difference.",
    ]
    assert list(sentences(report))[2].startswith(
        "Not as declared: “Trolleys in the pool” should move visits up; found:"
    )


def test_the_table_has_a_row_for_each_value(found: Curve) -> None:
    ((title, rows),) = tables(curve_report(found, HERE))
    assert title == "What Trolleys in the pool does (trolleys; 95% interval)"
    assert [row["value"] for row in rows] == ["4", "9 (now)", "22", "31", "40"]
    assert list(rows[0]) == [
        *("value", "refused_share", "refused_share, less now's"),
        *("contribution", "contribution, less now's"),
    ]
