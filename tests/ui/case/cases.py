"""Small cases for tests of the page: made of numbers, so that nothing has to be simulated."""

from functools import cache
from typing import cast

import numpy as np

from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.finance.assumptions import Terms
from sim.finance.case import Case
from sim.finance.cash import Twins
from sim.finance.sensitivity import Side
from sim.finance.study import Flows, Study
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated

FIX, MARGIN, BREAKS = "five_more_trolleys", "economics.incremental_margin", "assets.trolleys.breaks"
TINY = load("tiny")


@cache
def ranged() -> Scenario:
    """The tiny shop with two guesses that have a range."""
    return restated(
        TINY,
        {
            MARGIN: Quantity(low=0.15, mode=0.25, high=0.32, unit="share", evidence="D", source="a guess"),
            BREAKS: Quantity(low=0.002, mode=0.01, high=0.03, unit="share of trips", evidence="D", source="a guess"),
        },
    )


def flows(earned: np.ndarray, futures: int, fixes: int = 0) -> Flows:  # type: ignore[type-arg]
    nothing = np.zeros((futures, 1))
    return Flows(earned.reshape(futures, 1), nothing, nothing, np.zeros((futures, fixes, 1)))


def case(gains: list[float], sides: tuple[Side, ...] = (), terms: Terms | None = None, twice: bool = True) -> Case:
    """The tiny shop's fix, which earns so much more revenue a year in each future; 750 once and 50 a year."""
    futures, gained = len(gains), np.array(gains)
    values = {MARGIN: np.full(futures, 0.25), BREAKS: np.linspace(0.002, 0.03, futures)}
    twins = Twins(flows(np.zeros(futures), futures), flows(gained, futures, 1))
    again = Twins(flows(np.zeros(2), 2), flows(gained[:2] + 1.0, 2, 1)) if twice else None
    study = Study(ranged(), 1, cast(Store, None))
    return Case(study, (FIX,), terms or Terms(), values, twins, again, sides)
