import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.engines.records import Progress
from sim.experiments import workers as module
from sim.experiments.library import load
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Job, Workers
from sim.scenario.world import world_of
from tests.waiting import PATIENCE, Tellings, wait_until

TINY = load("tiny")
MANY_JOBS = 300


def task(weeks: int = 2, replication: int = 0, ledger: Path | None = None) -> Task:
    return Task(TINY.model_copy(update={"weeks": weeks}), 1, replication, with_unbroken=False, ledger_folder=ledger)


def endless() -> Task:
    """A task of minutes, which no test waits for."""
    return Task(
        world_of(TINY, {"customers.base": 20_000}).model_copy(update={"weeks": 10_400}), 1, 0, with_unbroken=False
    )


def finish(job: Job[Replication]) -> Job[Replication]:
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
    job = finish(workers.start(simulate, tasks))
    assert job.error is None
    for result, one in zip(job.results, tasks, strict=True):
        assert_same(result, simulate(one))


def test_progress_rises_from_0_to_1(workers: Workers) -> None:
    together = threading.Barrier(3, timeout=PATIENCE)  # two tasks and this test

    def in_quarters(_: int, progress: Progress) -> None:
        for quarter in range(1, 5):
            progress(quarter / 4)
            together.wait()  # told
            together.wait()  # and looked at

    job = workers.start(in_quarters, [0, 1])
    shares = []
    for _ in range(4):
        together.wait()
        shares.append(job.share_done)
        together.wait()
    job.wait(PATIENCE)
    assert [*shares, job.share_done] == [0.25, 0.5, 0.75, 1, 1]


def test_a_simulation_tells_how_far_it_is_from_nothing_to_all() -> None:
    told: list[float] = []
    simulate(task(1_000), told.append)
    assert told == sorted(told)
    assert any(0 < share < 1 for share in told)
    assert told[-1] == 1


def test_results_are_there_as_soon_as_their_task_is_done(workers: Workers) -> None:
    job = workers.start(simulate, [endless(), task(1, replication=1)])
    wait_until(lambda: job.results[1] is not None)
    assert job.results[0] is None
    assert not job.finished
    job.stop()
    finish(job)


def test_a_stop_ends_a_long_job_soon(workers: Workers) -> None:
    tellings = Tellings()
    job = workers.start(tellings.of(simulate), [endless() for _ in range(5)])
    wait_until(lambda: job.share_done > 0)
    tellings.stop(job)
    finish(job)
    assert len(tellings.late) <= 2  # one for each thread, and of the three that wait none begins
    assert job.results == [None] * 5
    assert job.error is None  # to have been stopped is no failure


def test_stopped_jobs_make_room_for_others_and_a_late_stop_hits_no_other_job(workers: Workers) -> None:
    busy = workers.start(simulate, [endless(), endless()])
    earlier = []
    for _ in range(MANY_JOBS):
        earlier.append(workers.start(simulate, [task()]))
        earlier[-1].stop()
    busy.stop()
    for job in [busy, *earlier]:
        finish(job)
    now = workers.start(simulate, [task(40)])
    for job in earlier:
        job.stop()
    assert_same(finish(now).results[0], simulate(task(40)))


def test_a_task_that_fails_is_reported_and_the_others_are_not_lost(workers: Workers, tmp_path: Path) -> None:
    job = finish(workers.start(simulate, [task(ledger=tmp_path / "nowhere"), task(replication=1)]))
    assert isinstance(job.error, FileNotFoundError)
    assert job.results[0] is None
    assert_same(job.results[1], simulate(task(replication=1)))
    assert job.share_done == 1
    assert finish(workers.start(simulate, [task()])).error is None


def test_closing_ends_what_is_under_way_and_every_thread() -> None:
    before = threading.active_count()
    fresh = Workers(2)
    job = fresh.start(simulate, [endless(), endless(), endless()])
    wait_until(lambda: job.share_done > 0)
    fresh.close()
    finish(job)
    assert job.results == [None] * 3
    assert job.error is None
    wait_until(lambda: threading.active_count() == before)


