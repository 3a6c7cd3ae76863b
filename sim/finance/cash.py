"""Cash: what fixes bring and cost, year by year, in every future, at its prices; each the same luck in both worlds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import Progress
from sim.finance import appraisal
from sim.finance.assumptions import PRICES, RATE, Terms, Values, future
from sim.finance.study import Flows, Study
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets


@dataclass(frozen=True)
class Twins:
    """The flows of the same futures without and with the fixes, each of shape (futures, years) inside."""

    now: Flows
    then: Flows


@dataclass(frozen=True)
class TwinTask:
    """One future to simulate twice: what quantities are in it, and whose luck it is."""

    study: Study
    fixes: tuple[str, ...]
    values: Sets
    replication: int

    def carry_out(self, progress: Progress = lambda share: None) -> Twins:
        """Simulate both worlds, unless they are kept from before."""
        now = self.study.flows(self.study.setting((), self.values, self.replication), lambda done: progress(done / 2))
        mended = self.study.setting(self.fixes, self.values, self.replication)
        return Twins(now, self.study.flows(mended, lambda done: progress((1 + done) / 2)))


def stacked(twins: list[Twins]) -> Twins:
    """Several futures as one."""
    now, then = ([getattr(one, world).packed() for one in twins] for world in ("now", "then"))
    return Twins(Flows.unpacked(np.array(now)), Flows.unpacked(np.array(then)))


def twins_of(
    study: Study, fixes: Sequence[str], values: Sets, runs: int, progress: Progress = lambda share: None
) -> Twins:
    """So many runs of one future, each on its own luck."""

    def twin(run: int) -> Twins:
        return TwinTask(study, tuple(fixes), values, run).carry_out(lambda done: progress((run + done) / runs))

    return stacked([twin(run) for run in range(runs)])


@dataclass(frozen=True)
class UnitEconomics:
    """What a world's flows are worth in each future: a share, and currency units; each of shape (futures,)."""

    margin: NDArray[np.float64]
    visit_cost: NDArray[np.float64]
    acquisition: NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Both worlds' economics, the discount rate a year (futures,), and what each fix costs (fixes, futures)."""

    now: UnitEconomics
    then: UnitEconomics
    rate: NDArray[np.float64]
    once: NDArray[np.float64]
    per_year: NDArray[np.float64]
    per_use: NDArray[np.float64]


def prices(study: Study, fixes: Sequence[str], values: Values, futures: int) -> Prices:
    """The prices in each future; what `values` does not say is as the scenario has it."""

    def costs(name: str) -> NDArray[np.float64]:
        rows = [_column(study, f"fixes.{fix}.costs.{name}", values, futures) for fix in fixes]
        return np.array(rows).reshape(len(fixes), futures)

    rate = _column(study, RATE, values, futures)
    now, then = (_economics(study, world, values, futures) for world in ((), fixes))
    return Prices(now, then, rate, costs("once"), costs("per_year"), costs("per_use"))


def _column(study: Study, path: str, values: Values, futures: int) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(study.value(path, values), float), (futures,))


def _economics(study: Study, fixes: Sequence[str], values: Values, futures: int) -> UnitEconomics:
    """The economics of the world with these fixes, which changes and policies may have made of the stated ones."""
    if moves_economics(study.scenario, fixes, values):
        return _moved(study, fixes, values, futures)
    return UnitEconomics(*(_column(study, path, values, futures) for path in PRICES))


def moves_economics(scenario: Scenario, fixes: Sequence[str], values: Collection[str] = ()) -> bool:
    """Whether these fixes, or policies that have one of these values, change a margin or what serving or winning costs.

    What a value itself says of these does not count.
    """
    ours = {change.path for fix in scenario.fixes if fix.id in fixes for change in fix.changes}
    policies = [policy for policy in scenario.policies if policy.path in ours.union(values)]
    return not ours.union(move.path for policy in policies for move in policy.moves).isdisjoint(PRICES)


def _moved(study: Study, fixes: Sequence[str], values: Values, futures: int) -> UnitEconomics:
    """The economics of that world, future by future: what a fix makes of a price depends on what it was."""
    found = [study.prices(fixes, future(values, draw)) for draw in range(futures)]
    return UnitEconomics(*np.array(found).T)


