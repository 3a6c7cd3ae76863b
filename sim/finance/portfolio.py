"""Which wheels to oil: what sets of fixes bring together on the same luck, and the best that a budget buys.

Every quantity is at its likeliest value, so that the sets differ by nothing but their fixes. What one set is worth over
all futures is a business case of its own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.engines.records import Progress
from sim.experiments import shapley
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance.assumptions import Terms
from sim.finance.cash import TwinTask, before_tax, cash_of, stacked
from sim.finance.draws import prices
from sim.finance.portfolio_search import Positions, best_possible, pairwise, smallest, subsets
from sim.finance.study import Study
from sim.scenario.faults import Fault, ScenarioError

EXACT = 8
"""Up to so many fixes every set of them is simulated."""
RUNS = 4
_LEVELS = 8  # budgets to search for, evenly up to the cost of everything
_MOST_MONEY = 1e9
_DIGITS = 6  # 3,000 raised by a tenth is 3,300, not a trillionth more
_HOUR = Budget()


@dataclass(frozen=True)
class Bundle:
    """A set of fixes: what it costs in year one before tax, and its NPV in each run, in currency units."""

    fixes: tuple[str, ...]
    year_one_cost: float
    npvs: tuple[float, ...]

    @property
    def npv(self) -> Estimate:
        """The mean over runs, and how well so many runs know it."""
        return estimate(self.npvs)

    @property
    def worth(self) -> float:
        """The mean NPV."""
        return float(np.mean(self.npvs))

    @property
    def needs(self) -> float:
        """The budget that it takes, less rounding; what frees money in year one takes none."""
        return max(round(self.year_one_cost, _DIGITS), 0.0)


@dataclass(frozen=True)
class Portfolio:
    """The sets of fixes that were simulated, the empty one first.

    `exact` says whether these are all the sets there are. `impossible` names the smallest sets that cannot be done
    together, because their fixes contradict each other; whatever holds one of them was left out.
    """

    study: Study
    terms: Terms
    candidates: tuple[str, ...]
    bundles: tuple[Bundle, ...]
    exact: bool
    impossible: tuple[tuple[str, ...], ...]

    def within(self, budget: float) -> Bundle:
        """The set worth most whose cost in year one fits the budget; the cheapest of equals.

        Raises:
            ScenarioError: a budget out of range (see `check_money`).
        """
        check_money(budget)
        return max((bundle for bundle in self._cheapest_first if bundle.needs <= budget), key=lambda one: one.worth)

    @cached_property
    def frontier(self) -> tuple[Bundle, ...]:
        """The sets that nothing beats at their cost or below: doing nothing first, then each dearer and worth more."""
        nothing, *others = self._cheapest_first
        best = [nothing]
        for bundle in others:
            if bundle.worth > best[-1].worth:
                best = [kept for kept in best if kept is nothing or kept.needs < bundle.needs] + [bundle]
        return tuple(best)

    @property
    def sum_of_solos(self) -> Estimate | None:
        """What all candidates are worth one at a time, added up; None where one cannot be done even alone."""
        solos = [self._of((fix,)) for fix in self.candidates]
        there = [solo.npvs for solo in solos if solo is not None]
        return estimate(np.sum(there, axis=0).tolist()) if len(there) == len(solos) else None

    @property
    def joint(self) -> Estimate | None:
        """What all candidates are worth together; None where they cannot be done together."""
        everything = self._of(self.candidates)
        return None if everything is None else everything.npv

    @cached_property
    def credit(self) -> dict[str, int] | None:
        """Each candidate's share of the joint NPV (Shapley 1953) in whole minor units; they sum to it, rounded once.

        None where not every set of them was simulated: `why_no_credit` says why.
        """
        if self.why_no_credit:
            return None
        worth = {bundle.fixes: round(bundle.worth * self.study.minor_units) for bundle in self.bundles}
        game = [worth[_members(self.candidates, players)] for players in range(1 << len(self.candidates))]
        return dict(zip(self.candidates, shapley.shares(game), strict=True))

    @property
    def why_no_credit(self) -> str | None:
        """Why there are no shares of the joint NPV; None where there are."""
        if not self.exact:
            return f"shares need every set of fixes, and {len(self.candidates)} have too many; allowed: up to {EXACT}"
        if self.impossible:
            return f"{' and '.join(self.impossible[0])} cannot be done together, so there is nothing joint to share"
        return None

    @property
    def credit_by_department(self) -> dict[str, int] | None:
        """The same by the id of the department that would own each fix."""
        if self.credit is None:
            return None
        departments = {fix: self.study.fix(fix).department for fix in self.candidates}
        return {
            department: sum(share for fix, share in self.credit.items() if departments[fix] == department)
            for department in dict.fromkeys(departments.values())
        }

    @property
    def _cheapest_first(self) -> list[Bundle]:
        return sorted(self.bundles, key=lambda bundle: bundle.needs)

    def _of(self, fixes: tuple[str, ...]) -> Bundle | None:
        return next((bundle for bundle in self.bundles if bundle.fixes == fixes), None)


def _members(candidates: tuple[str, ...], players: int) -> tuple[str, ...]:
    return tuple(fix for i, fix in enumerate(candidates) if players >> i & 1)


def check_money(amount: float) -> None:
    """Raise ScenarioError for an amount that cannot be a budget, naming it."""
    if not (math.isfinite(amount) and 0 <= amount <= _MOST_MONEY):
        message = f"found {amount}; allowed: an amount from 0 to {_MOST_MONEY:,.0f}"
        raise ScenarioError((Fault("case", None, "budget", message),))


@dataclass(frozen=True)
class BundleTask:
    """A set of fixes to simulate in a few runs."""

    study: Study
    terms: Terms
    fixes: tuple[str, ...]
    runs: int

    def carry_out(self, progress: Progress = lambda share: None) -> Bundle:
        """Simulate it and its twin without, unless they are kept from before."""
        twins = stacked([self._twin(run).carry_out(self._part(run, progress)) for run in range(self.runs)])
        priced = prices(self.study, self.fixes, {}, self.runs)
        spent = before_tax(twins.now, twins.then, priced, self.terms)
        npvs = cash_of(twins.now, twins.then, priced, self.terms).npv
        return Bundle(self.fixes, float((spent.outlay + spent.running[:, 0]).mean()), tuple(npvs.tolist()))

    def _twin(self, run: int) -> TwinTask:
        return TwinTask(self.study, self.fixes, {}, run)

    def _part(self, run: int, progress: Progress) -> Progress:
        return lambda done: progress((run + done) / self.runs)


@dataclass(frozen=True)
class SearchTask:
    """The best set to find for a share, 0 to 1, of what everything costs, by single fixes and pairs of them."""

    study: Study
    terms: Terms
    candidates: tuple[str, ...]
    sets: tuple[Positions, ...]
    impossible: tuple[Positions, ...]
    share: float
    runs: int

    def carry_out(self, progress: Progress = lambda share: None) -> Bundle:
        """Simulate what the search finds; the single fixes and pairs are kept from before."""
        size = len(self.candidates)
        known = {positions: self._bundle(positions, lambda share: progress(0.0)) for positions in self.sets}
        worth = pairwise({positions: bundle.worth for positions, bundle in known.items()}, size)
        cost = pairwise({positions: bundle.year_one_cost for positions, bundle in known.items()}, size)
        budget = self.share * float(np.triu(cost).clip(min=0).sum())
        found = best_possible(worth, cost, budget, self.impossible, self._is_possible)
        return self._bundle(found, progress)

    def _bundle(self, positions: Positions, progress: Progress) -> Bundle:
        return BundleTask(self.study, self.terms, self._fixes(positions), self.runs).carry_out(progress)

    def _is_possible(self, positions: Positions) -> bool:
        return is_possible(self.study, self._fixes(positions))

    def _fixes(self, positions: Positions) -> tuple[str, ...]:
        return tuple(self.candidates[position] for position in positions)


def _carry_out(task: BundleTask | SearchTask, progress: Progress) -> Bundle:
    return task.carry_out(progress)


class PortfolioJob(Background):
    """Simulating sets of fixes: ask how far it is and what it has, as often as you like, or stop it.

    Every set up to `EXACT` candidates; beyond, each alone, every two and all together, and then what a search on
    those finds for budgets along the range.

    Raises:
        ScenarioError: a candidate that is unknown, or none.
        TooLargeError: it would take more time or memory than the budget; nothing was started.
    """

    def __init__(
        self,
        study: Study,
        candidates: Sequence[str],
        terms: Terms,
        workers: Workers,
        runs: int = RUNS,
        budget: Budget = _HOUR,
    ) -> None:
        self.study, self.terms, self.runs = study, terms, runs
        self.candidates = candidates_of(study, candidates)
        size = len(self.candidates)
        self.exact = size <= EXACT
        wanted = subsets(size, size) if self.exact else [*subsets(size, 2), tuple(range(size))]
        there = tuple(one for one in wanted if is_possible(study, self._named(one)))
        self._impossible = smallest([one for one in wanted if one not in there])
        worlds = runs * (len(there) + (0 if self.exact else _LEVELS))
        budget.check([study.task(study.setting((), {}, 0))] * worlds, f"the number of --fix (now {size})", IN_THE_FILE)
        bundles = [BundleTask(study, terms, self._named(one), runs) for one in there]
        self._job = workers.start(_carry_out, [*bundles, *(() if self.exact else self._searches(there))])

    def _searches(self, sets: tuple[Positions, ...]) -> list[SearchTask]:
        of = self.study, self.terms, self.candidates, sets, tuple(self._impossible)
        return [SearchTask(*of, level / _LEVELS, self.runs) for level in range(1, _LEVELS + 1)]

    def _named(self, positions: Positions) -> tuple[str, ...]:
        return tuple(self.candidates[position] for position in positions)

    @property
    def portfolio(self) -> Portfolio | None:
        """The portfolio; None until every set is there."""
        there = [bundle for bundle in self._job.results if bundle is not None]
        if len(there) < len(self._job.results):
            return None
        bundles = {bundle.fixes: bundle for bundle in there}
        impossible = tuple(self._named(one) for one in self._impossible)
        return Portfolio(self.study, self.terms, self.candidates, tuple(bundles.values()), self.exact, impossible)


def is_possible(study: Study, fixes: tuple[str, ...]) -> bool:
    """Whether there is a world with these fixes together."""
    try:
        study.world(fixes, {})
    except ScenarioError:
        return False
    return True


def candidates_of(study: Study, named: Sequence[str]) -> tuple[str, ...]:
    """The fixes to choose from, each once, in the scenario's order.

    Raises:
        ScenarioError: one that is unknown, or none at all.
    """
    known = [fix.id for fix in study.scenario.fixes]
    wrong = [name for name in named if name not in known]
    if wrong or not named:
        found = f'"{wrong[0]}"' if wrong else "none"
        message = f"found {found}; allowed: one or more of {', '.join(known) or 'none: this scenario has no fixes'}"
        raise ScenarioError((Fault("case", None, "fix", message),))
    return tuple(name for name in known if name in named)


def find_portfolio(
    study: Study,
    candidates: Sequence[str],
    terms: Terms,
    runs: int = RUNS,
    budget: Budget = _HOUR,
    progress: Progress = lambda share: None,
) -> Portfolio:
    """The whole portfolio; errors are those of `PortfolioJob`."""
    job = carried_out(lambda workers: PortfolioJob(study, candidates, terms, workers, runs, budget), progress)
    portfolio = job.portfolio
    assert portfolio is not None  # every set is there
    return portfolio
