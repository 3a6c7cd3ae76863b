"""The commands of the business case, and of the boardroom's page as one file."""

import shlex
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import FixIds, Json, Minutes, Name, Seed, Set, sets_of
from sim.cli.terminal import err, print_json, progress_bar, show_notices, show_report
from sim.experiments import plain
from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.experiments.price import Budget
from sim.experiments.runs import Effort
from sim.experiments.workers import Workers
from sim.finance import case_report, chain_report, portfolio_report, trial_report
from sim.finance.assumptions import Terms, terms_of
from sim.finance.case import DRAWS, check, make_case
from sim.finance.chain import DRAWS as CHAIN_DRAWS
from sim.finance.chain import find_chain
from sim.finance.portfolio import RUNS, check_money, find_portfolio
from sim.finance.study import Study
from sim.finance.trial import POWER, check_trial, plan_trial
from sim.reports.one_file import PAGE_ON_DISK, OneFileJob, write_file
from sim.reports.origin import futures_said, origin
from sim.reports.workbook import WORKBOOK_ON_DISK, tables_beside, write_workbook
from sim.scenario.notices import Notice, notices_of, notices_of_both
from sim.scenario.world import Sets, world_of

commands = typer.Typer()

Horizon = Annotated[int, typer.Option("--horizon", metavar="YEARS", help="Years that count, 1 to 10.")]
Real = Annotated[bool, typer.Option("--real", help="The discount rate has inflation taken out.")]
MidYear = Annotated[bool, typer.Option("--mid-year", help="A year's cash counts in its middle, not at its end.")]
Inflation = Annotated[float, typer.Option("--inflation", metavar="SHARE", help="A year, under a nominal rate.")]
Tax = Annotated[float, typer.Option("--tax", metavar="SHARE", help="Tax on contribution less costs; 0: before tax.")]
Uplift = Annotated[float, typer.Option("--cost-uplift", metavar="SHARE", help="Added to costs for optimism bias.")]
Cut = Annotated[float, typer.Option("--benefit-cut", metavar="SHARE", help="Taken off benefits for risk.")]
Draws = Annotated[int, typer.Option("--draws", metavar="N", help="Futures simulated, 16 to 4,096.")]
ChainDraws = Annotated[int, typer.Option("--draws", metavar="N", help="Futures of each type of store.")]
AnyFixes = Annotated[list[str], typer.Option("--fix", metavar="ID", help="Choose among these; left out: among all.")]
Runs = Annotated[int, typer.Option("--replications", min=2, max=100, help="Runs of every set, on the same luck.")]
Stores = Annotated[int, typer.Option("--stores", metavar="N", help="Stores that would act on the trial's answer.")]
Power = Annotated[float, typer.Option("--power", metavar="SHARE", help="How often the trial is to see the effect.")]
Spend = Annotated[float | None, typer.Option("--budget", metavar="MONEY", help="What may be spent in year one.")]
Workbook = Annotated[
    Path | None, typer.Option("--workbook", metavar="FILE.xlsx", help="Write it as a workbook with live formulas.")
]


@commands.command("case")
def business_case(
    scenario: Name,
    fixes: FixIds,
    sets: Set = [],  # noqa: B006
    budget: Spend = None,
    draws: Draws = DRAWS,
    seed: Seed = 1,
    horizon: Horizon = 3,
    real: Real = False,
    mid_year: MidYear = False,
    inflation: Inflation = 0.0,
    tax: Tax = 0.0,
    cost_uplift: Uplift = 0.0,
    benefit_cut: Cut = 0.0,
    workbook: Workbook = None,
    as_json: Json = False,
) -> None:
    """Say what fixes are worth over every future that the assumptions allow: NPV, payback, risk, what to find out."""
    chosen, terms = sets_of(sets, scenario), _terms(horizon, real, mid_year, inflation, tax, cost_uplift, benefit_cut)
    study = _study(scenario, chosen, seed)
    check(study.scenario, fixes, draws)
    notices = _notices(study, fixes)
    _check_budget(budget)
    if workbook:
        WORKBOOK_ON_DISK.check(workbook)
    with progress_bar(f"Simulating {draws} futures of {study.scenario.title}") as progress:
        case = make_case(study, fixes, terms, draws, progress=progress)
    found = None
    if budget is not None:
        with progress_bar("Simulating sets of the fixes") as progress:
            found = find_portfolio(study, fixes, terms, progress=progress)
    if as_json:
        within = {"portfolio": portfolio_report.portfolio_report(found, budget)} if found else {}
        print_json(_head(scenario, seed, case.futures, chosen, fixes, notices) | case_report.case_report(case) | within)
    else:
        said = [case_report.headline(case), case_report.advice(case), *case_report.notes(case)]
        show_report(case_report.tables(case), [*said, *([portfolio_report.best(found, budget)] if found else [])])
        show_notices(scenario, notices)
    if workbook:
        again = shlex.join(["python", "-m", "sim", *sys.argv[1:]])
        made = origin(scenario, futures_said(case.futures), seed, datetime.now(UTC), again)
        write_workbook(case, workbook, made)
        err.print(f"Wrote {workbook}, and its tables in {tables_beside(workbook)}.", markup=False)


