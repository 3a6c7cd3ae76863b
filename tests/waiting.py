"""How tests wait: for something to come, and never for a time to pass.

No test measures how long anything takes, for that is the machine's mood. The patience is only there so that a test
which waits in vain ends at all. That a stop is heard soon is shown by counting what is done after it.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # slow to import, and most tests need no page
    from streamlit.testing.v1 import AppTest

Given = TypeVar("Given")
Result = TypeVar("Result")
Progress = Callable[[float], None]
Work = Callable[[Given, Progress], Result]
PATIENCE = 300
"""Seconds after which a test gives up: many times what the busiest machine needs."""
_PAUSE, _PAUSE_OF_PAGES = 0.02, 0.2


def wait_until(
    come: Callable[[], Any], meanwhile: Callable[[], Any] = lambda: None, said: Callable[[], str] = lambda: ""
) -> None:
    """Look until it has come; after each look in vain do `meanwhile`, and pause.

    Raises:
        TimeoutError: it did not come, with what there is to say then.
    """
    gives_up = time.monotonic() + PATIENCE
    while not come():
        if time.monotonic() > gives_up:
            raise TimeoutError(f"waited in vain {said()}")
        meanwhile()
        time.sleep(_PAUSE)


def run_until(app: "AppTest", come: Callable[[], Any], said: Callable[[], str] = lambda: "") -> "AppTest":
    """The page, run again and again without a fault until it has come."""

    def again() -> None:
        time.sleep(_PAUSE_OF_PAGES)
        app.run()
        assert not app.exception

    wait_until(come, again, said)
    assert not app.exception
    return app


class Tellings:
    """How often work tells its progress after it was to stop: a stop is heard soon if that is once for each thread."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._stopped = False

    def of(self, work: Work[Given, Result]) -> Work[Given, Result]:
        """The same work, listened to."""

        def heard(task: Given, progress: Progress) -> Result:
            def tell(share: float) -> None:
                if self._stopped:
                    self.late.append(share)
                progress(share)

            return work(task, tell)

        return heard

    def stop(self, job: Any) -> None:
        """Stop the job, and count from now on."""
        job.stop()
        self._stopped = True


def again_and_again(work: Work[Given, Result]) -> Work[Given, Result]:
    """The same work without an end, so that no machine is done with it before it is stopped."""

    def endless(task: Given, progress: Progress) -> Result:
        while True:
            work(task, progress)

    return endless


def held(work: Work[Given, Result], is_held: Callable[[Given], bool]) -> Work[Given, Result]:
    """The same work, but for tasks that wait as long as they are held; waiting they tell, and so hear a stop."""

    def waiting(task: Given, progress: Progress) -> Result:
        while is_held(task):
            progress(0.5)
            time.sleep(_PAUSE)
        return work(task, progress)

    return waiting
