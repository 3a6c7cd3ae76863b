from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.library import load
from sim.experiments.task import Replication, Task, outcome_of, simulate
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures

TINY = load("tiny")


def tiny(weeks: int = 3) -> Scenario:
    return TINY.model_copy(update={"weeks": weeks})


def task(world: Scenario | None = None, seed: int = 1, replication: int = 0, with_unbroken: bool = True) -> Task:
    return Task(world or tiny(), seed, replication, with_unbroken=with_unbroken)


def assert_same(one: Replication, other: Replication) -> None:
    assert one.number == other.number
    np.testing.assert_equal(one.measures, other.measures)
    assert one.lost == other.lost
    np.testing.assert_array_equal(one.retention, other.retention)


def test_a_replication_is_the_same_every_time() -> None:
    assert_same(simulate(task()), simulate(task()))


def test_other_replications_and_other_seeds_have_luck_of_their_own() -> None:
    revenues = {simulate(task(seed=seed, replication=n)).measures["revenue"] for seed in (1, 2) for n in (0, 1)}
    assert len(revenues) == 4


def test_revenue_lost_is_what_the_twin_with_every_failure_off_takes_more() -> None:
    broken = simulate(task()).measures
    unbroken = simulate(task(without_failures(tiny()), with_unbroken=False)).measures
    assert broken["revenue_lost_per_year"] == unbroken["revenue"] - broken["revenue"]
    assert broken["revenue_lost_per_year"] > 0


def test_where_the_twin_is_not_wanted_only_revenue_lost_is_missing() -> None:
    alone, both = simulate(task(with_unbroken=False)).measures, simulate(task()).measures
    assert np.isnan(alone.pop("revenue_lost_per_year"))
    both.pop("revenue_lost_per_year")
    np.testing.assert_equal(alone, both)


def test_a_world_without_failures_loses_exactly_nothing() -> None:
    done = simulate(task(without_failures(tiny())))
    assert done.measures["revenue_lost_per_year"] == 0
    assert set(done.lost.values()) == {0}


def test_what_is_lost_is_kept_by_failure_point() -> None:
    done = simulate(task())
    assert list(done.lost) == [failure.id for failure in tiny().failures]
    assert done.lost["wheel"] > 0


def test_retention_is_kept_week_by_week_from_everybody_on() -> None:
    retention = simulate(task()).retention
    assert retention.shape == (4,)
    assert retention[0] == 1
    assert (np.diff(retention) <= 0).all()


@pytest.mark.parametrize("with_unbroken", [True, False])
def test_progress_rises_to_1_through_every_world_simulated(with_unbroken: bool) -> None:
    heard: list[float] = []
    simulate(task(with_unbroken=with_unbroken), heard.append)
    assert len(heard) >= (2 if with_unbroken else 1)
    assert heard == sorted(heard)
    assert heard[-1] == 1


def test_what_progress_raises_ends_the_replication() -> None:
    heard: list[float] = []

    def enough(share: float) -> None:
        heard.append(share)
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        simulate(task(), enough)
    assert len(heard) == 1


def test_writing_the_ledger_changes_nothing_and_leaves_a_part_of_each_table(tmp_path: Path) -> None:
    with_ledger = simulate(Task(tiny(), 1, 3, ledger_folder=tmp_path))
    assert_same(with_ledger, simulate(task(replication=3)))
    parts = ["customers-000003.parquet", "resources-000003.parquet", "visits-000003.parquet"]
    assert sorted(path.name for path in tmp_path.iterdir()) == parts


def test_whichever_engine_runs_a_replication_is_the_same() -> None:
    assert_same(simulate(task()), simulate(replace(task(), engine="simpy")))


def test_a_world_simulated_alone_has_no_twin() -> None:
    assert outcome_of(Task(tiny(1), 1, 0, with_unbroken=False)).unbroken is None
