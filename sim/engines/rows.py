"""What lowering a scenario to arrays is made of: rows, and positions instead of names."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.chance import EXPONENTIAL, FIXED, LOGNORMAL
from sim.scenario.journey import Duration, Touchpoint
from sim.scenario.quantity import Named
from sim.scenario.scenario import Scenario

DURATION = [("law", "i8"), ("mean", "f8"), ("log_sd", "f8")]
ALL = -1
_LAWS = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}
_AT_ONCE = Duration.model_validate({"mean": 0})


def rows(dtype: np.dtype[np.void], values: Sequence[tuple[object, ...]]) -> NDArray[np.void]:
    """A structured array, one row each."""
    return np.array(list(values), dtype)


def position(items: Sequence[Named], name: str | None) -> int:
    """Where the one of that name stands; -1 for no name."""
    return -1 if name is None else [item.id for item in items].index(name)


def bits(items: Sequence[Named], chosen: Sequence[str]) -> int:
    """The chosen ones as bits of a whole number."""
    return sum(1 << place for place, item in enumerate(items) if item.id in chosen)


def duration(given: Duration | None) -> tuple[int, float, float]:
    """The law, mean and spread of a duration; none at all takes no time."""
    known = given or _AT_ONCE
    return _LAWS[known.law], known.mean.value, known.log_sd.value


def live(scenario: Scenario, touchpoint: Touchpoint, cause: str) -> list[int]:
    """Positions of the failure points of that cause that are on at that touchpoint."""
    return [
        position
        for position, failure in enumerate(scenario.failures)
        if failure.on and failure.at == touchpoint.id and failure.cause == cause
    ]