def test_how_long_it_will_take_is_said_once_there_is_something_to_tell_by(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, may_tell, told = SimpleNamespace(monotonic=lambda: 10.0), threading.Event(), threading.Event()
    monkeypatch.setattr(module, "time", clock)

    def a_quarter(_: int, progress: Progress) -> int:
        assert may_tell.wait(PATIENCE)
        progress(0.25)
        assert told.wait(PATIENCE)
        return 7

    job = workers.start(a_quarter, [0])
    clock.monotonic = lambda: 12.0
    assert job.seconds_left is None
    may_tell.set()
    wait_until(lambda: job.share_done == 0.25)
    assert job.seconds_left == 6  # a quarter took 2
    told.set()
    assert job.follow(lambda share: None) == [7]
    assert job.seconds_left == 0


def test_to_wait_is_to_wait_no_longer_than_said(workers: Workers) -> None:
    go = threading.Event()
    job = workers.start(lambda _, progress: go.wait(PATIENCE), [0])
    job.wait(0.05)  # comes back, though what it waits for cannot end before
    assert not job.finished
    go.set()
    job.wait(PATIENCE)
    assert job.results == [True]


def test_a_program_that_ends_does_not_wait_for_what_it_began() -> None:
    program = (
        "from sim.experiments.library import load\n"
        "from sim.experiments.task import Task, simulate\n"
        "from sim.experiments.workers import Workers\n"
        "world = load('tiny').model_copy(update={'weeks': 1_000})\n"
        "job = Workers(1).start(simulate, [Task(world, 1, number) for number in range(20_000)])\n"
        "job.wait(1)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE)


def test_tasks_weigh_as_much_as_was_said_and_what_is_done_counts_whole() -> None:
    told, go = threading.Event(), threading.Event()

    def work(task: int, progress: Progress) -> int:
        progress(0.2)
        if task == 1:
            told.set()
            assert go.wait(PATIENCE)
        return task

    with Workers(threads=2) as workers:
        job = workers.start(work, [0, 1], weights=[3.0, 1.0])
        assert told.wait(PATIENCE)
        while job.results[0] is None:
            job.wait(0.01)
        assert job.share_done == pytest.approx((3 * 1.0 + 1 * 0.2) / 4)
        go.set()
        job.wait(PATIENCE)
        assert job.share_done == 1.0


# ---- whose turn it is ----------------------------------------------------------------------------------------


def noted(done: list[str]) -> Callable[[str, Progress], None]:
    return lambda task, progress: done.append(task)


def behind_a_first_task(workers: Workers, begin: Callable[[], list[Job[None]]]) -> None:
    """Jobs that are all there before the one thread takes any of them."""
    go = threading.Event()
    first = workers.start(lambda _, progress: go.wait(PATIENCE), [0])
    jobs = begin()
    go.set()
    for job in [first, *jobs]:
        job.wait(PATIENCE)


def test_jobs_take_turns_so_that_a_short_one_does_not_wait_for_a_long_one() -> None:
    done: list[str] = []
    with Workers(1) as workers:
        behind_a_first_task(
            workers, lambda: [workers.start(noted(done), list("aaaa")), workers.start(noted(done), ["b"])]
        )
    assert "".join(done) == "abaaa"


def test_what_somebody_looks_at_goes_first_and_nothing_starves(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    clock = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(module, "time", clock)

    def begin(workers: Workers) -> list[Job[None]]:
        left = workers.start(noted(done), list("bb"))
        clock.monotonic = lambda: 60.0
        return [left, workers.start(noted(done), list("aaaaaa"))]

    with Workers(1) as workers:
        behind_a_first_task(workers, lambda: begin(workers))
    assert "".join(done) == "aaabaaab"


def test_a_job_rests_while_it_is_not_wanted_and_goes_on_with_what_was_not_done() -> None:
    is_wanted, begun = True, []

    def work(task: int, progress: Progress) -> int:
        begun.append(task)
        while task == 1 and begun.count(1) == 1:
            progress(0.5)  # until it is to rest
        return task

    with Workers(1) as workers:
        job = workers.start(work, [0, 1, 2])
        job.only_while(lambda: is_wanted)
        wait_until(lambda: 1 in begun)
        is_wanted = False
        wait_until(workers.idle.is_set)
        assert (job.results, job.finished, job.error) == ([0, None, None], False, None)
        is_wanted = True
        assert job.follow(lambda share: None) == [0, 1, 2]
        assert begun == [0, 1, 1, 2]


def test_a_job_that_rests_can_be_stopped() -> None:
    with Workers(1) as workers:
        job = workers.start(lambda task, progress: task, [0])
        job.only_while(lambda: False)
        resting = workers.start(simulate, [task()])
        resting.only_while(lambda: False)
        resting.stop()
        resting.wait(PATIENCE)
    assert resting.finished
    assert resting.error is None


def test_long_runs_step_aside_while_others_have_work_and_come_on_all_the_same() -> None:
    go = threading.Event()
    with Workers(1) as first, Workers(1, first=first) as second:
        busy = first.start(lambda _, progress: go.wait(PATIENCE), [0])
        wait_until(lambda: not first.idle.is_set())
        job = second.start(simulate, [task(2)])
        job.wait(PATIENCE)
        assert job.finished
        assert not busy.finished
        go.set()
        busy.wait(PATIENCE)
        wait_until(first.idle.is_set)


def test_threads_end_with_the_last_job_and_begin_with_the_next() -> None:
    workers = Workers(2)
    for _ in range(2):
        doing: set[threading.Thread] = set()
        job = workers.start(lambda task, progress, doing=doing: doing.add(threading.current_thread()), list(range(4)))
        job.wait(PATIENCE)
        assert doing
        wait_until(lambda doing=doing: not any(thread.is_alive() for thread in doing))
