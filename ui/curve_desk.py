"""Where a visitor's one curve at a time is asked."""

from sim.experiments.curve import CurveJob, Surroundings
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.scenario.fixes import Lever
from ui.one_job import OneJob


class CurveDesk(OneJob[CurveJob]):
    """The curve asked last; another lever, or other surroundings of it, supersede it."""

    def job_for(self, around: Surroundings, lever: Lever) -> CurveJob | None:
        """The curve asked for this lever, wherever it stands, in these surroundings; another is stopped and dropped."""
        if self.job and not _is_of(self.job, around, lever):
            self.put(None)
        return self.job

    def ask(self, around: Surroundings, lever: Lever, effort: Effort, workers: Workers) -> None:
        """Begin, or go on from what is known of this curve. Raises what `CurveJob` does; nothing changes then."""
        before = self.job_for(around, lever)
        self.put(CurveJob(around, lever, effort, workers, known=before.done if before else None))


def _is_of(job: CurveJob, around: Surroundings, lever: Lever) -> bool:
    """Whether that job draws this lever's curve: the lever's own place is one point of it and changes no other."""
    return job.lever == lever and job.around.beside(lever) == around.beside(lever)
