"""The commands of the business case, and of the boardroom's page as one file."""

import shlex
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from sim.cli.options import Changes, FixIds, Json, Minutes, Name, Seed, Set, grouped, sets_of
from sim.cli.terminal import Request, err, print_json, progress_bar
from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.experiments.price import Budget
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.finance import report
from sim.finance.assumptions import Terms, terms_of
from sim.finance.case import DRAWS, check, make_case
from sim.finance.chain import DRAWS as CHAIN_DRAWS
from sim.finance.chain import find_chain
from sim.finance.portfolio import RUNS, check_money, find_portfolio
from sim.finance.study import Study
from sim.finance.trial import POWER, check_trial, plan_trial
from sim.reports.narrative import beside_case_story, case_story
from sim.reports.one_file import PAGE_ON_DISK, OneFileJob, write_file
from sim.reports.origin import futures_said, origin
from sim.reports.workbook import WORKBOOK_ON_DISK, tables_beside, write_workbook
from sim.scenario.notices import notices_of, notices_of_both
from sim.scenario.world import world_of

commands = Typer()


@dataclass(frozen=True)
class TermOptions:
    """The options of how cash flows become a present value, in the order in which they are listed."""

    horizon: Annotated[int, Option("--horizon", metavar="YEARS", help="Years that count, 1 to 10.")] = 3
    real: Annotated[bool, Option("--real", help="The discount rate has inflation taken out.")] = False
    mid_year: Annotated[bool, Option("--mid-year", help="A year's cash counts in its middle, not at its end.")] = False
    inflation: Annotated[float, Option("--inflation", metavar="SHARE", help="A year, under a nominal rate.")] = 0.0
    tax: Annotated[float, Option("--tax", metavar="SHARE", help="Tax on contribution less costs; 0: before tax.")] = 0.0
    cost_uplift: Annotated[
        float, Option("--cost-uplift", metavar="SHARE", help="Added to costs for optimism bias.")
    ] = 0.0
    benefit_cut: Annotated[float, Option("--benefit-cut", metavar="SHARE", help="Taken off benefits for risk.")] = 0.0

    @property
    def terms(self) -> Terms:
        """The terms asked for. Raises ScenarioError for one out of range."""
        names = {"horizon": "horizon_years", "tax": "tax_rate"}
        return terms_of({names.get(name, name): value for name, value in asdict(self).items()})


Draws = Annotated[int, Option("--draws", metavar="N", help="Futures simulated, 16 to 4,096.")]
ChainDraws = Annotated[int, Option("--draws", metavar="N", help="Futures of each type of store.")]
AnyFixes = Annotated[list[str], Option("--fix", metavar="ID", help="Choose among these; left out: among all.")]
Runs = Annotated[int, Option("--replications", min=2, max=100, help="Runs of every set, on the same luck.")]
Stores = Annotated[int, Option("--stores", metavar="N", help="Stores that would act on the trial's answer.")]
Power = Annotated[float, Option("--power", metavar="SHARE", help="How often the trial is to see the effect.")]
Spend = Annotated[float | None, Option("--budget", metavar="MONEY", help="What may be spent in year one.")]
Workbook = Annotated[
    Path | None, Option("--workbook", metavar="FILE.xlsx", help="Write it as a workbook with live formulas.")
]
Target = Annotated[Path, Argument(metavar="FILE.html", help="What to write.")]


@commands.command("case")
@grouped
def business_case(
    scenario: Name,
    fixes: FixIds,
    sets: Set = [],  # noqa: B006 - typer reads the default, nobody changes it
    budget: Spend = None,
    draws: Draws = DRAWS,
    seed: Seed = 1,
    given: TermOptions = TermOptions(),
    workbook: Workbook = None,
    as_json: Json = False,
) -> None:
    """Say what fixes are worth over every future that the assumptions allow: NPV, payback, risk, what to find out."""
    asked, study, terms = _asked(scenario, sets, fixes, seed, draws, given)
    _check_budget(budget)
    if workbook:
        WORKBOOK_ON_DISK.check(workbook)
    with progress_bar(f"Simulating {draws} futures of {study.scenario.title}") as progress:
        case = make_case(study, fixes, terms, draws, progress=progress)
    figures = report.case_report(case)
    said = [case_story.headline(case), case_story.advice(case), *case_story.notes(case)]
    if budget is not None:
        with progress_bar("Simulating sets of the fixes") as progress:
            found = find_portfolio(study, fixes, terms, progress=progress)
        figures |= {"portfolio": report.portfolio_report(found, budget)}
        said.append(beside_case_story.best(found, budget))
    asked.tell(as_json, case.futures, figures, report.case_tables(case), said)
    if workbook:
        made = origin(scenario, futures_said(case.futures), seed, datetime.now(UTC), _again())
        write_workbook(case, workbook, made)
        err.print(f"Wrote {workbook}, and its tables in {tables_beside(workbook)}.", markup=False)


