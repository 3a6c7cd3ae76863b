import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.experiments.cache import Store
from sim.experiments.library import load, names
from sim.finance.assumptions import counts, drawn, future, points, quantile, ranged
from sim.finance.study import Study
from sim.scenario.quantity import Quantity
from tests.finance.shops import BREAKS, LOSS, MARGIN, ONCE, POOL, RANGES, TROLLEYS, VISIT_COST, between, tiny

AT = np.linspace(0.001, 0.999, 97)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 40), st.integers(0, 2**63 - 1))
def test_the_first_draws_of_more_are_the_draws_of_fewer(few: int, more: int, columns: int, seed: int) -> None:
    few, more = sorted((few, more))
    first, all_of_them = points(few, columns, seed), points(more, columns, seed)
    assert first.shape == (few, columns)
    np.testing.assert_array_equal(first, all_of_them[:few])


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_column_does_not_depend_on_those_after_it(few: int, more: int) -> None:
    few, more = sorted((few, more))
    np.testing.assert_array_equal(points(32, few, 7), points(32, more, 7)[:, :few])


def test_points_fill_every_column_evenly_and_stay_off_the_ends() -> None:
    found = points(256, 60, 1)
    assert ((found > 0) & (found < 1)).all()
    cells = np.sort((found * 256).astype(int), axis=0)
    np.testing.assert_array_equal(cells, np.tile(np.arange(256)[:, None], 60))


def test_another_seed_gives_other_points() -> None:
    assert not np.isclose(points(16, 3, 1), points(16, 3, 2)).all()


@given(st.floats(0, 1), st.floats(0.01, 100), st.floats(-50, 50))
def test_quantiles_with_a_mode_are_those_of_the_triangular_distribution(mode: float, width: float, low: float) -> None:
    quantity = Quantity(low=low, mode=low + mode * width, high=low + width)
    scale = quantity.high - quantity.low
    expected = stats.triang.ppf(AT, (quantity.mode - low) / scale, loc=low, scale=scale)
    np.testing.assert_allclose(quantile(quantity, AT), expected, rtol=1e-6, atol=1e-6)


def test_quantiles_without_a_mode_are_those_of_the_uniform_distribution() -> None:
    np.testing.assert_allclose(quantile(Quantity(low=2, high=6), AT), stats.uniform.ppf(AT, 2, 4))


@pytest.mark.parametrize(
    "quantity", [Quantity(low=1, mode=2, high=6), Quantity(low=1, high=6), Quantity(low=1, mode=6, high=6)]
)
def test_what_is_drawn_averages_to_the_distributions_mean(quantity: Quantity) -> None:
    ends = [end for end in (quantity.low, quantity.mode, quantity.high) if end is not None]
    values = quantile(quantity, points(1024, 1, 3)[:, 0])
    assert values.mean() == pytest.approx(np.mean(ends), abs=0.01)
    assert quantity.low <= values.min() <= values.max() <= quantity.high


def test_every_ranged_quantity_is_drawn_within_its_range() -> None:
    values = drawn(tiny(), 64, 1)
    assert list(values) == list(ranged(tiny()))
    for path, said in RANGES.items():
        assert values[path].shape == (64,)
        assert said.low <= values[path].min() < values[path].max() <= said.high


def test_whole_quantities_are_drawn_whole_ends_included() -> None:
    values = drawn(tiny({POOL: between(7, 9, 12)}), 256, 1)[POOL]
    assert set(values) == {7, 8, 9, 10, 11, 12}


def test_a_new_range_in_the_money_leaves_what_is_simulated_as_it_was() -> None:
    before, after = drawn(tiny(), 16, 1), drawn(tiny({**RANGES, VISIT_COST: between(0.4, 0.5, 0.6)}), 16, 1)
    for path in (BREAKS, LOSS):
        np.testing.assert_array_equal(before[path], after[path])


def test_nothing_ranged_nothing_drawn() -> None:
    assert not any(counts(path, [TROLLEYS]) for path in drawn(tiny({}), 16, 1))


def test_one_future_is_a_plain_number_a_path() -> None:
    values = drawn(tiny(), 4, 1)
    assert future(values, 2) == {path: column[2] for path, column in values.items()}
    assert {type(value) for value in future(values, 2).values()} == {float}


def test_quantities_are_drawn_apart_from_each_other() -> None:
    values = drawn(tiny(), 256, 1)
    together = np.corrcoef([values[path] for path in (BREAKS, LOSS, MARGIN, ONCE)])
    assert np.abs(together - np.eye(4)).max() < 0.1


@pytest.mark.parametrize("name", names())
def test_every_future_of_every_shipped_scenario_is_a_world_with_any_of_its_fixes(name: str) -> None:
    scenario = load(name)
    study = Study(scenario, 1, Store())
    values = drawn(scenario, 32, 1)
    for draw in range(32):
        for fixes in ((), *((fix.id,) for fix in scenario.fixes)):
            study.world(fixes, future(values, draw))
