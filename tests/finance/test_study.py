from pathlib import Path

import numpy as np
import pytest

from sim.experiments.task import Task
from sim.finance import study as studies
from sim.finance.cash import TwinTask
from sim.finance.study import Study
from sim.scenario.faults import ScenarioError
from sim.scenario.paths import quantity_at
from sim.scenario.world import world_of
from tests.finance.shops import (
    LOSS,
    MARGIN,
    ONCE,
    PER_YEAR,
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


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Every task that is simulated from here on."""
    tasks: list[Task] = []
    simulate = studies.outcome_of

    def counted(task: Task, *args: object) -> object:
        tasks.append(task)
        return simulate(task, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(studies, "outcome_of", counted)
    return tasks


def twins(study: Study, values: dict[str, float] | None = None) -> TwinTask:
    return TwinTask(study, (TROLLEYS,), values or {}, 0)


def test_a_world_has_the_values_and_then_the_fixes(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    pool = "assets.trolleys.pool"
    world = study.world([TROLLEYS], {pool: 11, VISITS: 0.9})
    assert world == world_of(study.scenario, {pool: 11, VISITS: 0.9}, [TROLLEYS])
    assert (quantity_at(world, pool).value, quantity_at(world, VISITS).value) == (16, 0.9)


def test_what_a_fix_does_can_be_a_value_too(tmp_path: Path) -> None:
    world = study_in(tmp_path).world([TROLLEYS], {f"fixes.{TROLLEYS}.changes[0].add": 2})
    assert quantity_at(world, "assets.trolleys.pool").value == 11


def test_values_that_make_no_world_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"trips.main.share.*found 1.5; allowed"):
        study_in(tmp_path).world([], {"trips.main.share": 1.5})


def test_a_setting_holds_what_matters_to_what_happens_there_in_one_order(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    effect = f"fixes.{TROLLEYS}.changes[0].add"
    values = {VISITS: 0.9, LOSS: 0.1, MARGIN: 0.3, RATE: 0.1, ONCE: 700, effect: 4, "trial.mismatch": 0.01}
    now, then = study.setting((), values, 7), study.setting((TROLLEYS,), dict(reversed(values.items())), 7)
    assert now.values == ((VISITS, 0.9), (LOSS, 0.1))
    assert then.values == ((VISITS, 0.9), (LOSS, 0.1), (effect, 4))
    assert (now.fixes, then.fixes, now.replication) == ((), (TROLLEYS,), 7)


def test_a_world_is_simulated_once_and_kept_for_the_next_study_of_it(tmp_path: Path, simulated: list[Task]) -> None:
    first = twins(study_in(tmp_path)).carry_out()
    assert len(simulated) == 2
    second = twins(study_in(tmp_path)).carry_out()
    assert len(simulated) == 2
    for one, other in ((first.now, second.now), (first.then, second.then)):
        np.testing.assert_array_equal(one.packed(), other.packed())


@pytest.mark.parametrize("path", [MARGIN, RATE, VISIT_COST, ONCE, PER_YEAR])
@pytest.mark.parametrize("how", ["said", "stated", "set"])
def test_another_price_needs_no_new_simulation_however_it_is_given(
    tmp_path: Path, simulated: list[Task], path: str, how: str
) -> None:
    twins(study_in(tmp_path)).carry_out()
    given = {
        "said": lambda: twins(study_in(tmp_path), {path: 0.11}),
        "stated": lambda: twins(study_in(tmp_path, tiny({**RANGES, path: between(0.01, 0.11, 0.2, "A")}))),
        "set": lambda: twins(study_in(tmp_path, world_of(tiny(), {path: 0.11}))),
    }
    given[how]().carry_out()
    assert len(simulated) == 2


def test_other_words_need_no_new_simulation(tmp_path: Path, simulated: list[Task]) -> None:
    twins(study_in(tmp_path)).carry_out()
    said_otherwise = tiny().model_copy(update={"title": "Another name", "levers": (), "story": "Nothing."})
    twins(study_in(tmp_path, said_otherwise)).carry_out()
    assert len(simulated) == 2


def test_whatever_changes_what_happens_is_simulated(tmp_path: Path, simulated: list[Task]) -> None:
    study = study_in(tmp_path)
    twins(study).carry_out()
    for other in (
        twins(study, {VISITS: 0.9}),
        twins(study_in(tmp_path, seed=2)),
        TwinTask(study, (TROLLEYS,), {}, 1),
        twins(study_in(tmp_path, tiny(weeks=11))),
        twins(study_in(tmp_path, tiny({VISITS: exactly(0.7)}))),
    ):
        before = len(simulated)
        other.carry_out()
        assert len(simulated) == before + 2


def test_a_measure_of_uses_is_part_of_what_is_kept(tmp_path: Path, simulated: list[Task]) -> None:
    twins(study_in(tmp_path)).carry_out()
    scenario = tiny()
    fix = scenario.fixes[0]
    used = fix.model_copy(update={"costs": fix.costs.model_copy(update={"use": "visits"})})
    found = twins(study_in(tmp_path, scenario.model_copy(update={"fixes": (used,)}))).carry_out()
    assert len(simulated) == 4
    assert found.then.uses[0] == pytest.approx(found.then.visits)


def test_a_value_is_as_said_or_else_as_stated(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    assert (study.value(VISITS, {VISITS: 0.9}), study.value(VISITS, {})) == (0.9, 0.8)
    assert (study.fix(TROLLEYS).id, study.currency, study.minor_units) == (TROLLEYS, "GBP", 100)
