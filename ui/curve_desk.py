"""Where a visitor's one curve at a time is asked."""

from dataclasses import dataclass

from sim.experiments.curve import CurveJob
from sim.experiments.curve_points import Surroundings
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.scenario.fixes import Lever


@dataclass
class CurveDesk:
    """The curve asked last; another lever, or other surroundings of it, supersede it.

    Streamlit may end a script whenever it touches session state; what is asked and around what are therefore kept in
    one object, so that no job is ever left running unseen.
    """

    job: CurveJob | None = None

    def job_for(self, around: Surroundings, lever: Lever) -> CurveJob | None:
        """The curve asked for this lever, wherever it stands, in these surroundings; another is stopped and dropped."""
        if self.job and not _is_of(self.job, around, lever):
            self.job.stop()
            self.job = None
        return self.job

    def ask(self, around: Surroundings, lever: Lever, effort: Effort, workers: Workers) -> None:
        """Begin, or go on from what is known of this curve. Raises what `CurveJob` does; nothing changes then."""
        before = self.job_for(around, lever)
        job = CurveJob(around, lever, effort, workers, known=before.done if before else None)
        if before:
            before.stop()
        self.job = job


def _is_of(job: CurveJob, around: Surroundings, lever: Lever) -> bool:
    """Whether that job draws this lever's curve: the lever's own place is one point of it and changes no other."""
    return job.lever == lever and job.around.beside(lever) == around.beside(lever)
