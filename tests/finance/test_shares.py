import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.library import load, names
from sim.finance.assumptions import assumptions, drawn, left_over, made_whole, ranged, wholes
from sim.scenario.scenario import Scenario
from sim.scenario.world import restated, world_of
from tests.finance.shops import TROLLEYS, between, exactly, tiny

MAIN, SMALL = "trips.main.share", "trips.small.share"
REGULARS, HURRIED = "segments.regulars.share", "segments.hurried.share"


def both_ranged() -> Scenario:
    return tiny({MAIN: between(0.3, 0.4, 0.5), SMALL: between(0.5, 0.6, 0.7)})


@pytest.mark.parametrize("name", names())
def test_every_whole_of_a_shipped_scenario_is_one(name: str) -> None:
    for shares in wholes(load(name)):
        assert sum(said.value for said in shares.values()) == pytest.approx(1)


def test_the_last_share_is_what_the_others_leave_only_where_every_share_has_a_range() -> None:
    assert left_over(both_ranged(), ranged(both_ranged()) | {SMALL: exactly(0.6)}) == {SMALL}
    one = tiny({MAIN: between(0.3, 0.4, 0.5)})
    assert left_over(one, ranged(one)) == set()


def test_it_keeps_its_range_as_an_assumption_and_is_not_drawn() -> None:
    rows = {row.path: row for row in assumptions(both_ranged(), [TROLLEYS])}
    assert (rows[MAIN].drawn, rows[SMALL].drawn) == (True, False)
    assert (rows[SMALL].low, rows[SMALL].high) == (0.5, 0.7)
    assert {MAIN, SMALL} & drawn(both_ranged(), 4, 1).keys() == {MAIN}


@given(st.floats(0, 1))
def test_what_is_left_makes_every_moved_share_a_world(main: float) -> None:
    world = world_of(tiny({}), made_whole(tiny({}), {MAIN: main}))
    assert [trip.share.value for trip in world.trips] == [main, pytest.approx(1 - main)]
    assert [segment.share.value for segment in world.segments] == [0.7, 0.3]


def test_others_keep_their_proportions() -> None:
    third = tiny({}).trips[1].model_copy(update={"id": "third", "share": exactly(0.2)})
    trips = (*restated(tiny({}), {MAIN: exactly(0.2), SMALL: exactly(0.8)}).trips, third)
    scenario = tiny({}).model_copy(
        update={"trips": (trips[0], trips[1].model_copy(update={"share": exactly(0.6)}), third)}
    )
    whole = made_whole(scenario, {MAIN: 0.6})
    assert whole == {MAIN: 0.6, SMALL: pytest.approx(0.3), "trips.third.share": pytest.approx(0.1)}


def test_other_values_stay_and_add_nothing() -> None:
    assert made_whole(tiny({}), {"weather.rain": 0.5}) == {"weather.rain": 0.5}


@pytest.mark.parametrize("values", [{MAIN: 1.5}, {MAIN: 0.4, SMALL: 0.5}])
def test_where_nothing_is_left_to_share_out_nothing_is_added(values: dict[str, float]) -> None:
    assert made_whole(tiny({}), values) == values
