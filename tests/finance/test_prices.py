from pathlib import Path

import numpy as np
import pytest

from sim.experiments.cache import Store
from sim.experiments.library import load
from sim.finance.assumptions import drawn
from sim.finance.cash import moves_economics, prices
from sim.finance.study import Study
from sim.scenario.fixes import Change, Move, Policy
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from tests.finance.shops import (
    MARGIN,
    ONCE,
    PER_YEAR,
    RATE,
    SPENT,
    TROLLEYS,
    VISIT_COST,
    VISITS,
    between,
    exactly,
    study_in,
    tiny,
)


def column(*values: float) -> np.ndarray:
    return np.array(values)


def changing(*changes: Change) -> Scenario:
    """The tiny shop whose fix does this."""
    scenario = tiny({})
    return scenario.model_copy(update={"fixes": (scenario.fixes[0].model_copy(update={"changes": changes}),)})


def with_policy() -> Scenario:
    """The tiny shop with a policy that trades margin for visits; its fix sets the policy to 1."""
    given = {"evidence": "D", "source": "a test"}
    moves = (
        Move(path=MARGIN, through=((0, 0.25), (1, 0.15)), **given),
        Move(path=VISITS, through=((0, 0.8), (1, 1.2)), **given),
    )
    policy = Policy(id="cheap", label="Cheap", help="Prices", value=between(0, 0, 0.5), moves=moves)
    return changing(Change(path="policies.cheap.value", set=1)).model_copy(update={"policies": (policy,)})


def test_what_nobody_says_is_as_the_scenario_has_it(tmp_path: Path) -> None:
    found = prices(study_in(tmp_path), [TROLLEYS], {}, 3)
    assert found.now.margin.tolist() == found.then.margin.tolist() == [0.25] * 3
    assert found.now.visit_cost.tolist() == [0.5] * 3
    assert found.now.acquisition.tolist() == [0] * 3
    assert found.rate.tolist() == [0.1] * 3
    costs = (found.once.tolist(), found.per_year.tolist(), found.per_use.tolist())
    assert costs == ([[750] * 3], [[50] * 3], [[0] * 3])


def test_values_of_each_future_go_where_they_belong(tmp_path: Path) -> None:
    values = {
        MARGIN: column(0.2, 0.3),
        VISIT_COST: column(0.1, 0.2),
        SPENT: column(5, 6),
        RATE: column(0.05, 0.06),
        ONCE: column(700, 800),
        PER_YEAR: column(40, 60),
    }
    found = prices(study_in(tmp_path), [TROLLEYS], values, 2)
    assert found.now.margin.tolist() == found.then.margin.tolist() == [0.2, 0.3]
    assert found.now.visit_cost.tolist() == found.then.visit_cost.tolist() == [0.1, 0.2]
    assert found.now.acquisition.tolist() == [5, 6]
    assert found.rate.tolist() == [0.05, 0.06]
    assert (found.once.tolist(), found.per_year.tolist()) == ([[700, 800]], [[40, 60]])


def test_without_fixes_there_are_no_costs(tmp_path: Path) -> None:
    found = prices(study_in(tmp_path), [], {}, 2)
    assert found.once.shape == found.per_year.shape == found.per_use.shape == (0, 2)


@pytest.mark.parametrize(
    ("change", "margins"),
    [
        (Change(path=MARGIN, set=0.3), [0.3, 0.3]),
        (Change(path=MARGIN, times=exactly(1.1)), [0.22, 0.275]),
        (Change(path=MARGIN, add=exactly(0.05)), [0.25, 0.3]),
    ],
)
def test_a_fix_makes_of_a_margin_what_it_makes_of_each_futures(
    tmp_path: Path, change: Change, margins: list[float]
) -> None:
    study = study_in(tmp_path, changing(change))
    found = prices(study, [TROLLEYS], {MARGIN: column(0.2, 0.25)}, 2)
    assert found.now.margin.tolist() == [0.2, 0.25]
    assert found.then.margin.tolist() == pytest.approx(margins)
    assert found.then.visit_cost.tolist() == [0.5, 0.5]


def test_a_policy_that_a_fix_sets_moves_the_margin_of_the_mended_world(tmp_path: Path) -> None:
    found = prices(study_in(tmp_path, with_policy()), [TROLLEYS], {}, 1)
    assert (found.now.margin.tolist(), found.then.margin.tolist()) == ([0.25], [0.15])


def test_a_policy_that_is_drawn_moves_the_margin_of_both_worlds(tmp_path: Path) -> None:
    scenario = with_policy()
    other = Change(path="assets.trolleys.pool", add=exactly(5))
    scenario = scenario.model_copy(update={"fixes": changing(other).fixes})
    found = prices(study_in(tmp_path, scenario), [TROLLEYS], {"policies.cheap.value": column(0, 0.5)}, 2)
    assert found.now.margin.tolist() == found.then.margin.tolist() == [0.25, pytest.approx(0.2)]


def test_only_what_changes_a_price_moves_the_economics() -> None:
    assert not moves_economics(tiny({}), [TROLLEYS])
    assert not moves_economics(tiny({}), [TROLLEYS], [MARGIN])  # what is said of it is taken as it is
    assert moves_economics(changing(Change(path=SPENT, set=5)), [TROLLEYS])
    assert not moves_economics(changing(Change(path=SPENT, set=5)), [])
    assert moves_economics(with_policy(), [TROLLEYS])
    assert not moves_economics(with_policy(), [])
    assert moves_economics(with_policy(), [], ["policies.cheap.value"])


@pytest.mark.parametrize("name", ["sales_stages", "next_car", "six_departments"])
def test_prices_are_those_of_the_worlds_that_are_simulated(tmp_path: Path, name: str) -> None:
    study = Study(load(name), 1, Store(tmp_path))
    values = drawn(study.scenario, 3, 1)
    for fix in study.scenario.fixes:
        found = prices(study, [fix.id], values, 3)
        for draw in range(3):
            future = {path: float(of_path[draw]) for path, of_path in values.items()}
            for fixes, economics in (((), found.now), ((fix.id,), found.then)):
                world = study.world(fixes, future)
                assert economics.margin[draw] == quantity_at(world, MARGIN).value
                assert economics.visit_cost[draw] == quantity_at(world, VISIT_COST).value
                assert economics.acquisition[draw] == quantity_at(world, SPENT).value
