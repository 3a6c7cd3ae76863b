"""The picture of who loses what: what it draws is what was found."""

import json
from typing import Any

import pytest

from sim.experiments.attribution import Losses
from tests.engines.worlds import checked, tiny_data
from tests.ui.explore.losses_by_hand import losses, shop
from ui.charts import attribution_charts as charts

WHEEL, EMPTY_BAY, QUEUE, REFUSED = (1 << i for i in range(4))


def cost(wheel: int) -> Any:
    return lambda on: wheel * (on & WHEEL > 0) + 200 * (on & QUEUE > 0) + 400 * (on & REFUSED > 0)


@pytest.fixture
def found() -> Losses:
    return losses(shop(), [cost(1_590), cost(1_610)], part=lambda cost: (2 * cost, cost // 2, -cost - cost // 2))


def layers(chart: Any) -> list[list[dict[str, Any]]]:
    spec = json.loads(chart.to_json())
    return [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]


def test_bars_stand_by_size_and_name_the_department(found: Losses) -> None:
    assert list(charts.names(found, by_department=False).items()) == [
        ("wheel", "A bad wheel\n(Operations)"),
        ("refused", "A report refused\n(Customer service)"),
        ("queue", "A long queue\n(Operations)"),
        ("empty_bay", "No trolley left\n(Operations)"),
    ]
    assert list(charts.names(found, by_department=True).values()) == ["Operations", "Customer service"]
    spec = json.loads(charts.shares(found).to_json())
    assert spec["layer"][0]["encoding"]["y"]["sort"] == list(charts.names(found, False).values())


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
    bars = json.loads(charts.shares(found).to_json())["layer"][0]["encoding"]
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
    called = charts.names(found, by_department=False)
    assert called["wheel"].replace("\n", " ").startswith("It fails (wheel) (Operations)")
    assert len(set(called.values())) == 4


def test_nothing_to_share_out_is_an_empty_picture() -> None:
    nothing = losses(shop("wheel", "empty_bay", "queue", "refused"), [lambda on: 0] * 2)
    assert charts.names(nothing, by_department=False) == {}
