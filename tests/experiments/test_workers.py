import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.library import load
from sim.experiments.replication import Replication, Task, simulate
from sim.experiments.workers import Job, Workers

TINY = load("tiny")
PATIENCE = 60  # seconds: enough on the busiest machine
MANY_JOBS = 300  # more than there can be at once


def task(weeks: int = 2, replication: int = 0, ledger: Path | None = None) -> Task:
    return Task(TINY.model_copy(update={"weeks": weeks}), 1, replication, with_unbroken=False, ledger_folder=ledger)


def endless() -> Task:
    """A task of a quarter of a minute, which no test waits for."""
    return task(weeks=1_040)


def wait_until(come: Callable[[], bool]) -> None:
    gives_up = time.monotonic() + PATIENCE
    while not come():
        assert time.monotonic() < gives_up, "waited in vain"
        time.sleep(0.01)


def finish(job: Job) -> Job:
    wait_until(lambda: job.finished)
    return job


def assert_same(one: Replication | None, other: Replication) -> None:
    assert one is not None
    np.testing.assert_equal(one.measures, other.measures)
    assert one.number == other.number


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    started = Workers(2)
    yield started
    started.close()


def test_a_job_gives_what_its_tasks_give_here_in_their_order(workers: Workers) -> None:
    tasks = [task(8), task(1, replication=1), task(1, replication=2)]
    job = finish(workers.start(tasks))
    assert job.error is None
    for result, one in zip(job.results, tasks, strict=True):
        assert_same(result, simulate(one))


def test_progress_rises_from_0_to_1(workers: Workers) -> None:
    job = workers.start([task(30), task(30, replication=1)])
    heard = [job.share_done]
    while not job.finished:
        heard.append(job.share_done)
        time.sleep(0.002)
    assert heard[0] < 0.5
    assert heard == sorted(heard)
    assert any(0 < share < 1 for share in heard)
    assert job.share_done == 1


def test_results_are_there_as_soon_as_their_task_is_done(workers: Workers) -> None:
    job = workers.start([endless(), task(1, replication=1)])
    wait_until(lambda: job.results[1] is not None)
    assert job.results[0] is None
    assert not job.finished
    job.stop()
    finish(job)


def test_a_stop_ends_a_long_job_soon(workers: Workers) -> None:
    job = workers.start([endless() for _ in range(5)])
    wait_until(lambda: job.share_done > 0)
    stopped = time.monotonic()
    job.stop()
    finish(job)
    assert time.monotonic() - stopped < 3
    assert job.results == [None] * 5
    assert job.error is None  # to have been stopped is no failure


def test_stopped_jobs_make_room_for_others_and_a_late_stop_hits_no_other_job(workers: Workers) -> None:
    busy = workers.start([endless(), endless()])
    earlier = []
    for _ in range(MANY_JOBS):
        earlier.append(workers.start([task()]))
        earlier[-1].stop()
    busy.stop()
    for job in [busy, *earlier]:
        finish(job)
    now = workers.start([task(40)])
    for job in earlier:
        job.stop()
    assert_same(finish(now).results[0], simulate(task(40)))


def test_a_task_that_fails_is_reported_and_the_others_are_not_lost(workers: Workers, tmp_path: Path) -> None:
    job = finish(workers.start([task(ledger=tmp_path / "nowhere"), task(replication=1)]))
    assert isinstance(job.error, FileNotFoundError)
    assert job.results[0] is None
    assert_same(job.results[1], simulate(task(replication=1)))
    assert job.share_done == 1
    assert finish(workers.start([task()])).error is None


def test_a_killed_process_is_an_error_and_the_next_job_works(workers: Workers) -> None:
    job = workers.start([endless(), endless()])
    wait_until(lambda: job.share_done > 0)
    for process in multiprocessing.active_children():
        os.kill(process.pid or 0, signal.SIGKILL)
    finish(job)
    assert isinstance(job.error, BrokenProcessPool)
    assert job.results == [None, None]
    after = finish(workers.start([task()]))
    assert after.error is None
    assert_same(after.results[0], simulate(task()))


def test_processes_never_hear_an_interrupt_not_even_while_they_start(capfd: pytest.CaptureFixture[str]) -> None:
    fresh = Workers(1)
    before = multiprocessing.active_children()
    job = fresh.start([task(4)])
    (started,) = [process for process in multiprocessing.active_children() if process not in before]
    while not job.finished:
        os.kill(started.pid or 0, signal.SIGINT)
        time.sleep(0.05)
    fresh.close()
    assert_same(job.results[0], simulate(task(4)))
    assert capfd.readouterr().err == ""


def test_closing_ends_what_is_under_way_and_every_process() -> None:
    others = multiprocessing.active_children()
    fresh = Workers(1)
    job = fresh.start([endless(), endless()])
    wait_until(lambda: job.share_done > 0)
    fresh.close()
    assert job.finished
    assert job.results == [None, None]
    assert job.error is None
    assert [process for process in multiprocessing.active_children() if process not in others] == []


def test_workers_that_were_never_needed_start_no_process() -> None:
    others = multiprocessing.active_children()
    Workers(2).close()
    assert multiprocessing.active_children() == others
