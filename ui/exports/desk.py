"""Where a visitor's files are made, one at a time; and links that lead back to what they show."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sim.engines.records import Progress
from sim.experiments.workers import Background, Workers
from ui.jobs import Visitor
from ui.session import case_choice
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice, link_of


def to_choice(choice: Choice) -> str:
    """To the same choice of levers and fixes."""
    return _to("take_away", link_of(choice.name, choice.sets, choice.fixes, {}))


def to_case(choice: CaseChoice) -> str:
    """To the same business case."""
    return _to("business_case", case_choice.link_of(choice))


def to_room(code: str) -> str:
    """To a workshop, for whoever may come in; never the facilitator's own link."""
    return _to("workshop", {"room": code})


def to_saved(scenario: str) -> str:
    """To what is saved, with that scenario chosen."""
    return _to("saved", {"scenario": scenario})


def _to(page: str, said: dict[str, str]) -> str:
    return f"{page}?{urlencode(said)}"


_POLL_SECONDS = 0.1
_LETTERS = 60  # of a file's name


@dataclass(frozen=True)
class File:
    """A file that is made: what its button says, its name, its kind and its content."""

    label: str
    name: str
    mime: str
    content: bytes


def slug(text: str) -> str:
    """Text as part of a file's name, in letters that every disk takes; "" where none are left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LETTERS].rstrip("-")


Make = Callable[[Progress], tuple[File, ...]]
"""Makes files, telling the share done; raises what has a sentence for people."""


def followed(job: Background, progress: Progress) -> None:
    """Wait for a job, telling how far it is; it is stopped where its telling is stopped. Raises its failure."""
    try:
        while not job.finished and job.error is None:
            progress(job.share_done)
            job.wait(_POLL_SECONDS)
        if job.error:
            raise job.error
    except BaseException:
        job.stop()
        raise


def part(progress: Progress, start: float, end: float) -> Progress:
    """What tells the share done of a part of the work, from its start to its end."""
    return lambda share: progress(start + (end - start) * share)


class Making(Background):
    """Files of one kind under way, or made."""

    def __init__(self, make: Make, workers: Workers) -> None:
        self._job = workers.start(lambda make, progress: make(progress), [make])

    @property
    def files(self) -> tuple[File, ...]:
        """The files; none while they are not there."""
        made: tuple[File, ...] | None = self._job.results[0]
        return made or ()


class TakeAwayDesk:
    """What was asked to be made of a choice, by kind. Another choice stops and drops all of it.

    Streamlit may end a script whenever it touches session state; all is therefore kept in one object, so that no job is
    ever left running unseen.
    """

    def __init__(self) -> None:
        self.asked: Any = None
        self.jobs: dict[str, Making] = {}
        self._workers, self._visitor = Workers(1), Visitor()

    def of(self, asked: Any) -> "TakeAwayDesk":
        """The same desk, cleared where what is to be taken away is another choice."""
        if self.asked != asked:
            self.stop()
            self.jobs, self.asked = {}, asked
        return self

    @property
    def busy(self) -> str | None:
        """The kind that is being made."""
        return next((kind for kind, job in self.jobs.items() if not job.finished), None)

    def make(self, kind: str, make: Make) -> None:
        """Begin to make files of that kind, unless something is being made."""
        if self.busy is None:
            self.jobs[kind] = Making(make, self._workers)
            self.jobs[kind].only_while(self._visitor.is_here)

    def stop(self) -> None:
        """Give up what is being made."""
        for job in self.jobs.values():
            job.stop()

    def __del__(self) -> None:
        """Nobody waits any longer: the visitor has gone, and Streamlit has let go of the session."""
        self.stop()
