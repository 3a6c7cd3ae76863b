"""What becomes of the customer base by itself: how many are expected at the end, by arithmetic.

What failures do to satisfaction and so to leaving, and word of mouth, are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.scenario.market import Leaving
from sim.scenario.notices.notice import Said
from sim.scenario.notices.work import share_who_buy, visits_a_week
from sim.scenario.scenario import Scenario
from sim.scenario.year import WEEKS_A_YEAR

_DIES_OUT, _EXPLODES = 1 / 5, 5.0  # customers at the end over those at the start
_RATES, _TIMES = 24, 40  # points at which rates of visits, and times of joining, are taken


@dataclass(frozen=True)
class Base:
    """Customers at week 0, and those expected after the last week.

    `stay` is the share of those at the start who are still there at the end, `joined_stay` how many weeks' worth of
    those who join along the way are: one a week leaves that many at the end.
    """

    start: float
    joins_per_week: float
    stay: float
    joined_stay: float

    @property
    def end(self) -> float:
        """Customers expected at the end."""
        return self.start * self.stay + self.joins_per_week * self.joined_stay

    @property
    def level(self) -> float | None:
        """How many a week must join for as many at the end as at the start; None where nobody stays."""
        return self.start * (1 - self.stay) / self.joined_stay if self.joined_stay > 0 else None


def base_of(scenario: Scenario) -> Base:
    """The base of a scenario; newcomers join it when they come, leads when they buy."""
    customers, weeks = scenario.customers, scenario.weeks
    times = (np.arange(_TIMES) + 0.5) * (weeks / _TIMES)
    stay = _stay(scenario, np.append(times, weeks))
    leads = customers.leads_per_week.value
    joins = customers.newcomers_per_week.value + (leads * share_who_buy(scenario) if leads > 0 else 0.0)
    return Base(customers.base.value, joins, float(stay[-1]), float(stay[:-1].mean() * weeks))


def _stay(scenario: Scenario, weeks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of customers who are still there after so many weeks, all of shape (n,)."""
    leaving = scenario.customers.leaving
    if leaving.churn_per_year is not None:
        return _survives(leaving, leaving.churn_per_year.value, weeks / WEEKS_A_YEAR)
    assert leaving.chance_per_visit is not None  # one of the two is given
    rates, shares = _rates(scenario)
    visits = rates[:, None] * weeks
    return shares @ _survives(leaving, leaving.chance_per_visit.value, visits)


def _survives(leaving: Leaving, mean: float, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """E[(1 - p)^times] of a p that is Beta between customers: B(a, b + times) / B(a, b)."""
    if mean <= 0 or mean >= 1:
        return np.where(times > 0, 1.0 - mean, 1.0)
    b, both = (1 - mean) * leaving.concentration.value, leaving.concentration.value
    log = special.gammaln(b + times) - special.gammaln(b) - special.gammaln(both + times) + special.gammaln(both)
    survives: NDArray[np.float64] = np.exp(log)
    return survives


def _rates(scenario: Scenario) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Visits a week of customers in equal parts of each segment's Gamma, and the share of all that each part is."""
    customers, segments = scenario.customers, scenario.segments
    shape = customers.visits_shape.value
    parts = special.gammaincinv(shape, (np.arange(_RATES) + 0.5) / _RATES) / shape
    means = np.array([customers.visits_per_week.value * segment.visits_times.value for segment in segments])
    shares = np.array([segment.share.value for segment in segments])
    return np.outer(means, parts).ravel(), np.repeat(shares, _RATES) / _RATES


def dies_out_or_explodes(scenario: Scenario) -> Iterator[Said]:
    """A base that is hardly there at the end, or many times what it was."""
    base = base_of(scenario)
    if visits_a_week(scenario, max(base.start, base.end)) == 0:
        yield (
            "customers",
            "found nobody who comes: no base that visits, no newcomers, no leads, no passers-by. Give one",
        )
    elif base.start >= 1 and not base.start * _DIES_OUT <= base.end <= base.start * _EXPLODES:
        yield f"customers.{_stream(scenario)}_per_week", _unlevel(scenario, base)


def _stream(scenario: Scenario) -> str:
    """The stream that joins, by the name of its field."""
    people = scenario.customers
    return "leads" if people.leads_per_week.value > people.newcomers_per_week.value else "newcomers"


def _unlevel(scenario: Scenario, base: Base) -> str:
    dies = base.end < base.start
    stay = f"natural leaving keeps {base.stay:.1%} of them, and {base.joins_per_week:.3g} a week join"
    hardly = "is hardly there" if dies else "is another one"
    return (
        f"found a base that {'dies out' if dies else 'explodes'}: of {base.start:,.0f} customers at the start about "
        f"{base.end:,.0f} are expected after {scenario.weeks} weeks ({stay}; what failures and word of mouth do to it "
        f"is left out), so that figures a year are of a business that {hardly} at the end. {_level(base)}"
    )


def _level(base: Base) -> str:
    if base.level is None:
        return "Nobody stays, however many join: write less leaving"
    now = f" in place of {base.joins_per_week:.3g}"
    return f"About {base.level:.3g} a week who join{now} keep it level"
