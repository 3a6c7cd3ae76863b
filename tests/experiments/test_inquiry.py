from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from sim.experiments import runs
from sim.experiments.cache import REPLICATION, Store
from sim.experiments.inquiry import ESTIMATE_RUNS, ESTIMATE_WEEKS, FULL_RUNS, Inquiry, Stage
from sim.experiments.library import load
from sim.experiments.runs import Effort
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.waiting import wait_until

BASELINE = load("tiny").model_copy(update={"weeks": ESTIMATE_WEEKS + 2})
WORLD = world_of(BASELINE, fixes=["five_more_trolleys"])


_done: dict[tuple[int, int, str], Replication] = {}


def done(task: Task) -> Replication:
    """What this task gives; simulated once for all tests."""
    key = task.seed, task.replication, task.world.model_dump_json()
    if key not in _done:
        _done[key] = simulate(task)
    return _done[key]


@pytest.fixture(autouse=True)
def simulated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(REPLICATION, "make", lambda task, progress: done(task))


class JobByHand:
    """A job whose tasks are done when the test says so."""

    def __init__(self, work: Callable[..., Replication], tasks: Sequence[Task]) -> None:
        self.work, self.tasks, self.results = work, tasks, cast(list[Replication | None], [None] * len(tasks))
        self.error: BaseException | None = None
        self.stopped = False

    @property
    def finished(self) -> bool:
        return self.stopped or self.error is not None or None not in self.results

    @property
    def share_done(self) -> float:
        return 1.0 if self.finished else 1 - self.results.count(None) / len(self.results)

    @property
    def seconds_left(self) -> float | None:
        return None if self.share_done < 0.02 else 60 * (1 - self.share_done)

    def wait(self, seconds: float) -> None:
        pass

    def stop(self) -> None:
        self.stopped = True

    def do(self, *positions: int) -> None:
        """Do the tasks at these positions, or all."""
        for position in positions or range(len(self.tasks)):
            self.results[position] = self.work(self.tasks[position], lambda share: None)


class WorkersByHand:
    """Starts jobs that nobody does but the test; `log` has those of all pools, `own` those of this one."""

    def __init__(self, log: list[JobByHand]) -> None:
        self.log, self.own = log, cast(list[JobByHand], [])

    def start(self, work: Callable[..., Replication], tasks: Sequence[Task]) -> JobByHand:
        job = JobByHand(work, tasks)
        self.log.append(job)
        self.own.append(job)
        return job


class Desk:
    """Where questions are asked: workers by hand, and what is remembered. A question's estimate starts first."""

    def __init__(self) -> None:
        self.jobs: list[JobByHand] = []
        self.quick, self.thorough = WorkersByHand(self.jobs), WorkersByHand(self.jobs)
        self.store = Store(on_disk=False)

    def ask(self, world: Scenario = WORLD, baseline: Scenario = BASELINE, seed: int = 1) -> Inquiry:
        quick, thorough = cast(Workers, self.quick), cast(Workers, self.thorough)
        return Inquiry(baseline, world, seed, quick, thorough, self.store)

    @property
    def full(self) -> JobByHand:
        return self.jobs[1]

    @property
    def estimate(self) -> JobByHand:
        return self.jobs[0]

    def do_all(self) -> None:
        for job in self.jobs:
            job.do()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    np.testing.assert_equal(one, other)


# ---- first an estimate, then the whole answer ------------------------------------------------------------


def test_before_anything_is_done_nothing_is_known(desk: Desk) -> None:
    inquiry = desk.ask()
    assert inquiry.answer.comparison is None
    assert inquiry.answer.runs_done == 0
    assert not inquiry.finished
    assert not inquiry.complete
    assert inquiry.error is None


def test_the_estimate_has_fewer_weeks_and_never_fewer_customers(desk: Desk) -> None:
    inquiry = desk.ask()
    desk.estimate.do()
    answer = inquiry.answer
    assert answer.is_estimate
    assert answer.runs_done == answer.runs_wanted == ESTIMATE_RUNS
    assert answer.comparison is not None
    for run, whole in ((answer.comparison.baseline, BASELINE), (answer.comparison.world, WORLD)):
        assert run.world == whole.model_copy(update={"weeks": ESTIMATE_WEEKS})
        assert run.world.customers.base == whole.customers.base
    assert not inquiry.finished


def test_a_scenario_shorter_than_an_estimate_is_estimated_in_its_own_weeks(desk: Desk) -> None:
    short = BASELINE.model_copy(update={"weeks": 1})
    desk.ask(world_of(short, {"assets.trolleys.pool": 12}), short)
    assert {task.world.weeks for job in desk.jobs for task in job.tasks} == {1}


def test_the_whole_answer_takes_over_with_its_second_run(desk: Desk) -> None:
    inquiry = desk.ask()
    desk.estimate.do()
    full = desk.full
    full.do(0, 1)
    assert inquiry.answer.is_estimate
    full.do(2)  # the second run's baseline alone is no run
    assert inquiry.answer.is_estimate
    full.do(3)
    answer = inquiry.answer
    assert not answer.is_estimate
    assert (answer.runs_done, answer.runs_wanted) == (2, FULL_RUNS)
    assert answer.comparison is not None
    assert answer.comparison.world.world == WORLD
    assert not inquiry.finished


def test_the_whole_answer_is_that_of_the_same_comparison_anywhere(desk: Desk) -> None:
    inquiry = desk.ask(seed=7)
    desk.do_all()
    assert inquiry.complete
    assert inquiry.finished
    found, wanted = inquiry.answer.comparison, runs.compare(BASELINE, WORLD, Effort(7, FULL_RUNS))
    assert found is not None
    for name in ("revenue", "visits", "satisfaction", "bad_trip_share"):
        assert found.differences(name) == wanted.differences(name)
        assert found.baseline.values(name) == wanted.baseline.values(name)


