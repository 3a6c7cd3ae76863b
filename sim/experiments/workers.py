"""Where replications run: processes of this machine, with progress, and a stop that is heard within a second.

SimPy holds Python's lock, so replications run side by side in processes. A job can be asked at any time how far it
is and what it has so far, and stopped; a job that was superseded stops at its next simulated day.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ctypes import c_bool, c_double
from typing import Any

from sim.experiments.replication import Replication, Task, simulate

_JOBS_AT_ONCE = 256


class StoppedError(Exception):
    """The job was stopped before this task was done."""


_shared: dict[str, Any] = {}
"""In a worker process: the two arrays through which jobs talk to it, set once when it starts."""


def _start_worker(done: Any, stop: Any, patient: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if patient and hasattr(os, "nice"):
        os.nice(10)
    _shared.update(done=done, stop=stop)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, not even while they still import what they need."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(task: Task, slot: int) -> Replication:
    heard = 0.0

    def progress(share: float) -> None:
        nonlocal heard
        if _shared["stop"][slot]:
            raise StoppedError
        with _shared["done"].get_lock():
            _shared["done"][slot] += share - heard
        heard = share

    progress(0.0)
    return simulate(task, progress)


class Job:
    """Tasks under way. Safe to ask from any thread."""

    def __init__(
        self, futures: Sequence[Future[Replication]], share: Callable[[], float], stop: Callable[[], None]
    ) -> None:
        self._futures, self._share, self._stop = list(futures), share, stop

    @property
    def share_done(self) -> float:
        """How much of the work is done, from 0 to 1."""
        return 1.0 if self.finished else min(self._share() / max(len(self._futures), 1), 1.0)

    @property
    def finished(self) -> bool:
        """Whether nothing is under way any more: done, stopped or failed."""
        return all(future.done() for future in self._futures)

    @property
    def results(self) -> list[Replication | None]:
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

    def stop(self) -> None:
        """Give up what is not done; tasks under way end at their next simulated day."""
        self._stop()
        for future in self._futures:
            future.cancel()


def _succeeded(future: Future[Replication]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class Workers:
    """A pool of processes for jobs, started when first needed and replaced when it breaks.

    Patient workers let everything else on the machine go first.
    """

    def __init__(self, processes: int | None = None, patient: bool = False) -> None:
        self._patient = patient
        self._processes = processes or os.cpu_count() or 1
        self._context = multiprocessing.get_context("spawn")
        self._done = self._context.Array(c_double, _JOBS_AT_ONCE)
        self._stop = self._context.Array(c_bool, _JOBS_AT_ONCE)
        self._free = set(range(_JOBS_AT_ONCE))
        # Two locks, never held together: a pool that breaks calls back with a lock of its own held.
        self._slots, self._starting = threading.Lock(), threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def start(self, tasks: Sequence[Task]) -> Job:
        """Begin these tasks (at least one), in order, after those already under way.

        Raises:
            RuntimeError: too many jobs are under way at once.
        """
        slot = self._take_slot()
        with self._starting, _deaf_to_interrupts():
            futures = self._submit(tasks, slot)
        self._free_when_done(futures, slot)
        return Job(futures, lambda: float(self._done[slot]), lambda: self._stop_job(futures, slot))

    def _take_slot(self) -> int:
        with self._slots:
            if not self._free:
                raise RuntimeError(f"{_JOBS_AT_ONCE} jobs are under way; stop one or wait for one to end")
            slot = self._free.pop()
            self._done[slot], self._stop[slot] = 0.0, False
            return slot

    def _stop_job(self, futures: Sequence[Future[Replication]], slot: int) -> None:
        """Ask the processes to stop, unless the job is done: its slot may be another job's by now."""
        with self._slots:
            if not all(future.done() for future in futures):
                self._stop[slot] = True

    def close(self) -> None:
        """Stop everything and wait for the processes to end; tasks under way end at their next simulated day."""
        for slot in range(_JOBS_AT_ONCE):
            self._stop[slot] = True
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _submit(self, tasks: Sequence[Task], slot: int) -> list[Future[Replication]]:
        try:
            return [self._executor().submit(_work, task, slot) for task in tasks]
        except BrokenProcessPool:
            self._pool = None
            return [self._executor().submit(_work, task, slot) for task in tasks]

    def _executor(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes, self._context, _start_worker, (self._done, self._stop, self._patient)
            )
            # Left alone, a program that ends would first finish every task it had begun: concurrent.futures waits for
            # them in this same list of hooks, latest first, and the public `atexit` comes only after it.
            threading._register_atexit(self.close)  # type: ignore[attr-defined]
        return self._pool

    def _free_when_done(self, futures: Sequence[Future[Replication]], slot: int) -> None:
        waiting = len(futures)

        def one_done(_: Future[Replication]) -> None:
            nonlocal waiting
            with self._slots:
                waiting -= 1
                if waiting == 0:
                    self._free.add(slot)

        for future in futures:
            future.add_done_callback(one_done)
