import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import binomtest, norm

from sim.outcomes.surveys import nps_half_width, nps_interval, wilson_half_width


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
        (1 / 2, 1 / 6, 36, 24.35),
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


def tango(promoters: int, detractors: int, answers: int) -> tuple[float, float]:
    """Its interval the long way: the likeliest shares under each difference by search, and where the test turns."""
    passives, found = answers - promoters - detractors, (promoters - detractors) / answers

    def beyond(difference: float) -> float:
        def unlikely(share: float) -> float:  # of detractors; a class that nobody is in says nothing
            seen = ((promoters, share + difference), (detractors, share), (passives, 1 - 2 * share - difference))
            return -sum(count * math.log(max(each, 1e-300)) for count, each in seen if count)

        ends = (max(0.0, -difference), (1 - difference) / 2)
        share = minimize_scalar(unlikely, bounds=ends, method="bounded", options={"xatol": 1e-13}).x
        return (found - difference) ** 2 * answers - norm.ppf(0.975) ** 2 * (2 * share + difference - difference**2)

    within = 1 - 1e-9
    low = -1.0 if beyond(-within) <= 0 else brentq(beyond, -within, found - 1e-9)
    high = 1.0 if beyond(within) <= 0 else brentq(beyond, found + 1e-9, within)
    return low, high


@pytest.mark.parametrize(
    ("promoters", "detractors", "answers"),
    [(12, 0, 12), (0, 12, 12), (0, 0, 12), (11, 0, 12), (18, 6, 36), (180, 80, 400), (1, 1, 2), (1, 0, 1)],
)
def test_the_interval_of_a_score_is_tangos(promoters: int, detractors: int, answers: int) -> None:
    found = nps_interval(promoters / answers, detractors / answers, answers)
    assert found == pytest.approx(tango(promoters, detractors, answers), abs=2e-5)


def test_twelve_promoters_of_twelve_leave_much_in_doubt() -> None:
    """Tango's 51.5 to 100. Exact is 47 to 100: of .735 promoters, twelve in a row come once in forty times."""
    low, high = nps_interval(1.0, 0.0, 12)
    assert (100 * low, 100 * high) == (pytest.approx(51.5, abs=0.05), 100.0)
    assert low == pytest.approx(2 * 0.025 ** (1 / 12) - 1, abs=0.05)
    assert nps_interval(0.0, 1.0, 12) == (-high, -low)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_interval_holds_the_score_and_keeps_to_what_scores_there_are(
    promoters: int, passives: int, less: int
) -> None:
    answers = promoters + passives + less
    if not answers:
        assert all(map(math.isnan, nps_interval(0.0, 0.0, 0)))
        return
    low, high = nps_interval(promoters / answers, less / answers, answers)
    assert -1 <= low <= (promoters - less) / answers <= high <= 1
    assert high - low > 0.02
    mirrored = nps_interval(less / answers, promoters / answers, answers)
    assert mirrored == pytest.approx((-high, -low), abs=1e-12)


def test_where_nobody_answers_there_is_no_error_to_state() -> None:
    assert math.isnan(wilson_half_width(0.5, 0))
    assert math.isnan(wilson_half_width(math.nan, 400))
    assert math.isnan(nps_half_width(0.45, 0.2, 0))
    assert math.isnan(nps_half_width(math.nan, math.nan, 400))


@given(st.floats(0, 1), st.integers(1, 1_000))
def test_more_answers_always_say_more(share: float, answers: int) -> None:
    assert wilson_half_width(share, answers + 1) < wilson_half_width(share, answers) <= 0.5
