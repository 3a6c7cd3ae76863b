"""Where a visitor's one stretch at a time is simulated, to be watched."""

from dataclasses import dataclass

from sim.experiments.watching import Watched, WatchJob
from sim.experiments.watching_words import Telling, tellings
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from ui.watch_data import Data, data_of


@dataclass(frozen=True)
class Shown:
    """A stretch ready to be shown: played, and read."""

    watched: Watched
    told: list[Telling]
    data: Data


@dataclass
class WatchDesk:
    """The part of a run simulated last; another world or another part of its run supersedes it.

    Streamlit may end a script whenever it touches session state; what is asked is therefore kept in one object, so
    that no job is ever left running unseen.
    """

    job: WatchJob | None = None
    _shown: tuple[WatchJob, int, Shown] | None = None

    def ask(self, world: Scenario, seed: int, part: int, workers: Workers) -> WatchJob:
        """The job for this part of this world's run, begun if it was not yet. Raises what `WatchJob` does."""
        if self.job is None or (self.job.world, self.job.part) != (world, part):
            self.forget()
            self.job = WatchJob(world, seed, part, workers)
        return self.job

    def forget(self) -> None:
        """Stop what is under way, if anything is."""
        if self.job:
            self.job.stop()
        self.job = None

    def shown(self, job: WatchJob, watched: Watched, span: int) -> Shown:
        """A span of what the job has seen, by its number; made once, however often the page is drawn."""
        if self._shown is None or self._shown[:2] != (job, span):
            seen = watched.between(*job.spans.minutes(span, span))
            told = list(tellings(seen))
            self._shown = job, span, Shown(seen, told, data_of(seen, told, f"{id(job)} {span}"))
        return self._shown[2]

    def __del__(self) -> None:
        """Nobody waits any longer: the visitor has gone, and Streamlit has let go of the session."""
        self.forget()
