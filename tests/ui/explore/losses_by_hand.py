"""Losses made by hand, in round pounds a year, for pictures and sentences."""

from collections.abc import Callable, Sequence

from sim.experiments.attribution import Losses
from sim.experiments.sharing import Cost, Sharing, WorseOff
from sim.scenario.scenario import Scenario
from tests.engines.worlds import tiny

POUND_A_YEAR = 100
WEEKS = 365  # seven years to the day, so that seven minor units are one a year
NOBODY = WorseOff(0, 0)
Money = Callable[[int], int]


def shop(*off: str) -> Scenario:
    """The tiny shop with four failure points, but for those named."""
    return tiny({"weeks": WEEKS, **{f"failures.{name}.on": False for name in off}})


def losses(
    world: Scenario,
    runs: Sequence[Money],
    part: Callable[[int], tuple[int, int, int]] = lambda cost: (cost, 0, 0),
    worse_off: Callable[[int], WorseOff] = lambda on: NOBODY,
) -> Losses:
    """Losses where run i costs `runs[i](on)` pounds a year with those points on; 1,000 customers came."""
    sets = range(1 << sum(failure.on for failure in world.failures))
    return Losses(world, tuple(_sharing(i, run, sets, part, worse_off) for i, run in enumerate(runs)))


def _sharing(
    number: int,
    run: Money,
    sets: range,
    part: Callable[[int], tuple[int, int, int]],
    worse_off: Callable[[int], WorseOff],
) -> Sharing:
    a_year = 7 * POUND_A_YEAR
    costs = [_cost(*(a_year * each for each in part(run(on))), worse_off(on)) for on in sets]
    return Sharing(number, 1_000, tuple(costs))


def _cost(basket_now: int, leaving: int, recapture: int, worse_off: WorseOff) -> Cost:
    """Nobody decides or tells anything."""
    return Cost(basket_now, 0, leaving, 0, recapture, worse_off)
