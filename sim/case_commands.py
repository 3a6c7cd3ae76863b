"""The commands of the business case: what fixes are worth, which to choose, how to try them, and at what scale."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.arguments import FixIds, Json, Name, Seed, Set
from sim.experiments import plain
from sim.experiments.library import load
from sim.experiments.runs import Effort
from sim.experiments.store import Store
from sim.finance import case_report, case_words
from sim.finance.case_job import DRAWS, check, make_case
from sim.finance.study import Study
from sim.finance.terms import Terms, terms_of
from sim.options import sets_of
from sim.scenario.world import Sets, world_of
from sim.terminal import print_json, progress_bar, show_report

commands = typer.Typer()

Horizon = Annotated[int, typer.Option("--horizon", metavar="YEARS", help="Years that count, 1 to 10.")]
Real = Annotated[bool, typer.Option("--real", help="The discount rate has inflation taken out.")]
Inflation = Annotated[float, typer.Option("--inflation", metavar="SHARE", help="A year, under a nominal rate.")]
Tax = Annotated[float, typer.Option("--tax", metavar="SHARE", help="Tax on contribution less costs; 0: before tax.")]
Uplift = Annotated[float, typer.Option("--cost-uplift", metavar="SHARE", help="Added to costs for optimism bias.")]
Cut = Annotated[float, typer.Option("--benefit-cut", metavar="SHARE", help="Taken off benefits for risk.")]
Draws = Annotated[int, typer.Option("--draws", metavar="N", help="Futures simulated, 16 to 4,096.")]
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
    inflation: Inflation = 0.0,
    tax: Tax = 0.0,
    cost_uplift: Uplift = 0.0,
    benefit_cut: Cut = 0.0,
    workbook: Workbook = None,
    as_json: Json = False,
) -> None:
    """Say what fixes are worth over every future that the assumptions allow: NPV, payback, risk, what to find out."""
    chosen, terms = sets_of(sets), _terms(horizon, real, inflation, tax, cost_uplift, benefit_cut)
    study = _study(scenario, chosen, seed)
    check(study.scenario, fixes, draws)
    with progress_bar(f"Simulating {draws} futures of {study.scenario.title}") as progress:
        case = make_case(study, fixes, terms, draws, progress=progress)
    if as_json:
        print_json(_head(scenario, seed, case.futures, chosen, fixes) | case_report.case_report(case))
    else:
        show_report(
            case_report.tables(case), [case_words.headline(case), case_words.advice(case), *case_words.notes(case)]
        )


def _terms(horizon: int, real: bool, inflation: float, tax: float, cost_uplift: float, benefit_cut: float) -> Terms:
    given = {"horizon_years": horizon, "real": real, "inflation": inflation, "tax_rate": tax}
    return terms_of(given | {"cost_uplift": cost_uplift, "benefit_cut": benefit_cut})


def _study(name: str, sets: Sets, seed: int) -> Study:
    return Study(world_of(load(name), sets), seed, Store())


def _head(name: str, seed: int, futures: int, sets: Sets, fixes: list[str]) -> dict[str, Any]:
    return plain.head(name, Effort(seed), futures, sets, fixes)
