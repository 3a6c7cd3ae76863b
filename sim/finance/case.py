"""The business case: what fixes are worth over every future that the assumptions allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance import appraisal, uncertainty
from sim.finance.assumptions import RATE, Assumption, Terms, assumptions, counts, drawn, future
from sim.finance.cash import Cash, Prices, Twins, TwinTask, before_tax, cash_of, prices, stacked
from sim.finance.sensitivity import RUNS, Side, SideTask, movable
from sim.finance.study import Study
from sim.finance.uncertainty import Spread, percentiles, prob_loss, spread
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

DOTS = 50


@dataclass(frozen=True)
class Case:
    """Fixes, and what was found in the futures simulated so far.

    `values` has shape (futures,) a path. `again` holds the first futures once more, on other luck. `sides` is empty
    until quantities have been moved one at a time.
    """

    study: Study
    fixes: tuple[str, ...]
    terms: Terms
    values: dict[str, NDArray[np.float64]]
    twins: Twins
    again: Twins | None = None
    sides: tuple[Side, ...] = ()

    @property
    def futures(self) -> int:
        """How many futures have been simulated."""
        return len(self.twins.now.earned)

    def prices_of(self, twins: Twins) -> Prices:
        """The prices of the futures of these twins: of all, or of the first ones."""
        futures = len(twins.now.earned)
        return prices(self.study, self.fixes, {path: values[:futures] for path, values in self.values.items()}, futures)

    @cached_property
    def prices(self) -> Prices:
        """The prices of every future."""
        return self.prices_of(self.twins)

    def cash_of(self, twins: Twins) -> Cash:
        """The cash of the futures of these twins, after tax."""
        return cash_of(twins.now, twins.then, self.prices_of(twins), self.terms)

    @cached_property
    def cash(self) -> Cash:
        """The cash of every future, after tax."""
        return self.cash_of(self.twins)

    @property
    def npvs(self) -> NDArray[np.float64]:
        """Net present value of every future, shape (futures,)."""
        return self.cash.npv

    @property
    def npv(self) -> Estimate:
        """The mean over futures, and how well so many futures know it."""
        return estimate(self.npvs.tolist())

    @property
    def net(self) -> NDArray[np.float64]:
        """Mean net cash: the outlay, then each year; shape (years + 1,)."""
        mean: NDArray[np.float64] = self.cash.net.mean(axis=0)
        return mean

    @property
    def benefit(self) -> float:
        """Contribution over the horizon before tax, undiscounted, the mean over futures."""
        return float(self.before_tax.benefit.sum(axis=1).mean())

    @property
    def rate(self) -> float:
        """The likeliest discount rate a year, by which the mean cash is discounted."""
        return float(self.study.value(RATE, {}))

    @property
    def irr(self) -> tuple[float | None, str]:
        """The internal rate of return of the mean cash, and what there is to say where there is not one."""
        return appraisal.irr(self.net, self.terms.mid_year)

    @property
    def payback_years(self) -> float | None:
        """When the mean cash has paid back the outlay; None: not within the horizon."""
        return appraisal.payback_years(self.net)

    @property
    def discounted_payback_years(self) -> float | None:
        """The same of discounted cash."""
        return appraisal.discounted_payback_years(self.rate, self.net, self.terms.mid_year)

    @property
    def roi(self) -> float | None:
        """Return on investment: mean present values, benefit less cost over cost."""
        return appraisal.roi(float(self.cash.pv_benefit.mean()), float(self.cash.pv_cost.mean()))

    @property
    def benefit_cost_ratio(self) -> float | None:
        """Mean present value of benefit over that of cost."""
        return appraisal.benefit_cost_ratio(float(self.cash.pv_benefit.mean()), float(self.cash.pv_cost.mean()))

    @property
    def year_one_cost(self) -> float:
        """What has to be spent in year one before tax: the outlay and the first year's running; mean over futures."""
        return float((self.before_tax.outlay + self.before_tax.running[:, 0]).mean())

    @cached_property
    def before_tax(self) -> Cash:
        """The same cash before tax."""
        return before_tax(self.twins.now, self.twins.then, self.prices, self.terms)

    @property
    def percentiles(self) -> tuple[float, float, float]:
        """P10, P50 and P90 of the NPV."""
        return percentiles(self.npvs)

    @property
    def dots(self) -> NDArray[np.float64]:
        """As many equally likely NPVs, in order, as a person can count (Kay and others 2016); shape (DOTS,)."""
        dots: NDArray[np.float64] = np.quantile(self.npvs, (np.arange(DOTS) + 0.5) / DOTS)
        return dots

    @property
    def dots_paying_back(self) -> int:
        """How many of those are not below 0."""
        return int((self.dots >= 0).sum())

    @property
    def years_simulated(self) -> int:
        """How many years were simulated; a longer horizon repeats the last."""
        return int(self.twins.now.earned.shape[1])

    @property
    def prob_loss(self) -> float:
        """Share of futures with an NPV below 0."""
        return prob_loss(self.npvs)

    @cached_property
    def spread(self) -> Spread:
        """How much of the spread is luck, and how much is not knowing the inputs; all of it where none is drawn."""
        if not self.drawn:
            total = spread(self.npvs, np.empty(0)).total_sd
            return Spread(total, 0.0, total)
        return spread(self.npvs, np.empty(0) if self.again is None else self.cash_of(self.again).npv)

    @property
    def evpi(self) -> float | None:
        """What it would be worth to know every input before deciding; None until luck can be told from inputs."""
        share = self.spread.input_share
        return None if share is None else uncertainty.evpi(self.npvs, share)

    @cached_property
    def evppi(self) -> dict[str, float]:
        """What it would be worth to know each uncertain quantity before deciding, most first; empty until `evpi`."""
        most = self.evpi
        if most is None:
            return {}
        worth = {path: uncertainty.evppi(self.npvs, self.values[path], most) for path in self.drawn}
        return dict(sorted(worth.items(), key=lambda item: -item[1]))

    @property
    def drawn(self) -> Sequence[str]:
        """The quantities that differ between futures and matter to these fixes."""
        return [path for path in self.values if counts(path, self.fixes)]

    @property
    def assumptions(self) -> list[Assumption]:
        """Everything that the case rests on."""
        return assumptions(self.study.scenario, self.fixes)

    @property
    def tornado(self) -> list[Side]:
        """The uncertain quantities moved one at a time, the widest swing first."""
        drawn = [side for side in self.sides if side.path in self.values]
        return sorted(drawn, key=lambda side: -side.swing)


