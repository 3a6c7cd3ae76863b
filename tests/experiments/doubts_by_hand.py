"""Doubts for tests: a small shop with guesses, and answers made up for their ends."""

from collections.abc import Hashable

import numpy as np

from sim.experiments.library import load
from sim.experiments.runs import Run
from sim.experiments.sensitivity import Doubts
from sim.experiments.task import Replication
from sim.scenario.fixes import Change
from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated

TINY = load("tiny").model_copy(update={"weeks": 2})
POOL, BREAKS, LOSS = "assets.trolleys.pool", "assets.trolleys.breaks", "failures.wheel.responses.persevere.loss"
FIX = "five_more_trolleys"


def guessed(**ranges: tuple[str, float, float]) -> Scenario:
    """The shop with guesses: for each, its path and range."""
    said = {
        path: Quantity(low=low, mode=quantity_at(TINY, path).value, high=high, evidence="D", source="a guess")
        for path, low, high in ranges.values()
    }
    return restated(TINY, said)


def answered(doubts: Doubts, **answers: tuple[list[float], list[float]]) -> dict[Hashable, Run]:
    """Runs with these answers at the low and at the high end of each guess, by the path's last step."""

    def run(values: list[float]) -> Run:
        empty = np.empty(0)
        return Run(TINY, tuple(Replication(i, {"contribution": one}, {}, *[empty] * 3) for i, one in enumerate(values)))

    return {
        (path, end, "now"): run(answers[path.rpartition(".")[2]][end == said.high])
        for path, said in doubts.guesses.items()
        for end in (said.low, said.high)
        if path.rpartition(".")[2] in answers
    }


def beyond() -> Doubts:
    """A guess of which an end makes no world: the fix adds so much to that share that it would be above 1."""
    change, scenario = Change(path=LOSS, add=Quantity(mode=0.8)), guessed(wide=(LOSS, 0.0, 0.5))
    fix = scenario.fixes[0].model_copy(update={"changes": (change,)})
    return Doubts(scenario.model_copy(update={"fixes": (fix,)}), "contribution", fixes=(FIX,))
