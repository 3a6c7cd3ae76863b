"""Curves made by hand: what each replication found at each value of a lever."""

from collections.abc import Sequence

import numpy as np

from sim.experiments.curve import Curve
from sim.experiments.runs import Run
from sim.experiments.task import Replication
from sim.scenario.fixes import Direction, Lever
from sim.scenario.scenario import Scenario
from tests.engines.worlds import tiny

MEASURE = "mean_wait"
WORLD = tiny()
NOISE = (-2.0, -1.0, 0.0, 1.0, 2.0, 0.5)  # of six replications, the same at every point: luck is shared
OWN = ((0.1, -0.1, 0.05, 0.0, -0.05, 0.02), (-0.04, 0.1, -0.1, 0.06, 0.0, -0.02), (0.0, 0.05, 0.1, -0.1, -0.05, 0.03))
"""Luck that does not pair off: point i has the (i mod 3)-th."""


def lever(outcome: str = MEASURE, direction: Direction = "up", **changes: object) -> Lever:
    given = {"path": "assets.trolleys.pool", "label": "Trolleys in the pool", "min": 4, "max": 40, "step": 1}
    return Lever.model_validate(given | {"help": "-", "outcome": outcome, "direction": direction} | changes)


def curve(
    means: Sequence[float],
    own: float = 1.0,
    moves: Lever | None = None,
    world: Scenario = WORLD,
    **others: Sequence[float],
) -> Curve:
    """A curve with these means at 10, 20, 30, …: shared luck, and `own` times a luck that does not pair off.

    `others` are means of more measures of the same runs.
    """
    moves = moves or lever()
    measured = {moves.outcome: means} | others

    def found(at: int, number: int) -> Replication:
        luck = NOISE[number] + own * OWN[at % 3][number]
        return Replication(number, {name: each[at] + luck for name, each in measured.items()}, {}, *(np.ones(1),) * 3)

    runs = [Run(world, tuple(found(at, number) for number in range(len(NOISE)))) for at in range(len(means))]
    return Curve(moves, moves.outcome, tuple(10.0 * (at + 1) for at in range(len(means))), tuple(runs))
