"""What files are made of: runs, the case, and charts that a visitor has had drawn; simulated when first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import streamlit as st

from sim.engines.records import Progress
from sim.experiments.answer import AnswerJob
from sim.experiments.attribution import AttributionJob
from sim.experiments.cache import REPLICATION, Store
from sim.experiments.curve import CurveJob, Surroundings
from sim.experiments.inquiry import FULL_RUNS, Stage
from sim.experiments.price import IN_THE_FILE, Budget, price_of
from sim.experiments.runs import Comparison, Effort
from sim.experiments.task import Task
from sim.experiments.workers import Background, Workers, cores
from sim.finance.case import AGAIN, DRAWS, Case, CaseJob
from sim.finance.case import check as check_case
from sim.finance.chain import ChainCase, ChainJob
from sim.finance.portfolio import Portfolio, PortfolioJob
from sim.finance.sensitivity import RUNS, movable
from sim.finance.study import Study
from sim.finance.trial import TrialJob, TrialPlan
from sim.reports.one_file import OneFileJob, plan_of
from sim.reports.origin import Origin, futures_said, origin, runs_said
from sim.saved import documents
from sim.scenario.faults import ScenarioError
from sim.scenario.offers import agenda_of
from ui.charts import Drawn, Exported, Ready, comparison, experiments, journey
from ui.charts import case as case_charts
from ui.exports.desk import TakeAwayDesk, followed, to_case, to_choice
from ui.session.case import case_desk, case_now
from ui.session.case_choice import CaseChoice
from ui.session.choice import Choice, choice_now
from ui.session.scenarios import database, own
from ui.session.simulators import SEED, answer_job, attribution_desk, case_store, curve_desk, results, workers

EXPORTED: dict[str, Exported] = {
    one.name: one for one in (*journey.EXPORTED, *comparison.EXPORTED, *case_charts.EXPORTED)
}
"""The charts that can always be had, by name, in the order of the pages."""


def ready(
    choice: Choice, answer: AnswerJob | None, attribution: AttributionJob | None, curve: CurveJob | None
) -> Iterator[Ready]:
    """Those of this choice; the answer is of the business as it stands, whatever was chosen."""
    weeks = choice.baseline.weeks
    if answer and answer.found:
        yield from experiments.ready_of_answer(answer.found, runs_said(answer.runs_done, weeks))
    if attribution and attribution.result and attribution.world == choice.world:
        found = attribution.result
        yield from experiments.ready_of_losses(found, runs_said(len(found.replications), weeks))
    around = Surroundings(choice.baseline, choice.sets, choice.fixes)
    if curve and curve.curve and curve.around.beside(curve.lever) == around.beside(curve.lever):
        yield from experiments.ready_of_curve(curve.curve, around, runs_said(curve.runs_done, weeks))


def asides_ready(choice: CaseChoice, asked: Mapping[str, tuple[object, Background]]) -> Iterator[Ready]:
    """Those of this case; `asked` are the questions asked beside a case by kind, with what decides each answer."""
    link = to_case(choice)
    for question, job in asked.values():
        if not job.finished or job.stopped or job.error:
            continue
        match job, question:
            case PortfolioJob(portfolio=Portfolio() as bought), (choice.name, choice.edits, terms):
                if terms == choice.terms.model_dump_json():
                    yield from case_charts.ready_of_portfolio(bought, choice.budget, link)
            case TrialJob(plan=TrialPlan() as plan), (choice.asked, _):
                yield from case_charts.ready_of_trial(plan, link)
            case ChainJob(chain=ChainCase() as whole), choice.asked:
                yield from case_charts.ready_of_chain(whole, choice.scenario.currency, link)


_MOST = 8


@dataclass
class _Leaf:
    scenarios: set[str] = field(default_factory=set)
    charts: dict[str, tuple[Drawn, Ready]] = field(default_factory=dict)


class Album:
    """The charts as they were seen last, by the link that leads back to them."""

    def __init__(self) -> None:
        self._leaves: dict[str, _Leaf] = {}

    def keep(self, link: str, scenarios: Iterable[str], name: str, simulated: str, drawn: Drawn) -> None:
        """Keep a chart beside what else was seen there, or instead of its former self.

        `scenarios` are the names under which it is to be found; what was seen there before is found under them too.
        """
        leaf = self._leaves.pop(link, None) or _Leaf()
        self._leaves[link] = leaf
        leaf.scenarios.update(scenarios)
        before, kept = leaf.charts.get(name, (None, Ready(name, simulated, lambda: drawn, link)))
        if before != drawn:
            leaf.charts[name] = drawn, replace(kept, simulated=simulated, draw=lambda: drawn, version=kept.version + 1)
        while len(self._leaves) > _MOST:
            self._leaves.pop(next(iter(self._leaves)))

    def of(self, scenario: str) -> list[Ready]:
        """Those of a scenario, in the order first seen; what was seen last hides others of its name."""
        there = [leaf for leaf in self._leaves.values() if scenario in leaf.scenarios]
        return list({name: chart for leaf in there for name, (_, chart) in leaf.charts.items()}.values())


@dataclass(frozen=True)
class Context:
    """The choice, its case, and where simulating is done and kept.

    `address` is where the pages are, with a slash at its end; `made` the case of the page Business case, if that is
    whole; `text` gives the scenario's file; `ready` are charts that were drawn before, on Explore and on Business case.
    """

    choice: Choice
    case_choice: CaseChoice
    address: str
    seed: int
    workers: Workers
    memory: Store
    store: Store
    made: Case | None
    text: Callable[[], str]
    ready: tuple[Ready, ...] = ()

    @property
    def link(self) -> str:
        """The link that makes the same choice again."""
        return self.address + to_choice(self.choice)

    @property
    def case_link(self) -> str:
        """The link that makes the same case again."""
        return self.address + to_case(self.case_choice)

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
        stage = Stage(baseline, world, Effort(self.seed, FULL_RUNS), self.memory, self.workers)
        followed(stage, progress)
        found = stage.comparison
        assert found is not None  # every run is there
        return found

    @property
    def comparison_seconds(self) -> float:
        """About how long that takes; 0 where it is remembered. Raises ScenarioError as `comparison` does."""
        return price_of([task for task in self._tasks if REPLICATION.remembered(self.memory, task) is None]).seconds

    @property
    def _tasks(self) -> list[Task]:
        worlds = {True: (self.choice.baseline,), False: (self.choice.baseline, self.choice.world)}
        same = self.choice.world == self.choice.baseline
        return [Task(world, self.seed, number) for number in range(FULL_RUNS) for world in worlds[same]]

    @property
    def proposed(self) -> "Context":
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


# ---- a visitor's -----------------------------------------------------------------------------------


def album() -> Album:
    """Where the charts seen in rooms and side by side are kept until the visitor goes."""
    return own("album", Album)


def take_away_desk() -> TakeAwayDesk:
    """Where this visitor's files are made."""
    return own("take-away desk", TakeAwayDesk)


