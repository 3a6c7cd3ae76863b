"""The business case: what fixes are worth over every future that the assumptions allow, as the futures arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.experiments.estimate import Estimate, estimate
from sim.finance import appraisal, information
from sim.finance.assumptions import RATE, Assumption, assumptions, counts
from sim.finance.cash import Cash, before_tax, cash_of
from sim.finance.one_at_a_time import Side
from sim.finance.prices import Prices, prices
from sim.finance.spread import Spread, percentiles, prob_loss, spread
from sim.finance.study import Study
from sim.finance.terms import Terms
from sim.finance.twins import Twins

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

    @cached_property
    def prices(self) -> Prices:
        """The prices of every future."""
        return prices(self.study, self.fixes, self.values, self.futures)

    @cached_property
    def cash(self) -> Cash:
        """The cash of every future, after tax."""
        return cash_of(self.twins.now, self.twins.then, self.prices, self.terms)

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
        return float(self._before_tax.benefit.sum(axis=1).mean())

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
        return float((self._before_tax.outlay + self._before_tax.running[:, 0]).mean())

    @cached_property
    def _before_tax(self) -> Cash:
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
        if self.again is None:
            return spread(self.npvs, np.empty(0))
        futures = len(self.again.now.earned)
        first = {path: column[:futures] for path, column in self.values.items()}
        priced = prices(self.study, self.fixes, first, futures)
        return spread(self.npvs, cash_of(self.again.now, self.again.then, priced, self.terms).npv)

    @property
    def evpi(self) -> float | None:
        """What it would be worth to know every input before deciding; None until luck can be told from inputs."""
        share = self.spread.input_share
        return None if share is None else information.evpi(self.npvs, share)

    @cached_property
    def evppi(self) -> dict[str, float]:
        """What it would be worth to know each uncertain quantity before deciding, most first; empty until `evpi`."""
        most = self.evpi
        if most is None:
            return {}
        worth = {path: information.evppi(self.npvs, self.values[path], most) for path in self.drawn}
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
