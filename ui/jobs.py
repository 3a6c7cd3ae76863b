"""Jobs of one visitor, one a question at a time, and jobs that all visitors of a server share.

Both rest within seconds of the leaving of all who wait for them, go on when one is back, and are given up when
Streamlit has let go of those sessions, some minutes later.
"""

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sim.experiments.workers import Background

_AWAY_SECONDS = 3.0  # a browser that lost its connection for a moment is not gone


class Visitor:
    """Whoever a page is drawn for."""

    def __init__(self) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        self.session, self._seen = context.session_id if context else None, time.monotonic()

    def is_here(self) -> bool:
        """Whether their browser is connected, or was some seconds ago. Safe from any thread."""
        server = runtime.get_instance() if runtime.exists() else None
        if self.session is None or server is None or server.is_active_session(self.session):
            self._seen = time.monotonic()
        return time.monotonic() - self._seen < _AWAY_SECONDS


class Waiting:
    """The visitors who wait for something that they share. Safe from any thread."""

    def __init__(self) -> None:
        self._visitors: dict[str | None, Visitor] = {}

    def join(self) -> None:
        """Whoever this page is drawn for waits from now on."""
        visitor = Visitor()
        self._visitors = {name: other for name, other in self._visitors.items() if other.is_here()}
        self._visitors[visitor.session] = visitor

    def is_here(self) -> bool:
        """Whether any of them is."""
        return any(visitor.is_here() for visitor in list(self._visitors.values()))


class Waited(Protocol):
    """What simulates in the background."""

    def stop(self) -> None:
        """Give up what is not done."""
        ...

    def only_while(self, is_wanted: Callable[[], bool]) -> None:
        """Rest while that is not so."""
        ...


J = TypeVar("J", bound=Waited)


class Slot(Generic[J]):
    """The job that a visitor asked last; another question supersedes it, and it is given up when they have gone.

    Streamlit may end a script whenever it touches session state; so what is asked, and for what, is kept in one object,
    and no job is ever left running unseen.
    """

    def __init__(self) -> None:
        self.job: J | None = None
        self.asked: object = None
        self._visitor = Visitor()

    def job_for(self, asked: object) -> J | None:
        """The job of that question, if there is one; that of another is stopped and forgotten."""
        if self.asked != asked:
            self.forget()
        return self.job

    def ask(self, asked: object, begin: Callable[[], J]) -> J:
        """The job of that question, begun if there is none; that of another is stopped. Raises what `begin` does."""
        return self.job_for(asked) or self.again(asked, begin)

    def again(self, asked: object, begin: Callable[[], J]) -> J:
        """Begin it whatever there is: to go on or to try again. Raises what `begin` does; nothing changes then."""
        job = begin()
        self.forget()
        self.job, self.asked = job, asked
        job.only_while(self._visitor.is_here)
        return job

    def forget(self) -> None:
        """Stop the job, and have none; what it has simulated is kept where it keeps things."""
        if self.job is not None:
            self.job.stop()
        self.job = self.asked = None

    def __del__(self) -> None:
        """Nobody waits any longer: Streamlit has let go of the session."""
        self.forget()


B = TypeVar("B", bound=Background)


class Held(Generic[B]):
    """A shared job in somebody's hands; it is given up when the last of them lets go of it."""

    def __init__(self, job: B) -> None:
        self.job, self._waiting = job, Waiting()
        self.ask()
        job.only_while(self._waiting.is_here)

    def ask(self) -> None:
        """Whoever this page is drawn for waits for it too."""
        self._waiting.join()

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
            if held is not None:
                held.ask()
                if held.job.finished:
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
