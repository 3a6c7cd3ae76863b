"""Where the curves that follow a hand are simulated, for one visitor and one choice at a time."""

from dataclasses import dataclass, field

from sim.experiments.curve import Surroundings
from sim.experiments.inquiry import Memory
from sim.experiments.live_curves import LiveCurve, LiveCurves, live_weeks
from sim.experiments.runs import Comparison, Run
from sim.experiments.workers import Workers
from sim.scenario.fixes import Lever
from sim.scenario.offers import agenda_of
from ui.dials import dial_of
from ui.one_job import OneJob
from ui.state.choice import Choice

_WORTH = "contribution"


@dataclass
class LiveDesk(OneJob[LiveCurves]):
    """The curves asked last; another choice supersedes them.

    A curve that was there before a choice changed still holds where only its own lever was moved, and is shown until
    the new one has as much to show.
    """

    around: Surroundings | None = None
    shown: dict[str, tuple[Surroundings, LiveCurve]] = field(default_factory=dict)
    settled: dict[str, tuple[Surroundings, float, Comparison]] = field(default_factory=dict)

    def supersede(self, choice: Choice) -> None:
        """Stop what is under way if it is for another choice: whoever asks the next question waits for nothing here."""
        around = _around(choice)
        if self.job and self.around != around:
            self._keep()
            self.put(None)
        self.around = around

    def begin(self, choice: Choice, seed: int, workers: Workers, memory: Memory) -> None:
        """Have the curves for this choice simulated, unless they are already, or would come too late.

        Raises:
            ScenarioError: no such world.
        """
        self.supersede(choice)
        if self.job is None and live_weeks(choice.baseline):
            levers = [lever for lever in choice.baseline.levers if not dial_of(choice.baseline, lever).is_switch]
            shown = (choice.baseline.headline, agenda_of(choice.baseline).number, _WORTH)  # on one page or another
            measures = tuple(dict.fromkeys(shown))
            self.put(LiveCurves(_around(choice), levers, measures, seed, workers, memory))

    @property
    def is_busy(self) -> bool:
        """Whether more is coming."""
        return self.job is not None and not self.job.finished

    def curve(self, lever: Lever) -> LiveCurve | None:
        """The lever's curve around what is chosen, as far as it is known."""
        self._keep()
        beside, curve = self.shown.get(lever.path, (None, None))
        return curve if self.around and beside == self.around.beside(lever) else None

    def settle(self, choice: Choice, found: Comparison) -> None:
        """Remember what all weeks of this choice gave: every lever's curve goes through that."""
        around = _around(choice)
        for lever in choice.baseline.levers:
            self.settled[lever.path] = (around.beside(lever), around.stands(lever), found)

    def anchor(self, lever: Lever) -> tuple[float, Comparison] | None:
        """Where the lever stood when all weeks were simulated last with all else as it is now, and what they gave."""
        beside, stands, found = self.settled.get(lever.path, (None, 0.0, None))
        return (stands, found) if found and self.around and beside == self.around.beside(lever) else None

    def as_it_is(self, choice: Choice) -> Run | None:
        """What all weeks of the choice's scenario gave as it stands, if they were simulated."""
        runs = (found.baseline for _, _, found in self.settled.values())
        return next((run for run in runs if run.world == choice.baseline), None)

    def _keep(self) -> None:
        """Remember what there is, in place of what says less or holds no longer."""
        for lever in self.job.levers if self.job else ():
            assert self.job is not None
            curve, beside = self.job.curve(lever), self.job.around.beside(lever)
            known = self.shown.get(lever.path)
            if curve and (known is None or known[0] != beside or len(known[1].values) <= len(curve.values)):
                self.shown[lever.path] = (beside, curve)


def _around(choice: Choice) -> Surroundings:
    return Surroundings(choice.baseline, choice.sets, choice.fixes)
