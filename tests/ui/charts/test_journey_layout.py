"""Where bars and bands are."""

from itertools import pairwise

import pytest

from tests.ui.explore.journeys import flows
from ui.charts.journey_layout import Line, Place, Scale, bands, edges, most_met, placed

NOW, MOVED = flows()
SCALE = Scale(most_met(NOW, MOVED), 60.0)
CENTRES = {"bay": (100.0, 100.0), "aisles": (200.0, 100.0), "checkout": (300.0, 100.0), "desk": (400.0, 200.0)}
PLACES = placed(NOW, MOVED, SCALE, CENTRES)


def test_the_thickest_bar_of_both_worlds_is_as_thick_as_allowed_and_the_others_in_proportion() -> None:
    assert max(max(place.thick, place.now) for place in PLACES.values()) == pytest.approx(60)
    for name, place in PLACES.items():
        if place.thick > 2:
            assert place.thick / 60 == pytest.approx(MOVED.step(name).met.mean / SCALE.most)
            assert place.now / 60 == pytest.approx(NOW.step(name).met.mean / SCALE.most)


def test_few_are_still_seen_and_nobody_is_not_drawn() -> None:
    assert SCALE(SCALE.most / 1e6) == 1.5
    assert SCALE(0) == 0
    assert Scale(0, 60)(0) == 0


def test_bands_lie_side_by_side_and_within_the_bar_that_they_leave() -> None:
    flow, _ = flows("home_loan")
    scale = Scale(most_met(flow, flow), 60.0)
    places = placed(flow, flow, scale, {step.touchpoint.id: (100.0 * i, 200.0) for i, step in enumerate(flow.steps)})
    taken = [way for way in flow.ways if way.taken.mean]
    shown = dict(zip([(way.start, way.to) for way in taken], bands(flow, scale, places, None)[0], strict=True))
    for step in flow.steps:
        name = step.touchpoint.id
        for end, at in ((0, 0), (1, -1)):
            sides = sorted(_sides(line, at) for pair, line in shown.items() if pair[end] == name)
            assert all(lower <= upper + 0.01 for (_, lower), (upper, _) in pairwise(sides))
            spare = 2 * len(sides)  # few are drawn a little thicker than they are, and some are cut off by the weeks
            assert all(upper >= places[name].c - places[name].thick / 2 - 0.01 for upper, _ in sides)
            assert all(lower <= places[name].c + places[name].thick / 2 + spare for _, lower in sides)


def _sides(line: Line, at: int) -> tuple[float, float]:
    c = line.points[at][1]
    return c - line.width / 2, c + line.width / 2


def test_the_baselines_edges_are_drawn_only_where_there_is_one_and_two_a_way() -> None:
    assert bands(MOVED, SCALE, PLACES, None)[1] == []
    assert len(bands(MOVED, SCALE, PLACES, NOW)[1]) == 2 * len(NOW.ways)


def test_a_way_around_something_keeps_to_the_room_there_is() -> None:
    places = PLACES | {"aisles": Place(500.0, 100.0, 60.0, 60.0)}  # so bay to aisles leads around, and on leads back
    shown, _ = bands(MOVED, Scale(SCALE.most, 60.0, room=(60.0, 150.0)), places, None)
    around, back = shown[:2]
    assert min(c for _, c in around.points) == 60 + around.width / 2 + 1
    assert max(c for _, c in back.points) == 150 - back.width / 2 - 1


def test_edges_are_half_a_width_from_the_middle_and_end_across_the_bar() -> None:
    upper, lower = edges([(0.0, 10.0), (30.0, 10.0), (60.0, 50.0), (90.0, 50.0)], 8.0)
    for edge, start, end in ((upper, 6, 46), (lower, 14, 54)):
        assert edge[0] == pytest.approx((0, start))
        assert edge[-1] == pytest.approx((90, end))
    for (x, y), (x2, y2) in zip(upper, lower, strict=True):
        assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 == pytest.approx(8)
