"""Shapley's shares against the definition: what each adds to those before, over every order of arrival."""

from itertools import permutations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.sharing import added_over_orders, joint, saved, shares

COSTS = st.integers(-(10**12), 10**12)


@st.composite
def games(draw: st.DrawFn, most: int = 5) -> list[int]:
    players = draw(st.integers(0, most))
    return [0, *draw(st.lists(COSTS, min_size=2**players - 1, max_size=2**players - 1))]


def players_of(game: list[int]) -> int:
    return len(game).bit_length() - 1


def by_definition(game: list[int]) -> list[int]:
    """k! times each share."""
    added = [0] * players_of(game)
    for order in permutations(range(players_of(game))):
        before = 0
        for player in order:
            added[player] += game[before | 1 << player] - game[before]
            before |= 1 << player
    return added


@given(games())
def test_what_each_adds_is_summed_over_every_order(game: list[int]) -> None:
    assert added_over_orders(game) == by_definition(game)


@given(games())
def test_shares_sum_to_the_whole_exactly_and_none_is_off_by_as_much_as_1(game: list[int]) -> None:
    found, orders = shares(game), factorial(players_of(game))
    assert sum(found) == game[-1]
    for share, added in zip(found, by_definition(game), strict=True):
        assert abs(share * orders - added) < orders


@given(games(), st.data())
def test_who_never_adds_anything_has_exactly_nothing(game: list[int], data: st.DataObject) -> None:
    bit = 1 << data.draw(st.integers(0, players_of(game)))
    with_idler = [game[_squeezed(players, bit)] for players in range(2 * len(game))]
    found = shares(with_idler)
    assert found.pop(bit.bit_length() - 1) == 0
    assert found == shares(game)


def _squeezed(players: int, bit: int) -> int:
    """The set without that player, and the later ones moved up."""
    return (players & (bit - 1)) | ((players >> bit.bit_length()) << (bit.bit_length() - 1))


@given(st.lists(COSTS, min_size=1, max_size=6))
def test_players_who_are_alike_share_alike(by_size: list[int]) -> None:
    game = [0, *(by_size[players.bit_count() - 1] for players in range(1, 2 ** len(by_size)))]
    assert len(set(added_over_orders(game))) == 1
    assert max(shares(game)) - min(shares(game)) <= 1


@given(games(), st.randoms(use_true_random=False))
def test_shares_of_two_games_add_up_before_rounding(game: list[int], random) -> None:  # type: ignore[no-untyped-def]
    other = [0, *(random.randrange(10**9) for _ in game[1:])]
    together = [one + two for one, two in zip(game, other, strict=True)]
    pairs = zip(added_over_orders(game), added_over_orders(other), strict=True)
    assert added_over_orders(together) == [one + two for one, two in pairs]


def test_a_cost_that_needs_both_is_halved_and_the_odd_penny_goes_to_the_first() -> None:
    assert shares([0, 0, 0, 10]) == [5, 5]
    assert shares([0, 0, 0, 11]) == [6, 5]
    assert shares([0, 0, 0, -11]) == [-5, -6]


def test_nobody_shares_nothing() -> None:
    assert shares([0]) == []


def test_a_game_that_lacks_a_set_is_refused() -> None:
    with pytest.raises(ValueError, match="found 3 costs"):
        shares([0, 1, 2])


def test_what_is_saved_is_counted_with_all_others_staying() -> None:
    game = [0, 3, 4, 9]
    assert (saved(game, 0b01), saved(game, 0b10), saved(game, 0b11), saved(game, 0)) == (5, 6, 9, 0)
    assert joint(game, 0b01, 0b10) == 9 - 5 - 6
