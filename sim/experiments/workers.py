"""Where work runs: threads of this process, at once or in the background, with progress and a stop that is heard.

Jobs wait in one fair queue a pool. One that somebody looks at goes before one that nobody has asked about for some
seconds; of several, whichever was served longest ago is next; and every so often all are equal, so that none starves.
"""

import atexit
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait
from typing import Any, Generic, Self, TypeVar

from sim.engines.records import Progress

Given = TypeVar("Given")
Result = TypeVar("Result")
_PATIENCE_SECONDS, _POLL_SECONDS, _ENOUGH_TO_TELL = 0.8, 0.1, 0.02
_LOOKED_AT_SECONDS = 3.0
_EQUAL_EVERY = 4
_LOOK_AGAIN_SECONDS = 1.0
_STEP_ASIDE_SECONDS = 0.1


class StoppedError(Exception):
    """The job was stopped before this task was done."""


class _RestingError(Exception):
    """Nobody waits for the job; this task will be begun anew once somebody does."""


def _always() -> bool:
    return True


class Job(Generic[Result]):
    """Tasks under way, each weighing its part of the work. Safe to ask from any thread."""

    def __init__(
        self, work: Callable[[Given, Progress], Result], tasks: Sequence[Given], weights: Sequence[float]
    ) -> None:
        self._work: Callable[[Any, Progress], Result] = work
        self._tasks, self._weights = tasks, weights
        self._shares = [0.0] * len(tasks)
        self._futures: list[Future[Result]] = [Future() for _ in tasks]
        self._waiting, self._lock = deque(range(len(tasks))), threading.Lock()
        self._stopping = threading.Event()
        self._began = self._looked_at = time.monotonic()
        self._served = 0
        self._is_wanted: Callable[[], bool] = _always

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        """Rest while that is not so: what is under way then is begun anew once it is; what is done stays done."""
        self._is_wanted = is_wanted

    def _take(self) -> int | None:
        """The position of a task to be done now."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _do(self, position: int, step_aside: Callable[[], object]) -> None:
        def progress(share: float) -> None:
            if self._stopping.is_set():
                raise StoppedError
            if not self._is_wanted():
                raise _RestingError
            self._shares[position] = share
            step_aside()

        future = self._futures[position]
        try:
            progress(0.0)
            result = self._work(self._tasks[position], progress)
        except _RestingError:
            self._put_back(position)
        except BaseException as error:  # whoever asks for the result hears of it
            future.set_exception(error)
        else:
            self._shares[position] = 1.0  # whatever it told last
            future.set_result(result)

    def _put_back(self, position: int) -> None:
        with self._lock:
            self._shares[position] = 0.0
            if self._stopping.is_set():
                self._give_up(position)
            else:
                self._waiting.appendleft(position)

    def _give_up(self, position: int) -> None:
        self._futures[position].cancel()
        self._futures[position].set_running_or_notify_cancel()  # so that who waits for it hears

    @property
    def _is_looked_at(self) -> bool:
        return time.monotonic() - self._looked_at < _LOOKED_AT_SECONDS

    @property
    def share_done(self) -> float:
        """How much of the work is done, from 0 to 1."""
        if self.finished:
            return 1.0
        done = sum(weight * share for weight, share in zip(self._weights, self._shares, strict=True))
        return min(done / sum(self._weights), 1.0)

    @property
    def finished(self) -> bool:
        """Whether nothing is under way any more: done, stopped or failed. Who asks is who looks at it."""
        self._looked_at = time.monotonic()
        return self._is_over

    @property
    def _is_over(self) -> bool:
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
        with self._lock:
            for position in self._waiting:
                self._give_up(position)
            self._waiting.clear()


def _succeeded(future: Future[Result]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class Workers:
    """A pool of threads for jobs, as many as there are cores unless said otherwise; there are none without a job.

    At each report of progress they step aside while `first`, another pool, has work, for at most a tenth of a second:
    it is done sooner, and they come on all the same. `idle` is set while nothing is under way that is not to rest. In a
    `with` they are closed at its end.
    """

    def __init__(self, threads: int | None = None, first: "Workers | None" = None) -> None:
        self._size, self._first = threads or cores(), first
        self._threads = 0
        self._jobs: list[Job[Any]] = []
        self._changed, self._is_closed = threading.Condition(), False
        self._under_way = self._picks = 0
        self.idle = threading.Event()
        self.idle.set()
        _pools.add(self)

    def start(
        self,
        work: Callable[[Given, Progress], Result],
        tasks: Sequence[Given],
        weights: Sequence[float] | None = None,
    ) -> Job[Result]:
        """Begin these tasks, in order. They weigh the same unless `weights` says more.

        `work` is called with a task and with what it tells the share done to (from 0 to 1), often enough that a stop
        is heard: that call raises StoppedError then.
        """
        job = Job(work, tasks, weights or [1.0] * len(tasks))
        with self._changed:
            if self._is_closed:
                raise RuntimeError("these workers are closed")
            job._served = self._picks
            self._jobs.append(job)
            while tasks and self._threads < self._size:
                threading.Thread(target=self._run, daemon=True).start()
                self._threads += 1
            self._changed.notify_all()
        return job

    def _run(self) -> None:
        while found := self._next():
            job, position = found
            job._do(position, self._step_aside)
            with self._changed:
                self._under_way -= 1

    def _next(self) -> tuple[Job[Any], int] | None:
        """The task to be done now, waited for; None, and a thread less, once there is no job, or they are closed."""
        with self._changed:
            while not self._is_closed:
                job = self._job_in_turn()
                position = None if job is None else job._take()
                if job is not None and position is not None:
                    job._served = self._picks = self._picks + 1
                    self._under_way += 1
                    self.idle.clear()
                    return job, position
                if not self._under_way:
                    self.idle.set()
                if not self._jobs:
                    break
                self._changed.wait(_LOOK_AGAIN_SECONDS)  # who had nobody waiting may have somebody again
            self._threads -= 1
        return None

    def _job_in_turn(self) -> Job[Any] | None:
        self._jobs = [job for job in self._jobs if not job._is_over]
        ready = [job for job in self._jobs if job._waiting and job._is_wanted()]
        looked_at = [job for job in ready if job._is_looked_at]
        first = ready if self._picks % _EQUAL_EVERY == 0 else looked_at or ready
        return min(first, key=lambda job: job._served, default=None)

    def _step_aside(self) -> None:
        if self._first is not None:
            self._first.idle.wait(_STEP_ASIDE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything and wait for it to end; but not long for what cannot hear, such as the compiler."""
        with self._changed:
            self._is_closed = True
            jobs, self._jobs = self._jobs, []
            self._changed.notify_all()
        for job in jobs:
            job.stop()
        for job in jobs:
            job.wait(_PATIENCE_SECONDS)


_pools: "weakref.WeakSet[Workers]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Nothing is left half-written by a program that ends, nor is it kept from ending."""
    for workers in list(_pools):
        workers.close()


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

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        """Rest while that is not so (see `Job.only_while`)."""
        self._job.only_while(is_wanted)


Heir = TypeVar("Heir", bound=Background)


def carried_out(begin: Callable[[Workers], Heir], progress: Progress) -> Heir:
    """A job begun on workers of its own and waited for to its end, telling the share done. Raises its first failure."""
    with Workers() as workers:
        job = begin(workers)
        job.follow(progress)
    progress(1.0)
    return job
