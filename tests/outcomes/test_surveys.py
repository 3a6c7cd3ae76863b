import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from sim.outcomes.surveys import nps_half_width, wilson_half_width


@given(st.integers(1, 5_000), st.floats(0, 1))
def test_the_error_of_a_share_is_half_of_wilsons_interval(answers: int, share: float) -> None:
    yes = round(share * answers)
    low, high = binomtest(yes, answers).proportion_ci(0.95, method="wilson")
    assert wilson_half_width(yes / answers, answers) == pytest.approx((high - low) / 2, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("promoters", "detractors", "answers", "points"),
    [
        (0.45, 0.20, 400, 7.51),
        (0.45, 0.20, 1_600, 3.76),
        (0.5, 0.5, 100, 19.6),
        (0.0, 0.0, 100, 0.0),
        (1.0, 0.0, 9, 0.0),
    ],
)
def test_the_error_of_promoters_less_detractors_is_what_one_works_out_by_hand(
    promoters: float, detractors: float, answers: int, points: float
) -> None:
    assert 100 * nps_half_width(promoters, detractors, answers) == pytest.approx(points, abs=0.005)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 5_000))
def test_it_is_the_normal_interval_of_answers_of_plus_one_nothing_and_minus_one(
    promoters: float, part: float, answers: int
) -> None:
    detractors = part * (1 - promoters)
    passive = 1 - promoters - detractors
    mean = promoters - detractors
    variance = promoters * (1 - mean) ** 2 + detractors * (1 + mean) ** 2 + passive * mean**2
    expected = norm.ppf(0.975) * math.sqrt(variance / answers)
    assert nps_half_width(promoters, detractors, answers) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_where_nobody_answers_there_is_no_error_to_state() -> None:
    assert math.isnan(wilson_half_width(0.5, 0))
    assert math.isnan(wilson_half_width(math.nan, 400))
    assert math.isnan(nps_half_width(0.45, 0.2, 0))
    assert math.isnan(nps_half_width(math.nan, math.nan, 400))


@given(st.floats(0, 1), st.integers(1, 1_000))
def test_more_answers_always_say_more(share: float, answers: int) -> None:
    assert wilson_half_width(share, answers + 1) < wilson_half_width(share, answers) <= 0.5
