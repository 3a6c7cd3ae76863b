"""Where simulating is done: threads, what they have found, and the questions of each visitor and of all of them."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from sim.experiments.answer import AnswerJob
from sim.experiments.attribution import AttributionJob
from sim.experiments.cache import Store
from sim.experiments.curve import CurveJob, Surroundings
from sim.experiments.inquiry import FULL_RUNS, Inquiry, LiveCurve, LiveCurves, live_weeks
from sim.experiments.runs import NEEDS_TWIN, Comparison, Effort, Run, WorldsJob
from sim.experiments.sensitivity import Doubts
from sim.experiments.task import Replication, Task, simulate
from sim.experiments.workers import Job, Workers
from sim.outcomes.breakdown import By
from sim.scenario.fixes import Lever
from sim.scenario.offers import agenda_of
from sim.scenario.scenario import Scenario
from ui.charts.journey import CHOSEN
from ui.jobs import SharedJobs, Slot
from ui.session.choice import Choice, dial_of
from ui.session.scenarios import own, scenario

SEED = 1
RUNS = 4
_ANSWER_RUNS = 6
_REMEMBERED = 64  # answers that are done, and searches
_HELD = "answers held"
_FIRST_ANSWER_SECONDS = 0.3  # the page is drawn once with an answer rather than twice, where that takes no longer


@st.cache_resource(show_spinner=False)
def _quick() -> Workers:
    """Threads for estimates, which never queue behind long runs."""
    return Workers()


@st.cache_resource(show_spinner=False)
def workers() -> Workers:
    """Threads for everything else, shared by everyone on this server: they let estimates go first."""
    return Workers(first=_quick())


@st.cache_resource(show_spinner=False)
def results() -> Store:
    """What was simulated while anybody looked on, in memory; what was asked for longest ago is forgotten."""
    return Store(on_disk=False)


@st.cache_resource(show_spinner=False)
def case_store() -> Store:
    """What was simulated for cases, kept for everybody on this server and after a restart."""
    return Store()


# ---- what one visitor asks ----------------------------------------------------------------------------


def inquiry(choice: Choice) -> Inquiry:
    """The question under way for this choice.

    Raises:
        ScenarioError: the choice contradicts itself; what was under way goes on.
    """
    world = choice.world
    asked = (choice.name, tuple(choice.sets.items()), choice.fixes)
    begin = lambda: Inquiry(choice.baseline, world, SEED, _quick(), workers(), results())  # noqa: E731
    found = desk().ask(asked, begin)
    found.wait(_FIRST_ANSWER_SECONDS)
    return found


def desk() -> Slot[Inquiry]:
    """Where this visitor's question is asked."""
    return own("desk", Slot[Inquiry])


def ask_again() -> None:
    """Forget the question under way, so that it is asked anew."""
    desk().asked = None


class CurveDesk(Slot[CurveJob]):
    """The curve asked last; another lever, or other surroundings of it, supersede it.

    The lever's own place is one point of its curve and changes no other.
    """

    def curve_for(self, around: Surroundings, lever: Lever) -> CurveJob | None:
        """The curve asked for this lever, wherever it stands, in these surroundings; another is stopped and dropped."""
        return self.job_for((lever, around.beside(lever)))

    def draw(self, around: Surroundings, lever: Lever, effort: Effort) -> None:
        """Begin, or go on from what is known of this curve. Raises what `CurveJob` does; nothing changes then."""
        self.again((lever, around.beside(lever)), lambda: CurveJob(around, lever, effort, results(), workers()))


def curve_desk() -> CurveDesk:
    """Where this visitor's curves are asked."""
    return own("curve desk", CurveDesk)


class AttributionDesk(Slot[AttributionJob]):
    """Where a visitor's one attribution at a time is asked; another choice of levers supersedes it."""

    def share_out(self, world: Scenario, effort: Effort) -> None:
        """Begin, or go on from what is known of this world. Raises what `AttributionJob` does; nothing changes then."""
        self.again(world, lambda: AttributionJob(world, effort, results(), workers()))


def attribution_desk() -> AttributionDesk:
    """The desk of this visitor."""
    return own("attribution desk", AttributionDesk)


