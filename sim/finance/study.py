"""Studies: the worlds of a case, each simulated once and kept, by what they simulate alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.engines.records import Progress
from sim.experiments.cache import Store, key_of
from sim.experiments.task import Task, outcome_of
from sim.finance.assumptions import ECONOMICS, PRICES, counts, is_financial
from sim.finance.flows import Flows, flows_of
from sim.finance.shares import made_whole
from sim.scenario.fixes import Costs, Fix
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.units import minor_units
from sim.scenario.world import Sets, world_of

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
class Setting:
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

    def flows(self, setting: Setting, progress: Progress = lambda share: None) -> Flows:
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

    def setting(self, fixes: Sequence[str], values: Sets, replication: int) -> Setting:
        """That world; values that play no part in it, or only once it has been simulated, are left out."""
        mattering = [
            (path, float(value)) for path, value in values.items() if counts(path, fixes) and not is_financial(path)
        ]
        return Setting(tuple(fixes), tuple(sorted(mattering)), replication)

    def task(self, setting: Setting) -> Task:
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


def _said(setting: Setting) -> tuple[object, ...]:
    return (setting.fixes, setting.values, setting.replication)
