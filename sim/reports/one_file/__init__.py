"""One HTML file that needs no server: three sliders over a grid that was simulated beforehand."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sim.experiments.doubts import Doubts
from sim.experiments.grid import SECONDS, Asked, grid_of
from sim.experiments.inquiry import FULL_RUNS
from sim.experiments.price import Budget
from sim.experiments.runs import Effort
from sim.experiments.store import Store
from sim.experiments.workers import Workers
from sim.experiments.worlds import WorldsJob
from sim.reports.one_file.data import Content
from sim.reports.one_file.page import one_file
from sim.reports.origin import origin, runs_said
from sim.scenario.agenda import agenda_of
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

__all__ = ["Content", "OneFileJob", "one_file"]


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
        world_of(scenario, sets, fixes)
        self.scenario, self.agenda, self._link, self._start = scenario, agenda_of(scenario, fixes), link, sets
        effort = Effort(seed, FULL_RUNS, budget=budget)
        proposed, number = tuple(fix.id for fix in self.agenda.fixes), self.agenda.number
        seconds = min(SECONDS, 60 * budget.minutes)
        self.grid = grid_of(Asked(scenario, self.agenda.levers, number, sets, proposed), effort, seconds)
        self.doubts = Doubts(scenario, number, self.grid.around.sets, proposed)
        super().__init__(self.grid.worlds | self.doubts.worlds, number, effort, store, workers)

    @property
    def html(self) -> str | None:
        """The file; None while it is not there, or where it was stopped or failed."""
        return None if not self.finished or self.stopped or self.error else self._html

    @cached_property
    def _html(self) -> str:
        said = runs_said(self.effort.replications, self.scenario.weeks)
        made = origin(self.scenario.title, said, self.effort.seed, datetime.now(), self._link)
        found = (self.scenario, self.agenda, self.grid, self.doubts, self.runs, self._start, made)
        return one_file(Content(*found))
