import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.behaviour.chance import faded, poisson
from sim.behaviour.telling import comes, is_referred, reviewed, shift, told

LEVEL = st.floats(0, 1)
UNIFORM = st.floats(2.0**-53, 1 - 2.0**-53)
EVENLY = (np.arange(20_000) + 0.5) / 20_000


@pytest.mark.parametrize(("kind", "moved"), [(1, 2 * 0.1), (-1, 3 * -0.08), (0, 0.0)])
def test_praise_moves_two_people_by_a_tenth_and_blame_three_by_less(kind: int, moved: float) -> None:
    assert np.mean([told(u, kind, 2.0, 0.1, 3.0, -0.08) for u in EVENLY]) == pytest.approx(moved, abs=1e-3)


@given(UNIFORM, st.floats(0, 10), st.floats(0, 10))
def test_each_of_those_who_are_told_is_moved_by_the_shift(u: float, good: float, bad: float) -> None:
    assert told(u, 1, good, 0.1, bad, -0.08) == poisson(u, good) * 0.1
    assert told(u, -1, good, 0.1, bad, -0.08) == poisson(u, bad) * -0.08
    assert told(u, 0, good, 0.1, bad, -0.08) == 0.0


@given(UNIFORM, st.sampled_from([-1, 0, 1]))
def test_where_nobody_is_told_or_moved_talk_is_nothing(u: float, kind: int) -> None:
    assert told(u, kind, 0.0, 0.1, 0.0, -0.08) == 0.0
    assert told(u, kind, 2.0, 0.0, 3.0, 0.0) == 0.0


@pytest.mark.parametrize("half_life", [1.0, 8.0, 30.0])
def test_told_at_a_steady_rate_the_shift_is_what_is_told_for_each_would_be_customer(half_life: float) -> None:
    """0.6 is told a week, evenly, and 14 might come: each meets 0.6 / 14."""
    talk, step = 0.0, half_life / 1_000
    for _ in range(20_000):
        talk = faded(talk, step, half_life) + 0.6 * step
    assert shift(talk, half_life, 14.0) == pytest.approx(0.6 / 14, rel=1e-3)


@given(st.floats(-10, 10), st.floats(0, 100), st.floats(0, 100))
def test_talk_that_nobody_hears_shifts_nothing(talk: float, half_life: float, would_be: float) -> None:
    assert shift(talk, half_life, 0.0) == shift(talk, 0.0, would_be) == 0.0
    assert shift(0.0, half_life, would_be) == 0.0


@given(st.floats(0.01, 10), st.floats(0.1, 100), st.floats(0.1, 100))
def test_the_same_talk_spread_over_twice_as_many_shifts_each_half_as_much(
    talk: float, half_life: float, would_be: float
) -> None:
    alone = shift(talk, half_life, would_be)
    assert shift(talk, half_life, 2 * would_be) == pytest.approx(alone / 2)
    assert shift(-talk, half_life, would_be) == -alone


@given(UNIFORM, st.floats(0.01, 1), st.floats(-1, 2))
def test_someone_comes_with_the_chance_of_those_who_consider_it_times_one_and_the_shift(
    u: float, considering: float, moved: float
) -> None:
    if abs(u - considering * (1 + moved)) > 1e-12:
        assert comes(u / considering, moved) == (u < considering * (1 + moved))


@given(st.floats(0, 50), st.floats(-2, 3), st.floats(-2, 3))
def test_more_praise_never_turns_anyone_away(pull: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert comes(pull, more) or not comes(pull, less)


@given(st.floats(0, 50))
@example(1.0)
def test_where_nothing_is_said_exactly_those_come_who_are_not_referred(pull: float) -> None:
    assert comes(pull, 0.0) != is_referred(pull)


@given(LEVEL, LEVEL, LEVEL)
def test_a_review_moves_the_reputation_towards_what_was_felt_and_at_pace_0_not_at_all(
    reputation: float, experience: float, pace: float
) -> None:
    assert reviewed(reputation, experience, 0.0) == reputation
    low, high = sorted((reputation, experience))
    assert low - 1e-15 <= reviewed(reputation, experience, pace) <= high + 1e-15


def test_many_alike_reviews_bring_the_reputation_there() -> None:
    """A fiftieth of the gap each: after n reviews 0.98^n of it is left."""
    reputation = 0.8
    for _ in range(100):
        reputation = reviewed(reputation, 0.5, 0.02)
    assert reputation == pytest.approx(0.5 + 0.3 * math.pow(0.98, 100))
