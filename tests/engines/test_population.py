from typing import Any

import numpy as np
import pytest

from sim.behaviour.visiting import leaving_hazard
from sim.engines.clock import DAY, minute_at
from sim.engines.plan import plan_of
from sim.engines.population import BASE, NEWCOMER, PASSER_BY, Population, population_of, rain_at
from sim.engines.randomness import Luck
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.engines.worlds import checked, tiny, tiny_data

MANY = {"customers.base": 40_000, "weeks": 2}


def population(scenario: Scenario, seed: int = 1, replication: int = 0) -> Population:
    return population_of(scenario, plan_of(scenario), Luck(seed, replication))


def changed(changes: dict[str, Any]) -> Population:
    return population(tiny(changes))


def assert_same_people(one: Population, other: Population) -> None:
    for name, values in one._asdict().items():
        np.testing.assert_array_equal(values, getattr(other, name), err_msg=name)


def of_source(population: Population, source: int) -> dict[str, np.ndarray]:
    return {
        name: values[population.source == source] for name, values in population._asdict().items() if name != "rain"
    }


@pytest.mark.parametrize(
    "world",
    [
        world_of(tiny(), {"assets.trolleys.pool": 40, "assets.trolleys.breaks": 0.05}),
        world_of(tiny(), {"resources.tills.servers": 9, "failures.queue.on": False}),
        world_of(tiny(), {"trips.main.spend": 10, "relationship.leaving_sensitivity": 3}),
        without_failures(tiny()),
    ],
    ids=["trolleys", "tills", "money", "no failures"],
)
def test_the_same_people_come_in_the_same_weather_in_every_world_of_one_market(world: Scenario) -> None:
    assert_same_people(population(tiny()), population(world))


def test_changing_the_journey_moves_nobody_elses_luck() -> None:
    data = tiny_data()
    data["journey"].append(data["journey"].pop(1))
    data["resources"].reverse()
    data["failures"].reverse()
    assert_same_people(population(tiny()), population(checked(data)))


def test_a_bigger_base_is_the_same_people_and_more() -> None:
    small, big = changed({"customers.base": 100}), changed({"customers.base": 300})
    for name, values in of_source(small, BASE).items():
        np.testing.assert_array_equal(values, of_source(big, BASE)[name][:100], err_msg=name)
    for name, values in of_source(small, NEWCOMER).items():
        np.testing.assert_array_equal(values, of_source(big, NEWCOMER)[name], err_msg=name)


def test_everybody_has_an_id_of_their_own() -> None:
    people = changed({"customers.passers_by_per_week": 50})
    assert np.unique(people.who).size == people.who.size
    assert set(people.source) == {BASE, NEWCOMER, PASSER_BY}


def test_other_replications_are_other_people() -> None:
    one, other = population(tiny()), population(tiny(), replication=1)
    assert not np.isin(of_source(one, BASE)["hazard"], of_source(other, BASE)["hazard"]).any()


def test_nobody_is_cast_where_nobody_is_asked_for() -> None:
    assert changed({"customers.base": 0, "customers.newcomers_per_week": 0}).who.size == 0


@pytest.mark.parametrize(
    ("stream", "source", "weeks"),
    [("newcomers_per_week", NEWCOMER, 12), ("passers_by_per_week", PASSER_BY, 14)],
    ids=["newcomers", "passers-by, in warm-up too"],
)
def test_streams_are_poisson(stream: str, source: int, weeks: int) -> None:
    scenario = tiny({"customers.base": 0, "customers.newcomers_per_week": 0, f"customers.{stream}": 3})
    counts = [int((population(scenario, replication=r).source == source).sum()) for r in range(300)]
    assert np.mean(counts) == pytest.approx(3 * weeks, abs=4 * np.sqrt(3 * weeks / 300))
    assert np.var(counts) == pytest.approx(3 * weeks, rel=0.35)


def test_newcomers_join_from_week_0_and_the_base_comes_from_the_start_of_warm_up() -> None:
    people = changed({"customers.base": 2_000, "customers.newcomers_per_week": 100})
    assert of_source(people, NEWCOMER)["first_minute"].min() >= 0
    base = of_source(people, BASE)["first_minute"]
    assert -14 * DAY <= base.min() < -13 * DAY