@commands.command("portfolio")
@grouped
def choose_fixes(
    scenario: Name,
    fixes: AnyFixes = [],  # noqa: B006
    sets: Set = [],  # noqa: B006
    budget: Spend = None,
    replications: Runs = RUNS,
    seed: Seed = 1,
    given: TermOptions = TermOptions(),
    as_json: Json = False,
) -> None:
    """Find which fixes to choose within a budget: every set of them on the same luck, and who deserves what credit."""
    chosen, terms = sets_of(sets, scenario), given.terms
    _check_budget(budget)
    study = Study(world_of(load(scenario), chosen), seed, Store())
    candidates = fixes or [fix.id for fix in study.scenario.fixes]
    asked = Request(scenario, Effort(seed), chosen, candidates, notices_of(study.scenario))
    with progress_bar(f"Simulating sets of fixes for {study.scenario.title}") as progress:
        found = find_portfolio(study, candidates, terms, replications, progress=progress)
    said = [beside_case_story.best(found, budget), *beside_case_story.of_portfolio(found)]
    asked.tell(as_json, replications, report.portfolio_report(found, budget), report.portfolio_tables(found), said)


@commands.command("trial")
@grouped
def design_trial(
    scenario: Name,
    fixes: FixIds,
    sets: Set = [],  # noqa: B006
    stores: Stores = 1,
    power: Power = POWER,
    draws: Draws = DRAWS,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Design a controlled experiment by simulating it: how many stores and weeks, what it is worth, what it costs."""
    asked, study, terms = _asked(scenario, sets, fixes, seed, draws)
    check_trial(stores, power)
    with progress_bar(f"Simulating {draws} futures of {study.scenario.title}") as progress:
        case = make_case(study, fixes, terms, draws, progress=progress)
    with progress_bar("Simulating the trial") as progress:
        plan = plan_trial(case, stores, power, progress)
    tables = report.trial_tables(plan)
    asked.tell(as_json, case.futures, report.trial_report(plan), tables, beside_case_story.of_trial(plan))


@commands.command("chain")
@grouped
def whole_chain(
    scenario: Name,
    fixes: FixIds,
    sets: Set = [],  # noqa: B006
    draws: ChainDraws = CHAIN_DRAWS,
    seed: Seed = 1,
    given: TermOptions = TermOptions(),
    as_json: Json = False,
) -> None:
    """Say what fixes are worth to a whole chain, by its mix of store types."""
    asked, study, terms = _asked(scenario, sets, fixes, seed, draws, given)
    with progress_bar(f"Simulating a store of each type of {study.scenario.title}") as progress:
        found = find_chain(study, fixes, terms, draws, progress=progress)
    asked.tell(
        as_json, draws, report.chain_report(found), report.chain_tables(found), beside_case_story.of_chain(found)
    )


def _asked(
    scenario: str, sets: list[str], fixes: list[str], seed: int, draws: int, given: TermOptions = TermOptions()
) -> tuple[Request, Study, Terms]:
    """What was asked, once it is known that a case can be made of it. Raises ScenarioError where none can."""
    chosen, terms = sets_of(sets, scenario), given.terms
    study = Study(world_of(load(scenario), chosen), seed, Store())
    check(study.scenario, fixes, draws)
    notices = notices_of_both(study.scenario, world_of(study.scenario, fixes=fixes))
    return Request(scenario, Effort(seed), chosen, fixes, notices), study, terms


def _check_budget(budget: float | None) -> None:
    if budget is not None:
        check_money(budget)


def _again() -> str:
    """The command that makes the same again."""
    return shlex.join(["python", "-m", "sim", *sys.argv[1:]])


@commands.command("page")
@grouped
def write_page(
    scenario: Name,
    file: Target,
    changes: Changes = Changes(),
    seed: Seed = 1,
    budget: Minutes = 60,
    as_json: Json = False,
) -> None:
    """Write the boardroom's page as one HTML file with working sliders that needs no server."""
    asked = load(scenario)
    PAGE_ON_DISK.check(file)
    sets, fixes = sets_of(changes.sets, scenario), changes.fixes
    with progress_bar(f"Simulating every place of the sliders of {asked.title}") as progress, Workers() as workers:
        job = OneFileJob(asked, sets, fixes, seed, Store(), workers, _again(), Budget(budget))
        job.follow(progress)
    assert job.html is not None  # it was followed to its end
    write_file(job.html, file)
    points = len(job.plan.grid.points)
    if as_json:
        print_json({"scenario": scenario, "seed": seed, "points": points, "file": str(file)})
    err.print(f"Wrote {file}: {points} places of the sliders simulated.", markup=False)
