"""Searching among sets of fixes by what each is worth alone and every two together, where there are too many to try.

A set is a tuple of positions, ascending. What sets are worth or cost is a table of shape (fixes, fixes): on the
diagonal each fix alone, above it what two together differ from their sum.
"""

from collections.abc import Callable, Collection, Mapping
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

Positions = tuple[int, ...]
Table = NDArray[np.float64]
Rule = tuple[NDArray[np.float64], float]
"""What each entry weighs, and the most that those chosen may weigh."""


def subsets(size: int, most: int) -> list[Positions]:
    """Every set of up to `most` of `size` fixes, the empty one first, small ones before large ones."""
    return list(chain.from_iterable(combinations(range(size), members) for members in range(most + 1)))


def smallest(sets: Collection[Positions]) -> list[Positions]:
    """Those sets that hold no other of them."""
    return [one for one in sets if not any(set(other) < set(one) for other in sets)]


def pairwise(worth: Mapping[Positions, float], size: int) -> Table:
    """The table of what single fixes and pairs are worth; 0 where a set has not been valued."""
    table = np.zeros((size, size))
    for fix in range(size):
        table[fix, fix] = worth.get((fix,), 0.0)
    for one, other in combinations(range(size), 2):
        if (one, other) in worth:
            table[one, other] = worth[one, other] - table[one, one] - table[other, other]
    return table


def sum_of(table: Table, chosen: Positions) -> float:
    """What a set is worth by the table."""
    return float(np.triu(table)[np.ix_(chosen, chosen)].sum())


def best_within(worth: Table, cost: Table, budget: float, impossible: Collection[Positions] = ()) -> Positions:
    """The set worth most, by the tables, among those that cost no more than `budget` and hold nothing impossible.

    An integer linear programme (solved by HiGHS): a binary a fix and one a pair, which is 1 exactly where both of its
    fixes are (Glover & Woolsey 1974). Doing nothing is always allowed: `budget` is at least 0.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, and most commands need none of it

    size = len(worth)
    entries = np.triu_indices(size)
    rules = [*_pairs_follow(size), (cost[entries], budget), *(_not_all(size, sets) for sets in impossible)]
    found = milp(
        -worth[entries],
        integrality=np.ones(len(entries[0]), int),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(row[np.newaxis, :], -np.inf, most) for row, most in rules],
    )
    assert found.x is not None  # nothing at all is a solution
    return tuple(fix for fix in range(size) if found.x[_entry(size, fix, fix)] > 0.5)


def _entry(size: int, one: int, other: int) -> int:
    """Where a fix or a pair stands among the entries on and above the diagonal, row by row."""
    return one * size - one * (one - 1) // 2 + other - one


def _row(size: int, weights: Mapping[Positions, float]) -> NDArray[np.float64]:
    row = np.zeros(size * (size + 1) // 2)
    for (one, other), weight in weights.items():
        row[_entry(size, one, other)] = weight
    return row


def _pairs_follow(size: int) -> list[Rule]:
    """A pair is chosen where both its fixes are, and nowhere else."""
    rules = []
    for one, other in combinations(range(size), 2):
        pair, first, second = (one, other), (one, one), (other, other)
        rules += [
            (_row(size, {pair: 1, first: -1}), 0.0),
            (_row(size, {pair: 1, second: -1}), 0.0),
            (_row(size, {first: 1, second: 1, pair: -1}), 1.0),
        ]
    return rules


def _not_all(size: int, together: Positions) -> Rule:
    return _row(size, {(fix, fix): 1 for fix in together}), len(together) - 1.0


def best_possible(
    worth: Table, cost: Table, budget: float, impossible: Collection[Positions], possible: Callable[[Positions], bool]
) -> Positions:
    """`best_within`, asked again without whatever turns out not to be `possible`."""
    refused = list(impossible)
    while not possible(best := best_within(worth, cost, budget, refused)):
        refused.append(best)
    return best
