from types import SimpleNamespace

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.calendar import WEEK
from sim.engines.records import BUSY, QUEUE, REFUSALS, REPAIRS, REPORTS, SHORTAGES, WORKING
from sim.engines.simpy.people import Pool, Service


def pool_of(size: int, env: simpy.Environment | None = None, weeks: int = 2) -> Pool:
    row = SimpleNamespace(key=1, size=size, breaks=0.1, reserve=0, repairer=0, law=0, mean=1.0, log_sd=0.0)
    return Pool(env or simpy.Environment(), row, weeks)


@given(st.integers(0, 6), st.lists(st.tuples(st.sampled_from(["lend", "back", "pull", "mend"]), st.booleans())))
def test_no_thing_is_ever_lost_or_made(size: int, steps: list[tuple[str, bool]]) -> None:
    """Whatever is lent, brought back, pulled and mended, in any order that can happen."""
    pool, out, in_repair = pool_of(size), [], 0
    for step, coin in steps:
        if step == "lend" and pool.idle:
            faulty = pool.faulty_idle == pool.idle or (coin and pool.faulty_idle > 0)
            pool.lend(faulty)
            out.append(faulty)
        elif step == "back" and out:
            faulty = out.pop()
            pool.take_back(faulty, coin and not faulty)
        elif step == "pull" and True in out:
            out.remove(True)
            pool.pull()
            in_repair += 1
        elif step == "mend" and in_repair:
            pool.mended()
            in_repair -= 1
        assert (pool.level[BUSY], pool.level[QUEUE]) == (len(out), in_repair)
        assert pool.idle + len(out) + in_repair == size
        assert 0 <= pool.faulty_idle <= pool.idle
        assert pool.level[WORKING] == size - pool.faulty_idle - sum(out) - in_repair


def test_repair_jobs_are_numbered_from_one() -> None:
    pool = pool_of(3)
    for _ in range(3):
        pool.lend(False)
    assert [pool.pull() for _ in range(3)] == [1, 2, 3]


def test_levels_are_weighed_by_time_and_counts_by_week() -> None:
    env = simpy.Environment(initial_time=-WEEK)
    pool = pool_of(4, env)
    env.run(until=WEEK / 2)
    pool.lend(False)
    pool.count_report()
    env.run(until=WEEK * 1.5)
    pool.take_back(False, True)
    for count in (pool.count_report, pool.count_refusal, pool.count_shortage):
        count()
    env.run(until=WEEK * 2)
    pool.close()
    np.testing.assert_allclose(pool.counters[[BUSY, WORKING]] / WEEK, [[0.5, 0.5], [4.0, 3.5]])
    np.testing.assert_array_equal(
        pool.counters[[REPORTS, REFUSALS, SHORTAGES, REPAIRS]], [[1, 1], [0, 1], [0, 1], [0, 0]]
    )


@pytest.mark.parametrize("when", [-1.0, 2.0 * WEEK])
def test_what_happens_outside_the_weeks_recorded_is_not_counted(when: float) -> None:
    env = simpy.Environment(initial_time=when)
    pool = pool_of(1, env)
    pool.count_report()
    assert not pool.counters.any()


def test_a_service_knows_how_many_wait_and_how_many_are_served() -> None:
    env = simpy.Environment()
    service = Service(env, 2, 1)
    service.serve(+1)
    service.wait(+1)
    env.run(until=WEEK / 4)
    service.wait(-1)
    service.serve(+1)
    env.run(until=WEEK)
    service.close()
    np.testing.assert_allclose(service.counters[[QUEUE, BUSY], 0] / WEEK, [0.25, 1.75])


def test_as_many_are_served_at_once_as_there_are_servers() -> None:
    service = Service(simpy.Environment(), 2, 1)
    assert [service.request().triggered for _ in range(3)] == [True, True, False]