def context_of(name: str) -> Context:
    """What this visitor's files are made of: the choice of Explore and the case of Business case, as they stand."""
    choice = choice_now(name)
    case_choice = case_now(choice.name, choice.fixes)
    return Context(
        choice=choice,
        case_choice=case_choice,
        address=_address(),
        seed=SEED,
        workers=workers(),
        memory=results(),
        store=case_store(),
        made=_made(case_choice),
        text=lambda: documents.text_now(database(), choice.name),
        ready=tuple(_ready(choice, case_choice)),
    )


def _ready(choice: Choice, case_choice: CaseChoice) -> Iterator[Ready]:
    yield from ready(choice, answer_job(choice.name, may_begin=False), attribution_desk().job, curve_desk().job)
    yield from asides_ready(case_choice, case_desk().asides.jobs)
    yield from album().of(choice.name)


def _address() -> str:
    """Where the pages are: this page's address without its own name."""
    return (st.context.url or "").rstrip("/").rpartition("/")[0] + "/"


def _made(choice: CaseChoice) -> Case | None:
    """The case of the page Business case, if it is the same one and whole."""
    desk = case_desk()
    job = desk.job if desk.asked == choice.asked else None
    is_whole = job is not None and job.finished and not job.stopped and job.error is None
    return job.case if job is not None and is_whole else None