DRAWS, FEWEST_DRAWS, MOST_DRAWS = 256, 16, 4096
AGAIN = 32
"""How many futures are simulated twice, to tell luck from not knowing."""
_OTHER_LUCK = 1_000_000
_HOUR = Budget()


class CaseJob(Background):
    """Making a case: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: fixes unknown, contradicting each other, or without costs; too few or too many draws.
        TooLargeError: it would take more time or memory than the budget; nothing was started.
    """

    def __init__(
        self,
        study: Study,
        fixes: Sequence[str],
        terms: Terms,
        workers: Workers,
        draws: int = DRAWS,
        budget: Budget = _HOUR,
    ) -> None:
        check(study.scenario, fixes, draws)
        self.study, self.terms, self.draws = study, terms, draws
        self.fixes = tuple(fix.id for fix in study.scenario.fixes if fix.id in fixes)
        self._values = drawn(study.scenario, draws, study.seed)
        firsts = min(AGAIN, draws)
        twins = [self._twin(draw, draw) for draw in range(draws)]
        again = [self._twin(draw, _OTHER_LUCK + draw) for draw in range(firsts)]
        sides = [SideTask(study, self.fixes, terms, path) for path in movable(study.scenario, self.fixes)]
        task = study.task(study.setting(self.fixes, {}, 0))
        budget.check([task] * (2 * (draws + firsts) + 4 * RUNS * len(sides)), f"--draws (now {draws})", IN_THE_FILE)
        tasks: list[TwinTask | SideTask] = [*twins[:firsts], *again, *twins[firsts:], *sides]
        weights = [1.0] * (draws + firsts) + [2.0 * RUNS] * len(sides)
        self._job = workers.start(lambda task, progress: task.carry_out(progress), tasks, weights)

    def _twin(self, draw: int, replication: int) -> TwinTask:
        return TwinTask(self.study, self.fixes, future(self._values, draw), replication)

    @property
    def futures_done(self) -> int:
        """How many futures are there, counted from the first without a gap."""
        return len(self._done[0])

    @property
    def case(self) -> Case | None:
        """What the futures so far say; None before there are enough of them."""
        twins, again, sides = self._done
        if len(twins) < FEWEST_DRAWS:
            return None
        values = {path: column[: len(twins)] for path, column in self._values.items()}
        once_more = stacked(again[: len(twins)]) if len(again) > 1 else None  # they may be ahead, kept from before
        return Case(self.study, self.fixes, self.terms, values, stacked(twins), once_more, tuple(sides))

    @property
    def _done(self) -> tuple[list[Twins], list[Twins], list[Side]]:
        results, firsts = self._job.results, min(AGAIN, self.draws)
        twins = [*results[:firsts], *results[2 * firsts : firsts + self.draws]]
        again, sides = results[firsts : 2 * firsts], results[firsts + self.draws :]
        there = [side for side in sides if isinstance(side, Side)]
        return _unbroken(twins), _unbroken(again), there if len(there) == len(sides) else []


def _unbroken(results: Sequence[Twins | Side | None]) -> list[Twins]:
    """The results before the first that is not there yet: quasi-random points are balanced from the first on."""
    found: list[Twins] = []
    for result in results:
        if not isinstance(result, Twins):
            break
        found.append(result)
    return found


def check(scenario: Scenario, fixes: Sequence[str], draws: int = DRAWS) -> None:
    """Raise ScenarioError for what no case can be made of, naming the field."""
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        _refuse("draws", f"found {draws}; allowed: {FEWEST_DRAWS} to {MOST_DRAWS:,}")
    if not fixes:
        known = ", ".join(fix.id for fix in scenario.fixes) or "none: this scenario has no fixes"
        _refuse("fix", f"found none; allowed: one or more of {known}")
    world_of(scenario, fixes=fixes)
    chosen = [fix for fix in scenario.fixes if fix.id in fixes]
    if not any(_costs(fix.costs.once.value, fix.costs.per_year.value, fix.costs.per_use.value) for fix in chosen):
        _refuse(f"fixes.{chosen[0].id}.costs", "found no cost at all; allowed: a cost once, per year or per use")


def _costs(*costs: float) -> bool:
    return any(cost > 0 for cost in costs)


def _refuse(path: str, message: str) -> None:
    raise ScenarioError((Fault("case", None, path, message),))


def make_case(
    study: Study,
    fixes: Sequence[str],
    terms: Terms,
    draws: int = DRAWS,
    budget: Budget = _HOUR,
    progress: Progress = lambda share: None,
) -> Case:
    """The whole case; errors are those of `CaseJob`."""
    case = carried_out(lambda workers: CaseJob(study, fixes, terms, workers, draws, budget), progress).case
    assert case is not None  # every future is there
    return case
