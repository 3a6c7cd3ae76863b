import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.complaining import complaint_probability


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
