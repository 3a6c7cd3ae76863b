"""Worlds side by side: the same luck as a comparison of two, each world simulated once."""

import math

import pytest

from sim.experiments.cache import REPLICATION, Store
from sim.experiments.library import load
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Comparison, Effort, Run, WorldsJob, compare
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.waiting import PATIENCE, held, wait_until

TINY = load("tiny")
WORLDS = [world_of(TINY, {"assets.trolleys.pool": pool}) for pool in (12, 16)]
EFFORT = Effort(seed=3, replications=3)


def side_by_side(worlds: list[Scenario], effort: Effort, workers: Workers, store: Store | None = None) -> WorldsJob:
    return WorldsJob(dict(enumerate(worlds)), effort, store or Store(on_disk=False), workers)


def finished(job: WorldsJob) -> WorldsJob:
    job.follow(lambda share: None)
    return job


def results(job: WorldsJob) -> list[Run]:
    return list(job.paired.values())


def test_it_finds_what_a_comparison_of_two_finds() -> None:
    with Workers() as workers:
        job = finished(side_by_side([TINY, *WORLDS], EFFORT, workers))
    now, first, second = results(job)
    assert (now.world, first.world, second.world) == (TINY, *WORLDS)
    for one, other in ((now, first), (now, second), (first, second)):
        expected = compare(one.world, other.world, EFFORT)
        for measure in ("contribution", "revenue_lost_per_year", "refused_share"):
            assert Comparison(one, other).differences(measure) == expected.differences(measure)
    assert not math.isclose(first.estimate("contribution").mean or 0, second.estimate("contribution").mean or 0)


def test_equal_worlds_and_what_is_remembered_are_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated: list[tuple[int, int]] = []

    def counted(task: Task, progress: object) -> Replication:
        simulated.append(([TINY, *WORLDS].index(task.world), task.replication))
        return simulate(task)

    monkeypatch.setattr(REPLICATION, "make", counted)
    store = Store(on_disk=False)
    with Workers(1) as workers:
        two = Effort(seed=3, replications=2)
        job = finished(side_by_side([TINY, WORLDS[0], TINY, WORLDS[0]], two, workers, store))
        assert sorted(simulated) == [(0, 0), (0, 1), (1, 0), (1, 1)]
        assert [run.world for run in results(job)] == [TINY, WORLDS[0], TINY, WORLDS[0]]
        assert Comparison(results(job)[1], results(job)[3]).verdict("contribution") == "no difference"
        simulated.clear()
        more = finished(side_by_side([TINY, *WORLDS], EFFORT, workers, store))
    assert sorted(simulated) == [(0, 2), (1, 2), (2, 0), (2, 1), (2, 2)]
    assert (more.runs_done, more.share_done, more.finished) == (3, 1.0, True)


def test_what_is_stopped_shows_runs_that_every_world_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(REPLICATION, "make", held(simulate, lambda task: task.replication >= 100))
    with Workers(1) as workers:
        job = side_by_side([TINY, *WORLDS], Effort(replications=200), workers)
        wait_until(lambda: job.runs_done)
        job.stop()
        job.wait(PATIENCE)
    numbers = [[one.number for one in run.replications] for run in results(job)]
    assert job.stopped
    assert numbers == [numbers[0]] * 3
    assert 0 < job.runs_done < 200


def test_what_costs_too_much_is_refused_before_it_starts() -> None:
    with Workers() as workers, pytest.raises(TooLargeError, match=r"Lower the number of runs \(now 3\)"):
        side_by_side([TINY, *WORLDS], Effort(replications=3, budget=Budget(minutes=1e-9)), workers)
