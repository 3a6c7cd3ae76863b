"""Worlds side by side: the same luck as a comparison of two, each world simulated once."""

import math

import pytest

from sim.experiments import worlds_job
from sim.experiments.inquiry import Memory
from sim.experiments.library import load
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Comparison, Effort, compare
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Workers
from sim.experiments.worlds_job import SideBySide
from sim.scenario.world import world_of
from tests.waiting import PATIENCE, held, wait_until

TINY = load("tiny")
WORLDS = [world_of(TINY, {"assets.trolleys.pool": pool}) for pool in (12, 16)]
EFFORT = Effort(seed=3, replications=3)


def finished(job: SideBySide) -> SideBySide:
    job.follow(lambda share: None)
    return job


def test_it_finds_what_a_comparison_of_two_finds() -> None:
    with Workers() as workers:
        job = finished(SideBySide(TINY, WORLDS, EFFORT, workers, Memory()))
    now, first, second = job.results
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

    monkeypatch.setattr(worlds_job, "simulate", counted)
    memory = Memory()
    with Workers(1) as workers:
        two = Effort(seed=3, replications=2)
        job = finished(SideBySide(TINY, [WORLDS[0], TINY, WORLDS[0]], two, workers, memory))
        assert sorted(simulated) == [(0, 0), (0, 1), (1, 0), (1, 1)]
        assert [run.world for run in job.results] == [TINY, WORLDS[0], TINY, WORLDS[0]]
        assert Comparison(job.results[1], job.results[3]).verdict("contribution") == "no difference"
        simulated.clear()
        more = finished(SideBySide(TINY, WORLDS, EFFORT, workers, memory))
    assert sorted(simulated) == [(0, 2), (1, 2), (2, 0), (2, 1), (2, 2)]
    assert (more.runs_done, more.share_done, more.finished) == (3, 1.0, True)


def test_what_is_stopped_shows_runs_that_every_world_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds_job, "simulate", held(simulate, lambda task: task.replication >= 100))
    with Workers(1) as workers:
        job = SideBySide(TINY, WORLDS, Effort(replications=200), workers, Memory())
        wait_until(lambda: job.runs_done)
        job.stop()
        job.wait(PATIENCE)
    numbers = [[one.number for one in run.replications] for run in job.results]
    assert job.stopped
    assert numbers == [numbers[0]] * 3
    assert 0 < job.runs_done < 200


def test_what_costs_too_much_is_refused_before_it_starts() -> None:
    with Workers() as workers, pytest.raises(TooLargeError, match=r"Lower the number of runs \(now 3\)"):
        SideBySide(TINY, WORLDS, Effort(replications=3, budget=Budget(minutes=1e-9)), workers, Memory())
