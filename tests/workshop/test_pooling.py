"""Pooling: the mixture is the mean of its voices, in any order; its range keeps its mean and stays where they are."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.reports.narrative.workshop_story import pool_said, with_unit
from sim.workshop.opinion_pool import OpinionPool, Voice, pooled

ONE = Voice(0.02, 0.05, 0.2)
CAMPS = [Voice(1, 2, 3), Voice(1, 2, 3), Voice(11, 12, 13), Voice(11, 12, 13)]
numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
voices = st.lists(numbers, min_size=3, max_size=3).map(lambda said: Voice(*sorted(said)))
certain = numbers.map(lambda value: Voice(value, value, value))
rooms = st.lists(voices | certain, min_size=1, max_size=9)


def scipy_of(voice: Voice) -> stats.rv_continuous:
    width = voice.high - voice.low
    return stats.triang((voice.mode - voice.low) / width, voice.low, width)


def mean_of(ends: tuple[float, float, float]) -> float:
    return sum(ends) / 3


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((3, 2, 4), "found 3, 2, 4; allowed: lowest, most likely and highest in that order"),
        ((1, 5, 4), "found 1, 5, 4; allowed: lowest, most likely and highest in that order"),
        ((1, math.nan, 4), "found 1, nan, 4; allowed: three finite numbers"),
        ((1, 2, math.inf), "found 1, 2, inf; allowed: three finite numbers"),
    ],
)
def test_numbers_out_of_order_or_without_end_are_refused_in_words(
    said: tuple[float, float, float], expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        Voice(*said)


def test_nobody_makes_no_pool_and_no_chance_beyond_one() -> None:
    with pytest.raises(ValueError, match="found nobody's numbers"):
        pooled([])
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="allowed: a probability from 0 to 1"):
            pooled([ONE]).quantile(wrong)


@pytest.mark.parametrize("voice", [ONE, Voice(-2, -2, 5), Voice(0, 3, 3), Voice(0, 9, 10)])
def test_a_voice_is_a_triangular_distribution(voice: Voice) -> None:
    theirs, pool = scipy_of(voice), pooled([voice])
    mean, variance = theirs.stats("mv")
    assert voice.mean == pytest.approx(float(mean))
    assert voice.variance == pytest.approx(float(variance))
    for at in np.linspace(voice.low - 1, voice.high + 1, 41).tolist():
        assert voice.chance_below(at) == pytest.approx(theirs.cdf(at))
        assert voice.density(at) == pytest.approx(theirs.pdf(at))
    for chance in (0.01, 0.1, 0.5, 0.9, 0.99):
        assert pool.quantile(chance) == pytest.approx(theirs.ppf(chance))


def test_two_camps_by_hand() -> None:
    pool = pooled(CAMPS)
    assert pool.mean == pytest.approx(7)
    assert pool.sd == pytest.approx(math.sqrt(25 + 1 / 6))
    assert pool.disagreement == pytest.approx(25 / (25 + 1 / 6))
    assert pool.chance_below(7) == 0.5
    assert pool.quantile(0.25) == pytest.approx(2)
    assert pool.quantile(0.5) == pytest.approx(3)
    assert pool.quantile(0.51) > 11
    assert pool.density(2) == pytest.approx(0.5)
    assert pool.density(7) == 0.0


def test_one_who_is_certain_is_a_jump_and_no_density() -> None:
    pool = pooled([Voice(4, 4, 4), Voice(0, 5, 10)])
    assert pool.chance_below(math.nextafter(4, 0)) == pytest.approx(0.16)
    assert pool.chance_below(4) == pytest.approx(0.66)
    assert [pool.quantile(chance) for chance in (0.17, 0.5, 0.66)] == [4, 4, 4]
    assert pool.density(4) == pytest.approx(0.08)


def test_the_density_has_an_area_of_one() -> None:
    pool = pooled([ONE, Voice(0.1, 0.1, 0.3), Voice(0, 0.2, 0.2)])
    area, _ = integrate.quad(pool.density, 0, 0.3, points=[0.02, 0.05, 0.1, 0.2])
    assert area == pytest.approx(1)


@given(rooms, numbers)
def test_the_mixture_is_the_mean_of_its_voices(said: list[Voice], at: float) -> None:
    pool = pooled(said)
    assert pool.chance_below(at) == pytest.approx(np.mean([voice.chance_below(at) for voice in said]))
    assert pool.density(at) == pytest.approx(np.mean([voice.density(at) for voice in said]))
    assert pool.mean == pytest.approx(np.mean([voice.mean for voice in said]), abs=1e-6)


@given(rooms, st.floats(0, 1), st.floats(0, 1))
def test_a_quantile_is_the_first_value_that_is_enough(said: list[Voice], one: float, other: float) -> None:
    pool = pooled(said)
    low, high = sorted((one, other))
    assert pool.quantile(low) <= pool.quantile(high)
    found = pool.quantile(one)
    assert pool.quantile(0) <= found <= pool.quantile(1)
    assert pool.chance_below(found) >= one - 1e-9
    step = 1e-6 * (1 + abs(found))
    assert pool.chance_below(found - step) <= one + 1e-9


@given(rooms, st.randoms(use_true_random=False))
def test_who_speaks_first_makes_no_difference(said: list[Voice], dice: random.Random) -> None:
    shuffled = list(said)
    dice.shuffle(shuffled)
    one, other = pooled(said), pooled(shuffled)
    assert one.range(-1e6, 1e6) == other.range(-1e6, 1e6)
    assert pool_said(one, "minutes") == pool_said(other, "minutes")
    assert sorted(one.apart) == sorted(other.apart)
    for chance in (0.05, 0.5, 0.95):
        assert one.quantile(chance) == other.quantile(chance)


@given(rooms, st.booleans())
def test_the_range_is_ordered_within_what_anybody_said_and_keeps_the_mean(said: list[Voice], whole: bool) -> None:
    pool = pooled(said)
    low, mode, high = pool.range(-1e6, 1e6, whole)
    assert -1e6 <= low <= mode <= high <= 1e6
    slack = 0.5 if whole else 1e-6
    assert min(voice.low for voice in said) - slack <= low
    assert high <= max(voice.high for voice in said) + slack
    assert mean_of((low, mode, high)) == pytest.approx(pool.mean, abs=slack, rel=1e-9)
    assert not whole or all(end == int(end) for end in (low, mode, high))


@given(voices | certain, st.integers(1, 30))
def test_what_everybody_says_alike_comes_back_exactly(voice: Voice, people: int) -> None:
    assert pooled([voice] * people).range(-1e6, 1e6) == (voice.low, voice.mode, voice.high)


@given(voices, voices)
def test_where_the_ends_leave_room_the_spread_is_kept(one: Voice, other: Voice) -> None:
    pool = pooled([one, other])
    low, mode, high = pool.range(-1e6, 1e6)
    inside = min(one.low, other.low) + 1e-6 < low and high < max(one.high, other.high) - 1e-6
    if inside:
        assert math.sqrt(Voice(low, mode, high).variance) == pytest.approx(pool.sd, rel=1e-6)
    else:
        assert math.sqrt(Voice(low, mode, high).variance) <= pool.sd * (1 + 1e-9)


def test_the_range_stays_within_the_quantitys_bounds() -> None:
    pool = pooled([Voice(0, 0.2, 0.4), Voice(0.5, 0.9, 1)])
    low, mode, high = pool.range(0, 0.6)
    assert (0 <= low <= mode <= high) and high == 0.6
    assert pooled([Voice(2, 3, 9)]).range(2.5, 6.5, whole=True) == (3, 3, 6)


def test_the_range_by_hand() -> None:
    """Means of ends and modes are 6, 7 and 8; their spread of 5.02 would need ends 11.3 further off, and 5 are left."""
    assert pooled(CAMPS).range(0, 100) == pytest.approx((1, 7, 13))
    assert pooled(CAMPS).range(4, 100) == pytest.approx((4, 7, 10))
    # (p^2 + pq + q^2)/18 of both is 1.5 and their means differ by 1: 0.25 more, where p = q gives 18 * 1.75 = 3 p^2
    near = pooled([Voice(0, 3, 6), Voice(1, 4, 7)])
    assert near.range(-9, 9) == pytest.approx((3.5 - math.sqrt(10.5), 3.5, 3.5 + math.sqrt(10.5)))


def test_a_voice_far_from_a_crowd_moves_the_range_no_further_than_its_mean() -> None:
    pool = pooled([Voice(4, 5, 6)] * 29 + [Voice(1_000, 1_000, 1_000)])
    assert pool.range(0, 2_000) == pytest.approx((4, 38 + 1 / 6, 72 + 1 / 3))


def test_the_pool_is_said_in_plain_words() -> None:
    assert pool_said(pooled([ONE]), "share") == "One person: 4.3% to 14.8% (P10 to P90), with 8.4% in the middle."
    assert (
        pool_said(pooled([Voice(5, 5, 5)] * 2), "minutes") == "Two people together: 5 minutes. Everybody says the same."
    )
    camps = pool_said(pooled(CAMPS), "minutes")
    assert camps.startswith("Four people together: 1.63 to 12.4 minutes (P10 to P90), with 3 minutes in the middle.")
    assert "They disagree with each other more than each doubts: 99% of the spread is between them." in camps
    assert "apart" not in camps


def test_voices_that_stand_apart_are_counted() -> None:
    crowd = [Voice(4 + step / 10, 5, 6) for step in range(10)]
    assert pooled(crowd).apart == ()
    assert "They largely agree" in pool_said(pooled(crowd), "times")
    far = [Voice(20, 21, 22), Voice(0, 0, 1)]
    assert pooled(crowd + far[:1]).apart == (far[0],)
    assert pool_said(pooled(crowd + far[:1]), "times").endswith("One voice stands apart from the rest.")
    assert pool_said(pooled(crowd + far), "times").endswith("Two voices stand apart from the rest.")
    assert OpinionPool((crowd[0], far[0])).apart == ()


@pytest.mark.parametrize(
    ("unit", "values", "said"),
    [
        ("share", (0.06, 0.12), "6.0% to 12.0%"),
        ("minutes", (9.1234,), "9.12 minutes"),
        ("GBP a year", (49_869.4,), "£49,869"),
        ("GBP", (2.5, 3), "£2.50 to £3.00"),
        ("customers", (0.0, 1_234_567), "0 to 1,230,000 customers"),
        ("", (7.0,), "7"),
        ("log-odds", (-0.00012345, 10.0), "−\u20600.000123 to 10 log-odds"),
        ("trolleys", (999.6,), "1,000 trolleys"),
    ],
)
def test_figures_have_three_digits_and_their_unit_once(unit: str, values: tuple[float, ...], said: str) -> None:
    assert with_unit(unit, *values) == said
