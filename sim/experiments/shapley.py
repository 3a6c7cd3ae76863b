"""Shapley's shares of a joint cost, in whole numbers that sum to it exactly.

A game is what every set of players costs: 2^k whole numbers, where bit i of a position says whether player i is in
the set. `game[0]` is the cost of nobody, `game[-1]` of all.
"""

from collections.abc import Sequence
from math import factorial

Game = Sequence[int]


def shares(game: Game) -> list[int]:
    """Each player's share (Shapley 1953), in whole numbers that sum to `game[-1] - game[0]`.

    A share is what a player adds to those before them, averaged over every order of arrival. Halves and thirds are
    settled by largest remainder: no share moves by as much as 1, and who never adds anything has exactly 0.

    Raises:
        ValueError: the number of sets is no power of two.
    """
    orders = factorial(_players(game))
    parts = [divmod(added, orders) for added in added_over_orders(game)]
    short = game[-1] - game[0] - sum(whole for whole, _ in parts)
    rounded_up = sorted(range(len(parts)), key=lambda player: -parts[player][1])[:short]
    return [whole + (player in rounded_up) for player, (whole, _) in enumerate(parts)]


def added_over_orders(game: Game) -> list[int]:
    """What each player adds to those before them, summed over all k! orders of arrival.

    Raises:
        ValueError: the number of sets is no power of two.
    """
    players = _players(game)
    orders = [factorial(before) * factorial(players - before - 1) for before in range(players)]
    return [
        sum(orders[before.bit_count()] * (game[before | bit] - game[before]) for before in _without(bit, len(game)))
        for bit in (1 << player for player in range(players))
    ]


def _without(bit: int, sets: int) -> list[int]:
    return [players for players in range(sets) if not players & bit]


def _players(game: Game) -> int:
    players = len(game).bit_length() - 1
    if len(game) != 1 << players:
        raise ValueError(f"found {len(game)} costs; allowed: one for every set of players, a power of two")
    return players


def saved(game: Game, gone: int) -> int:
    """What is saved when the players in the set `gone` go and all others stay."""
    return game[-1] - game[(len(game) - 1) & ~gone]


def joint(game: Game, one: int, other: int) -> int:
    """What two sets of players save when they go together, less what each saves alone."""
    return saved(game, one | other) - saved(game, one) - saved(game, other)
