"""Jobs of one visitor, one at a time, and jobs that all visitors of a server share."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sim.experiments.workers import Background


class Stoppable(Protocol):
    """What simulates in the background."""

    def stop(self) -> None:
        """Give up what is not done."""
        ...


J = TypeVar("J", bound=Stoppable)


@dataclass
class OneJob(Generic[J]):
    """The job asked last; another supersedes it, and it is given up when its visitor has gone.

    Streamlit may end a script whenever it touches session state; heirs therefore keep what is asked, and for what, in
    one object, so that no job is ever left running unseen.
    """

    job: J | None = None

    def put(self, job: J | None) -> None:
        """Have this one from now on, or none; the one before is stopped."""
        before, self.job = self.job, job
        if before is not None and before is not job:
            before.stop()

    def __del__(self) -> None:
        """Nobody waits any longer: Streamlit has let go of the session."""
        self.put(None)


B = TypeVar("B", bound=Background)


class Held(Generic[B]):
    """A shared job in somebody's hands; it is given up when the last of them lets go of it."""

    def __init__(self, job: B) -> None:
        self.job = job

    def __del__(self) -> None:
        """Nobody waits any longer."""
        self.job.stop()


class SharedJobs(Generic[B]):
    """Jobs by what they were asked: one under way is there while anybody holds it; the last that are done stay.

    Safe from any thread.
    """

    def __init__(self, remembered: int) -> None:
        self._lock, self._remembered = threading.Lock(), remembered
        self._held: weakref.WeakValueDictionary[Hashable, Held[B]] = weakref.WeakValueDictionary()
        self._done: OrderedDict[Hashable, Held[B]] = OrderedDict()

    def ask(self, key: Hashable, begin: Callable[[], B] | None) -> Held[B] | None:
        """The job of that key, begun now where there is none; None where it may not begin. Raises what `begin` does."""
        with self._lock:
            held = self._held.get(key)
            if held is None and begin is not None:
                held = self._held[key] = Held(begin())
            if held is not None and held.job.finished:
                self._done[key] = held
                self._done.move_to_end(key)
            forgotten = [self._done.popitem(last=False) for _ in range(len(self._done) - self._remembered)]
        del forgotten  # outside the lock, for nobody may hold them
        return held

    def forget_failed(self) -> None:
        """Let what failed be begun anew."""
        with self._lock:
            for key in [key for key, held in self._held.items() if held.job.error]:
                self._held.pop(key, None)
                self._done.pop(key, None)
