"""Which wheels to oil: what sets of fixes bring together on the same luck, and the best that a budget buys.

Every quantity is at its likeliest value, so that the sets differ by nothing but their fixes. What one set is worth over
all futures is a business case of its own.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments import sharing
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance.assumptions import Terms
from sim.finance.cash import before_tax, cash_of, prices, twins_of
from sim.finance.study import Study
from sim.scenario.faults import Fault, ScenarioError

EXACT = 8
"""Up to so many fixes every set of them is simulated."""
RUNS = 4
_LEVELS = 8  # budgets to search for, evenly up to the cost of everything
_MOST_MONEY = 1e9
_DIGITS = 6  # 3,000 raised by a tenth is 3,300, not a trillionth more
_HOUR = Budget()

Positions = tuple[int, ...]
Table = NDArray[np.float64]
Rule = tuple[NDArray[np.float64], float]
"""What each entry weighs, and the most that those chosen may weigh."""


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

    def within(self, budget: float | None) -> Bundle:
        """The set worth most whose cost in year one fits the budget, or without one; the cheapest of equals.

        Raises:
            ScenarioError: a budget out of range (see `check_money`).
        """
        if budget is None:
            return self.frontier[-1]
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
        solos = [self.bundle((fix,)) for fix in self.candidates]
        there = [solo.npvs for solo in solos if solo is not None]
        return estimate(np.sum(there, axis=0).tolist()) if len(there) == len(solos) else None

    @property
    def joint(self) -> Estimate | None:
        """What all candidates are worth together; None where they cannot be done together."""
        everything = self.bundle(self.candidates)
        return None if everything is None else everything.npv

    @cached_property
    def credit(self) -> dict[str, int] | None:
        """Each candidate's share of the joint NPV (Shapley 1953) in whole minor units; they sum to it, rounded once.

        None where not every set of them was simulated: `why_no_credit` says why.
        """
        if self.why_no_credit:
            return None
        worth = {bundle.fixes: round(bundle.worth * self.study.minor_units) for bundle in self.bundles}
        each = range(len(self.candidates))
        who = [[i for i in each if players >> i & 1] for players in range(1 << len(each))]
        game = [worth[_named(self.candidates, members)] for members in who]
        return dict(zip(self.candidates, sharing.shares(game), strict=True))

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

    def bundle(self, fixes: tuple[str, ...]) -> Bundle | None:
        """The bundle of just these fixes; None where it was not simulated."""
        return next((bundle for bundle in self.bundles if bundle.fixes == fixes), None)


def check_money(amount: float) -> None:
    """Raise ScenarioError for an amount that cannot be a budget, naming it."""
    if not (math.isfinite(amount) and 0 <= amount <= _MOST_MONEY):
        message = f"found {amount}; allowed: an amount from 0 to {_MOST_MONEY:,.0f}"
        raise ScenarioError((Fault("case", None, "budget", message),))


# ---- searching among sets, where there are too many to try: by single fixes and every two together ------
# A table of shape (fixes, fixes) says what sets are worth or cost: on the diagonal each fix alone, above it what two
# together differ from their sum.


def subsets(size: int, most: int) -> list[Positions]:
    """Every set of up to `most` of `size` fixes, the empty one first, small ones before large ones."""
    return list(chain.from_iterable(combinations(range(size), members) for members in range(most + 1)))


def smallest(sets: Collection[Positions]) -> list[Positions]:
    """Those sets that hold no other of them."""
    return [one for one in sets if not any(set(other) < set(one) for other in sets)]


def pairwise(worth: Mapping[Positions, float], size: int) -> Table:
    """The table of what single fixes and pairs are worth; 0 where a set has not been valued."""
    table = np.zeros((size, size))
    for fix in range(size):
        table[fix, fix] = worth.get((fix,), 0.0)
    for one, other in combinations(range(size), 2):
        if (one, other) in worth:
            table[one, other] = worth[one, other] - table[one, one] - table[other, other]
    return table


def best_within(worth: Table, cost: Table, budget: float, impossible: Collection[Positions] = ()) -> Positions:
    """The set worth most, by the tables, among those that cost no more than `budget` and hold nothing impossible.

    An integer linear programme (solved by HiGHS): a binary a fix and one a pair, which is 1 exactly where both of its
    fixes are (Glover & Woolsey 1974). Doing nothing is always allowed: `budget` is at least 0.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, and most commands need none of it

    size = len(worth)
    entries = np.triu_indices(size)
    rules = [*_pairs_follow(size), (cost[entries], budget), *(_not_all(size, sets) for sets in impossible)]
    found = milp(
        -worth[entries],
        integrality=np.ones(len(entries[0]), int),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(row[np.newaxis, :], -np.inf, most) for row, most in rules],
    )
    assert found.x is not None  # nothing at all is a solution
    return tuple(fix for fix in range(size) if found.x[_entry(size, fix, fix)] > 0.5)


