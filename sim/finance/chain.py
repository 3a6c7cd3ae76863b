"""From one store to a chain: what fixes are worth in all its stores, by the mix of their types, never by multiplying.

A store of each type is simulated by itself, in the same futures. What is not known is the same everywhere in a future
and does not average out, however many stores there are; luck is each store's own and does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.estimate import Estimate, estimate
from sim.experiments.price import IN_THE_FILE, Budget
from sim.experiments.workers import Background, Workers, carried_out
from sim.finance.assumptions import Terms, Values, counts, drawn, future, ranged
from sim.finance.case import Case, check
from sim.finance.cash import Twins, TwinTask, stacked
from sim.finance.study import Study
from sim.finance.uncertainty import Spread, percentiles, prob_loss, spread
from sim.scenario.faults import Fault, ScenarioError
from sim.scenario.fixes import Change, StoreType
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.world import is_whole, store_of

DRAWS, AGAIN = 64, 16
"""How many futures, and how many of them are simulated twice, to tell luck from not knowing."""
STAYS = "chain.stays"
_OTHER_LUCK, _LUCK_OF_ITS_OWN = 1_000_000, 10_000_000
_HOUR = Budget()

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StoreKind:
    """The stores of one type: how many there are in each future (futures,), and the case of one of them.

    `stays` (futures,) is the share of what a mended store gains that its sister stores lose.
    """

    id: str
    label: str
    count: Floats
    case: Case
    stays: Floats

    @cached_property
    def npvs(self) -> Floats:
        """What one store adds to the chain in each future, net present value, shape (futures,)."""
        return self._npvs(self.case.twins)

    @property
    def npv(self) -> Estimate:
        """The mean over futures of what one store adds."""
        return estimate(self.npvs.tolist())

    @property
    def all_stores(self) -> Estimate:
        """The mean over futures of what all stores of the type add."""
        return estimate((self.count * self.npvs).tolist())

    @property
    def stores(self) -> float:
        """How many there are, the mean over futures."""
        return float(self.count.mean())

    @cached_property
    def run_noise_sd(self) -> float | None:
        """What luck alone brings to one store; None where it is not known."""
        again = np.empty(0) if self.case.again is None else self._npvs(self.case.again)
        return spread(self.npvs, again).run_noise_sd

    def _npvs(self, twins: Twins) -> Floats:
        """Benefits without what sister stores lose, and every cost."""
        cash = self.case.cash_of(twins)
        kept: Floats = cash.benefit * (1 - self.stays[: len(cash.benefit), np.newaxis])
        return replace(cash, benefit=kept).npv


@dataclass(frozen=True)
class Mix:
    """One row of what the chain's figure is made of; `share` of its NPV is None where that is 0."""

    id: str
    label: str
    stores: float
    npv_a_store: Estimate
    npv: Estimate
    share: float | None