@dataclass(frozen=True)
class Cash:
    """Cash of every future in currency units: `benefit` and `running` costs (futures, years), `outlay` (futures,).

    Year t's cash comes at its end, or in its middle where `mid_year` says so; the outlay at time 0. All after risk
    adjustment, inflation and tax, before discounting; `rate` (futures,) is a year.
    """

    benefit: NDArray[np.float64]
    running: NDArray[np.float64]
    outlay: NDArray[np.float64]
    rate: NDArray[np.float64]
    mid_year: bool = False

    @property
    def net(self) -> NDArray[np.float64]:
        """Outlay and then each year's net cash, shape (futures, years + 1)."""
        return np.column_stack([-self.outlay, self.benefit - self.running])

    @property
    def npv(self) -> NDArray[np.float64]:
        """Net present value of each future, shape (futures,)."""
        return self.pv_benefit - self.pv_cost

    @property
    def pv_benefit(self) -> NDArray[np.float64]:
        """Present value of the benefits, shape (futures,)."""
        present: NDArray[np.float64] = (self.benefit * self._discount).sum(axis=1)
        return present

    @property
    def pv_cost(self) -> NDArray[np.float64]:
        """Present value of all costs, shape (futures,)."""
        present: NDArray[np.float64] = (self.running * self._discount).sum(axis=1)
        return self.outlay + present

    @property
    def _discount(self) -> NDArray[np.float64]:
        return (1 + self.rate[:, None]) ** -appraisal.times(self.benefit.shape[1], self.mid_year)[1:]


def cash_of(now: Flows, then: Flows, prices: Prices, terms: Terms) -> Cash:
    """The cash of fixes after tax, from the flows of twins, each of shape (futures, years simulated) inside.

    Where the horizon is longer than what was simulated, the last simulated year repeats.
    """
    return _taxed(before_tax(now, then, prices, terms), terms)


def before_tax(now: Flows, then: Flows, prices: Prices, terms: Terms) -> Cash:
    """The same before tax: what the fixes bring, and what has to be spent."""
    gain = _held(_contribution(then, prices.then) - _contribution(now, prices.now), terms)
    uses = _held(np.moveaxis(then.uses, -2, 0), terms)
    running = prices.per_year.sum(axis=0)[:, None] + (prices.per_use[:, :, None] * uses).sum(axis=0)
    running = running + (prices.then.acquisition - prices.now.acquisition)[:, None]
    outlay = prices.once.sum(axis=0) * (1 + terms.cost_uplift)
    grown = _growth(terms)
    benefit = (gain - terms.benefit_cut * np.abs(gain)) * grown
    running = (running + terms.cost_uplift * np.abs(running)) * grown
    return Cash(benefit, running, outlay, prices.rate, terms.mid_year)


def _contribution(flows: Flows, economics: UnitEconomics) -> NDArray[np.float64]:
    return flows.contribution(economics.margin[:, None], economics.visit_cost[:, None])


def _held(yearly: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """Those years as many as the horizon has: cut short, or the last one repeated."""
    last = yearly.shape[-1] - 1
    return yearly[..., np.minimum(np.arange(terms.horizon_years), last)]


def _growth(terms: Terms) -> NDArray[np.float64]:
    """What prices have grown to when each year's cash comes; a real rate is for flows in today's prices.

    With cash in the middle of a year these are the middle's prices: so a nominal rate and inflation still come to what
    the real rate does.
    """
    when = appraisal.times(terms.horizon_years, terms.mid_year)[1:]
    grown: NDArray[np.float64] = (1.0 + (0.0 if terms.real else terms.inflation)) ** when
    return grown


def _taxed(cash: Cash, terms: Terms) -> Cash:
    """After tax; the outlay is taken off year 1's profit, and a loss relieves other profit of the same business."""
    kept = 1 - terms.tax_rate
    running = cash.running * kept
    running[:, 0] -= terms.tax_rate * cash.outlay
    return Cash(cash.benefit * kept, running, cash.outlay, cash.rate, cash.mid_year)
