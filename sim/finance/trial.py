"""The stores of a trial, week by week: each simulated with the fixes and without, on luck of its own.

As the world stands it is level. So the weeks after those of the trial do for the weeks before it: the same customers,
on other luck.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.engines import randomness
from sim.engines.randomness import HAPPENS, Luck
from sim.engines.records import Progress
from sim.experiments.cache import key_of
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.task import Task, outcome_of
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance import uncertainty
from sim.finance.assumptions import Terms, points
from sim.finance.case import Case
from sim.finance.cash import Twins, before_tax
from sim.finance.study import Study
from sim.finance.uncertainty import spread
from sim.outcomes.measures.money import coaching_a_year, contributions
from sim.outcomes.outcome import Outcome
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.quantity import WEEKS_A_YEAR, Quantity, minor_units

Floats = NDArray[np.float64]
_LUCK = 2_000_000  # no future of a case is on the luck of a trial's store
_NO_PART = {"fixes", "chain", "trial"}  # of a world that has its fixes already


@dataclass(frozen=True)
class StoreTask:
    """A store to simulate twice, without the fixes and with them, every quantity at its likeliest value."""

    study: Study
    fixes: tuple[str, ...]
    weeks: int
    number: int

    def task(self, mended: bool) -> Task:
        """One of the two worlds: as it stands over twice the trial's weeks, or mended over the trial's."""
        world = self.study.world(self.fixes if mended else (), {})
        longer = world.model_copy(update={"weeks": self.weeks if mended else 2 * self.weeks})
        return Task(longer, self.study.seed, _LUCK + self.number, with_unbroken=False)

    def carry_out(self, progress: Progress = lambda share: None) -> Floats:
        """Contribution a week in currency units before the trial, and in it without and with the fixes: (3, weeks)."""
        plain = self._kept(self.task(mended=False), lambda done: progress(done / 2))
        mended = self._kept(self.task(mended=True), lambda done: progress((1 + done) / 2))
        return np.stack([plain[self.weeks :], plain[: self.weeks], mended])

    def _kept(self, task: Task, progress: Progress) -> Floats:
        """Contribution a week, simulated unless it is kept from before."""
        key = key_of("weekly", task.world.model_dump_json(exclude=_NO_PART), task.seed, task.replication)
        kept = self.study.store.get(key)
        if kept is None:
            kept = weekly_contribution(outcome_of(task, progress))[np.newaxis]
            self.study.store.put(key, kept)
        return kept.ravel()


def weekly_contribution(outcome: Outcome) -> Floats:
    """Contribution of each week in currency units, shape (weeks,), coaching spread evenly over the year."""
    tally = outcome.tally
    earned = contributions(outcome, tally.revenue, tally.visits, tally.refund).sum(axis=1)
    weekly: Floats = earned / minor_units(outcome.scenario.currency)
    return weekly - coaching_a_year(outcome) / WEEKS_A_YEAR


LEVEL = 0.05
TRIALS = 1_000


@dataclass(frozen=True)
class Draws:
    """The luck of trials, each of shape (trials, pairs): which stores make a pair, in (0, 1), and a standard normal.

    A trial of fewer pairs is the first pairs of one with more, and trials of any length are of the same stores: so
    designs differ by their design alone.
    """

    mended: Floats
    other: Floats
    mismatch: Floats


def draws_of(seed: int, pairs: int, trials: int = TRIALS) -> Draws:
    """The luck of so many trials."""
    luck, who = Luck(seed, 0), np.arange(trials * pairs)
    mended, other, mismatch = (
        luck.each(who, randomness.key_of(f"trial {purpose}"), HAPPENS).reshape(trials, pairs)
        for purpose in ("mended", "other", "mismatch")
    )
    return Draws(mended, other, special.ndtri(mismatch))


def adjusted(shown: Floats, plain: Floats, before: Floats) -> Floats:
    """What stores show in a trial, (stores,), adjusted for what the same stores were before it; the mean stays.

    By as much as `plain`, the trial's weeks without the fixes, goes with `before` (analysis of covariance; Deng et al.
    2013): whose customers spend more goes on bringing more, and a chance good month does not.
    """
    about_mean = before - before.mean()
    spread = float((about_mean**2).sum())
    slope = float((about_mean * plain).sum()) / spread if spread > 0 else 0.0
    as_expected: Floats = shown - min(max(slope, 0.0), 1.0) * about_mean
    return as_expected


def differences(mended: Floats, plain: Floats, mismatch_sd: float, draws: Draws) -> Floats:
    """What pairs of stores show, (trials, pairs), where stores (stores,) would bring so much with and without fixes.

    Both stores of a pair are drawn from those seen (Efron 1979), never one and the same: real stores are not twins.
    As all stores are seen both with the fixes and without, the mean over all pairs is the twins' own, exactly 0 where
    the fixes do nothing.
    """
    stores = len(mended)
    first = np.floor(draws.mended * stores).astype(int)
    second = (first + 1 + np.floor(draws.other * (stores - 1)).astype(int)) % stores
    shown: Floats = mended[first] - plain[second] + mismatch_sd * draws.mismatch
    return shown


def share_found(shown: Floats, direction: float = 1.0) -> float:
    """In what share of trials (trials, pairs) a two-sided paired t-test at 5% finds an effect in that direction."""
    pairs = shown.shape[1]
    error = shown.std(axis=1, ddof=1) / np.sqrt(pairs)
    needed = special.stdtrit(pairs - 1, 1 - LEVEL / 2) * error
    return float((direction * shown.mean(axis=1) > needed).mean())


def interval(share: float, trials: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share seen in so many trials (Wilson 1927)."""
    from scipy import stats  # slow to import, and most commands need none of it

    bounds = stats.binomtest(round(share * trials), trials).proportion_ci(0.95, method="wilson")
    return float(bounds.low), float(bounds.high)