@dataclass(frozen=True)
class ChainCase:
    """What fixes are worth in every store of a chain, in the futures simulated."""

    kinds: tuple[StoreKind, ...]

    @cached_property
    def npvs(self) -> Floats:
        """What all stores add in each future, shape (futures,).

        One simulated store stands for all of its type, and brings its luck as often. So each future is drawn closer to
        the mean, until no more of the variance is luck than so many stores leave of it, each with luck of its own.
        """
        once, wide = self.as_simulated, self.spread.total_sd
        apart = float(once.std(ddof=1))
        if wide is None or apart == 0:
            return once
        closer: Floats = once.mean() + (once - once.mean()) * min(wide / apart, 1.0)
        return closer

    @cached_property
    def spread(self) -> Spread:
        """How much of the spread is luck and how much is not knowing; luck's variances add up, ignorance does not.

        Of `count` stores with luck of their own the variance is `count` times one's, where one store's result times
        `count` has it `count` squared times: the difference is what is taken out of the variance simulated.
        """
        total = float(self.as_simulated.var(ddof=1))
        noises = [kind.run_noise_sd for kind in self.kinds]
        known = [noise**2 for noise in noises if noise is not None]
        if len(known) < len(noises):
            return Spread(None, None, None)
        pairs = list(zip(known, self.kinds, strict=True))
        luck = sum(noise * kind.stores for noise, kind in pairs)
        inputs = max(total - sum(noise * float((kind.count**2).mean()) for noise, kind in pairs), 0.0)
        return Spread(float(np.sqrt(luck)), float(np.sqrt(inputs)), float(np.sqrt(inputs + luck)))

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.kinds[0].case.study.currency

    @property
    def npv(self) -> Estimate:
        """The mean over futures, and how well so many futures, as simulated, know it."""
        return estimate(self.as_simulated.tolist())

    @property
    def percentiles(self) -> tuple[float, float, float]:
        """P10, P50 and P90 of the NPV."""
        return percentiles(self.npvs)

    @property
    def prob_loss(self) -> float:
        """Share of futures with an NPV below 0."""
        return prob_loss(self.npvs)

    @property
    def stores(self) -> float:
        """How many stores there are, the mean over futures."""
        return sum(kind.stores for kind in self.kinds)

    @property
    def year_one_cost(self) -> float:
        """What has to be spent in year one before tax in all stores, the mean over futures."""
        return sum(kind.stores * kind.case.year_one_cost for kind in self.kinds)

    @property
    def mix(self) -> tuple[Mix, ...]:
        """What the figure is made of, type by type in the file's order."""
        total = float(self.as_simulated.mean())
        adds = [float((kind.count * kind.npvs).mean()) for kind in self.kinds]
        shares = [added / total if total else None for added in adds]
        return tuple(
            Mix(kind.id, kind.label, kind.stores, kind.npv, kind.all_stores, share)
            for kind, share in zip(self.kinds, shares, strict=True)
        )

    @cached_property
    def as_simulated(self) -> Floats:
        """The chain's NPV in every future, with the luck of its runs in it: (futures,)."""
        together: Floats = np.sum([kind.count * kind.npvs for kind in self.kinds], axis=0)
        return together


def values_there(scenario: Scenario, kind: StoreType, fixes: Sequence[str], values: Values) -> dict[str, Floats]:
    """What quantities are in a store of that type, where they are `values` (futures,) in the store described.

    Those that differ from future to future, by themselves or because what makes the type different is not known.
    """
    unsure = [change.path for change in kind.changes for _, by in change.moves() if by.low != by.high]
    paths = [path for path in dict.fromkeys([*ranged(scenario), *unsure]) if counts(path, fixes)]
    there = {path: _there(scenario, kind, path, values) for path in paths}
    return {path: np.broadcast_to(column, next(iter(values.values())).shape) for path, column in there.items()}


def _there(scenario: Scenario, kind: StoreType, path: str, values: Values) -> Floats:
    """One of them: set, or multiplied and then added to; whole quantities to the nearest whole number, as drawn."""
    there: Floats = np.asarray(values.get(path, quantity_at(scenario, path).value), float)
    for _, change in _changes(kind, path):
        there = there if change.set is None else np.array(float(change.set))
    for here, change in _changes(kind, path):
        there = there * values.get(f"{here}.times", change.times.value)
    for here, change in _changes(kind, path):
        there = there + values.get(f"{here}.add", change.add.value)
    nearest: Floats = np.floor(there + 0.5)
    return nearest if is_whole(scenario, path) else there


def _changes(kind: StoreType, path: str) -> list[tuple[str, Change]]:
    """What the type does to the quantity there, each with a path of its own."""
    here = f"chain.stores.{kind.id}.changes"
    return [(f"{here}[{j}]", change) for j, change in enumerate(kind.changes) if change.path == path]


