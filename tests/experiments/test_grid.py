"""A grid over levers, and worlds on the same luck that are kept."""

import math

import pytest

from sim.experiments.cache import REPLICATION, Store
from sim.experiments.curve import lever_of
from sim.experiments.library import load
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import NEEDS_TWIN, Effort, Run, WorldsJob, compare
from sim.experiments.sensitivity import AS_IS, FINENESS, Asked, Grid, differing, grid_of
from sim.experiments.task import Task
from sim.experiments.workers import Workers
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Change
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.waiting import PATIENCE, held, wait_until

TINY = load("tiny").model_copy(update={"weeks": 2})
POOL, BREAKS, LOSS = "assets.trolleys.pool", "assets.trolleys.breaks", "failures.wheel.responses.persevere.loss"
FIX = "five_more_trolleys"
TWO = Effort(1, 2)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The tasks that were simulated in earnest."""
    asked: list[Task] = []
    real = REPLICATION.make
    monkeypatch.setattr(REPLICATION, "make", lambda task, progress: (asked.append(task), real(task, progress))[1])
    return asked


def asked(*paths: str, scenario: Scenario = TINY, sets: dict[str, float] | None = None, fixes: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    levers = tuple(lever_of(scenario, path) for path in paths)
    return Asked(scenario, levers, "contribution", sets or {}, fixes)


def small(grid: Grid) -> Grid:
    """Its ends, and where the levers stand."""
    return Grid(grid.around, grid.levers, tuple(values[::3] for values in grid.values))


# ---- which points ----------------------------------------------------------------------------------------------


def test_ends_where_a_lever_stands_and_where_it_starts_are_on_the_grid() -> None:
    grid = grid_of(asked(POOL, BREAKS, LOSS, sets={BREAKS: 0.045}), TWO)
    for lever, values in zip(grid.levers, grid.values, strict=True):
        assert {lever.min, lever.max, quantity_at(TINY, lever.path).value} <= set(values)
        assert list(values) == sorted(set(values))
    assert 0.045 in grid.values[1]
    assert [len(values) for values in grid.values] == [7, 8, 7]
    assert len(grid.points) == 7 * 8 * 7


def test_a_grid_that_would_take_too_long_is_coarser_and_never_coarser_than_the_coarsest() -> None:
    each = [len(grid_of(asked(POOL, LOSS), TWO, seconds).values[0]) for seconds in (1e9, 0.07, 0.0)]
    assert each[0] == FINENESS[0]
    assert each[0] > each[1] > each[2] == FINENESS[-1]


def test_worlds_simulated_besides_leave_less_time_for_the_grid() -> None:
    each = [len(grid_of(asked(POOL, LOSS), TWO, 1.0, besides).values[0]) for besides in (0, 10, 10_000)]
    assert each == [FINENESS[0], FINENESS[0], FINENESS[-1]]


def test_sets_differ_where_they_are_not_the_files_own() -> None:
    sets = {POOL: 9, BREAKS: 0.02, "failures.wheel.on": True, "failures.queue.on": False}
    assert differing(TINY, sets) == {BREAKS: 0.02, "failures.queue.on": False}


def test_sets_of_other_levers_and_fixes_hold_at_every_point() -> None:
    grid = grid_of(asked(POOL, sets={BREAKS: 0.03, POOL: 12}, fixes=(FIX,)), TWO, 0.0)
    assert grid.worlds[AS_IS] == TINY
    assert grid.worlds[(12.0,)] == world_of(TINY, {BREAKS: 0.03, POOL: 12}, [FIX])


def test_where_nothing_is_moved_the_world_is_the_one_that_is() -> None:
    assert grid_of(asked(POOL), TWO, 0.0).worlds[(9.0,)] == TINY


def test_points_that_contradict_themselves_have_no_world() -> None:
    """The fix adds to a share that the lever may have put so high already that the sum is above 1."""
    change = Change(path=LOSS, add=Quantity(mode=0.8))
    broken = TINY.model_copy(update={"fixes": (TINY.fixes[0].model_copy(update={"changes": (change,)}),)})
    grid = grid_of(asked(LOSS, scenario=broken, fixes=(FIX,)), TWO)
    assert [point in grid.worlds for point in grid.points] == [value <= 0.2 for value in grid.values[0]]
    assert grid.comparisons(dict.fromkeys(grid.worlds, Run(TINY)))[-1] is None
    with pytest.raises(ScenarioError):
        grid_of(asked(POOL, scenario=broken, sets={LOSS: 0.3}, fixes=(FIX,)), TWO)


# ---- what is found ---------------------------------------------------------------------------------------------


def test_each_point_is_what_a_comparison_on_the_same_luck_says(workers: Workers, store: Store) -> None:
    grid = small(grid_of(asked(POOL, LOSS, fixes=(FIX,)), TWO))
    job = WorldsJob(grid.worlds, TWO, store, workers, with_unbroken=False)
    job.wait(PATIENCE)
    found = dict(zip(grid.points, grid.comparisons(job.paired), strict=True))
    point = grid.points[-1]
    there = compare(TINY, world_of(TINY, dict(zip((POOL, LOSS), point, strict=True)), [FIX]), TWO)
    assert found[point] is not None
    for measure in ("contribution", "basket_value"):
        assert found[point].differences(measure) == there.differences(measure)  # type: ignore[union-attr]
    assert found[point].world.lost("wheel") == there.world.lost("wheel")  # type: ignore[union-attr]


def test_the_twin_without_failures_is_simulated_only_where_it_is_measured(workers: Workers, store: Store) -> None:
    for measure, is_missing in (("contribution", True), ("revenue_lost_per_year", False)):
        job = WorldsJob({"one": TINY}, TWO, store, workers, measure in NEEDS_TWIN)
        job.wait(PATIENCE)
        assert math.isnan(job.paired["one"].values("revenue_lost_per_year")[0]) == is_missing


def test_what_was_simulated_before_is_not_simulated_again(
    store: Store, workers: Workers, simulated: list[Task]
) -> None:
    grid = small(grid_of(asked(POOL), TWO))
    first = WorldsJob(grid.worlds, TWO, store, workers, with_unbroken=False)
    first.wait(PATIENCE)
    some = len(simulated)
    again = WorldsJob(grid.worlds, TWO, store, workers, with_unbroken=False)
    again.wait(PATIENCE)
    assert len(simulated) == some > 0
    assert [run.values("contribution") for run in again.paired.values()] == [
        run.values("contribution") for run in first.paired.values()
    ]


def test_a_stopped_job_goes_on_from_what_it_had(
    store: Store, simulated: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    grid, most = grid_of(asked(POOL, LOSS), TWO), 10
    monkeypatch.setattr(REPLICATION, "make", held(REPLICATION.make, lambda task: len(simulated) >= most))
    with Workers(1) as one:
        job = WorldsJob(grid.worlds, TWO, store, one, with_unbroken=False)
        wait_until(lambda: len(simulated) == most)
        job.stop()
        job.wait(PATIENCE)
        assert job.finished and job.stopped and not job.error
        assert len(simulated) == most < 2 * len(grid.worlds)
        most = 1_000
        rest = WorldsJob(grid.worlds, TWO, store, one, with_unbroken=False)
        rest.wait(PATIENCE)
    assert all(len(run.replications) == 2 for run in rest.paired.values())
    assert len(simulated) <= 2 * len(grid.worlds) + 1  # the one under way when it was stopped


def test_what_costs_too_much_is_refused_before_it_starts(store: Store, workers: Workers, simulated: list[Task]) -> None:
    with pytest.raises(TooLargeError, match=r"Lower the number of runs \(now 2\), or the weeks and customers.base of"):
        WorldsJob(grid_of(asked(POOL), TWO).worlds, Effort(1, 2, budget=Budget(1e-9)), store, workers)
    assert simulated == []
