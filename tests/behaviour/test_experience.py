import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.experience import (
    ATTRACTIVE,
    MUST_BE,
    PERFORMANCE,
    attribute,
    experience,
    felt,
    restored,
    satisfaction,
    satisfaction_that_counts,
)

LEVEL = st.floats(0, 1)
EVENT = st.floats(-3, 3)


def test_a_neutral_event_is_not_felt() -> None:
    assert felt(0.0, 0.3, 2.0) == 0.0


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0, 10))
def test_a_loss_weighs_loss_aversion_times_the_gain_of_its_size(event: float, weight: float, kappa: float) -> None:
    assert felt(event, weight, kappa) == weight * event
    assert felt(-event, weight, kappa) == pytest.approx(-kappa * felt(event, weight, kappa))


@given(EVENT, st.floats(0, 10), st.floats(0, 10))
def test_an_event_is_felt_no_more_than_at_full_strength(event: float, weight: float, kappa: float) -> None:
    assert -weight * kappa <= felt(event, weight, kappa) <= weight
    assert felt(-3.0, weight, kappa) == felt(-1.0, weight, kappa)
    assert felt(3.0, weight, kappa) == felt(1.0, weight, kappa)


@given(EVENT, EVENT, st.floats(0, 10), st.floats(0, 10))
def test_a_worse_event_never_feels_better(one: float, other: float, weight: float, kappa: float) -> None:
    worse, better = sorted((one, other))
    assert felt(worse, weight, kappa) <= felt(better, weight, kappa)


@given(LEVEL, st.floats(-20, 20))
def test_experience_stays_between_dreadful_and_delightful(reference: float, felt_sum: float) -> None:
    assert 0 <= experience(reference, felt_sum) <= 1


@given(LEVEL, LEVEL)
def test_where_nothing_happens_experience_and_satisfaction_stay_exactly_at_reference(
    reference: float, gain: float
) -> None:
    assert experience(reference, 0.0) == reference
    assert satisfaction(reference, experience(reference, 0.0), gain) == reference


@given(LEVEL, LEVEL, LEVEL)
def test_satisfaction_moves_towards_the_experience_and_never_past_it(
    before: float, experienced: float, gain: float
) -> None:
    after = satisfaction(before, experienced, gain)
    low, high = sorted((before, experienced))
    assert low - 1e-15 <= after <= high + 1e-15
    assert satisfaction(before, experienced, 0.0) == before


def test_satisfaction_after_one_bad_visit_is_what_one_works_out_by_hand() -> None:
    bad = experience(0.8, felt(-0.4, 0.3, 2.0))
    assert bad == pytest.approx(0.56)
    assert satisfaction(0.8, bad, 0.2) == pytest.approx(0.752)


@pytest.mark.parametrize(
    ("kind", "lack", "presence"),
    [(PERFORMANCE, -0.6, 0.6), (MUST_BE, -0.6, 0.0), (ATTRACTIVE, 0.0, 0.6)],
    ids=["performance", "must be", "attractive"],
)
def test_what_must_be_there_can_only_disappoint_and_what_attracts_can_only_please(
    kind: int, lack: float, presence: float
) -> None:
    assert attribute(-0.6, kind) == lack
    assert attribute(0.6, kind) == presence
    assert attribute(0.0, kind) == 0.0


@given(st.floats(-1, 1), st.floats(-1, 1), st.sampled_from([PERFORMANCE, MUST_BE, ATTRACTIVE]))
def test_a_better_attribute_is_never_a_worse_event(one: float, other: float, kind: int) -> None:
    worse, better = sorted((one, other))
    assert -1 <= attribute(worse, kind) <= attribute(better, kind) <= 1


@given(st.floats(-1, 1), st.floats(0, 10), st.floats(0, 10))
def test_an_attribute_is_the_sum_of_its_lack_and_its_presence(level: float, weight: float, kappa: float) -> None:
    parts = [felt(attribute(level, kind), weight, kappa) for kind in (MUST_BE, ATTRACTIVE)]
    assert felt(attribute(level, PERFORMANCE), weight, kappa) == sum(parts)


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