class ChainJob(Background):
    """Simulating a chain: ask how far it is and what it has, as often as you like, or stop it.

    Raises:
        ScenarioError: a scenario without a chain; fixes and draws as for a case, in every type of store.
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
        self._types = types_of(study.scenario)
        check(study.scenario, fixes, draws)
        self.study, self.terms, self.draws = study, terms, draws
        self.fixes = tuple(fix.id for fix in study.scenario.fixes if fix.id in fixes)
        self._values = drawn(study.scenario, draws, study.seed)
        self._stores = [_Store.of(study, kind, self.fixes, self._values) for kind in self._types]
        worlds = [store.study.task(store.study.setting(self.fixes, {}, 0)) for store in self._stores]
        tasks = [task for store in self._stores for task in self._tasks(store)]
        budget.check(worlds * (2 * len(tasks) // len(worlds)), f"--draws (now {draws})", IN_THE_FILE)
        self._job = workers.start(TwinTask.carry_out, tasks)

    def _tasks(self, store: "_Store") -> list[TwinTask]:
        """Every future, and then the first ones on other luck."""
        # a store as described has the luck of its case
        described_first = sorted(self._types, key=lambda kind: bool(kind.changes) or kind.opening is not None)
        luck = described_first.index(store.kind) * _LUCK_OF_ITS_OWN
        every = [(draw, luck + draw) for draw in range(self.draws)]
        again = [(draw, luck + _OTHER_LUCK + draw) for draw in range(min(AGAIN, self.draws))]
        return [TwinTask(store.study, self.fixes, future(store.values, at), run) for at, run in every + again]

    @property
    def chain(self) -> ChainCase | None:
        """The chain; None until every store has been seen in every future."""
        seen = [twins for twins in self._job.results if twins is not None]
        if len(seen) < len(self._job.results):
            return None
        each = len(seen) // len(self._stores)
        of_each = [seen[start : start + each] for start in range(0, len(seen), each)]
        return ChainCase(tuple(self._kind(store, twins) for store, twins in zip(self._stores, of_each, strict=True)))

    def _kind(self, store: "_Store", twins: list[Twins]) -> StoreKind:
        once, again = stacked(twins[: self.draws]), stacked(twins[self.draws :])
        case = Case(store.study, self.fixes, self.terms, store.values, once, again)
        count, stays = (self._column(path) for path in (f"chain.stores.{store.kind.id}.count", STAYS))
        return StoreKind(store.kind.id, store.kind.label, count, case, stays)

    def _column(self, path: str) -> Floats:
        column: Floats = np.asarray(self.study.value(path, self._values), float)
        return np.broadcast_to(column, (self.draws,))


@dataclass(frozen=True)
class _Store:
    """A store of one type before it is simulated: its study, and what quantities are there in each future."""

    kind: StoreType
    study: Study
    values: dict[str, Floats]

    @classmethod
    def of(cls, study: Study, kind: StoreType, fixes: Sequence[str], values: Values) -> "_Store":
        own = Study(store_of(study.scenario, kind.id), study.seed, study.store)
        return cls(kind, own, values_there(study.scenario, kind, fixes, values))


def types_of(scenario: Scenario) -> tuple[StoreType, ...]:
    """The types of store of a chain.

    Raises:
        ScenarioError: the scenario has no chain.
    """
    if scenario.chain is None:
        message = "found none; allowed: a scenario that says which stores its chain has, under chain.stores"
        raise ScenarioError((Fault("case", None, "chain", message),))
    return scenario.chain.stores


def find_chain(
    study: Study,
    fixes: Sequence[str],
    terms: Terms,
    draws: int = DRAWS,
    budget: Budget = _HOUR,
    progress: Progress = lambda share: None,
) -> ChainCase:
    """The whole chain; errors are those of `ChainJob`."""
    chain = carried_out(lambda workers: ChainJob(study, fixes, terms, workers, draws, budget), progress).chain
    assert chain is not None  # every store is there
    return chain
