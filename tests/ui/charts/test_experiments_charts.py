"""What experiments find, as pictures: what is drawn is what was found."""

from math import nan
from typing import Any

import pytest

from sim.experiments.attribution import Losses
from sim.experiments.curve import Curve
from sim.experiments.estimate import MISSING, Estimate
from sim.experiments.verification import Check
from sim.experiments.verification.known_answers import KnownAnswer, read_known_answers
from tests.engines.worlds import checked, tiny_data
from tests.experiments.curves_by_hand import curve, lever
from tests.ui.explore.losses_by_hand import losses, shop
from ui.charts import Spec
from ui.charts import experiments as charts
from ui.charts.theme import LOSS, WORLD

# ---- who loses what --------------------------------------------------------------------------------

WHEEL, EMPTY_BAY, QUEUE, REFUSED = (1 << i for i in range(4))


def cost(wheel: int) -> Any:
    return lambda on: wheel * (on & WHEEL > 0) + 200 * (on & QUEUE > 0) + 400 * (on & REFUSED > 0)


@pytest.fixture
def found() -> Losses:
    return losses(shop(), [cost(1_590), cost(1_610)], part=lambda cost: (2 * cost, cost // 2, -cost - cost // 2))


def layers(spec: Spec) -> list[list[dict[str, Any]]]:
    """The data of each layer."""
    return [layer.get("data", spec["data"])["values"] for layer in spec["layer"]]


def test_bars_stand_by_size_and_name_the_department(found: Losses) -> None:
    assert list(charts.bar_names(found, by_department=False).items()) == [
        ("wheel", "A bad wheel\n(Operations)"),
        ("refused", "A report refused\n(Customer service)"),
        ("queue", "A long queue\n(Operations)"),
        ("empty_bay", "No trolley left\n(Operations)"),
    ]
    assert list(charts.bar_names(found, by_department=True).values()) == ["Operations", "Customer service"]
    spec = charts.shares(found)
    assert spec["layer"][0]["encoding"]["y"]["sort"] == list(charts.bar_names(found, False).values())


def test_parts_stack_from_nought_and_what_is_bought_later_goes_the_other_way(found: Losses) -> None:
    parts, _, _ = layers(charts.shares(found))
    wheel = {row["part"]: (row["start"], row["end"]) for row in parts if row["who"].startswith("A bad wheel")}
    assert {part: tuple(map(round, ends)) for part, ends in wheel.items()} == {
        "At the visit": (0, 3_200),
        "By leaving": (3_200, 4_000),
        "Bought later": (0, -2_400),
    }


def test_the_share_stands_below_with_its_interval(found: Losses) -> None:
    _, lines, dots = layers(charts.shares(found))
    assert lines == dots
    (wheel,) = [row for row in dots if row["who"].startswith("A bad wheel")]
    share = found.by_failure_point["wheel"].share
    assert (wheel["low"], wheel["mean"], wheel["high"]) == (share.low, share.mean, share.high)
    assert share.mean == pytest.approx(1_600)


def test_a_department_has_the_parts_of_its_points(found: Losses) -> None:
    parts, _, dots = layers(charts.shares(found, by_department=True))
    assert [round(row["mean"]) for row in dots] == [1_800, 400]
    assert [round(row["mean"]) for row in parts if row["part"] == "At the visit"] == [3_600, 800]


def test_the_unit_stands_on_the_axis_and_parts_are_told_apart_without_colour(found: Losses) -> None:
    bars = charts.shares(found)["layer"][0]["encoding"]
    assert bars["x"]["title"] == "GBP a year"
    assert bars["fill"]["legend"] == bars["strokeDash"]["legend"]
    looks = list(zip(bars["fill"]["scale"]["range"], map(str, bars["strokeDash"]["scale"]["range"]), strict=True))
    assert looks[2] == ("transparent", "[4, 3]")
    assert len({fill for fill, _ in looks}) == 3


def test_failure_points_with_one_label_are_two_bars() -> None:
    data = tiny_data({"weeks": 365})
    for failure in data["failures"][:2]:
        failure["label"] = "It fails"
    found = losses(checked(data), [cost(100), cost(120)])
    called = charts.bar_names(found, by_department=False)
    assert called["wheel"].replace("\n", " ").startswith("It fails (wheel) (Operations)")
    assert len(set(called.values())) == 4


def test_nothing_to_share_out_is_an_empty_picture() -> None:
    nothing = losses(shop("wheel", "empty_bay", "queue", "refused"), [lambda on: 0] * 2)
    assert charts.bar_names(nothing, by_department=False) == {}


# ---- what one lever does ---------------------------------------------------------------------------


def spec_of(found: Curve, now: float = 20, as_is: float = 20, unit: str = "minutes") -> Any:
    return charts.curve(found, "Trolleys", ("trolleys", unit), now, as_is)


def marks(spec: Any) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


def rows(spec: Any, layer: int) -> Any:
    return layers(spec)[layer]


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
    assert charts.points(curve((nan, nan))) == []
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
    drawn = charts.curve(curve((1, 2)), "Breakages", ("share of trips", "minutes"), 10, 10)
    assert drawn["layer"][2]["encoding"]["x"]["axis"]["format"] == "~%"


# ---- known answers ---------------------------------------------------------------------------------

KNOWN = read_known_answers()
ANSWER = KNOWN.only("one_server_people").answers[0]  # theory 2, at most 0.04 either way
FITTED = KNOWN.only("cdnow_spend_p").fitted[0]  # theory 6.25, within 0.01


def drawn(found: Estimate, answer: KnownAnswer = ANSWER) -> tuple[list[dict[str, Any]], list[float], str]:
    """The data of each layer, the ends of the scale, and the colour of the dot."""
    spec = charts.known_answer(Check(answer, found))
    rows = [data[0] for data in layers(spec)]
    return rows, spec["layer"][0]["encoding"]["x"]["scale"]["domain"], spec["layer"][-1]["mark"]["color"]


def test_a_line_at_theory_and_a_dot_with_its_interval_on_the_widest_allowed() -> None:
    (allowed, known, bar, dot), domain, colour = drawn(Estimate(2.01, 1.98, 2.04))
    assert known["at"] == 2
    assert (bar["low"], dot["at"], bar["high"]) == (1.98, 2.01, 2.04)
    assert (allowed["low"], allowed["high"]) == pytest.approx((1.97, 2.05))
    assert domain == pytest.approx([1.932, 2.068])
    assert colour == WORLD


def test_what_fails_is_drawn_whole_and_in_another_colour() -> None:
    _, domain, colour = drawn(Estimate(2.5, 2.4, 2.6))
    assert domain == pytest.approx([2 - 0.66, 2 + 0.66])
    assert colour == LOSS


def test_without_a_figure_there_is_only_the_line() -> None:
    (_, known, bar, dot), _, _ = drawn(MISSING)
    assert known["at"] == 2
    assert (bar["low"], dot["at"]) == (None, None)


def test_what_is_worked_out_is_a_dot_in_a_band_about_theory() -> None:
    (allowed, known, bar, dot), domain, colour = drawn(Estimate(6.249, None, None), FITTED)
    assert (known["at"], dot["at"]) == (6.25, 6.249)
    assert (bar["low"], bar["high"]) == (None, None)
    assert (allowed["low"], allowed["high"]) == pytest.approx((6.24, 6.26))
    assert domain == pytest.approx([6.25 - 0.017, 6.25 + 0.017])
    assert colour == WORLD
    _, domain, colour = drawn(Estimate(6.27, None, None), FITTED)
    assert domain == pytest.approx([6.25 - 0.022, 6.25 + 0.022])
    assert colour == LOSS