def pair_sd(mended: Floats, plain: Floats, mismatch_sd: float) -> float:
    """The standard deviation of what a pair shows about the effect: the luck of two stores, and their mismatch."""
    return float(np.sqrt(mended.var(ddof=1) + plain.var(ddof=1) + mismatch_sd**2))


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
    weekly: Floats
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
        mended, plain = self.adjusted_stores(weeks)
        return estimate((mended - plain).tolist())

    def mismatch_sd(self, weeks: int) -> float:
        """How far matched stores are apart whatever their luck, in contribution a week."""
        return float(self.case.study.scenario.trial.mismatch.value * abs(self.weekly[:, 1, :weeks].mean()))

    def adjusted_stores(self, weeks: int) -> tuple[Floats, Floats]:
        """Adjusted contribution a week over the first weeks with and without the fixes, each of shape (stores,)."""
        before, (plain, mended) = self.weekly[:, 0].mean(axis=1), self.weekly[:, 1:, :weeks].mean(axis=2).T
        return adjusted(mended, plain, before), adjusted(plain, plain, before)

    def _design(self, pairs: int, weeks: int, draws: Draws) -> Design:
        mended, plain = self.adjusted_stores(weeks)
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
        each = [uncertainty.evsi(npvs, effects + error * column, most) for column in self.errors]
        return self.informs * float(np.mean(each))

    @cached_property
    def _known(self) -> tuple[Floats, Floats]:
        """NPV and the first year's effect in every future, without the luck that no trial could tell of: (futures,)."""
        case = self.case
        effects = yearly_effects(case, case.twins)
        again = np.empty(0) if case.again is None else yearly_effects(case, case.again)
        shares = case.spread.input_share, spread(effects, again).input_share
        return without_luck(case.npvs, shares[0]), without_luck(effects, shares[1])

    @cached_property
    def errors(self) -> Floats:
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
        spent = self.case.before_tax
        return float(spent.outlay.mean()), float(spent.running[:, 0].mean())


def yearly_effects(case: Case, twins: Twins) -> Floats:
    """What the fixes add to contribution in the first year of each of the first futures, shape (futures,)."""
    return before_tax(twins.now, twins.then, case.prices_of(twins), Terms()).benefit[:, 0]


def without_luck(values: Floats, input_share: float | None) -> Floats:
    """Values drawn closer to their mean, so that what varies is the part of the variance that inputs cause."""
    mean = values.mean()
    closer: Floats = mean + (values - mean) * np.sqrt(1.0 if input_share is None else input_share)
    return closer


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
        self._job = workers.start(StoreTask.carry_out, tasks)
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
