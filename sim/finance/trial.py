"""A trial: in how many matched pairs of stores, for how many weeks, and whether its answer is worth what it costs.

The trial itself is simulated, with every quantity at its likeliest value: one store of each pair has the fixes and the
other has not, each has luck of its own, and what is compared is contribution a week, adjusted for what each store had
before. What its answer is worth is
reckoned over all futures of the business case (expected value of sample information, Raiffa & Schlaifer 1961).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance import information
from sim.finance.case import Case
from sim.finance.cash import before_tax
from sim.finance.draws import points
from sim.finance.prices import prices
from sim.finance.spread import spread
from sim.finance.terms import Terms
from sim.finance.trial_power import TRIALS, Draws, adjusted, differences, draws_of, interval, pair_sd, share_found
from sim.finance.trial_stores import StoreTask
from sim.finance.twins import Twins
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.quantity import Quantity
from sim.scenario.units import WEEKS_A_YEAR

PAIRS = (2, 4, 8, 16, 32, 64, 128)
WEEKS = (4, 8, 13, 26)
STORES = 24
"""How many stores are simulated; trials are drawn from them."""
POWER, LEAST_POWER, MOST_POWER = 0.8, 0.5, 0.99
MOST_STORES = 1_000_000
_ERRORS = 8  # trials imagined in each future: one alone would leave chance in what they are worth
_HOUR = Budget()


@dataclass(frozen=True)
class Design:
    """So many pairs for so many weeks: how often that finds the effect, what it would be worth, and what it costs.

    `power` is a share of simulated trials, with its Wilson 95% interval. `error` is the standard deviation of the
    yearly effect a store that it would find. Money is in currency units after tax; `value` is None as long as luck
    cannot be told from not knowing.
    """

    pairs: int
    weeks: int
    power: float
    low: float
    high: float
    error: float
    value: float | None
    cost: float

    @property
    def net(self) -> float | None:
        """What it is worth, less what it costs; None where that is not known."""
        return None if self.value is None else self.value - self.cost


@dataclass(frozen=True)
class TrialPlan:
    """Every design that was looked at, for fixes that `informs` so many stores.

    `weekly` is contribution a week of simulated stores, before, without and with the fixes: (stores, 3, weeks).
    """

    case: Case
    weekly: NDArray[np.float64]
    informs: int
    wanted_power: float

    @cached_property
    def designs(self) -> tuple[Design, ...]:
        """All of them, by pairs and then weeks."""
        draws = draws_of(self.case.study.seed, max(PAIRS))
        return tuple(self._design(pairs, weeks, draws) for pairs in PAIRS for weeks in WEEKS)

    @property
    def enough(self) -> Design | None:
        """The cheapest design with the power wanted; None where no design that was looked at has it."""
        able = [design for design in self.designs if design.power >= self.wanted_power]
        return min(able, key=lambda design: (design.cost, design.pairs, design.weeks), default=None)

    @property
    def best(self) -> Design | None:
        """The design worth most beyond its cost; None where none is worth its cost, or that is not known yet."""
        paying = [(design.net, design) for design in self.designs if design.net is not None and design.net > 0]
        return max(paying, key=lambda one: one[0])[1] if paying else None

    @property
    def rests_on(self) -> dict[str, Quantity]:
        """The assumptions about the trial itself, by path, with their grades."""
        trial = self.case.study.scenario.trial
        return {f"trial.{name}": getattr(trial, name) for name in type(trial).model_fields}

    def effect(self, weeks: int) -> Estimate:
        """What the fixes bring a store a week over the first weeks, as well as simulated twins know it."""
        mended, plain = self._stores(weeks)
        return estimate((mended - plain).tolist())

    def mismatch_sd(self, weeks: int) -> float:
        """How far matched stores are apart whatever their luck, in contribution a week."""
        return float(self.case.study.scenario.trial.mismatch.value * abs(self.weekly[:, 1, :weeks].mean()))

    def _stores(self, weeks: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Adjusted contribution a week over the first weeks with and without the fixes, each of shape (stores,)."""
        before, (plain, mended) = self.weekly[:, 0].mean(axis=1), self.weekly[:, 1:, :weeks].mean(axis=2).T
        return adjusted(mended, plain, before), adjusted(plain, plain, before)

    def _design(self, pairs: int, weeks: int, draws: Draws) -> Design:
        mended, plain = self._stores(weeks)
        apart = self.mismatch_sd(weeks)
        shown = differences(mended, plain, apart, draws)[:, :pairs]
        power = share_found(shown, -1.0 if mended.mean() < plain.mean() else 1.0)
        error = pair_sd(mended, plain, apart) * WEEKS_A_YEAR / float(np.sqrt(pairs))
        worth = self._worth(error)
        return Design(pairs, weeks, power, *interval(power, TRIALS), error, worth, self._cost(pairs, weeks))

    def _worth(self, error: float) -> float | None:
        """What a trial with that error would be worth to know before deciding, for all the stores that it informs."""
        most = self.case.evpi
        if most is None:
            return None
        npvs, effects = self._known
        each = [information.evsi(npvs, effects + error * column, most) for column in self._errors]
        return self.informs * float(np.mean(each))

    @cached_property
    def _known(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """NPV and the first year's effect in every future, without the luck that no trial could tell of: (futures,)."""
        effects, again = yearly_effects(self.case, self.case.twins), np.empty(0)
        if self.case.again is not None:
            again = yearly_effects(self.case, self.case.again)
        return without_luck(self.case.npvs, self.case.spread.input_share), without_luck(
            effects, spread(effects, again).input_share
        )

    @cached_property
    def _errors(self) -> NDArray[np.float64]:
        """Standard normals (errors, futures), spread evenly beside the inputs' own points."""
        inputs = len(self.case.values)
        return special.ndtri(points(self.case.futures, inputs + _ERRORS, self.case.study.seed)[:, inputs:]).T

    def _cost(self, pairs: int, weeks: int) -> float:
        """The fixes in one store of each pair, and measuring in both."""
        outlay, a_year = self._fix_cost
        measuring = self.case.study.scenario.trial.measuring_cost_per_store_week.value
        spent = pairs * (outlay + a_year * weeks / WEEKS_A_YEAR) + 2 * pairs * weeks * measuring
        return float(spent * (1 - self.case.terms.tax_rate))

    @cached_property
    def _fix_cost(self) -> tuple[float, float]:
        """What the fixes cost a store at the start and in the first year, before tax."""
        spent = before_tax(self.case.twins.now, self.case.twins.then, self.case.prices, self.case.terms)
        return float(spent.outlay.mean()), float(spent.running[:, 0].mean())


def yearly_effects(case: Case, twins: Twins) -> NDArray[np.float64]:
    """What the fixes add to contribution in the first year of each of the first futures, shape (futures,)."""
    futures = len(twins.now.earned)
    values = {path: column[:futures] for path, column in case.values.items()}
    return before_tax(twins.now, twins.then, prices(case.study, case.fixes, values, futures), Terms()).benefit[:, 0]


def without_luck(values: NDArray[np.float64], input_share: float | None) -> NDArray[np.float64]:
    """Values drawn closer to their mean, so that what varies is the part of the variance that inputs cause."""
    mean = values.mean()
    closer: NDArray[np.float64] = mean + (values - mean) * np.sqrt(1.0 if input_share is None else input_share)
    return closer


def _carry_out(task: StoreTask, progress: Progress) -> NDArray[np.float64]:
    return task.carry_out(progress)


class TrialJob(Background):
    """Planning a trial of a case's fixes: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: a power or a number of stores out of range.
        TooLargeError: it would take more time or memory than the budget; nothing was started.
    """

    def __init__(
        self, case: Case, workers: Workers, stores: int = 1, power: float = POWER, budget: Budget = _HOUR
    ) -> None:
        check_trial(stores, power)
        self.case, self.stores, self.power = case, stores, power
        tasks = [StoreTask(case.study, case.fixes, max(WEEKS), number) for number in range(STORES)]
        worlds = [tasks[0].task(mended) for mended in (False, True)]
        budget.check(worlds * STORES, f"the {STORES} stores of the trial", IN_THE_FILE)
        self._job = workers.start(_carry_out, tasks)
        self._plan: TrialPlan | None = None

    @property
    def plan(self) -> TrialPlan | None:
        """The plan; None until every store is there."""
        weekly = self._job.results
        if self._plan is None and all(store is not None for store in weekly):
            self._plan = TrialPlan(self.case, np.array(weekly), self.stores, self.power)
        return self._plan


def check_trial(stores: int, power: float) -> None:
    """Raise ScenarioError for a power or a number of stores that is out of range."""
    _check("power", power, LEAST_POWER, MOST_POWER)
    _check("stores", stores, 1, MOST_STORES)


def _check(name: str, found: float, least: float, most: float) -> None:
    if not least <= found <= most:
        raise ScenarioError((Fault("case", None, name, f"found {found:g}; allowed: {least} to {most:,}"),))


def plan_trial(
    case: Case,
    stores: int = 1,
    power: float = POWER,
    progress: Progress = lambda share: None,
    budget: Budget = _HOUR,
) -> TrialPlan:
    """The whole plan; errors are those of `TrialJob`."""
    plan = carried_out(lambda workers: TrialJob(case, workers, stores, power, budget), progress).plan
    assert plan is not None  # every store is there
    return plan