def test_runs_that_come_out_of_order_are_still_paired(desk: Desk) -> None:
    inquiry = desk.ask()
    desk.full.do(7, 6, 2, 3, 4)  # and a baseline whose world is still to come
    comparison = inquiry.full.comparison
    assert comparison is not None
    assert [one.number for one in comparison.baseline.replications] == [1, 3]
    assert [one.number for one in comparison.world.replications] == [1, 3]


def test_a_baseline_beside_itself_is_simulated_once_and_differs_by_exactly_nothing(desk: Desk) -> None:
    inquiry = desk.ask(BASELINE)
    assert [len(job.tasks) for job in desk.jobs] == [ESTIMATE_RUNS, FULL_RUNS]
    desk.do_all()
    comparison = inquiry.answer.comparison
    assert comparison is not None
    assert comparison.differences("revenue") == [0] * FULL_RUNS


def test_an_estimate_never_stands_in_line_behind_long_runs(desk: Desk) -> None:
    trolley = load("dodgy_trolley")
    desk.ask(world_of(trolley, fixes=["twenty_more_trolleys"]), trolley)
    assert [{task.world.weeks for task in job.tasks} for job in desk.thorough.own] == [{trolley.weeks}]
    assert [{task.world.weeks for task in job.tasks} for job in desk.quick.own] == [{ESTIMATE_WEEKS}]


# ---- how it goes on, and when it does not ----------------------------------------------------------------


def test_a_superseded_question_gives_up_what_is_not_done_and_keeps_what_is(desk: Desk) -> None:
    inquiry = desk.ask()
    desk.full.do(0, 1, 2, 3)
    inquiry.stop()
    assert all(job.stopped for job in desk.jobs)
    assert inquiry.finished
    assert not inquiry.complete
    assert inquiry.error is None
    assert inquiry.answer.runs_done == 2
    desk.ask()
    assert [len(job.tasks) for job in desk.jobs[2:]] == [2 * ESTIMATE_RUNS, 2 * FULL_RUNS - 4]


@pytest.mark.parametrize("which", ["full", "estimate"])
def test_what_fails_is_the_questions_error(desk: Desk, which: str) -> None:
    inquiry = desk.ask()
    failure = ValueError("no such thing")
    getattr(desk, which).error = failure
    assert inquiry.error is failure
    assert not inquiry.complete


def test_how_far_it_is_and_how_long_it_will_take(desk: Desk) -> None:
    stage = desk.ask().full
    assert stage.share_done == 0
    assert stage.seconds_left is None
    desk.full.do(0, 1, 2, 3)
    assert stage.share_done == 0.5
    assert stage.seconds_left is not None
    assert stage.seconds_left > 0
    desk.do_all()
    assert stage.share_done == 1
    assert stage.seconds_left == 0


# ---- what is remembered ----------------------------------------------------------------------------------


def test_asked_again_a_question_is_answered_at_once_without_any_work(desk: Desk) -> None:
    first = desk.ask()
    desk.do_all()
    assert first.complete
    assert first.estimate.complete
    again = desk.ask()
    assert again.complete
    assert again.finished
    assert [len(job.tasks) for job in desk.jobs[2:]] == [0, 0]
    assert again.answer.comparison is not None
    assert first.answer.comparison is not None
    assert_same(
        again.answer.comparison.world.replications[0].measures, first.answer.comparison.world.replications[0].measures
    )


def test_the_baseline_is_simulated_once_for_every_question(desk: Desk) -> None:
    first = desk.ask()
    desk.do_all()
    assert first.complete
    assert first.estimate.complete
    desk.ask(world_of(BASELINE, {"assets.trolleys.pool": 12}))
    assert [len(job.tasks) for job in desk.jobs] == [2 * FULL_RUNS, 2 * ESTIMATE_RUNS, FULL_RUNS, ESTIMATE_RUNS]


def test_a_task_is_remembered_by_all_that_it_simulates_and_nothing_else() -> None:
    store, task = Store(on_disk=False), Task(BASELINE, 1, 0)
    found = REPLICATION.carry_out(store, task, lambda share: None)
    again = REPLICATION.remembered(store, replace(task, world=BASELINE.model_copy()))
    assert again is not None
    assert_same(vars(again), vars(found))
    assert_same(vars(found), vars(done(task)))
    for other in (
        replace(task, seed=2),
        replace(task, replication=1),
        replace(task, with_unbroken=False),
        replace(task, world=WORLD),
        replace(task, world=BASELINE.model_copy(update={"weeks": 1})),
    ):
        assert REPLICATION.remembered(store, other) is None


# ---- with real threads -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    started = Workers(2)
    yield started
    started.close()


def test_with_real_threads_an_answer_comes_and_is_remembered(workers: Workers) -> None:
    store = Store(on_disk=False)
    inquiry = Inquiry(BASELINE, WORLD, 1, workers, workers, store)
    wait_until(lambda: inquiry.error or (inquiry.finished and inquiry.estimate.finished))
    assert inquiry.error is None
    assert inquiry.complete
    again = Stage(BASELINE, WORLD, Effort(1, FULL_RUNS), store, WorkersByHand([]))  # type: ignore[arg-type]  # do nothing
    assert again.complete
    assert again.comparison is not None
    assert inquiry.answer.comparison is not None
    assert again.comparison.differences("revenue") == inquiry.answer.comparison.differences("revenue")
