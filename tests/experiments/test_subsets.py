"""Which worlds there are, and which of them are one and the same."""

import pytest

from sim.experiments.sharing import NEVER_MORE, points_on, stand_ins, worlds_of
from sim.scenario.faults import ScenarioError
from sim.scenario.scenario import Scenario
from sim.scenario.world import without_failures, world_of
from tests.engines.worlds import assert_same, checked, run, tiny, tiny_data

WHEEL, EMPTY_BAY, QUEUE, REFUSED = (1 << i for i in range(4))


def prone(points: int) -> Scenario:
    """The tiny shop with so many failure points, most of them by chance."""
    data = tiny_data()
    more = {"cause": "chance", "chance": 0.1, "at": "aisles", "responses": [{"id": "shrug", "label": "Shrugs"}]}
    data["failures"] += [{"id": f"mishap_{i}", "label": "A mishap", **more} for i in range(points - 4)]
    return checked(data)


def on(world: Scenario) -> list[str]:
    return [failure.id for failure in world.failures if failure.on]


def test_points_that_are_off_take_no_part() -> None:
    world = tiny({"failures.queue.on": False})
    assert [point.id for point in points_on(world)] == ["wheel", "empty_bay", "refused"]
    assert all("queue" not in on(each) for each in worlds_of(world).values())


def test_the_first_two_worlds_are_the_twin_without_failures_and_the_world_as_it_is() -> None:
    world = tiny()
    first, second, *_ = worlds_of(world).values()
    assert (first, second) == (without_failures(world), world)


def test_there_is_a_world_for_every_set_of_points() -> None:
    worlds = worlds_of(prone(6))
    for players in stand_ins(prone(6)):
        names = [point.id for i, point in enumerate(points_on(prone(6))) if players >> i & 1]
        assert on(worlds[players]) == names


def test_where_nothing_breaks_no_report_is_left_unresolved_so_that_point_may_as_well_be_off() -> None:
    assert [players for players, other in enumerate(stand_ins(tiny())) if players != other] == [
        REFUSED,
        REFUSED | EMPTY_BAY,
        REFUSED | QUEUE,
        REFUSED | EMPTY_BAY | QUEUE,
    ]
    assert len(worlds_of(tiny())) == 12


@pytest.mark.parametrize("off", [["wheel"], ["wheel", "queue"], ["wheel", "queue", "empty_bay"]])
def test_worlds_that_stand_in_for_each_other_are_the_same_visit_for_visit(off: list[str]) -> None:
    world = world_of(tiny({"weeks": 4}), {f"failures.{name}.on": False for name in off})
    assert_same(run(world).visits, run(world_of(world, {"failures.refused.on": False})).visits)


def test_without_points_there_is_one_world() -> None:
    assert list(worlds_of(without_failures(tiny()))) == [0]
    only_refused = tiny({f"failures.{name}.on": False for name in ("wheel", "empty_bay", "queue")})
    assert stand_ins(only_refused) == [0, 0]


def test_more_points_than_asked_for_are_refused_with_what_they_would_cost() -> None:
    assert len(points_on(prone(7), at_most=7)) == 7
    with pytest.raises(ScenarioError, match=r"found 7 .* 128 worlds a replication; allowed: 6, 64 worlds") as refused:
        points_on(prone(7), at_most=6)
    assert "ask for --at-most 7, or switch some off: --set failures.mishap_2.on=false" in str(refused.value)


def test_more_points_than_can_be_shared_among_are_refused_whatever_is_asked() -> None:
    assert len(points_on(prone(NEVER_MORE))) == 10
    with pytest.raises(ScenarioError, match=r"found 11 .* 2,048 worlds") as refused:
        points_on(prone(11), at_most=20)
    assert "--at-most" not in str(refused.value)
