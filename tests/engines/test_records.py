import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.clock import WEEK
from sim.engines.plan import plan_of
from sim.engines.records import add_level, page_of, visit_dtype
from tests.engines.worlds import tiny


def bins_after(level: float, since: float, now: float, weeks: int = 3) -> list[float]:
    bins = np.zeros(weeks)
    add_level(bins, level, since * WEEK, now * WEEK)
    return (bins / WEEK).tolist()


@pytest.mark.parametrize(
    ("level", "since", "now", "expected"),
    [
        (2.0, 0.25, 0.75, [1.0, 0.0, 0.0]),
        (1.0, 0.5, 2.25, [0.5, 1.0, 0.25]),
        (1.0, 1.0, 2.0, [0.0, 1.0, 0.0]),
        (3.0, -2.0, 0.5, [1.5, 0.0, 0.0]),
        (1.0, -2.0, -1.0, [0.0, 0.0, 0.0]),
        (1.0, 2.5, 9.0, [0.0, 0.0, 0.5]),
        (1.0, 3.0, 9.0, [0.0, 0.0, 0.0]),
        (0.0, 0.0, 3.0, [0.0, 0.0, 0.0]),
        (5.0, 1.0, 1.0, [0.0, 0.0, 0.0]),
    ],
)
def test_a_level_counts_in_each_week_for_as_long_as_it_lasted_there(
    level: float, since: float, now: float, expected: list[float]
) -> None:
    assert bins_after(level, since, now) == expected


@given(st.integers(0, 50), st.floats(-3, 12), st.floats(0, 12), st.integers(1, 9))
def test_level_minutes_are_neither_lost_nor_made(level: int, since: float, lasts: float, weeks: int) -> None:
    now = since + lasts
    recorded = max(min(now, weeks) - min(max(since, 0), weeks), 0)
    assert sum(bins_after(float(level), since, now, weeks)) == pytest.approx(level * recorded, abs=1e-9)


def test_a_row_has_a_loss_and_a_response_for_each_failure_and_a_wait_for_each_touchpoint() -> None:
    scenario = tiny()
    dtype = visit_dtype(plan_of(scenario))
    assert dtype["lost"].shape == dtype["response"].shape == (len(scenario.failures),)
    assert dtype["wait"].shape == dtype["joins"].shape == (len(scenario.journey),)


def test_compiled_code_sees_every_plan_alike_even_one_without_failure_points() -> None:
    plans = [plan_of(tiny()), plan_of(tiny({"failures": []}))]
    kinds = [numba.typeof(page_of(np.empty(9, visit_dtype(plan)))) for plan in plans]
    assert kinds[0] == kinds[1]
    assert numba.typeof(plans[0]) == numba.typeof(plans[1])
