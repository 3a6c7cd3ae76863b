"""Levers drawn out for a number that lies beyond them; every place that they had they keep."""

import math
from collections.abc import Iterator
from decimal import Decimal

from sim.scenario.driving import is_whole
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

_FINEST = 6
"""To how many tenths of tenths a step is divided at most."""


def holding(scenario: Scenario, lever: Lever) -> Lever:
    """The lever with its ends so far out, by whole steps, that it holds the value its quantity has in that scenario.

    Where that end is none that the quantity may have, the step becomes finer. Where nothing helps, the lever is left.
    """
    value = quantity_at(scenario, lever.path).value
    if lever.min <= value <= lever.max:
        return lever
    tried = (_drawn_out(lever, value, step) for step in _steps(scenario, lever))
    return next((one for one in tried if _can_stand(scenario, one)), lever)


def _steps(scenario: Scenario, lever: Lever) -> Iterator[Decimal]:
    """Steps that divide the lever's own, so that its presets still stand on them."""
    step = _exactly(lever.step)
    yield step
    if is_whole(scenario, lever.path):
        yield Decimal(1)
    else:
        yield from (step.scaleb(-tenths) for tenths in range(1, _FINEST + 1))


def _drawn_out(lever: Lever, value: float, step: Decimal) -> Lever:
    low, high, at = _exactly(lever.min), _exactly(lever.max), _exactly(value)
    below, above = (math.ceil(max(gap, Decimal(0)) / step) * step for gap in (low - at, at - high))
    ends = {"min": low - below, "max": high + above, "step": step}
    return lever.model_copy(update={name: _plain(end) for name, end in ends.items()})


def _can_stand(scenario: Scenario, lever: Lever) -> bool:
    """Whether the quantity may have the values at both ends."""
    try:
        for end in (lever.min, lever.max):
            world_of(scenario, {lever.path: end})
    except ScenarioError:
        return False
    return True


def _exactly(value: float) -> Decimal:
    """The number as it is written, not the binary fraction next to it."""
    return Decimal(str(value))


def _plain(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)
