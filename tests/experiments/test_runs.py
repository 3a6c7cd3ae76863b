from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.engines.records import Progress
from sim.experiments import runs
from sim.experiments.estimate import Target
from sim.experiments.library import load
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Comparison, Effort, Run
from sim.experiments.task import Replication, Task, simulate
from sim.outcomes.ledger import table_paths
from sim.outcomes.measures import MEASURES
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of

TINY = load("tiny")


def tiny(weeks: int = 3) -> Scenario:
    return TINY.model_copy(update={"weeks": weeks})


def more_trolleys() -> Scenario:
    return world_of(tiny(), fixes=["five_more_trolleys"])


def assert_same(one: Run, other: Run) -> None:
    assert one.world == other.world
    for mine, yours in zip(one.replications, other.replications, strict=True):
        assert mine.number == yours.number
        np.testing.assert_equal(mine.measures, yours.measures)
        assert mine.lost == yours.lost
        np.testing.assert_array_equal(mine.retention, yours.retention)


def interrupted_after(calls: int) -> Callable[[float], None]:
    heard: list[float] = []

    def progress(share: float) -> None:
        heard.append(share)
        if len(heard) == calls:
            raise KeyboardInterrupt

    return progress


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return runs.compare(tiny(), more_trolleys(), Effort(1, 4))


# ---- one world -----------------------------------------------------------------------------------------


def test_a_run_has_its_replications_in_order_each_as_it_would_be_alone() -> None:
    done = runs.run(tiny(), Effort(5, 3))
    backwards = [simulate(Task(tiny(), 5, number)) for number in (2, 1, 0)]
    assert_same(done, Run(tiny(), tuple(backwards[::-1])))


def test_more_replications_begin_with_the_fewer() -> None:
    few, more = runs.run(tiny(), Effort(1, 2)), runs.run(tiny(), Effort(1, 3))
    assert_same(few, Run(tiny(), more.replications[:2]))


def test_an_estimate_is_of_the_replications_values() -> None:
    done = runs.run(tiny(), Effort(1, 3))
    found = done.estimate("revenue")
    assert found.mean == pytest.approx(np.mean(done.values("revenue")))
    assert found.low is not None
    assert found.low < found.mean
    assert runs.run(tiny(), Effort(1, 1)).estimate("revenue").low is None


def test_progress_of_a_run_rises_to_1() -> None:
    heard: list[float] = []
    runs.run(tiny(), Effort(1, 2), heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1)


# ---- two worlds ----------------------------------------------------------------------------------------


def measured(done: Comparison) -> list[str]:
    """What the shop has something to measure on: it makes no promises and takes no calls."""
    return [name for name in MEASURES if done.baseline.estimate(name).mean is not None]


def test_a_world_beside_itself_differs_by_exactly_nothing() -> None:
    done = runs.compare(tiny(), tiny(), Effort(1, 2))
    there = measured(done)
    assert len(there) > 20
    for name in there:
        assert set(done.differences(name)) == {0}
        assert done.verdict(name) == "no difference"
        assert (done.difference(name).low, done.difference(name).high) == (0, 0)


def test_a_world_set_to_what_it_is_differs_by_exactly_nothing() -> None:
    same = world_of(tiny(), {"assets.trolleys.pool": 9, "assets.trolleys.breaks": 0.01, "failures.wheel.on": True})
    assert same != tiny()
    done = runs.compare(tiny(), same, Effort(1, 2))
    assert {difference for name in measured(done) for difference in done.differences(name)} == {0}


def test_a_difference_is_of_the_same_replication_in_two_worlds(compared: Comparison) -> None:
    for number, difference in enumerate(compared.differences("revenue")):
        still = simulate(Task(tiny(), 1, number)).measures["revenue"]
        moved = simulate(Task(more_trolleys(), 1, number)).measures["revenue"]
        assert difference == moved - still


def test_pairing_buys_precision(compared: Comparison) -> None:
    for name in ("revenue", "visits", "satisfaction", "lifetime_revenue"):
        ratio = compared.variance_ratio(name)
        assert ratio is None or ratio > 1, name
    revenue = compared.variance_ratio("revenue")
    assert revenue is not None
    assert revenue > 4


def test_more_trolleys_are_seen_to_end_the_refusals(compared: Comparison) -> None:
    assert compared.verdict("refused_share") == "lower"
    assert compared.verdict("reports") != "no difference"


def test_comparing_with_a_ledger_changes_no_figure(compared: Comparison, tmp_path: Path) -> None:
    with_ledger = runs.compare(tiny(), more_trolleys(), Effort(1, 4), ledger=tmp_path / "world.parquet")
    assert_same(with_ledger.baseline, compared.baseline)
    assert_same(with_ledger.world, compared.world)


@pytest.mark.parametrize("world", [tiny(), more_trolleys()], ids=["itself", "another"])
def test_progress_of_a_comparison_rises_to_1(world: Scenario, tmp_path: Path) -> None:
    for ledger in (None, tmp_path / "visits.parquet"):
        heard: list[float] = []
        runs.compare(tiny(), world, Effort(1, 1), heard.append, ledger)
        assert heard == sorted(heard)
        assert heard[-1] == pytest.approx(1)


# ---- the ledger ----------------------------------------------------------------------------------------