def _entry(size: int, one: int, other: int) -> int:
    """Where a fix or a pair stands among the entries on and above the diagonal, row by row."""
    return one * size - one * (one - 1) // 2 + other - one


def _row(size: int, weights: Mapping[Positions, float]) -> NDArray[np.float64]:
    row = np.zeros(size * (size + 1) // 2)
    for (one, other), weight in weights.items():
        row[_entry(size, one, other)] = weight
    return row


def _pairs_follow(size: int) -> list[Rule]:
    """A pair is chosen where both its fixes are, and nowhere else."""
    rules = []
    for one, other in combinations(range(size), 2):
        pair, first, second = (one, other), (one, one), (other, other)
        rules += [
            (_row(size, {pair: 1, first: -1}), 0.0),
            (_row(size, {pair: 1, second: -1}), 0.0),
            (_row(size, {first: 1, second: 1, pair: -1}), 1.0),
        ]
    return rules


def _not_all(size: int, together: Positions) -> Rule:
    return _row(size, {(fix, fix): 1 for fix in together}), len(together) - 1.0


def best_possible(
    worth: Table, cost: Table, budget: float, impossible: Collection[Positions], possible: Callable[[Positions], bool]
) -> Positions:
    """`best_within`, asked again without whatever turns out not to be `possible`."""
    refused = list(impossible)
    while not possible(best := best_within(worth, cost, budget, refused)):
        refused.append(best)
    return best


# ---- simulating sets -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class BundleTask:
    """A set of fixes to simulate in a few runs."""

    study: Study
    terms: Terms
    fixes: tuple[str, ...]
    runs: int

    def carry_out(self, progress: Progress = lambda share: None) -> Bundle:
        """Simulate it and its twin without, unless they are kept from before."""
        twins = twins_of(self.study, self.fixes, {}, self.runs, progress)
        priced = prices(self.study, self.fixes, {}, self.runs)
        spent = before_tax(twins.now, twins.then, priced, self.terms)
        npvs = cash_of(twins.now, twins.then, priced, self.terms).npv
        return Bundle(self.fixes, float((spent.outlay + spent.running[:, 0]).mean()), tuple(npvs.tolist()))


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
        found = best_possible(
            worth, cost, budget, self.impossible, lambda best: is_possible(self.study, _named(self.candidates, best))
        )
        return self._bundle(found, progress)

    def _bundle(self, positions: Positions, progress: Progress) -> Bundle:
        fixes = _named(self.candidates, positions)
        return BundleTask(self.study, self.terms, fixes, self.runs).carry_out(progress)


def _named(candidates: Sequence[str], positions: Sequence[int]) -> tuple[str, ...]:
    return tuple(candidates[position] for position in positions)


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
        there = tuple(one for one in wanted if is_possible(study, _named(self.candidates, one)))
        self._impossible = smallest([one for one in wanted if one not in there])
        worlds = runs * (len(there) + (0 if self.exact else _LEVELS))
        budget.check([study.task(study.setting((), {}, 0))] * worlds, f"the number of --fix (now {size})", IN_THE_FILE)
        of = study, terms, self.candidates, there, tuple(self._impossible)
        searches = [SearchTask(*of, level / _LEVELS, runs) for level in range(1, _LEVELS + 1)]
        bundles = [BundleTask(study, terms, _named(self.candidates, one), runs) for one in there]
        tasks: list[BundleTask | SearchTask] = [*bundles, *([] if self.exact else searches)]
        self._job = workers.start(lambda task, progress: task.carry_out(progress), tasks)

    @property
    def portfolio(self) -> Portfolio | None:
        """The portfolio; None until every set is there."""
        there = [bundle for bundle in self._job.results if bundle is not None]
        if len(there) < len(self._job.results):
            return None
        bundles = {bundle.fixes: bundle for bundle in there}
        impossible = tuple(_named(self.candidates, one) for one in self._impossible)
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
