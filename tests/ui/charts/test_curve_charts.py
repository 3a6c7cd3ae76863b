"""The picture of what one lever does: what it draws is what was found."""

import json
from math import nan
from typing import Any

import pytest

from sim.experiments.curve import Curve
from tests.experiments.curves_by_hand import curve, lever
from ui.charts import curve_charts as charts


def spec_of(found: Curve, now: float = 20, as_is: float = 20, unit: str = "minutes") -> Any:
    return json.loads(charts.curve(found, "Trolleys", ("trolleys", unit), now, as_is).to_json())


def marks(spec: Any) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


def rows(spec: Any, layer: int) -> Any:
    return spec["datasets"][(spec["layer"][layer].get("data") or spec["data"])["name"]]


def test_each_point_stands_with_its_interval_under_the_levers_name() -> None:
    found = curve((1, 2, 3))
    spec = spec_of(found)
    assert marks(spec) == ["rule", "area", "line", "point"]
    drawn = rows(spec, 2)
    assert [row["value"] for row in drawn] == [10, 20, 30]
    for row, one in zip(drawn, map(found.estimate, range(3)), strict=True):
        assert (row["low"], row["mean"], row["high"]) == pytest.approx((one.low, one.mean, one.high))
    assert spec["layer"][2]["encoding"]["x"]["title"] == "Trolleys"


def test_the_axis_is_the_whole_range_from_the_first_point_on() -> None:
    assert spec_of(curve((1,)))["layer"][2]["encoding"]["x"]["scale"]["domain"] == [4, 40]
    assert spec_of(curve((1,)), now=50)["layer"][2]["encoding"]["x"]["scale"]["domain"] == [4, 50]


def test_it_shows_where_the_lever_stands_and_dashed_where_it_is_as_it_is() -> None:
    moved = spec_of(curve((1, 2, 3)), now=30, as_is=20)
    assert marks(moved)[:2] == ["rule", "rule"]
    as_is, now = moved["layer"][:2]
    assert (rows(moved, 0)[0]["at"], rows(moved, 1)[0]["at"]) == (20, 30)
    assert "strokeDash" in as_is["mark"]
    assert "strokeDash" not in now["mark"]


def test_a_best_inside_is_marked_with_shape_and_word_and_one_at_an_end_is_not() -> None:
    inside = spec_of(curve((1, 5, 2), moves=lever("contribution")))
    assert marks(inside)[-2:] == ["point", "text"]
    assert inside["layer"][-2]["mark"]["shape"] == "diamond"
    (place,) = rows(inside, -1)
    assert (place["value"], place["is"]) == (20, "Best")
    for found in (
        curve((1, 2, 5), moves=lever("contribution")),
        curve((5, 1, 3), moves=lever("contribution")),  # the worst inside
        curve((1, 5, 2), moves=lever("visits")),  # neither better nor worse
    ):
        assert "text" not in marks(spec_of(found))
    assert "text" in marks(spec_of(curve((5, 1, 3))))  # a wait: less is better


def test_what_could_not_be_measured_is_not_drawn() -> None:
    assert [row["value"] for row in rows(spec_of(curve((nan, 2, 3))), 1)] == [20, 30]
    assert list(charts.points(curve((nan, nan)))) == ["value", "mean", "low", "high"]
    assert marks(spec_of(curve((nan, nan)))) == ["rule", "area", "line", "point"]


@pytest.mark.parametrize(
    ("unit", "scale", "axis"),
    [("share of trips", 1, {"format": "~%"}), ("GBP a year", 1_000, {"labelExpr": True}), ("minutes", 0.1, {})],
)
def test_axes_read_as_people_do(unit: str, scale: float, axis: dict[str, Any]) -> None:
    found = curve([scale * mean for mean in (4, 5, 6)])
    drawn = spec_of(found, unit=unit)["layer"][2]["encoding"]["y"]["axis"]
    assert drawn.get("format") == axis.get("format")
    assert ("labelExpr" in drawn) == ("labelExpr" in axis)


def test_a_share_is_in_percent_on_the_levers_axis_too() -> None:
    drawn = json.loads(charts.curve(curve((1, 2)), "Breakages", ("share of trips", "minutes"), 10, 10).to_json())
    assert drawn["layer"][2]["encoding"]["x"]["axis"]["format"] == "~%"
