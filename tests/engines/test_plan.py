from typing import Any

import numpy as np
import pytest

from sim.behaviour.chance import EXPONENTIAL, FIXED, LOGNORMAL
from sim.behaviour.telling import complaint_probability
from sim.engines.clock import DAY, WEEK
from sim.engines.lowering import CARRY_ON, HAND_BACK, LEAVE_SHOP
from sim.engines.plan import gap_shape, plan_of
from sim.engines.randomness import key_of
from sim.scenario.world import without_failures
from tests.engines.worlds import checked, tiny, tiny_data

BAY, AISLES, CHECKOUT, DESK = range(4)
WHEEL, EMPTY, QUEUE, REFUSED = range(4)


def with_a_touchpoint_in_front() -> dict[str, Any]:
    data = tiny_data()
    data["journey"].insert(
        0, {"id": "door", "label": "Door", "stage": "arrive", "department": "operations", "next": [{"to": "bay"}]}
    )
    return data


def test_adding_a_touchpoint_leaves_the_keys_of_all_others_as_they_were() -> None:
    before, after = plan_of(tiny()), plan_of(checked(with_a_touchpoint_in_front()))
    np.testing.assert_array_equal(after.touchpoints["key"][1:], before.touchpoints["key"])
    np.testing.assert_array_equal(after.failures["key"], before.failures["key"])
    np.testing.assert_array_equal(after.pools["key"], before.pools["key"])


def test_keys_come_from_names() -> None:
    plan = plan_of(tiny())
    assert plan.touchpoints["key"].tolist() == [key_of(name) for name in ("bay", "aisles", "checkout", "desk")]
    assert plan.failures["key"].tolist() == [key_of(name) for name in ("wheel", "empty_bay", "queue", "refused")]


def test_touchpoints_refer_to_what_happens_there() -> None:
    places = plan_of(tiny()).touchpoints
    assert places["on_asset"].tolist() == [WHEEL, -1, -1, -1]
    assert places["on_shortage"].tolist() == [EMPTY, -1, -1, -1]
    assert places["on_wait"].tolist() == [-1, -1, QUEUE, -1]
    assert places["on_unresolved"].tolist() == [-1, -1, -1, REFUSED]
    assert places["borrows"].tolist() == [0, -1, -1, -1]
    assert places["hears"].tolist() == [-1, -1, -1, 0]
    assert places["resource"].tolist() == [-1, -1, 0, 1]
    assert places["patience"].tolist() == [np.inf, np.inf, 12.0, np.inf]
    assert places["law"].tolist() == [FIXED, LOGNORMAL, EXPONENTIAL, EXPONENTIAL]
    assert places["timed"].tolist() == [False, True, True, True]


def test_where_a_failure_point_is_off_nothing_refers_to_it() -> None:
    places = plan_of(without_failures(tiny())).touchpoints
    for cause in ("on_asset", "on_shortage", "on_wait", "on_unresolved"):
        assert (places[cause] == -1).all()
    assert not places["chances"].any()


def test_nothing_breaks_where_faulty_things_are_off() -> None:
    assert plan_of(tiny()).pools["breaks"].tolist() == [0.01]
    assert plan_of(tiny({"failures.wheel.on": False})).pools["breaks"].tolist() == [0.0]


def test_reports_are_always_acted_on_where_their_refusal_is_off() -> None:
    assert not plan_of(tiny()).touchpoints["always_acts"].any()
    off = plan_of(tiny({"failures.refused.on": False})).touchpoints
    assert off["always_acts"].tolist() == [False, False, False, True]


def test_a_loss_counts_on_the_trips_it_names_and_on_all_where_it_names_none() -> None:
    plan = plan_of(tiny())
    first = int(plan.failures[WHEEL]["first_response"])
    np.testing.assert_array_equal(plan.losses[first : first + 4], [[0.06, 0.06], [0.5, 0], [0.3, 0.3], [1, 1]])
    responses = plan.responses[first : first + 4]
    assert responses["then"].tolist() == [CARRY_ON, HAND_BACK, CARRY_ON, LEAVE_SHOP]
    assert responses["not_in_rain"].tolist() == [False, True, False, False]


def test_only_reported_failures_are_complained_of() -> None:
    assert plan_of(tiny()).failures["complaint"].tolist() == [complaint_probability(0.5, -4.01, 5.35), 0, 0, 0]


def test_time_starts_with_warm_up_and_ends_with_the_last_week() -> None:
    plan = plan_of(tiny({"weeks": 7, "warm_up_days": 3}))
    assert (plan.starts, plan.ends, plan.weeks) == (-3 * DAY, 7 * WEEK, 7)


@pytest.mark.parametrize("cv", [0.5, 0.9, 1.0, 2.0])
def test_the_shape_of_gaps_has_the_scenarios_coefficient_of_variation(cv: float) -> None:
    assert gap_shape(tiny({"customers.gap_cv": cv})) ** -0.5 == pytest.approx(cv)


def test_failures_by_chance_are_listed_touchpoint_by_touchpoint() -> None:
    data = tiny_data()
    for name, at in (("late", "checkout"), ("early", "bay"), ("again", "checkout")):
        response = {"id": "shrug", "label": "Shrugs"}
        data["failures"].append(
            {"id": name, "label": name, "at": at, "cause": "chance", "chance": 0.5, "responses": [response]}
        )
    plan = plan_of(checked(data))
    ids = [failure["id"] for failure in data["failures"]]
    found = [
        [ids[k] for k in plan.chance_failures[row["first_chance"] : row["first_chance"] + row["chances"]]]
        for row in plan.touchpoints
    ]
    assert found == [["early"], [], ["late", "again"], []]