class SplitDesk(Slot[Job[Replication]]):
    """A visitor's one split at a time; another world or another split supersedes it."""

    def split(self, world: Scenario, by: By) -> Job[Replication]:
        """The job for this split of this world, begun if it was not yet."""
        tasks = [Task(world, SEED, number, with_unbroken=False, by=by) for number in range(RUNS)]
        return self.ask((world, by), lambda: workers().start(simulate, tasks))


def split_desk() -> SplitDesk:
    """Where this visitor's figures are split."""
    return own("split desk", SplitDesk)


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


def journey_desk(name: str) -> JourneyDesk:
    """Which step of a scenario's journey this visitor looks at."""
    return JourneyDesk(st.session_state, name)


_WORTH = "contribution"


class LiveDesk(Slot[LiveCurves]):
    """The curves asked last; another choice supersedes them.

    A curve that was there before a choice changed still holds where only its own lever was moved, and is shown until
    the new one has as much to show.
    """

    def __init__(self) -> None:
        super().__init__()
        self.around: Surroundings | None = None
        self.shown: dict[str, tuple[Surroundings, LiveCurve]] = {}
        self.settled: dict[str, tuple[Surroundings, float, Comparison]] = {}

    def supersede(self, choice: Choice) -> None:
        """Stop what is under way if it is for another choice: whoever asks the next question waits for nothing here."""
        self.around = _around(choice)
        self._keep()
        self.job_for(self.around)

    def begin(self, choice: Choice) -> None:
        """Have the curves for this choice simulated, unless they are already, or would come too late.

        Raises:
            ScenarioError: no such world.
        """
        self.supersede(choice)
        if self.job is None and live_weeks(choice.baseline):
            levers = [lever for lever in choice.baseline.levers if not dial_of(choice.baseline, lever).is_switch]
            shown = (choice.baseline.headline, agenda_of(choice.baseline).number, _WORTH)  # on one page or another
            measures = tuple(dict.fromkeys(shown))
            around = _around(choice)
            self.again(around, lambda: LiveCurves(around, levers, measures, SEED, results(), workers()))

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


def live_desk() -> LiveDesk:
    """Where this visitor's curves are simulated ahead of the hand."""
    return own("live desk", LiveDesk)


# ---- what all visitors share -----------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def _answers() -> SharedJobs[AnswerJob]:
    """The answers to scenarios' own questions, under way or done: found once for everybody on this server."""
    return SharedJobs(_REMEMBERED)


def answer_job(name: str, may_begin: bool) -> AnswerJob | None:
    """The answer to a scenario's own question, sought from now on if that may begin and has not yet; or None.

    It is sought for as long as anybody is here who has looked at that scenario.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """
    asked = scenario(name)

    def begin() -> AnswerJob:
        return AnswerJob(asked, Effort(SEED, _ANSWER_RUNS), results(), workers())

    held = _answers().ask(asked, begin if may_begin else None)
    if held is None:
        return None
    st.session_state.setdefault(_HELD, {})[name] = held
    return held.job


def answer_again() -> None:
    """Forget the answers that failed, so that they are sought anew."""
    _answers().forget_failed()


@st.cache_resource(show_spinner=False)
def _doubts() -> SharedJobs[WorldsJob]:
    """Searches for the greatest doubt, under way or done: one of a kind for everybody on this server."""
    return SharedJobs(_REMEMBERED)


def doubts_job(doubts: Doubts, may_begin: bool) -> WorldsJob | None:
    """The search for what is least sure, begun now if that may begin and has not yet; or None.

    It supersedes what this visitor asked before, which is given up where nobody else waits for it.

    Raises:
        TooLargeError: it would take more time or memory than the page's budget.
    """

    def begin() -> WorldsJob:
        effort, with_twin = Effort(SEED, FULL_RUNS), doubts.measure in NEEDS_TWIN
        return WorldsJob(doubts.worlds, effort, case_store(), workers(), with_twin)

    key = doubts.scenario, tuple(sorted(doubts.sets.items())), doubts.fixes
    held = _doubts().ask(key, begin if may_begin else None)
    st.session_state["doubts held"] = held
    return held.job if held else None


def doubt_again() -> None:
    """Forget searches that failed, so that they are begun anew."""
    _doubts().forget_failed()