@commands.command("portfolio")
def choose_fixes(
    scenario: Name,
    fixes: AnyFixes = [],  # noqa: B006
    sets: Set = [],  # noqa: B006
    budget: Spend = None,
    replications: Runs = RUNS,
    seed: Seed = 1,
    horizon: Horizon = 3,
    real: Real = False,
    mid_year: MidYear = False,
    inflation: Inflation = 0.0,
    tax: Tax = 0.0,
    cost_uplift: Uplift = 0.0,
    benefit_cut: Cut = 0.0,
    as_json: Json = False,
) -> None:
    """Find which fixes to choose within a budget: every set of them on the same luck, and who deserves what credit."""
    chosen, terms = sets_of(sets, scenario), _terms(horizon, real, mid_year, inflation, tax, cost_uplift, benefit_cut)
    _check_budget(budget)
    study = _study(scenario, chosen, seed)
    candidates = fixes or [fix.id for fix in study.scenario.fixes]
    notices = notices_of(study.scenario)
    with progress_bar(f"Simulating sets of fixes for {study.scenario.title}") as progress:
        found = find_portfolio(study, candidates, terms, replications, progress=progress)
    if as_json:
        head = _head(scenario, seed, replications, chosen, candidates, notices)
        print_json(head | portfolio_report.portfolio_report(found, budget))
    else:
        said = [portfolio_report.best(found, budget), *portfolio_report.sentences(found)]
        show_report(portfolio_report.tables(found), said)
        show_notices(scenario, notices)


@commands.command("trial")
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
    chosen = sets_of(sets, scenario)
    study = _study(scenario, chosen, seed)
    check(study.scenario, fixes, draws)
    notices = _notices(study, fixes)
    check_trial(stores, power)
    with progress_bar(f"Simulating {draws} futures of {study.scenario.title}") as progress:
        case = make_case(study, fixes, Terms(), draws, progress=progress)
    with progress_bar("Simulating the trial") as progress:
        plan = plan_trial(case, stores, power, progress)
    if as_json:
        print_json(_head(scenario, seed, case.futures, chosen, fixes, notices) | trial_report.trial_report(plan))
    else:
        show_report(trial_report.tables(plan), [*trial_report.sentences(plan), trial_report.rests_on(plan)])
        show_notices(scenario, notices)


@commands.command("chain")
def whole_chain(
    scenario: Name,
    fixes: FixIds,
    sets: Set = [],  # noqa: B006
    draws: ChainDraws = CHAIN_DRAWS,
    seed: Seed = 1,
    horizon: Horizon = 3,
    real: Real = False,
    mid_year: MidYear = False,
    inflation: Inflation = 0.0,
    tax: Tax = 0.0,
    cost_uplift: Uplift = 0.0,
    benefit_cut: Cut = 0.0,
    as_json: Json = False,
) -> None:
    """Say what fixes are worth to a whole chain, by its mix of store types."""
    chosen, terms = sets_of(sets, scenario), _terms(horizon, real, mid_year, inflation, tax, cost_uplift, benefit_cut)
    study = _study(scenario, chosen, seed)
    check(study.scenario, fixes, draws)
    notices = _notices(study, fixes)
    with progress_bar(f"Simulating a store of each type of {study.scenario.title}") as progress:
        found = find_chain(study, fixes, terms, draws, progress=progress)
    if as_json:
        print_json(_head(scenario, seed, draws, chosen, fixes, notices) | chain_report.chain_report(found))
    else:
        show_report(chain_report.tables(found), chain_report.sentences(found))
        show_notices(scenario, notices)


def _terms(
    horizon: int, real: bool, mid_year: bool, inflation: float, tax: float, cost_uplift: float, benefit_cut: float
) -> Terms:
    given = {"horizon_years": horizon, "real": real, "mid_year": mid_year, "inflation": inflation, "tax_rate": tax}
    return terms_of(given | {"cost_uplift": cost_uplift, "benefit_cut": benefit_cut})


def _check_budget(budget: float | None) -> None:
    if budget is not None:
        check_money(budget)


def _study(name: str, sets: Sets, seed: int) -> Study:
    return Study(world_of(load(name), sets), seed, Store())


def _head(
    name: str, seed: int, futures: int, sets: Sets, fixes: list[str], notices: Iterable[Notice]
) -> dict[str, Any]:
    return plain.head(name, Effort(seed), futures, sets, fixes, notices)


def _notices(study: Study, fixes: list[str]) -> tuple[Notice, ...]:
    """What is hardly meant in the scenario as it is said to be, or in the world with these fixes."""
    return notices_of_both(study.scenario, world_of(study.scenario, fixes=fixes))


Target = Annotated[Path, typer.Argument(metavar="FILE.html", help="What to write.")]


@commands.command("page")
def write_page(
    scenario: Name,
    file: Target,
    sets: Set = [],  # noqa: B006
    fixes: FixIds = [],  # noqa: B006
    seed: Seed = 1,
    budget: Minutes = 60,
    as_json: Json = False,
) -> None:
    """Write the boardroom's page as one HTML file with working sliders that needs no server."""
    asked = load(scenario)
    PAGE_ON_DISK.check(file)
    again = shlex.join(["python", "-m", "sim", *sys.argv[1:]])
    with progress_bar(f"Simulating every place of the sliders of {asked.title}") as progress, Workers() as workers:
        job = OneFileJob(asked, sets_of(sets, scenario), fixes, seed, Store(), workers, again, Budget(budget))
        job.follow(progress)
    assert job.html is not None  # it was followed to its end
    write_file(job.html, file)
    points = len(job.plan.grid.points)
    said = {"scenario": scenario, "seed": seed, "points": points, "file": str(file)}
    if as_json:
        print_json(said)
    err.print(f"Wrote {file}: {points} places of the sliders simulated.", markup=False)
