"""A visitor's one job at a time, of any kind."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


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
