import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engines.records import Progress
from sim.experiments.cache import Store
from sim.experiments.price import Budget, TooLargeError
from sim.experiments.task import Task
from sim.experiments.workers import StoppedError, Workers
from sim.finance import study as studies
from sim.finance.assumptions import Terms
from sim.finance.case import FEWEST_DRAWS, Case, CaseJob, check, make_case
from sim.finance.cash import TwinTask
from sim.finance.sensitivity import SideTask
from sim.finance.study import Study
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Change
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from tests.finance import shops
from tests.finance.shops import (
    DRAWS,
    LOSS,
    MARGIN,
    ONCE,
    PER_YEAR,
    TROLLEYS,
    VISITS,
    between,
    exactly,
    quick,
    tiny,
)
from tests.scenario.kiosk import kiosk, refusal
from tests.waiting import wait_until

TERMS = Terms()


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Every task that is simulated from here on."""
    tasks: list[Task] = []
    simulate = studies.outcome_of

    def counted(task: Task, progress: Progress) -> Any:
        tasks.append(task)
        return simulate(task, progress)

    monkeypatch.setattr(studies, "outcome_of", counted)
    return tasks


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2) as started:
        yield started


def study_in(folder: Path, scenario: Scenario | None = None, seed: int = 1) -> Study:
    return shops.study_in(folder, scenario or quick(), seed)


def case_in(folder: Path, scenario: Scenario | None = None, draws: int = DRAWS) -> Case:
    return shops.case_in(folder, scenario or quick(), draws=draws)


def same(one: Case, other: Case) -> bool:
    return one.npvs.tolist() == other.npvs.tolist() and one.spread == other.spread and one.sides == other.sides


def test_a_case_is_the_same_however_often_it_is_made_and_on_however_many_threads(tmp_path: Path) -> None:
    first = case_in(tmp_path / "one")
    with Workers(1) as alone:
        job = CaseJob(study_in(tmp_path / "two"), [TROLLEYS], TERMS, alone, DRAWS)
        job.follow(lambda share: None)
    assert job.case is not None
    assert same(first, job.case)


def test_another_seed_is_another_case(tmp_path: Path) -> None:
    other = make_case(study_in(tmp_path, seed=2), [TROLLEYS], TERMS, DRAWS)
    assert not np.isclose(other.npvs, case_in(tmp_path).npvs).any()


def test_the_futures_of_fewer_draws_are_the_first_of_more(tmp_path: Path) -> None:
    few, more = case_in(tmp_path), case_in(tmp_path, draws=24)
    np.testing.assert_array_equal(few.npvs, more.npvs[:DRAWS])


def test_a_repeated_case_simulates_nothing_also_after_a_restart(tmp_path: Path, simulated: list[Task]) -> None:
    first = case_in(tmp_path)
    assert simulated
    simulated.clear()
    assert same(first, case_in(tmp_path))
    assert simulated == []


@pytest.mark.parametrize("path", [MARGIN, ONCE, PER_YEAR])
def test_other_prices_simulate_nothing(tmp_path: Path, simulated: list[Task], path: str) -> None:
    loss = {LOSS: exactly(0.06)}  # with a range its break-even would be searched for anew: it lies elsewhere then
    first = case_in(tmp_path, quick(loss))
    simulated.clear()
    stated = case_in(tmp_path, quick({**loss, path: between(0.1, 0.11, 0.2)}))
    chosen = case_in(tmp_path, world_of(quick(loss), {path: 0.22}))
    assert simulated == []
    assert len({first.npv.mean, stated.npv.mean, chosen.npv.mean}) == 3


def test_another_quantity_of_the_business_simulates_every_future_again(tmp_path: Path, simulated: list[Task]) -> None:
    case_in(tmp_path)
    simulated.clear()
    case_in(tmp_path, quick({VISITS: between(0.7, 0.9, 1.1)}))
    assert {task.replication for task in simulated} >= set(range(DRAWS))
    assert len(simulated) >= 4 * DRAWS


def test_more_draws_simulate_only_what_is_new(tmp_path: Path, simulated: list[Task]) -> None:
    case_in(tmp_path)
    simulated.clear()
    case_in(tmp_path, draws=24)
    assert len(simulated) == 2 * 2 * (24 - DRAWS)


def test_a_store_that_keeps_nothing_gives_the_same_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = case_in(tmp_path)
    monkeypatch.setenv("RIPPLE_NO_CACHE", "1")
    assert same(kept, case_in(tmp_path))


def test_it_refines_as_futures_arrive_without_a_gap(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {"draw": 20}
    carry_out = TwinTask.carry_out
    done: list[Any] = []

    def slow(self: TwinTask, progress: Progress) -> Any:
        while self.replication == held["draw"]:
            progress(0.0)
            time.sleep(0.001)
        done.append(carry_out(self, progress))
        return done[-1]

    monkeypatch.setattr(TwinTask, "carry_out", slow)
    job = CaseJob(study_in(tmp_path), [TROLLEYS], TERMS, workers, 40)
    wait_until(lambda: len(done) >= 40 + 20 - 1 and job.futures_done >= 20)  # all but the one held
    early = job.case
    assert early is not None
    assert (job.futures_done, early.futures) == (20, 20)  # 21 to 39 wait for 20
    assert early.again is not None
    assert len(early.again.now.earned) == 20  # as many as there are first ones to set them beside
    assert early.spread.run_noise_sd is not None
    assert (early.sides, job.finished) == ((), False)
    held["draw"] = -1
    job.follow(lambda share: None)
    late = job.case
    assert late is not None
    assert (late.futures, job.futures_done, job.share_done) == (40, 40, 1)
    np.testing.assert_array_equal(late.npvs[:20], early.npvs)
    assert {side.path for side in late.sides} == {LOSS, MARGIN, ONCE}


def test_before_the_fewest_futures_there_is_no_case(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(self: TwinTask, progress: Progress) -> None:
        while True:
            progress(0.0)
            time.sleep(0.001)

    monkeypatch.setattr(TwinTask, "carry_out", endless)
    job = CaseJob(study_in(tmp_path), [TROLLEYS], TERMS, workers, DRAWS)
    assert (job.case, job.futures_done, job.finished) == (None, 0, False)
    job.stop()
    wait_until(lambda: job.finished)
    assert job.stopped
    assert job.error is None
    assert job.case is None


def test_a_failure_is_told_and_what_was_found_before_stays(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out = TwinTask.carry_out

    def fails(self: TwinTask, progress: Progress) -> Any:
        if self.replication == 18:
            raise ScenarioError(())
        return carry_out(self, progress)

    monkeypatch.setattr(TwinTask, "carry_out", fails)
    job = CaseJob(study_in(tmp_path), [TROLLEYS], TERMS, workers, 24)
    wait_until(lambda: job.finished)
    assert isinstance(job.error, ScenarioError)
    assert job.case is not None
    assert job.case.futures == 18
    assert job.case.spread.total_sd is not None
    with pytest.raises(ScenarioError):
        job.follow(lambda share: None)


def test_progress_rises_to_all_of_it_and_an_interrupt_ends_it(tmp_path: Path) -> None:
    told: list[float] = []
    make_case(study_in(tmp_path), [TROLLEYS], TERMS, DRAWS, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1

    def interrupt(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_case(study_in(tmp_path / "other"), [TROLLEYS], TERMS, 256, progress=interrupt)


def test_sides_come_last_and_all_at_once(tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_out = SideTask.carry_out

    def stopped(self: SideTask, progress: Progress) -> Any:
        if self.path == LOSS:
            raise StoppedError
        return carry_out(self, progress)

    monkeypatch.setattr(SideTask, "carry_out", stopped)
    job = CaseJob(study_in(tmp_path), [TROLLEYS], TERMS, workers, DRAWS)
    wait_until(lambda: job.finished)
    assert job.case is not None
    assert (job.case.futures, job.case.sides) == (DRAWS, ())


def test_fixes_are_taken_once_and_in_the_files_order(tmp_path: Path, workers: Workers) -> None:
    study = Study(kiosk(), 1, Store(tmp_path))
    assert CaseJob(study, ["half_again", "four_more", "half_again"], TERMS, workers, 16).fixes == (
        "four_more",
        "half_again",
    )


def test_what_would_take_too_long_is_refused_before_anything_runs(
    tmp_path: Path, workers: Workers, simulated: list[Task]
) -> None:
    with pytest.raises(TooLargeError, match=r"this run would take about .*allowed: .*Lower --draws \(now 4096\)"):
        CaseJob(study_in(tmp_path), [TROLLEYS], TERMS, workers, 4096, Budget(minutes=0.01))
    assert simulated == []


@pytest.mark.parametrize(("draws", "allowed"), [(FEWEST_DRAWS - 1, "16 to 4,096"), (4_097, "16 to 4,096"), (-3, "16")])
def test_too_few_or_too_many_draws_are_refused(draws: int, allowed: str) -> None:
    with pytest.raises(ScenarioError) as error:
        check(tiny(), [TROLLEYS], draws)
    assert refusal(error) == f"case: draws: found {draws}; allowed: 16 to 4,096"
    assert allowed in refusal(error)


def test_fixes_that_are_none_unknown_or_contradict_each_other_are_refused() -> None:
    with pytest.raises(ScenarioError, match="case: fix: found none; allowed: one or more of four_more, half_again"):
        check(kiosk(), [])
    with pytest.raises(ScenarioError, match='nonsense: found "nonsense"; allowed: four_more, half_again'):
        check(kiosk(), ["nonsense"])
    with pytest.raises(ScenarioError, match=r"assets\.carts\.pool: both exactly_twenty and exactly_thirty set it"):
        check(kiosk(), ["exactly_thirty", "exactly_twenty"])
    with pytest.raises(ScenarioError, match="none: this scenario has no fixes"):
        check(tiny().model_copy(update={"fixes": ()}), [])


def test_a_case_without_any_cost_is_refused_by_the_field() -> None:
    free = tiny({ONCE: exactly(0), PER_YEAR: exactly(0)})
    with pytest.raises(ScenarioError) as error:
        check(free, [TROLLEYS])
    assert refusal(error) == (
        f"case: fixes.{TROLLEYS}.costs: found no cost at all; allowed: a cost once, per year or per use"
    )


def test_one_fix_that_costs_something_is_enough() -> None:
    paint = kiosk().fixes[0].model_copy(update={"id": "paint", "costs": type(kiosk().fixes[0].costs)()})
    paint = paint.model_copy(update={"changes": (Change(path="weather.rain", set=0.1),)})
    scenario = kiosk().model_copy(update={"fixes": (*kiosk().fixes, paint)})
    check(scenario, ["paint", "four_more"])
    with pytest.raises(ScenarioError, match="found no cost at all"):
        check(scenario, ["paint"])
