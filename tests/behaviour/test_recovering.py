import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.recovering import restored, satisfaction_that_counts

LEVEL = st.floats(0, 1)
FELT = st.floats(-5, 5)
SHARE = st.floats(0, 3)


@pytest.mark.parametrize(("share", "left"), [(0.2, -0.4), (0.6, -0.2), (1.0, 0.0), (1.2, 0.1)])
def test_a_settled_complaint_gives_back_its_share_of_what_was_lost(share: float, left: float) -> None:
    assert restored(-0.5, share) == pytest.approx(left)


@given(FELT)
def test_nothing_is_restored_where_the_share_is_0(felt: float) -> None:
    assert restored(felt, 0.0) == felt


@given(st.floats(0, 5), SHARE)
def test_where_nothing_was_lost_nothing_is_given_back(felt: float, share: float) -> None:
    assert restored(felt, share) == felt


@given(FELT, SHARE, SHARE)
def test_the_more_is_restored_the_better_it_feels(felt: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert felt <= restored(felt, less) <= restored(felt, more)


@given(LEVEL, LEVEL)
def test_a_recovery_counts_at_most_as_high_as_before_the_failure(after: float, before: float) -> None:
    assert satisfaction_that_counts(after, before, True) == min(after, before)
    assert satisfaction_that_counts(after, before, False) == after
