"""What files are made of: runs of the visitor's choice and its business case, simulated when first needed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sim.engines.records import Progress
from sim.experiments.cache import Store
from sim.experiments.inquiry import FULL_RUNS, Memory, Stage
from sim.experiments.price import IN_THE_FILE, Budget, price_of
from sim.experiments.runs import Comparison, Effort
from sim.experiments.task import Task
from sim.experiments.workers import Workers, cores
from sim.finance.case import AGAIN, DRAWS, Case, CaseJob
from sim.finance.case import check as check_case
from sim.finance.sensitivity import RUNS, movable
from sim.finance.study import Study
from sim.reports.one_file import OneFileJob, plan_of
from sim.reports.origin import Origin, futures_said, origin, runs_said
from sim.scenario.faults import ScenarioError
from sim.scenario.offers import agenda_of
from ui import take_away_links
from ui.case_choice import CaseChoice
from ui.state import Choice
from ui.take_away_desk import followed
from ui.take_away_ready import Ready


@dataclass(frozen=True)
class Larder:
    """The choice, its case, and where simulating is done and kept.

    `address` is where the pages are, with a slash at its end; `made` the case of the page Business case, if that is
    whole; `text` gives the scenario's file; `ready` are charts that were drawn before, on Explore and on Business case.
    """

    choice: Choice
    case_choice: CaseChoice
    address: str
    seed: int
    workers: Workers
    memory: Memory
    store: Store
    made: Case | None
    text: Callable[[], str]
    ready: tuple[Ready, ...] = ()

    @property
    def link(self) -> str:
        """The link that makes the same choice again."""
        return self.address + take_away_links.to_choice(self.choice)

    @property
    def case_link(self) -> str:
        """The link that makes the same case again."""
        return self.address + take_away_links.to_case(self.case_choice)

    @property
    def asked(self) -> tuple[object, ...]:
        """All that decides what is in the files."""
        return (self.link, self.case_link)

    # ---- the choice ----------------------------------------------------------------------------------

    def comparison(self, progress: Progress) -> Comparison:
        """The world chosen beside the business as it is: the very runs that Explore shows.

        Raises:
            ScenarioError: the choice contradicts itself.
            TooLargeError: it would take too long.
        """
        baseline, world = self.choice.baseline, self.choice.world
        Budget().check(self._tasks, f"the number of runs (now {FULL_RUNS})", IN_THE_FILE)
        stage = Stage(baseline, world, self.seed, FULL_RUNS, self.workers, self.memory)
        followed(stage, progress)
        found = stage.comparison
        assert found is not None  # every run is there
        return found

    @property
    def comparison_seconds(self) -> float:
        """About how long that takes; 0 where it is remembered. Raises ScenarioError as `comparison` does."""
        return price_of([task for task in self._tasks if self.memory.get(task) is None]).seconds

    @property
    def _tasks(self) -> list[Task]:
        worlds = {True: (self.choice.baseline,), False: (self.choice.baseline, self.choice.world)}
        same = self.choice.world == self.choice.baseline
        return [Task(world, self.seed, number) for number in range(FULL_RUNS) for world in worlds[same]]

    @property
    def proposed(self) -> "Larder":
        """The same of what Boardroom shows: with the scenario's own proposal where no fixes were chosen."""
        fixes = tuple(fix.id for fix in agenda_of(self.choice.baseline, self.choice.fixes).fixes)
        return replace(self, choice=replace(self.choice, fixes=fixes))

    def origin(self) -> Origin:
        """Where figures of the choice are from."""
        return self._origin(runs_said(FULL_RUNS, self.choice.baseline.weeks), self.link)

    def origin_of(self, chart: Ready) -> Origin:
        """Where a chart that was drawn before is from."""
        return self._origin(chart.simulated, self.address + chart.link if chart.link else self.link)

    def _origin(self, simulated: str, link: str) -> Origin:
        return origin(self.choice.baseline.title, simulated, self.seed, datetime.now(UTC), link)

    # ---- its case ------------------------------------------------------------------------------------

    @property
    def no_case(self) -> str | None:
        """Why no case can be made of it; None where one can."""
        try:
            check_case(self.case_choice.scenario, self.case_choice.fixes)
        except ScenarioError as error:
            return f"There is no business case to take away: {error.faults[0].message}."
        return None

    def case(self, progress: Progress) -> Case:
        """The business case, made unless it was. Raises ScenarioError and TooLargeError as `CaseJob` does."""
        if self.made is not None:
            return self.made
        wanted = self.case_choice
        job = CaseJob(Study(wanted.scenario, self.seed, self.store), wanted.fixes, wanted.terms, self.workers)
        followed(job, progress)
        found = job.case
        assert found is not None  # every future is there
        return found

    @property
    def case_seconds(self) -> float:
        """About how long that takes at the most: what was simulated before is kept, and takes no time."""
        if self.made is not None:
            return 0.0
        wanted = self.case_choice
        study = Study(wanted.scenario, self.seed, self.store)
        worlds = 2 * (DRAWS + AGAIN) + 4 * RUNS * len(movable(wanted.scenario, wanted.fixes))
        return _seconds(study.task(study.setting(wanted.fixes, {}, 0)), worlds)

    def case_origin(self, case: Case) -> Origin:
        """Where figures of the case are from."""
        return self._origin(futures_said(case.futures), self.case_link)

    # ---- the page that needs no server ---------------------------------------------------------------

    def page_job(self) -> OneFileJob:
        """Making it, begun. Raises ScenarioError and TooLargeError as `OneFileJob` does."""
        choice = self.choice
        return OneFileJob(choice.baseline, choice.sets, choice.fixes, self.seed, self.store, self.workers, self.link)

    @property
    def page_seconds(self) -> float:
        """About how long that takes at the most: what was simulated before is kept, and takes no time."""
        choice, effort = self.choice, Effort(self.seed, FULL_RUNS)
        return plan_of(choice.baseline, choice.sets, choice.fixes, effort).seconds(effort)


def _seconds(task: Task, times: int) -> float:
    """About how long a task takes so many times over, side by side; each of them is much like it."""
    return price_of([task]).seconds * times / cores()
