"""Jobs that all visitors share: begun once, kept while anybody waits, and remembered when done."""

import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sim.experiments.workers import Background
from ui.jobs import Held, SharedJobs


class Job(Background):
    """A job that is done when it is said to be."""

    def __init__(self) -> None:
        self.is_done, self.failed = False, None

    @property
    def finished(self) -> bool:
        return self.is_done

    @property
    def error(self) -> BaseException | None:
        return self.failed

    def stop(self) -> None:
        self.stopped = True

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        self.is_wanted = is_wanted


def asked(jobs: SharedJobs[Any], key: str) -> Held[Any]:
    held = jobs.ask(key, Job)
    assert held is not None
    return held


def test_what_two_ask_is_begun_once_and_what_may_not_begin_is_not() -> None:
    jobs: SharedJobs[Job] = SharedJobs(2)
    assert jobs.ask("a", None) is None
    first = asked(jobs, "a")
    assert asked(jobs, "a").job is first.job
    assert jobs.ask("a", None) is first
    assert asked(jobs, "b").job is not first.job


def test_one_under_way_goes_on_until_the_last_who_waits_has_gone() -> None:
    jobs: SharedJobs[Job] = SharedJobs(2)
    one, other = asked(jobs, "a"), asked(jobs, "a")
    job = one.job
    del one
    gc.collect()
    assert not job.stopped
    del other
    gc.collect()
    assert job.stopped
    assert asked(jobs, "a").job is not job


def test_the_last_that_are_done_are_remembered_though_nobody_holds_them() -> None:
    jobs: SharedJobs[Job] = SharedJobs(2)
    done = {}
    for key in "abc":
        held = asked(jobs, key)
        held.job.is_done = True
        assert jobs.ask(key, None) is held
        done[key] = held.job
        del held
    gc.collect()
    assert jobs.ask("a", None) is None
    assert [asked(jobs, key).job for key in "bc"] == [done["b"], done["c"]]


def test_what_failed_is_begun_anew_and_nothing_else() -> None:
    jobs: SharedJobs[Job] = SharedJobs(2)
    failed, fine = asked(jobs, "a"), asked(jobs, "b")
    failed.job.failed, failed.job.is_done = RuntimeError(), True
    assert asked(jobs, "a") is failed
    jobs.forget_failed()
    assert asked(jobs, "a") is not failed
    assert asked(jobs, "b") is fine


def test_a_refusal_leaves_no_trace() -> None:
    jobs: SharedJobs[Job] = SharedJobs(2)

    def refuse() -> Job:
        raise ValueError("too large")

    with pytest.raises(ValueError, match="too large"):
        jobs.ask("a", refuse)
    assert jobs.ask("a", None) is None


def test_many_who_ask_at_once_begin_it_once() -> None:
    jobs: SharedJobs[Job] = SharedJobs(2)
    together, begun, held = threading.Barrier(8), [], []

    def begin() -> Job:
        begun.append(Job())
        return begun[-1]

    def ask() -> None:
        together.wait()
        held.append(jobs.ask("a", begin))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 1
    assert len({id(one) for one in held}) == 1
