"""What a known answer may be read off, beside every measure: figures that theory has and no business asks for.

Each is defined once, under its own name, for the small worlds of `scenarios/known_answers`; what has nothing to be
read from is NaN.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.records import BUSY, QUEUE
from sim.experiments.estimate import values_of
from sim.outcomes.measures import MEASURES, Measure, Sample, ratio
from sim.outcomes.outcome import Outcome

_MINUTES_A_WEEK = 7 * 24 * 60


@dataclass(frozen=True)
class Seen:
    """What is kept of one replication: its outcome, and what each visit waited in each queue that it joined.

    `waits` are minutes, summed over the `joins` times that it joined that queue; both of shape (n,).
    """

    outcome: Outcome
    waits: NDArray[np.float64]
    joins: NDArray[np.int64]


@dataclass(frozen=True)
class Reading:
    """How a figure is read from what was seen; `asks` says what `at` is, None where there is nothing to ask."""

    name: str
    definition: str
    asks: str | None
    take: Callable[[Seen, float], float]
    measure: Measure | None = None

    def sample(self, seen: Seen, at: float) -> Sample:
        """What this replication adds to the figure of all of them (see `Measure.sample`)."""
        return self.measure.sample(seen.outcome) if self.measure else (self.take(seen, at),)

    def values(self, samples: Sequence[Sample], times: float) -> list[float]:
        """One value a replication, times that; as in `Run.values`."""
        if self.measure:
            return values_of(self.measure, samples, times)
        return [times * value for (value,) in samples]


READINGS: dict[str, Reading] = {
    name: Reading(name, measure.definition, None, lambda seen, _, measure=measure: measure.take(seen.outcome), measure)  # type: ignore[misc]
    for name, measure in MEASURES.items()
}


def _reading(
    asks: str | None = None,
) -> Callable[[Callable[[Seen, float], float]], Callable[[Seen, float], float]]:
    """Register a function under its own name; its docstring is the definition."""

    def register(take: Callable[[Seen, float], float]) -> Callable[[Seen, float], float]:
        READINGS[take.__name__] = Reading(take.__name__, " ".join((take.__doc__ or "").split()), asks, take)
        return take

    return register


def _level(seen: Seen, *counters: int) -> float:
    """Time-weighted mean of these levels together, at the scenario's first resource."""
    resources, weeks = seen.outcome.records.resources, seen.outcome.scenario.weeks
    return float(resources[0, list(counters)].sum()) / (weeks * _MINUTES_A_WEEK) if len(resources) else np.nan


@_reading()
def in_system(seen: Seen, _: float) -> float:
    """Time-weighted mean number of people waiting or being served."""
    return _level(seen, QUEUE, BUSY)


@_reading()
def in_queue(seen: Seen, _: float) -> float:
    """Time-weighted mean number of people waiting."""
    return _level(seen, QUEUE)


@_reading()
def occupancy(seen: Seen, _: float) -> float:
    """Time-weighted share of the servers that are busy."""
    servers = sum(resource.servers.value for resource in seen.outcome.scenario.resources[:1])
    return ratio(_level(seen, BUSY), servers)


@_reading()
def had_to_wait(seen: Seen, _: float) -> float:
    """Share of joinings of a queue that were not served at once; missing where sums over repeated ones cannot tell."""
    return 1.0 - _share_within(seen, 0.0)


@_reading(asks="minutes")
def waited_at_most(seen: Seen, minutes: float) -> float:
    """Share of joinings of a queue that were served, or given up, within that many minutes; missing as above."""
    return _share_within(seen, minutes)


def _share_within(seen: Seen, minutes: float) -> float:
    """Share of joinings that took at most so long; NaN without any.

    NaN too where a visit joined a queue several times and waited longer in sum: how long each time was is not kept.
    """
    within = seen.waits <= minutes
    if (seen.joins[~within] > 1).any():
        return np.nan
    return ratio(float(seen.joins[within].sum()), float(seen.joins.sum()))


@_reading(asks="how many")
def down(seen: Seen, how_many: float) -> float:
    """Share of time that exactly so many of two machines are down, with one repairer: he mends one, the other waits."""
    working, waiting = _level(seen, BUSY), _level(seen, QUEUE)
    return {0.0: 1.0 - working, 1.0: working - waiting, 2.0: waiting}.get(how_many, np.nan)


@_reading()
def visits_a_customer(seen: Seen, _: float) -> float:
    """Mean visits, within the weeks simulated, of customers present at week 0."""
    return ratio(float(seen.outcome.tally.followed["visits"].sum()), seen.outcome.base_size)


@_reading(asks="weeks")
def still_here(seen: Seen, weeks: float) -> float:
    """Share of the customers present at week 0 who are still customers after that many weeks, whole or not."""
    curve = seen.outcome.retention()
    return float(np.interp(weeks, np.arange(curve.size), curve)) if 0 <= weeks <= curve.size - 1 else np.nan
