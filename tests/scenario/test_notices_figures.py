"""The figures in notices are those that a simulation comes to, where it simulates what they are about."""

import numpy as np
import pytest

from sim.engines.records import BUSY, NOT_JOINED, STILL_HERE
from sim.scenario.notices.work import base_of, queues, visits_a_week
from sim.scenario.world import without_failures
from tests.engines.worlds import Changes, run, tiny

PER_VISIT = {"chance_per_visit": 0.02, "concentration": 4}
UNEVEN = {"customers.visits_shape": 0.5, "segments.hurried.visits_times": 2}
MANY = {"customers.base": 4000, "resources.tills.servers": 40, "weeks": 104, "assets.trolleys.pool": 2000}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"customers.leaving.concentration": 2, "customers.newcomers_per_week": 20},
        {"customers.leaving": PER_VISIT, **UNEVEN},
        {"customers.leads_per_week": 40, "journey.checkout.converts": {"chance": 0.3}},
    ],
)
def test_as_many_customers_are_there_at_the_end_as_are_expected(changes: Changes) -> None:
    scenario = without_failures(tiny({**MANY, **changes}))
    records = run(scenario, engine="compiled").records
    there = np.count_nonzero((records.joined_week != NOT_JOINED) & (records.left_week == STILL_HERE))
    assert there == pytest.approx(base_of(scenario).end, rel=0.04)


def test_as_much_work_is_done_as_the_load_says() -> None:
    scenario = without_failures(tiny({**MANY, "customers.leaving.churn_per_year": 0, "weeks": 20}))
    busy = run(scenario, engine="compiled").records.resources[0, BUSY].mean()
    queue = queues(scenario, visits_a_week(scenario, base_of(scenario).start * 1.005))["tills"]
    assert busy == pytest.approx(queue.minutes, rel=0.05)
    open_minutes = 3 * 9 * 60 + 6 * 60
    assert queue.load == queue.minutes / (40 * open_minutes)
