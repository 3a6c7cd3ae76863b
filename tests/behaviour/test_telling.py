import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.behaviour.chance import faded, poisson
from sim.behaviour.telling import (
    answers,
    comes,
    complaint_probability,
    is_referred,
    is_satisfied,
    promotes,
    reviewed,
    score,
    shift,
    told,
)

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


@pytest.mark.parametrize(("severity", "share"), [(0.1, 0.030), (0.9, 0.691)])
def test_three_in_a_hundred_complain_of_a_trifle_and_sixty_nine_of_a_disaster(severity: float, share: float) -> None:
    assert complaint_probability(severity, -4.01, 5.35) == pytest.approx(share, abs=5e-4)


@given(st.floats(0, 1), st.floats(-20, 20), st.floats(-20, 20))
def test_log_odds_of_complaining_are_linear_in_severity(severity: float, intercept: float, slope: float) -> None:
    share = complaint_probability(severity, intercept, slope)
    assert 0 <= share <= 1
    if 1e-6 < share < 1 - 1e-6:
        assert math.log(share / (1 - share)) == pytest.approx(intercept + slope * severity, abs=1e-8)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 20))
def test_worse_failures_are_never_complained_of_less(one: float, other: float, slope: float) -> None:
    mild, bad = sorted((one, other))
    assert complaint_probability(mild, -4.01, slope) <= complaint_probability(bad, -4.01, slope)


def test_the_largest_log_odds_that_a_scenario_allows_make_complaining_certain() -> None:
    assert complaint_probability(0.0, 1_000.0, 5.35) == 1.0


A_THOUSAND = (np.arange(1_000) + 0.5) / 1_000


def share_who_answer(satisfaction: float, share: float, extremes: float) -> float:
    return float(np.mean([answers(u, satisfaction, share, extremes) for u in A_THOUSAND]))


@given(LEVEL, LEVEL, st.floats(0, 10))
def test_asked_at_once_people_speak_of_the_last_visit(
    satisfaction: float, experience: float, forgetting: float
) -> None:
    assert score(satisfaction, experience, 0.0, forgetting) == pytest.approx(experience, abs=1e-15)


@given(LEVEL, LEVEL, st.floats(0, 10))
def test_asked_after_ages_people_speak_of_the_relationship(
    satisfaction: float, experience: float, forgetting: float
) -> None:
    assert score(satisfaction, experience, 1e6, forgetting) == satisfaction


@pytest.mark.parametrize(("days", "said"), [(2, 0.6), (4, 0.7), (6, 0.75)])
def test_every_two_days_the_last_visit_weighs_half_as_much(days: float, said: float) -> None:
    assert score(0.8, 0.4, days, 2.0) == pytest.approx(said)


def test_who_forgets_at_once_speaks_of_the_relationship_after_any_delay() -> None:
    assert score(0.8, 0.4, 1e-9, 0.0) == 0.8


@given(LEVEL, LEVEL, st.floats(0, 100), st.floats(0, 100))
def test_an_answer_lies_between_the_last_visit_and_the_relationship(
    satisfaction: float, experience: float, delay: float, forgetting: float
) -> None:
    low, high = sorted((satisfaction, experience))
    assert low - 1e-15 <= score(satisfaction, experience, delay, forgetting) <= high + 1e-15


@pytest.mark.parametrize(("share", "extremes"), [(0.1, 0.0), (0.1, 2.0), (0.3, 2.0), (0.2, 10.0)])
def test_over_all_satisfactions_the_share_who_answer_is_the_one_given(share: float, extremes: float) -> None:
    spread = [share_who_answer(satisfaction, share, extremes) for satisfaction in A_THOUSAND[::5]]
    assert np.mean(spread) == pytest.approx(share, abs=1e-3)


def test_the_very_pleased_and_the_very_cross_answer_alike_and_most() -> None:
    """With extremes of 2 three times as many answer at the ends as in the middle: 0.18 against 0.06."""
    by_satisfaction = [share_who_answer(satisfaction, 0.1, 2.0) for satisfaction in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert by_satisfaction == pytest.approx([0.18, 0.09, 0.06, 0.09, 0.18])


@given(st.floats(2.0**-53, 1 - 2.0**-53), LEVEL, LEVEL)
def test_without_extremes_all_answer_alike_and_where_none_are_to_answer_none_does(
    u: float, satisfaction: float, share: float
) -> None:
    assert answers(u, satisfaction, share, 0.0) == (u < share)
    assert not answers(u, satisfaction, 0.0, 2.0)


@given(st.floats(2.0**-53, 1 - 2.0**-53), LEVEL, LEVEL, LEVEL)
def test_asking_harder_only_ever_adds_answers(u: float, satisfaction: float, one: float, other: float) -> None:
    few, many = sorted((one, other))
    assert answers(u, satisfaction, many, 2.0) or not answers(u, satisfaction, few, 2.0)


def test_four_and_five_of_five_are_satisfied() -> None:
    assert [is_satisfied(level) for level in (0.0, 0.59, 0.6, 1.0)] == [False, False, True, True]


def test_nine_of_ten_promotes_and_six_detracts() -> None:
    assert [promotes(level) for level in (0.0, 0.64, 0.65, 0.84, 0.85, 1.0)] == [-1, -1, 0, 0, 1, 1]
