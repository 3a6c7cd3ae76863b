from pathlib import Path

import numpy as np
import pytest

from sim.experiments.task import Task
from sim.finance import study as studies
from sim.finance.assumptions import Terms
from sim.finance.cash import TwinTask, cash_of, prices, stacked
from sim.finance.sensitivity import RUNS, SideTask, movable, npv_at, npvs_at, range_of
from sim.finance.study import Study
from tests.finance.shops import (
    BREAKS,
    LOSS,
    MARGIN,
    ONCE,
    PER_YEAR,
    POOL,
    RANGES,
    RATE,
    TROLLEYS,
    VISIT_COST,
    VISITS,
    between,
    exactly,
    study_in,
    tiny,
)

FIXES = (TROLLEYS,)
TERMS = Terms()


def side(study: Study, path: str):
    return SideTask(study, FIXES, TERMS, path).carry_out()


def test_what_has_a_range_or_a_lever_and_counts_can_be_moved() -> None:
    assert set(movable(tiny(), FIXES)) == {*RANGES, POOL}
    assert ONCE not in movable(tiny(), ())


def test_a_quantity_goes_from_end_to_end_of_its_range_or_else_of_its_lever() -> None:
    assert range_of(tiny(), LOSS) == (0, 0.12)  # its lever goes to 0.3
    assert range_of(tiny({}), LOSS) == (0, 0.3)
    assert range_of(tiny(), POOL) == (4, 40)


def test_the_npv_is_the_mean_of_runs_that_are_the_cash_of_twins(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    values = {LOSS: 0.1, MARGIN: 0.3, RATE: 0.05}
    both = stacked([TwinTask(study, FIXES, values, run).carry_out() for run in range(3)])
    columns = {path: np.full(3, value) for path, value in values.items()}
    by_hand = cash_of(both.now, both.then, prices(study, FIXES, columns, 3), TERMS).npv
    assert npvs_at(study, FIXES, TERMS, values, 3) == by_hand.tolist()
    assert npv_at(study, FIXES, TERMS, values) == pytest.approx(by_hand[:RUNS].mean())


def test_a_sides_ends_are_the_npvs_there(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    found = side(study, LOSS)
    assert (found.path, found.low, found.high) == (LOSS, 0, 0.12)
    assert found.low_npv == npv_at(study, FIXES, TERMS, {LOSS: 0})
    assert found.high_npv == npv_at(study, FIXES, TERMS, {LOSS: 0.12})
    assert found.swing == abs(found.high_npv - found.low_npv)


def test_break_even_of_the_outlay_is_the_outlay_and_the_npv(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    worth = npv_at(study, FIXES, TERMS, {})
    assert side(study, ONCE).break_even == pytest.approx(750 + worth, abs=0.01)


def test_mid_year_the_break_even_is_where_mid_year_cash_just_pays(tmp_path: Path) -> None:
    study, middle = study_in(tmp_path), Terms(mid_year=True)
    worth = npv_at(study, FIXES, middle, {})
    assert worth > npv_at(study, FIXES, TERMS, {})
    assert SideTask(study, FIXES, middle, ONCE).carry_out().break_even == pytest.approx(750 + worth, abs=0.01)


def test_break_even_of_the_margin_is_where_margin_brings_back_what_it_costs(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    at, more = (npv_at(study, FIXES, TERMS, {MARGIN: margin}) for margin in (0.25, 0.26))
    assert side(study, MARGIN).break_even == pytest.approx(0.25 - at / (more - at) * 0.01, rel=1e-6)


def test_at_a_break_even_that_was_searched_for_in_simulated_worlds_the_fixes_just_pay(tmp_path: Path) -> None:
    study = study_in(tmp_path, tiny({**RANGES, PER_YEAR: exactly(250)}, weeks=52))
    found = side(study, LOSS)
    assert found.break_even is not None
    assert min(found.low_npv, found.high_npv) < 0 < max(found.low_npv, found.high_npv)
    assert abs(npv_at(study, FIXES, TERMS, {LOSS: found.break_even})) < 0.05 * found.swing


def test_break_even_of_a_whole_quantity_is_the_first_whole_one_past_the_crossing(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    found = side(study, POOL)
    assert found.break_even is not None
    assert found.break_even == int(found.break_even)
    before, there = (npv_at(study, FIXES, TERMS, {POOL: found.break_even - less}) for less in (1, 0))
    assert before * there <= 0


def test_with_one_sign_everywhere_there_is_no_break_even(tmp_path: Path) -> None:
    study = study_in(tmp_path, tiny({**RANGES, PER_YEAR: exactly(5_000)}))
    for path in (LOSS, ONCE, RATE):
        found = side(study, path)
        assert max(found.low_npv, found.high_npv) < 0
        assert found.break_even is None


def test_what_moves_nothing_has_no_break_even(tmp_path: Path) -> None:
    nothing = {path: exactly(0) for path in (ONCE, PER_YEAR, MARGIN, VISIT_COST)}
    found = side(study_in(tmp_path, tiny({**RANGES, **nothing})), RATE)
    assert (found.low_npv, found.high_npv, found.break_even) == (0, 0, None)


def test_an_end_that_is_exactly_level_is_the_break_even(tmp_path: Path) -> None:
    free = {path: exactly(0) for path in (ONCE, PER_YEAR, VISIT_COST)}
    found = side(study_in(tmp_path, tiny({**RANGES, **free, MARGIN: between(0, 0.25, 0.3)})), MARGIN)
    assert (found.low_npv, found.break_even) == (0, 0)
    assert found.high_npv != 0


def test_the_likeliest_world_is_simulated_once_for_all_quantities_and_prices_need_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks: list[Task] = []
    simulate = studies.outcome_of

    def counted(task: Task, *args: object) -> object:
        tasks.append(task)
        return simulate(task, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(studies, "outcome_of", counted)
    study = study_in(tmp_path, tiny({**RANGES, PER_YEAR: exactly(5_000)}))  # so that nothing crosses
    side(study, BREAKS)
    assert len(tasks) == 3 * 2 * RUNS
    side(study, VISITS)
    assert len(tasks) == 5 * 2 * RUNS
    for path in (MARGIN, RATE, ONCE):
        side(study, path)
    assert len(tasks) == 5 * 2 * RUNS


def test_a_whole_quantity_without_a_mode_is_left_where_it_is_in_the_middle(tmp_path: Path) -> None:
    said = {"low": 8, "high": 11, "unit": "trolleys", "evidence": "D", "source": "a test"}
    study = study_in(tmp_path, tiny({POOL: between(8, 9, 11).model_copy(update={**said, "mode": None})}))
    assert study.value(POOL, {}) == 9.5
    assert side(study, POOL).high == 11


def test_progress_never_ends_before_the_search(tmp_path: Path) -> None:
    told: list[float] = []
    SideTask(study_in(tmp_path), FIXES, TERMS, LOSS).carry_out(told.append)
    assert 0 <= min(told) <= max(told) <= 1