def test_the_three_tables_add_up_to_the_measures(tmp_path: Path) -> None:
    ledger = tmp_path / "world.parquet"
    compared = runs.compare(tiny(), more_trolleys(), Effort(1, 2), ledger=ledger)
    tables = {name: pq.read_table(path).to_pandas() for name, path in table_paths(ledger).items()}
    visits, customers, resources = (tables[name] for name in ("visits", "customers", "resources"))
    a_year = 365 / (7 * 3)
    for number, replication in enumerate(compared.world.replications):
        mine = visits[visits.replication == number]
        measures = replication.measures
        assert len(mine) * a_year == pytest.approx(measures["visits"])
        assert mine.revenue.sum() / 100 * a_year == pytest.approx(measures["revenue"])
        assert mine.lost_wheel.sum() / 100 * a_year == pytest.approx(replication.lost["wheel"])
        assert mine[mine.completed].revenue.mean() / 100 == pytest.approx(measures["basket_value"])
        assert 100 * mine.satisfaction.mean() == pytest.approx(measures["satisfaction"])
        assert mine.bad_asset.dropna().astype(float).mean() == pytest.approx(measures["bad_trip_share"])
        base = customers[(customers.replication == number) & (customers.source == "base")]
        assert base.left.isna().mean() == pytest.approx(replication.retention[-1])
        pool = resources[(resources.replication == number) & (resources.kind == "asset")]
        for name in ("reports", "refusals", "repairs", "shortages"):
            assert pool[name].sum() * a_year == pytest.approx(measures[name])
        assert pool.availability.mean() == pytest.approx(measures["working_share"])
    assert set(visits.replication) == {0, 1}


def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        runs.run(tiny(), Effort(1, 2), interrupted_after(1), tmp_path / "visits.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_with_nowhere_to_go_is_said_before_anything_runs(tmp_path: Path) -> None:
    heard: list[float] = []
    with pytest.raises(OSError, match="nowhere"):
        runs.run(tiny(), Effort(1, 1), heard.append, tmp_path / "nowhere" / "visits.parquet")
    assert heard == []


# ---- going on ------------------------------------------------------------------------------------------


def test_an_interrupt_stops_the_threads_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def counted(task: Task, progress: Progress) -> Replication:
        begun.append(task.replication)
        return simulate(task, progress)

    monkeypatch.setattr(runs, "simulate", counted)
    with pytest.raises(KeyboardInterrupt):
        runs.run(tiny(1_000), Effort(1, 200), interrupted_after(2), tmp_path / "visits.parquet")
    assert list(tmp_path.iterdir()) == []
    assert 0 < len(begun) < 200


def test_a_run_is_extended_by_replications_added_to_those_already_done() -> None:
    heard: list[float] = []
    few = runs.run(tiny(), Effort(3, 2))
    more = runs.extend(few, Effort(3, 5), heard.append)
    assert_same(more, runs.run(tiny(), Effort(3, 5)))
    assert [mine is yours for mine, yours in zip(more.replications, few.replications, strict=False)] == [True, True]
    assert heard[0] >= 2 / 5


def test_an_extension_with_other_luck_is_refused() -> None:
    with pytest.raises(ValueError, match="found seed 4; allowed: 3"):
        runs.extend(runs.run(tiny(), Effort(3, 2)), Effort(4, 5))


def test_runs_are_doubled_until_the_interval_is_narrow() -> None:
    target = Target("basket_value", 1.2, at_most=64)
    done = runs.run(tiny(), Effort(1, 2, target=target))
    count = len(done.replications)
    assert count in (4, 8, 16, 32)
    assert target.reached(done.values("basket_value"))
    assert not target.reached(done.values("basket_value")[: count // 2])


def test_a_comparison_goes_on_until_its_difference_is_clear() -> None:
    target = Target("basket_value", None, at_most=64)
    done = runs.compare(tiny(), more_trolleys(), Effort(1, 2, target=target))
    assert done.verdict("basket_value") == "higher"
    assert len(done.baseline.replications) == len(done.world.replications) < 64


def test_what_is_never_clear_stops_at_the_cap() -> None:
    target = Target("revenue", None, at_most=6)
    same = world_of(tiny(), {"assets.trolleys.pool": 9})
    done = runs.compare(tiny(), same, Effort(1, 2, target=target))
    assert len(done.world.replications) == 6
    assert not target.reached(done.differences("revenue"))


def test_what_costs_too_much_is_refused_before_it_starts(tmp_path: Path) -> None:
    heard: list[float] = []
    with pytest.raises(TooLargeError, match="allowed"):
        runs.run(tiny(), Effort(1, 100_000, budget=Budget(0.1)), heard.append, tmp_path / "visits.parquet")
    assert heard == list(tmp_path.iterdir()) == []


def test_a_world_beside_itself_is_not_gone_on_for() -> None:
    done = runs.compare(tiny(), tiny(), Effort(1, 2, target=Target("revenue", 1.0, at_most=64)))
    assert len(done.world.replications) == 2
    assert Target("revenue", 1.0).reached(done.differences("revenue"))


def test_what_cannot_be_measured_is_not_gone_on_for() -> None:
    nobody = world_of(tiny(), {"customers.base": 0, "customers.newcomers_per_week": 0})
    done = runs.run(nobody, Effort(1, 2, target=Target("lifetime_value", 1.0, at_most=64)))
    assert len(done.replications) == 2
