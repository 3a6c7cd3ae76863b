from pathlib import Path

import numpy as np
import pytest

from sim.experiments.task import Task, outcome_of
from sim.finance.cash import TwinTask, stacked
from sim.finance.study import flows_of
from sim.scenario.world import world_of
from tests.finance.shops import LOSS, TROLLEYS, study_in


def test_twins_are_the_same_future_on_the_same_luck_without_and_with_the_fixes(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    found = TwinTask(study, (TROLLEYS,), {LOSS: 0.1}, 5).carry_out()
    for fixes, flows in (((), found.now), ((TROLLEYS,), found.then)):
        world = world_of(study.scenario, {LOSS: 0.1}, fixes)
        by_hand = flows_of(outcome_of(Task(world, study.seed, 5, with_unbroken=False)), tuple(map(study.fix, fixes)))
        np.testing.assert_array_equal(flows.packed(), by_hand.packed())
    assert found.now.earned != found.then.earned


def test_progress_goes_from_nothing_to_all_of_both(tmp_path: Path) -> None:
    told: list[float] = []
    TwinTask(study_in(tmp_path), (TROLLEYS,), {}, 0).carry_out(told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_several_futures_are_one_with_a_dimension_in_front(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    few = [TwinTask(study, (TROLLEYS,), {}, run).carry_out() for run in range(3)]
    both = stacked(few)
    assert both.now.earned.shape == both.then.visits.shape == (3, 1)
    assert (both.now.uses.shape, both.then.uses.shape) == ((3, 0, 1), (3, 1, 1))
    for run, one in enumerate(few):
        assert both.now.earned[run] == one.now.earned
        assert both.then.returned[run] == one.then.returned
