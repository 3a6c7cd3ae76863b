"""Where work runs: threads of this process, at once or in the background, with progress and a stop that is heard."""

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any, Generic, Self, TypeVar

from sim.engines.records import Progress

Given = TypeVar("Given")
Result = TypeVar("Result")
_PATIENCE_SECONDS, _POLL_SECONDS, _ENOUGH_TO_TELL = 0.8, 0.1, 0.02


class StoppedError(Exception):
    """The job was stopped before this task was done."""


class Job(Generic[Result]):
    """Tasks under way, each weighing its part of the work. Safe to ask from any thread."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._weights = weights
        self._shares = [0.0] * len(weights)
        self._stopping = threading.Event()
        self._futures: list[Future[Result]] = []
        self._began = time.monotonic()

    def _run(self, work: Callable[[Given, Progress], Result], task: Given, position: int) -> Result:
        def progress(share: float) -> None:
            if self._stopping.is_set():
                raise StoppedError
            self._shares[position] = share

        progress(0.0)
        result = work(task, progress)
        self._shares[position] = 1.0  # whatever it told last
        return result

    @property
    def share_done(self) -> float:
        """How much of the work is done, from 0 to 1."""
        if self.finished:
            return 1.0
        done = sum(weight * share for weight, share in zip(self._weights, self._shares, strict=True))
        return min(done / sum(self._weights), 1.0)

    @property
    def finished(self) -> bool:
        """Whether nothing is under way any more: done, stopped or failed."""
        return all(future.done() for future in self._futures)

    @property
    def results(self) -> list[Result | None]:
        """What each task gave, in the tasks' order; None where it is not there (yet)."""
        return [future.result() if _succeeded(future) else None for future in self._futures]

    @property
    def error(self) -> BaseException | None:
        """The first failure other than having been stopped."""
        for future in self._futures:
            if future.done() and not future.cancelled():
                error = future.exception()
                if error is not None and not isinstance(error, StoppedError | CancelledError):
                    return error
        return None

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest will take; None while too little is done to say."""
        share = self.share_done
        return None if share < _ENOUGH_TO_TELL else (time.monotonic() - self._began) / share * (1 - share)

    def follow(self, progress: Progress) -> list[Result]:
        """Wait for all of it, telling the share done; what each task gave. Raises the first failure at once."""
        while not self.finished and self.error is None:
            progress(self.share_done)
            self.wait(_POLL_SECONDS)
        if self.error:
            raise self.error
        return [future.result() for future in self._futures]

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way any more, but no longer than that."""
        wait(self._futures, seconds)

    def stop(self) -> None:
        """Give up what is not done; tasks under way end at their next report of progress."""
        self._stopping.set()
        for future in self._futures:
            future.cancel()


def _succeeded(future: Future[Result]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class Workers:
    """A pool of threads for jobs, as many as there are cores unless said otherwise.

    Patient workers let everything else on the machine go first, where threads have a priority of their own (Linux).
    In a `with` they are closed at its end.
    """

    def __init__(self, threads: int | None = None, patient: bool = False) -> None:
        self._pool = ThreadPoolExecutor(threads or cores(), initializer=_be_patient if patient else None)
        self._jobs: list[Job[object]] = []
        self._lock = threading.Lock()

    def start(
        self,
        work: Callable[[Given, Progress], Result],
        tasks: Sequence[Given],
        weights: Sequence[float] | None = None,
    ) -> Job[Result]:
        """Begin these tasks, in order, after those already under way. They weigh the same unless `weights` says more.

        `work` is called with a task and with what it tells the share done to (from 0 to 1), often enough that a stop
        is heard: that call raises StoppedError then.
        """
        job: Job[Result] = Job(weights or [1.0] * len(tasks))
        with self._lock:
            for position, task in enumerate(tasks):
                job._futures.append(self._pool.submit(job._run, work, task, position))
            _jobs.add(job)
            self._jobs = [other for other in self._jobs if not other.finished] + [job]  # type: ignore[list-item]
        return job

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything and wait for it to end; but not long for what cannot hear, such as the compiler."""
        with self._lock:
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.stop()
        for job in jobs:
            job.wait(_PATIENCE_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)


_jobs: "weakref.WeakSet[Job[Any]]" = weakref.WeakSet()


def _stop_all() -> None:
    for job in list(_jobs):
        job.stop()


# Left alone, a program that ends would first finish every task it had begun: concurrent.futures waits for them in this
# same list of hooks, latest first, and the public `atexit` comes only after it.
threading._register_atexit(_stop_all)  # type: ignore[attr-defined]


def _be_patient() -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows


class Background:
    """What can be asked of a job that an heir has started; `stopped` says whether it was told to."""

    _job: Job[Any]
    stopped = False

    @property
    def share_done(self) -> float:
        """How much of the work is done, from 0 to 1."""
        return self._job.share_done

    @property
    def seconds_left(self) -> float | None:
        """About how long the rest will take; None while too little is done to say."""
        return self._job.seconds_left

    @property
    def finished(self) -> bool:
        """Whether nothing is under way any more: done, stopped or failed."""
        return self._job.finished

    @property
    def error(self) -> BaseException | None:
        """Why it failed, if it did."""
        return self._job.error

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way any more, but no longer than that."""
        self._job.wait(seconds)

    def follow(self, progress: Progress) -> None:
        """Wait for all of it, telling the share done. Raises the first failure at once."""
        self._job.follow(progress)

    def stop(self) -> None:
        """Give up what is not done; what is under way ends soon after."""
        self.stopped = True
        self._job.stop()


Heir = TypeVar("Heir", bound=Background)


def carried_out(begin: Callable[[Workers], Heir], progress: Progress) -> Heir:
    """A job begun on workers of its own and waited for to its end, telling the share done. Raises its first failure."""
    with Workers() as workers:
        job = begin(workers)
        job.follow(progress)
    progress(1.0)
    return job
