"""Who loses what: it sums to the measure, points and departments agree, and it can be asked in the background."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sim.experiments.attribution import (
    AttributionJob,
    Losses,
    attribute,
    attribution_report,
    check_sentence,
    tables,
    tasks_of,
)
from sim.experiments.cache import Store
from sim.experiments.estimate import estimate
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.runs import Effort
from sim.experiments.sharing import PARTS, SHARING, Sharing, share_out
from sim.experiments.task import Task, simulate
from sim.experiments.workers import Workers
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.engines.worlds import tiny
from tests.waiting import PATIENCE, Tellings, again_and_again, held, wait_until

PENNY = 0.005
WORLD = tiny({"weeks": 4, "assets.trolleys.breaks": 0.1, "customers.leaving.churn_per_year": 0.8})
POINTS = ("wheel", "empty_bay", "queue", "refused")


@pytest.fixture(scope="module")
def found() -> Losses:
    return attribute(WORLD, Effort(1, 4))


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers(2)
    yield workers
    workers.close()


# ---- the figures -------------------------------------------------------------------------------------------


def test_shares_sum_to_the_measure_to_the_penny_in_every_replication(found: Losses) -> None:
    measured = [simulate(Task(WORLD, 1, number, with_unbroken=True)).measures for number in range(4)]
    lost = [measures["revenue_lost_per_year"] for measures in measured]
    for run, gap in zip(found.replications, lost, strict=True):
        alone = Losses(WORLD, (run,))
        assert alone.revenue_lost.mean == pytest.approx(gap, abs=PENNY)
        assert alone.whole.share.mean == pytest.approx(gap, abs=PENNY)
        assert mean_sum(loss.share for loss in alone.by_failure_point.values()) == pytest.approx(gap, abs=PENNY)
    for total in (found.revenue_lost, found.whole.share):
        assert total.mean == pytest.approx(estimate(lost).mean, abs=PENNY)
        assert total.low == pytest.approx(estimate(lost).low, abs=PENNY)


def mean_sum(figures: Any) -> float:
    return sum(figure.mean or 0.0 for figure in figures)


def test_parts_sum_to_the_share_of_every_failure_point_and_department(found: Losses) -> None:
    for loss in (found.whole, *found.by_failure_point.values(), *found.by_department.values()):
        assert list(loss.parts) == list(PARTS)
        assert mean_sum(loss.parts.values()) == pytest.approx(loss.share.mean, abs=PENNY)


def test_a_department_has_what_its_failure_points_have(found: Losses) -> None:
    assert found.owners == {
        "wheel": "operations",
        "empty_bay": "operations",
        "queue": "operations",
        "refused": "service",
    }
    assert list(found.by_department) == ["operations", "service"]
    for name, loss in found.by_department.items():
        mine = [found.by_failure_point[point] for point in POINTS if found.owners[point] == name]
        assert mean_sum(one.share for one in mine) == pytest.approx(loss.share.mean, abs=PENNY)
    assert found.by_department["service"] == found.by_failure_point["refused"]


def measured_lost(*off: str) -> float:
    world = world_of(WORLD, {f"failures.{point}.on": False for point in off})
    lost = [
        simulate(Task(world, 1, number, with_unbroken=True)).measures["revenue_lost_per_year"] for number in range(4)
    ]
    return estimate(lost).mean or 0.0


def test_mending_alone_and_being_the_only_one_are_those_worlds_measured(found: Losses) -> None:
    whole = measured_lost()
    loss = found.by_failure_point["queue"]
    assert loss.alone.mean == pytest.approx(whole - measured_lost("queue"), abs=PENNY)
    assert loss.only.mean == pytest.approx(measured_lost("wheel", "empty_bay", "refused"), abs=PENNY)
    operations = found.by_department["operations"]
    assert operations.alone.mean == pytest.approx(whole - measured_lost("wheel", "empty_bay", "queue"), abs=PENNY)
    assert operations.only.mean == pytest.approx(measured_lost("refused"), abs=PENNY)


def test_the_joint_effect_of_two_is_what_they_bring_together_beside_each_alone(found: Losses) -> None:
    together = measured_lost() - measured_lost("wheel", "refused")
    alone = mean_sum(found.by_failure_point[name].alone for name in ("wheel", "refused"))
    assert found.joint("wheel", "refused").mean == pytest.approx(together - alone, abs=PENNY)
    assert found.joint("refused", "wheel") == found.joint("wheel", "refused")


def test_what_each_alone_brings_does_not_sum_to_the_whole(found: Losses) -> None:
    assert found.sum_of_alone.mean == pytest.approx(mean_sum(loss.alone for loss in found.by_failure_point.values()))
    ratio = found.alone_over_total
    assert ratio.mean == pytest.approx((found.sum_of_alone.mean or 0) / (found.whole.share.mean or 1))
    assert ratio.mean != pytest.approx(1, abs=0.05)
    assert (ratio.low or 0) < (ratio.mean or 0) < (ratio.high or 0)


def test_one_replication_has_means_and_no_interval(found: Losses) -> None:
    once = Losses(WORLD, found.replications[:1])
    assert once.whole.share.mean is not None
    assert (once.whole.share.low, once.worse_off().share.high) == (None, None)


def test_a_point_that_is_off_is_absent_and_not_nought() -> None:
    off = attribute(world_of(WORLD, {"failures.refused.on": False}), Effort(1, 2))
    assert list(off.by_failure_point) == ["wheel", "empty_bay", "queue"]
    assert list(off.by_department) == ["operations"]


def test_without_failure_points_and_without_customers_nothing_is_made_up() -> None:
    none = attribute(without_failures(WORLD), Effort(1, 2))
    assert (none.whole.share.mean, none.by_failure_point, none.by_department) == (0, {}, {})
    assert none.alone_over_total.mean is None
    nobody = attribute(world_of(WORLD, {"customers.base": 0, "customers.newcomers_per_week": 0}), Effort(1, 2))
    assert {loss.share.mean for loss in nobody.by_failure_point.values()} == {0}
    assert (nobody.alone_over_total.mean, nobody.worse_off().share.mean) == (None, None)


# ---- in the background -------------------------------------------------------------------------------------


def test_a_first_picture_comes_after_two_replications_and_later_ones_add_to_it(
    workers: Workers, found: Losses, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = 2

    monkeypatch.setattr(SHARING, "make", held(share_out, lambda task: task.replication >= may_end))
    job = AttributionJob(WORLD, Effort(1, 4), Store(on_disk=False), workers)
    wait_until(lambda: job.result is not None)
    assert job.result == Losses(WORLD, found.replications[:2])
    assert not job.finished
    assert 0.5 <= job.share_done < 1
    assert job.seconds_left
    may_end = 4
    job.wait(PATIENCE)
    assert (job.result, job.finished, job.share_done, job.error) == (found, True, 1, None)


def test_a_stop_is_heard_at_the_next_telling_and_what_was_not_done_is_not_there(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    tellings = Tellings()
    monkeypatch.setattr(SHARING, "make", tellings.of(again_and_again(share_out)))
    job = AttributionJob(WORLD, Effort(1, 2), Store(on_disk=False), workers)
    wait_until(lambda: job.share_done > 0)
    tellings.stop(job)
    assert job.stopped
    wait_until(lambda: job.finished)
    assert len(tellings.late) <= 2  # threads
    assert (job.result, job.error) == (None, None)


def test_sharing_out_tells_in_every_world_that_it_simulates() -> None:
    told: list[float] = []
    shared = share_out(Task(WORLD, 1, 0), told.append)
    assert told == sorted(told)
    assert len(shared.costs) == 16
    assert len(told) >= 12  # some sets of failures make the same world


def test_replications_known_from_before_are_not_simulated_again(
    workers: Workers, found: Losses, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated: list[int] = []

    def counted(task: Task, progress: Callable[[float], None]) -> Sharing:
        simulated.append(task.replication)
        return share_out(task, progress)

    monkeypatch.setattr(SHARING, "make", counted)
    store = Store(on_disk=False)
    for one in (found.replications[i] for i in (3, 1)):
        store.put(SHARING.key(Task(WORLD, 1, one.number)), SHARING.packed(one))
    job = AttributionJob(WORLD, Effort(1, 4), store, workers)
    assert len(job.done) >= 2
    job.wait(PATIENCE)
    assert (job.result, sorted(simulated)) == (found, [0, 2])
    assert AttributionJob(WORLD, Effort(1, 4), store, workers).finished


def test_a_failure_is_told(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(task: Task, progress: Callable[[float], None]) -> Sharing:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(SHARING, "make", broken)
    job = AttributionJob(WORLD, Effort(1, 2), Store(on_disk=False), workers)
    job.wait(PATIENCE)
    assert isinstance(job.error, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        attribute(WORLD, Effort(1, 2))


def test_an_interrupt_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    def counted(task: Task, progress: Callable[[float], None]) -> Sharing:
        begun.append(task.replication)
        return share_out(task, progress)

    def interrupted(share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(SHARING, "make", counted)
    with pytest.raises(KeyboardInterrupt):
        attribute(tiny({"weeks": 1_000}), Effort(1, 200), interrupted)
    assert 0 < len(begun) < 200


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(task: Task, progress: Callable[[float], None]) -> Sharing:
        raise AssertionError("something was simulated")

    monkeypatch.setattr(SHARING, "make", forbidden)


@pytest.mark.usefixtures("nothing_runs")
def test_what_costs_too_much_is_refused_before_anything_runs(workers: Workers) -> None:
    with pytest.raises(ScenarioError, match="found 4 failure points"):
        AttributionJob(WORLD, Effort(1, 2), Store(on_disk=False), workers, at_most=3)
    with pytest.raises(TooLargeError):
        AttributionJob(WORLD, Effort(1, 9_000, budget=Budget(0.01)), Store(on_disk=False), workers)


def test_every_world_of_every_replication_is_priced() -> None:
    assert len(tasks_of(WORLD, Effort(1, 5))) == 12 * 5


# ---- as data and as tables ---------------------------------------------------------------------------------

FIGURE = ["mean", "low", "high", "unit"]
LOSS = ["share", *PARTS, "alone", "only"]
WORSE = ["customers", "share_of_customers", "less"]


def report_of(losses: Losses) -> Any:
    return json.loads(json.dumps(attribution_report(losses), allow_nan=False))


def test_the_report_holds_every_figure_with_its_interval_and_unit(found: Losses) -> None:
    report = report_of(found)
    assert list(report) == [
        *("revenue_lost_per_year", "by_part", "by_failure_point", "by_department", "joint"),
        *("sum_of_alone", "alone_over_lost", "spill_over"),
    ]
    assert list(report["by_failure_point"]) == list(POINTS)
    for point in report["by_failure_point"].values():
        assert list(point) == ["label", "department", *LOSS, "worse_off"]
        assert all(list(point[name]) == FIGURE and point[name]["unit"] == "GBP a year" for name in LOSS)
        assert all(list(point["worse_off"][name]) == FIGURE for name in WORSE)
    for department in report["by_department"].values():
        assert list(department) == ["label", *LOSS]
    assert report["joint"][0]["between"] == ["wheel", "empty_bay"]
    assert len(report["joint"]) == 6
    assert list(report["spill_over"]) == WORSE
    assert report["spill_over"]["share_of_customers"]["unit"] == "share of customers who came"


def test_the_report_says_what_was_found(found: Losses) -> None:
    report = report_of(found)
    for name, point in report["by_failure_point"].items():
        assert point["share"]["low"] == found.by_failure_point[name].share.low
        assert point["worse_off"]["customers"]["mean"] == found.worse_off(name).customers.mean
    assert report["spill_over"]["less"]["mean"] == found.worse_off().less.mean
    assert report["joint"][2]["effect"]["mean"] == found.joint("wheel", "refused").mean


def test_what_is_missing_is_null() -> None:
    report = report_of(Losses(WORLD, ()))
    assert report["revenue_lost_per_year"]["mean"] is None
    assert report["alone_over_lost"]["mean"] is None


def test_tables_list_every_point_department_and_pair_and_the_whole(found: Losses) -> None:
    shown = list(tables(attribution_report(found)))
    assert [len(rows) for _, rows in shown] == [5, 4, 3, 2, 6, 5]
    assert all("GBP a year" in title for title, _ in shown)
    for _, rows in shown:
        assert all(set(row) <= set(rows[0]) for row in rows)


def test_the_check_says_that_the_shares_sum_to_the_measure(found: Losses) -> None:
    said = check_sentence(attribution_report(found))
    lost = f"{found.whole.share.mean:,.2f}"
    assert f"The shares sum to {lost} GBP a year; revenue_lost_per_year is {lost}." in said
    assert "times as much" in said


def test_without_points_there_are_no_tables() -> None:
    report = attribution_report(attribute(without_failures(WORLD), Effort(1, 2)))
    assert list(tables(report)) == []
    assert check_sentence(report).startswith("No failure point is on")


def test_one_point_alone_has_all_of_it_and_no_pairs() -> None:
    only = world_of(WORLD, {f"failures.{point}.on": False for point in POINTS if point != "queue"})
    report = report_of(attribute(only, Effort(1, 2)))
    queue = report["by_failure_point"]["queue"]
    assert queue["share"] == queue["alone"] == queue["only"] == report["revenue_lost_per_year"]
    assert report["joint"] == []
    assert queue["worse_off"] == report["spill_over"]


def scenario_of(points: int) -> Scenario:
    return world_of(WORLD, {f"failures.{point}.on": False for point in POINTS[points:]})


@pytest.mark.parametrize("points", range(5))
def test_any_number_of_points_can_be_shown(points: int) -> None:
    found = attribute(scenario_of(points).model_copy(update={"weeks": 1}), Effort(1, 2))
    assert len(list(tables(attribution_report(found)))) == (0 if points == 0 else 5 if points == 1 else 6)
