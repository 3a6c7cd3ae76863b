"""Work in the background: how far it is, whether it ended and how, and a way to stop it."""

from collections.abc import Callable
from typing import Any, TypeVar

from sim.engines.records import Progress
from sim.experiments.workers import Job, Workers


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
