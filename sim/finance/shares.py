"""Shares that make up a whole: when some of them move, the others have what is left."""

from collections.abc import Iterator, Mapping

from sim.scenario.paths import quantity_at
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets


def wholes(scenario: Scenario) -> Iterator[dict[str, Quantity]]:
    """The shares, by path, of everything that must sum to 1: customers by segment, and visits by trip."""
    for name in ("segments", "trips"):
        paths = [f"{name}.{part.id}.share" for part in getattr(scenario, name)]
        yield {path: quantity_at(scenario, path) for path in paths}


def left_over(scenario: Scenario, ranged: Mapping[str, Quantity]) -> set[str]:
    """The shares that are what the others leave: the last of each whole of which every share has a range."""
    return {list(shares)[-1] for shares in wholes(scenario) if shares.keys() <= ranged.keys()}


def made_whole(scenario: Scenario, values: Sets) -> Sets:
    """These values, and of each whole that they move the other shares: what is left, in the proportions they had.

    Where nothing is left to share out, or nobody to have it, nothing is added, and no world can be made of it.
    """
    return {**values, **{path: share for shares in wholes(scenario) for path, share in _rest(shares, values)}}


def _rest(shares: Mapping[str, Quantity], values: Sets) -> Iterator[tuple[str, float]]:
    moved = [path for path in shares if path in values]
    others = {path: said.value for path, said in shares.items() if path not in values}
    had, left = sum(others.values()), 1 - sum(values[path] for path in moved)
    if moved and had > 0 and left >= 0:
        yield from ((path, share / had * left) for path, share in others.items())
