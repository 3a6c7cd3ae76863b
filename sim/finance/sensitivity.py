"""One quantity at a time: the tornado's ends, and the value at which the fixes just pay.

Everything else stays at its likeliest value, and all worlds share the luck of the same few runs.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.engines.records import Progress
from sim.finance.assumptions import Terms, counting, ranged
from sim.finance.cash import cash_of, prices, twins_of
from sim.finance.study import Study
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets, is_whole

RUNS = 2
_LOOKS = 12  # at most, for one break-even
_FINE = 1e-3


@dataclass(frozen=True)
class Side:
    """What one quantity does to the NPV: at either end of its range, and where it crosses 0.

    `break_even` is None where the NPV has one sign at both ends and at the likeliest value.
    """

    path: str
    low: float
    high: float
    low_npv: float
    high_npv: float
    break_even: float | None

    @property
    def swing(self) -> float:
        """How far apart the two ends are."""
        return abs(self.high_npv - self.low_npv)


@dataclass(frozen=True)
class SideTask:
    """A quantity to move from one end of its range to the other."""

    study: Study
    fixes: tuple[str, ...]
    terms: Terms
    path: str

    def carry_out(self, progress: Progress = lambda share: None) -> Side:
        """Simulate its ends, and search for the break-even where there is one."""
        low, high = range_of(self.study.scenario, self.path)
        now = self.study.value(self.path, {})
        looks = iter(range(_LOOKS + 3))

        def npv(value: float) -> float:
            look = next(looks, _LOOKS)
            moved = {} if value == now else {self.path: value}  # the likeliest world is the same for every quantity
            return npv_at(self.study, self.fixes, self.terms, moved, lambda done: progress(_share(look + done)))

        at = [(value, npv(value)) for value in (low, now, high)]
        crossing = _crossing(npv, at, is_whole(self.study.scenario, self.path))
        return Side(self.path, low, high, at[0][1], at[2][1], crossing)


def _share(looks: float) -> float:
    return min(looks / 3, 1.0)  # most look at both ends and the likeliest value, and find no crossing


def npv_at(
    study: Study, fixes: tuple[str, ...], terms: Terms, values: Sets, progress: Progress = lambda share: None
) -> float:
    """The NPV where these values are set and the others are at their likeliest, the mean of a few runs."""
    return float(np.mean(npvs_at(study, fixes, terms, values, RUNS, progress)))


def npvs_at(
    study: Study, fixes: tuple[str, ...], terms: Terms, values: Sets, runs: int, progress: Progress = lambda share: None
) -> list[float]:
    """The same, run by run."""
    both = twins_of(study, fixes, values, runs, progress)
    columns = {path: np.full(runs, float(value)) for path, value in values.items()}
    return [float(npv) for npv in cash_of(both.now, both.then, prices(study, fixes, columns, runs), terms).npv]


def movable(scenario: Scenario, fixes: tuple[str, ...]) -> list[str]:
    """The quantities that count and have somewhere to go: a range, or a lever."""
    anywhere = {lever.path for lever in scenario.levers}.union(ranged(scenario))
    return [path for path in counting(scenario, fixes) if path in anywhere]


def range_of(scenario: Scenario, path: str) -> tuple[float, float]:
    """From where to where a quantity goes: its own range, or else its lever's bounds."""
    said = ranged(scenario).get(path)
    if said is not None and said.low is not None and said.high is not None:
        return float(said.low), float(said.high)
    lever = next(lever for lever in scenario.levers if lever.path == path)
    return float(lever.min), float(lever.max)


def _crossing(npv: Callable[[float], float], at: list[tuple[float, float]], whole: bool) -> float | None:
    """Where the NPV crosses 0, in the part of the range next to the likeliest value where it does."""
    middle = at[1]
    for (a, npv_a), (b, npv_b) in ((at[0], middle), (middle, at[2])):
        if a < b and npv_a * npv_b < 0:
            return _whole(npv, a, b) if whole else _anywhere(npv, a, b)
    return next((value for value, found in at if found == 0 and any(other for _, other in at)), None)


def _anywhere(npv: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq  # slow to import, and most commands need none of it

    fine = (high - low) * _FINE
    return float(brentq(npv, low, high, xtol=fine, maxiter=_LOOKS, disp=False))


def _whole(npv: Callable[[float], float], low: float, high: float) -> float:
    """The first whole number past the crossing, from the low end."""
    low, high = math.floor(low), math.ceil(high)  # the middle of a range without a mode may be none
    falls = npv(low) > 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if (npv(middle) > 0) == falls else (low, middle)
    return high
