"""One HTML file that needs no server: three sliders over a grid that was simulated beforehand."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sim.experiments.cache import Store
from sim.experiments.inquiry import FULL_RUNS
from sim.experiments.price import Budget
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.experiments.worlds_job import WorldsJob
from sim.reports.one_file.data import Content, Plan, plan_of
from sim.reports.one_file.page import one_file
from sim.reports.origin import origin, runs_said
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets

__all__ = ["Content", "OneFileJob", "Plan", "one_file", "plan_of"]


class OneFileJob(WorldsJob):
    """Making the file in the background: ask how far it is, stop it, and take `html` once it is there.

    `sets` say where the sliders start, and what else stands elsewhere; `fixes` are proposed, the scenario's own
    proposal where none are given. `link` leads back to the page, or says how to make the file again.

    Raises:
        ScenarioError: sets and fixes contradict each other; nothing was started.
        TooLargeError: it would take more time or memory than the budget; nothing was started.
    """

    def __init__(
        self,
        scenario: Scenario,
        sets: Sets,
        fixes: Sequence[str],
        seed: int,
        store: Store,
        workers: Workers,
        link: str,
        budget: Budget = Budget(),  # noqa: B008 - it never changes
    ) -> None:
        effort = Effort(seed, FULL_RUNS, budget=budget)
        self.plan, self._link = plan_of(scenario, sets, fixes, effort), link
        super().__init__(self.plan.worlds, self.plan.agenda.number, effort, store, workers)

    @property
    def html(self) -> str | None:
        """The file; None while it is not there, or where it was stopped or failed."""
        return None if not self.finished or self.stopped or self.error else self._html

    @cached_property
    def _html(self) -> str:
        scenario = self.plan.asked.scenario
        said = runs_said(self.effort.replications, scenario.weeks)
        made = origin(scenario.title, said, self.effort.seed, datetime.now(), self._link)
        return one_file(Content(self.plan, self.runs, made))
