"""Where a visitor's one stretch at a time is simulated, to be watched."""

from dataclasses import dataclass

from sim.experiments.replay.stretch import Watched, WatchJob
from sim.experiments.replay.words import Telling, tellings
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from ui.one_job import OneJob
from ui.watch_data import Data, data_of


@dataclass(frozen=True)
class Shown:
    """A stretch ready to be shown: played, and read."""

    watched: Watched
    told: list[Telling]
    data: Data


@dataclass
class WatchDesk(OneJob[WatchJob]):
    """The part of a run simulated last; another world or another part of its run supersedes it."""

    _shown: tuple[WatchJob, int, Shown] | None = None

    def ask(self, world: Scenario, seed: int, part: int, workers: Workers) -> WatchJob:
        """The job for this part of this world's run, begun if it was not yet. Raises what `WatchJob` does."""
        if self.job is None or (self.job.world, self.job.part) != (world, part):
            self.forget()
            self.put(WatchJob(world, seed, part, workers))
        assert self.job is not None
        return self.job

    def forget(self) -> None:
        """Stop what is under way, if anything is."""
        self.put(None)

    def shown(self, job: WatchJob, watched: Watched, span: int) -> Shown:
        """A span of what the job has seen, by its number; made once, however often the page is drawn."""
        if self._shown is None or self._shown[:2] != (job, span):
            seen = watched.between(*job.spans.minutes(span, span))
            told = list(tellings(seen))
            self._shown = job, span, Shown(seen, told, data_of(seen, told, f"{id(job)} {span}"))
        return self._shown[2]
