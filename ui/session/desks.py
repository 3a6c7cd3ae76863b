"""The desks where a visitor's questions are asked, one of each kind at a time."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from sim.experiments.attribution import AttributionJob
from sim.experiments.curve import CurveJob, Surroundings
from sim.experiments.inquiry import Inquiry, Memory
from sim.experiments.live_curves import LiveCurve, LiveCurves, live_weeks
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Job, Workers
from sim.outcomes.breakdown import By
from sim.scenario.fixes import Lever
from sim.scenario.offers import agenda_of
from sim.scenario.scenario import Scenario
from ui.charts.journey import CHOSEN
from ui.jobs import OneJob
from ui.session.choice import Choice, dial_of
from ui.session.scenarios import own
from ui.session.simulators import SEED, simulators


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


RUNS = 4


@dataclass
class SplitDesk(OneJob[Job[Replication]]):
    """A visitor's one split at a time; another world or another split supersedes it."""

    asked: tuple[Scenario, By] | None = None

    def job_for(self, world: Scenario, by: By, seed: int, workers: Workers) -> Job[Replication]:
        """The job for this split of this world, begun if it was not yet."""
        if self.job is None or self.asked != (world, by):
            tasks = [Task(world, seed, number, with_unbroken=False, by=by) for number in range(RUNS)]
            self.put(workers.start(simulate, tasks))
            self.asked = (world, by)
        assert self.job is not None
        return self.job


@dataclass(frozen=True)
class JourneyDesk:
    """The step looked at in a scenario, kept where the control that picks it keeps its own value."""

    kept: MutableMapping[Any, Any]
    name: str

    @property
    def key(self) -> str:
        """The key of the control that picks a step, holding its id or None."""
        return f"step of {self.name}"

    @property
    def step(self) -> str | None:
        """The id of the step looked at."""
        chosen: str | None = self.kept.get(self.key)
        return chosen

    def picture_key(self, kind: str) -> str:
        """The key of a picture: another for each step looked at, since a chart tells of no second click on one step."""
        return f"journey {kind} of {self.name} at {self.step}"

    def clicked(self, picture_key: str) -> None:
        """Look at the step just clicked in that picture; a click beside every step changes nothing."""
        found = self.kept[picture_key].selection[CHOSEN]
        if found:
            self.kept[self.key] = found[0]["id"]


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


_FIRST_ANSWER_SECONDS = 0.3  # the page is drawn once with an answer rather than twice, where that takes no longer


@dataclass
class Desk(OneJob[Inquiry]):
    """Where a visitor's one question at a time is asked."""

    asked: tuple[object, ...] | None = None

    def ask(self, choice: Choice, quick: Workers, thorough: Workers, memory: Memory) -> Inquiry:
        """The question under way for this choice; one that it supersedes is stopped."""
        asked = _asked(choice)
        if self.job is None or self.asked != asked:
            world = choice.world
            self.put(None)  # what it simulates makes room for what is asked now
            self.put(Inquiry(choice.baseline, world, SEED, quick, thorough, memory))
            self.asked = asked
        assert self.job is not None
        return self.job


def _asked(choice: Choice) -> tuple[object, ...]:
    return (choice.name, tuple(choice.sets.items()), choice.fixes)


def _desk() -> Desk:
    return own("desk", Desk)


def inquiry(choice: Choice) -> Inquiry:
    """The question under way for this choice.

    Raises:
        ScenarioError: the choice contradicts itself; what was under way goes on.
    """
    asked = _desk().ask(choice, *simulators())
    asked.wait(_FIRST_ANSWER_SECONDS)
    return asked


def ask_again() -> None:
    """Forget the question under way, so that it is asked anew."""
    _desk().asked = None


class AttributionDesk(OneJob[AttributionJob]):
    """Where a visitor's one attribution at a time is asked; another choice of levers supersedes it."""

    def job_for(self, world: Scenario) -> AttributionJob | None:
        """The job asked for this world; one for another world is stopped and forgotten."""
        if self.job and self.job.world != world:
            self.put(None)
        return self.job

    def ask(self, world: Scenario, effort: Effort, workers: Workers) -> None:
        """Begin, or go on from what is known of this world. Raises what `AttributionJob` does; nothing changes then."""
        before = self.job_for(world)
        self.put(AttributionJob(world, effort, workers, known=before.done if before else ()))


def curve_desk() -> CurveDesk:
    """Where this visitor's curves are asked."""
    return own("curve desk", CurveDesk)


def journey_desk(name: str) -> JourneyDesk:
    """Which step of a scenario's journey this visitor looks at."""
    return JourneyDesk(st.session_state, name)


def split_desk() -> SplitDesk:
    """Where this visitor's figures are split."""
    return own("split desk", SplitDesk)


def attribution_desk() -> AttributionDesk:
    """The desk of this visitor."""
    return own("attribution desk", AttributionDesk)


_REMEMBERED = 3_000  # runs of a few weeks, some kilobytes each: of some sixty choices


def live_desk() -> LiveDesk:
    """Where this visitor's curves are simulated."""
    return own("live desk", LiveDesk)


@st.cache_resource(show_spinner=False)
def live_workers() -> Workers:
    """Threads that let everything else go first."""
    return Workers(patient=True)


@st.cache_resource(show_spinner=False)
def live_memory() -> Memory:
    """What was simulated for anybody's curves; the oldest is forgotten."""
    return Memory(_REMEMBERED)