def test_first_arrivals_are_the_same_moment_on_both_clocks() -> None:
    scenario = tiny()
    people, plan = population(scenario), plan_of(scenario)
    expected = [minute_at(week, plan.minutes, plan.op_weeks, plan.guide) for week in people.first_week]
    np.testing.assert_array_equal(people.first_minute, expected)


def test_visit_rates_have_the_moments_of_the_nbd_model() -> None:
    rates = of_source(changed(MANY), BASE)["visits_per_week"]
    assert rates.mean() == pytest.approx(0.8, rel=0.02)
    assert rates.var() == pytest.approx(0.8**2 / 1.3, rel=0.05)


def test_segments_have_their_shares_and_their_own_rates_and_spend() -> None:
    data = tiny_data(MANY)
    data["segments"][1] |= {"visits_times": 2.0, "spend_times": 0.5}
    people = of_source(population(checked(data)), BASE)
    hurried = people["segment"] == 1
    assert hurried.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / hurried.size))
    assert people["visits_per_week"][hurried].mean() == pytest.approx(1.6, rel=0.04)
    assert people["visits_per_week"][~hurried].mean() == pytest.approx(0.8, rel=0.04)
    assert people["level"][hurried].mean() == pytest.approx(0.5, rel=0.03)
    assert people["level"][~hurried].mean() == pytest.approx(1.0, rel=0.03)


def test_spend_levels_spread_by_their_log_standard_deviation() -> None:
    people = of_source(changed(MANY | {"segments.hurried.spend_times": 1}), BASE)
    assert np.log(people["level"]).std() == pytest.approx(0.6, rel=0.02)


def test_natural_churn_is_that_of_the_leaving_law() -> None:
    people = of_source(changed(MANY), BASE)
    yearly = -np.expm1(-people["hazard"] * 365 / 7 * people["visits_per_week"])
    assert yearly.mean() == pytest.approx(0.3, abs=0.003)
    grid = (np.arange(9_999) + 0.5) / 9_999
    law = -np.expm1(-365 / 7 * leaving_hazard(grid, 0.3, 16.0, np.ones(grid.size)))
    np.testing.assert_allclose(np.quantile(yearly, [0.05, 0.5, 0.95]), np.quantile(law, [0.05, 0.5, 0.95]), atol=0.005)


def test_a_chance_at_each_visit_is_the_same_for_people_who_come_often_and_seldom() -> None:
    people = of_source(changed(MANY | {"customers.leaving": {"chance_per_visit": 0.25, "concentration": 3.2}}), BASE)
    chance = -np.expm1(-people["hazard"])
    often = people["visits_per_week"] > 0.8
    assert chance[often].mean() == pytest.approx(0.25, abs=0.01)
    assert chance[~often].mean() == pytest.approx(0.25, abs=0.01)
    assert chance.var() == pytest.approx(0.25 * 0.75 / 4.2, rel=0.05)


def test_without_variation_people_come_at_equal_gaps() -> None:
    people = of_source(changed(MANY | {"customers.gap_cv": 0, "warm_up_days": 0}), BASE)
    gaps = people["first_week"] * people["visits_per_week"]
    assert 0 <= gaps.min() < gaps.max() <= 1
    assert gaps.mean() == pytest.approx(0.5, abs=0.01)


def rain(share: float, **changes: Any) -> np.ndarray:
    return changed({"weather.rain": share, "customers.base": 0} | changes).rain


def test_it_rains_on_its_share_of_days() -> None:
    days = rain(0.3, weeks=1_040)
    assert days.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / days.size))
    assert not rain(0.0).any()
    assert rain(1.0).all()


def test_more_rain_only_adds_wet_days() -> None:
    assert not (rain(0.2, weeks=100) & ~rain(0.4, weeks=100)).any()


def test_a_day_has_its_weather_whatever_the_warm_up_and_the_length_of_the_run() -> None:
    np.testing.assert_array_equal(rain(0.3, warm_up_days=0, weeks=4)[:28], rain(0.3, warm_up_days=100)[100:128])


def test_rain_is_looked_up_by_day_and_beyond_the_last_day_by_the_last() -> None:
    scenario = tiny({"warm_up_days": 2, "weeks": 1})
    plan, people = plan_of(scenario), population(scenario)
    for day in range(-2, 7):
        for minute in (day * DAY, day * DAY + 0.5, day * DAY + DAY - 1):
            assert rain_at(people.rain, plan.starts, minute) == people.rain[day + 2]
    assert rain_at(people.rain, plan.starts, 1e9) == people.rain[-1]
