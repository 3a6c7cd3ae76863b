import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.surveying import answers, is_satisfied, promotes, score

LEVEL = st.floats(0, 1)
EVENLY = (np.arange(1_000) + 0.5) / 1_000


def share_who_answer(satisfaction: float, share: float, extremes: float) -> float:
    return float(np.mean([answers(u, satisfaction, share, extremes) for u in EVENLY]))


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
    spread = [share_who_answer(satisfaction, share, extremes) for satisfaction in EVENLY[::5]]
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
