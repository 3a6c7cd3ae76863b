"""Charts of what a visitor has asked beside the business case, as they are now: nothing is simulated for them."""

from collections.abc import Iterator, Mapping
from functools import partial

from sim.experiments.workers import Background
from sim.finance import chain, chain_report, portfolio, portfolio_report, trial, trial_report
from sim.finance.chain import Chain, ChainJob
from sim.finance.portfolio import Portfolio, PortfolioJob
from sim.finance.trial import TrialJob, TrialPlan
from sim.reports.origin import futures_said, runs_said
from ui.case_choice import CaseChoice
from ui.charts import beside_case
from ui.take_away_links import to_case
from ui.take_away_ready import Drawn, Ready


def asides_ready(choice: CaseChoice, asked: Mapping[str, tuple[object, Background]]) -> Iterator[Ready]:
    """Those of this case; `asked` are the questions asked beside a case by kind, with what decides each answer."""
    link = to_case(choice)
    for question, job in asked.values():
        if not job.finished or job.stopped or job.error:
            continue
        match job, question:
            case PortfolioJob(portfolio=Portfolio() as bought), (choice.name, choice.edits, terms):
                if terms == choice.terms.model_dump_json():
                    yield from _bought(bought, choice.budget, link)
            case TrialJob(plan=TrialPlan() as plan), (choice.asked, _):
                yield _trial(plan, link)
            case ChainJob(chain=Chain() as whole), choice.asked:
                yield _chain(whole, choice.scenario.currency, link)


def _bought(found: Portfolio, budget: float | None, link: str) -> Iterator[Ready]:
    def draw() -> Drawn:
        return beside_case.frontier(found, budget), portfolio_report.best(found, budget)

    simulated = f"{runs_said(portfolio.RUNS, found.study.scenario.weeks)} for each set of fixes"
    yield Ready("What each budget buys at best", simulated, draw, link)
    for name, drawn in beside_case.shared_out(found).items():
        yield Ready(f"Whose the worth of all fixes is, by {name}", simulated, partial(_as_it_is, drawn), link)


def _as_it_is(drawn: Drawn) -> Drawn:
    return drawn


def _trial(plan: TrialPlan, link: str) -> Ready:
    simulated = f"{trial.STORES} sites of {max(trial.WEEKS)} weeks, each with and without the fixes"

    def draw() -> Drawn:
        return beside_case.power(plan), trial_report.enough(plan)

    return Ready("Chance that a trial shows the effect", simulated, draw, link)


def _chain(found: Chain, currency: str, link: str) -> Ready:
    simulated = f"{futures_said(chain.DRAWS)}, for each type of store"

    def draw() -> Drawn:
        return beside_case.mix(found, currency), chain_report.made_of(found)

    return Ready("What the stores of each type add", simulated, draw, link)
