import numpy as np
import pytest

from sim.engines.records import STILL_HERE
from tests.engines.worlds import outcome_of, run, tiny
from tests.outcomes.by_hand import outcome_by_hand, without_base


def test_a_year_is_365_days_of_the_weeks_recorded() -> None:
    assert outcome_by_hand().a_year == 365 / 14


def test_the_base_are_those_present_at_week_0() -> None:
    outcome = outcome_by_hand()
    assert outcome.base.tolist() == [True, True, True, False]
    assert outcome.base_size == 3


def test_leavers_are_counted_in_the_week_in_which_they_left_and_newcomers_are_not() -> None:
    outcome = outcome_by_hand()
    outcome.records.left_week[3] = 1
    assert outcome.left_by_age().tolist() == [1, 1]


def test_retention_starts_with_everybody_and_falls_with_every_leaver() -> None:
    np.testing.assert_allclose(outcome_by_hand().retention(), [1, 2 / 3, 1 / 3])


def test_without_a_base_retention_is_missing_in_every_week() -> None:
    retention = without_base(outcome_by_hand()).retention()
    assert retention.shape == (3,)
    assert np.isnan(retention).all()


def test_retention_of_a_run_never_rises_and_ends_with_those_still_there() -> None:
    outcome = outcome_of(run(tiny({"customers.leaving.churn_per_year": 0.8})))
    retention = outcome.retention()
    assert retention.shape == (13,)
    assert retention[0] == 1
    assert (np.diff(retention) <= 0).all()
    assert retention[-1] == pytest.approx((outcome.records.left_week[outcome.base] == STILL_HERE).mean())


def test_loss_by_failure_point_is_the_ledgers_a_year_in_whole_currency() -> None:
    lost = outcome_by_hand().lost_by_failure_point(100)
    assert lost == pytest.approx({"wheel": 3 * 365 / 14, "empty_bay": 0, "queue": 9 * 365 / 14, "refused": 0})
