"""The desks where a visitor's questions are asked, one of each kind at a time."""

from dataclasses import dataclass

import streamlit as st

from sim.experiments.attribution import AttributionJob
from sim.experiments.inquiry import Inquiry, Memory
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.scenario.scenario import Scenario
from ui.curve_desk import CurveDesk
from ui.figures_desk import SplitDesk
from ui.journey_desk import JourneyDesk
from ui.one_job import OneJob
from ui.state.choice import Choice
from ui.state.own import own
from ui.state.simulators import SEED, simulators

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
