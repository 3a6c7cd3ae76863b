"""Studies: the worlds of a case, each simulated once and kept; and what their ledgers say of money, year by year."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.experiments.cache import Store, key_of
from sim.experiments.task import Task, outcome_of
from sim.finance.assumptions import ECONOMICS, PRICES, counts, is_financial, made_whole
from sim.outcomes.measures import MEASURES
from sim.outcomes.measures.money import coaching_a_year
from sim.outcomes.outcome import Outcome, yearly
from sim.scenario.fixes import Costs, Fix
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity, minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, world_of

WEEKS_A_CASE_YEAR = 52
"""Year k of a case is weeks 52 (k - 1) + 1 to 52 k, times 365 / 364: whole weeks, at the pace of a calendar year."""
Price = NDArray[np.float64] | float


@dataclass(frozen=True)
class Flows:
    """Yearly rates of one world, in currency units and visits; `uses` has shape (fixes, years), the rest (years,).

    `earned` is revenue, each segment's times its margin multiple; `returned` is refunds and coaching sessions.
    """

    earned: NDArray[np.float64]
    visits: NDArray[np.float64]
    returned: NDArray[np.float64]
    uses: NDArray[np.float64]

    def packed(self) -> NDArray[np.float64]:
        """All of it in one array of shape (3 + fixes, years)."""
        return np.vstack([self.earned, self.visits, self.returned, self.uses])

    @classmethod
    def unpacked(cls, rows: NDArray[np.float64]) -> "Flows":
        """What `packed` gave, or several of them with dimensions in front: shape (..., 3 + fixes, years)."""
        return cls(rows[..., 0, :], rows[..., 1, :], rows[..., 2, :], rows[..., 3:, :])

    def contribution(self, margin: Price, visit_cost: Price) -> NDArray[np.float64]:
        """Contribution a year: margin on what is earned, less what a visit costs, refunds and coaching."""
        return margin * self.earned - visit_cost * self.visits - self.returned


def years_of(weeks: int) -> list[slice]:
    """The weeks of each simulated year: 52 each, what is over going to the last; at least one year."""
    whole = max(weeks // WEEKS_A_CASE_YEAR, 1)
    ends = [year * WEEKS_A_CASE_YEAR for year in range(1, whole)]
    return [slice(start, end) for start, end in zip([0, *ends], [*ends, weeks], strict=True)]


def flows_of(outcome: Outcome, fixes: tuple[Fix, ...]) -> Flows:
    """The flows of a world that has been simulated, with how often each fix's costs say it is used."""
    years = years_of(outcome.scenario.weeks)
    return Flows(
        earned=_by_year(outcome, outcome.tally.revenue * _margin_times(outcome.scenario), years) / _minor(outcome),
        visits=_by_year(outcome, outcome.tally.visits, years),
        returned=_by_year(outcome, outcome.tally.refund, years) / _minor(outcome) + coaching_a_year(outcome),
        uses=np.array([[_uses(outcome, fix)] * len(years) for fix in fixes]).reshape(len(fixes), len(years)),
    )


def _margin_times(scenario: Scenario) -> NDArray[np.float64]:
    return np.array([segment.margin_times.value for segment in scenario.segments])


def _minor(outcome: Outcome) -> int:
    return minor_units(outcome.scenario.currency)


def _by_year(outcome: Outcome, sums: NDArray[np.float64], years: list[slice]) -> NDArray[np.float64]:
    """Sums of shape (weeks, segments) as yearly rates, one a simulated year."""
    return np.array([sums[weeks].sum() * yearly(weeks.stop - weeks.start) for weeks in years])


def _uses(outcome: Outcome, fix: Fix) -> float:
    """How often a fix is used a year; 0 where its costs count no uses."""
    return MEASURES[fix.costs.use].take(outcome) if fix.costs.use else 0.0


_WORDS = (
    "title",
    "question",
    "story",
    "order",
    "headline",
    "answer",
    "boardroom",
    "why",
    "levers",
    "presets",
    "chain",
    "trial",
)
"""What people read and choose by, which changes nothing that happens."""


@dataclass(frozen=True)
class Variant:
    """One world to simulate: fixes, the values that quantities have there, and whose luck it is."""

    fixes: tuple[str, ...]
    values: tuple[tuple[str, float], ...]
    replication: int


@dataclass(frozen=True)
class Study:
    """A scenario as somebody states it, the seed of its luck, and where its worlds are kept."""

    scenario: Scenario
    seed: int
    store: Store

    def flows(self, setting: Variant, progress: Progress = lambda share: None) -> Flows:
        """The flows of one world, simulated unless they are kept from before.

        Raises:
            ScenarioError: these values make no world, such as shares that sum to more than 1.
        """
        key = key_of(self._simulated, self.seed, *_said(setting))
        kept = self.store.get(key)
        if kept is not None:
            return Flows.unpacked(kept)
        outcome = outcome_of(self.task(setting), progress)
        flows = flows_of(outcome, tuple(self.fix(name) for name in setting.fixes))
        self.store.put(key, flows.packed())
        return flows

    def setting(self, fixes: Sequence[str], values: Sets, replication: int) -> Variant:
        """That world; values that play no part in it, or only once it has been simulated, are left out."""
        mattering = [
            (path, float(value)) for path, value in values.items() if counts(path, fixes) and not is_financial(path)
        ]
        return Variant(tuple(fixes), tuple(sorted(mattering)), replication)

    def task(self, setting: Variant) -> Task:
        """What to simulate."""
        world = self.world(setting.fixes, dict(setting.values))
        return Task(world, self.seed, setting.replication, with_unbroken=False)

    def world(self, fixes: Sequence[str], values: Sets) -> Scenario:
        """The world with these values, shares made whole, and these fixes. Raises ScenarioError as `world_of` does."""
        return world_of(self.scenario, made_whole(self.scenario, values), fixes)

    def prices(self, fixes: Sequence[str], values: Sets) -> tuple[float, ...]:
        """Margin, cost of a visit and what winning customers costs a year in that world; worked out once."""
        key = (tuple(fixes), tuple(values.items()))
        if key not in self._prices:
            world = self.world(fixes, values)
            self._prices[key] = tuple(quantity_at(world, path).value for path in PRICES)
        return self._prices[key]

    @cached_property
    def _prices(self) -> dict[object, tuple[float, ...]]:
        return {}

    def fix(self, name: str) -> Fix:
        """The fix of that id."""
        return next(fix for fix in self.scenario.fixes if fix.id == name)

    def value(self, path: str, values: Mapping[str, Any]) -> Any:
        """What a quantity is: as those values say, or else as the scenario does."""
        return values.get(path, quantity_at(self.scenario, path).value)

    @cached_property
    def _simulated(self) -> str:
        """A hash of all of the scenario that decides what happens: no words, no prices, no fix's costs."""
        neutral = {path.split(".")[1]: Quantity(mode=0) for path in ECONOMICS}
        scenario = self.scenario.model_copy(
            update={
                "economics": self.scenario.economics.model_copy(update=neutral),
                "fixes": tuple(fix.model_copy(update={"costs": _uses_only(fix)}) for fix in self.scenario.fixes),
            }
        )
        return hashlib.sha256(scenario.model_dump_json(exclude=set(_WORDS)).encode()).hexdigest()

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.scenario.currency

    @property
    def minor_units(self) -> int:
        """How many minor units make one of the currency."""
        return minor_units(self.currency)


def _uses_only(fix: Fix) -> Costs:
    return Costs(use=fix.costs.use)


def _said(setting: Variant) -> tuple[object, ...]:
    return (setting.fixes, setting.values, setting.replication)
