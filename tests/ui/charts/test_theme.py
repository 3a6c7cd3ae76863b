"""Charts as values: what they draw is what was found."""

import json
from typing import Any

import pytest

from sim.experiments.library import load
from sim.experiments.runs import Comparison, Effort, compare
from sim.scenario.world import world_of
from ui.charts import theme


@pytest.fixture(scope="module")
def found() -> Comparison:
    baseline = load("tiny")
    return compare(baseline, world_of(baseline, {"assets.trolleys.pool": 14}), Effort(1, 3))


def rows(chart: Any) -> list[list[dict[str, Any]]]:
    """The data of each layer, in the order in which they are drawn; one list where all layers share it."""
    spec = json.loads(chart.to_json())
    names = [layer["data"]["name"] for layer in spec["layer"] if "data" in layer] or [spec["data"]["name"]]
    return [spec["datasets"][name] for name in dict.fromkeys(names)]


def test_retention_starts_at_all_and_ends_where_the_runs_end(found: Comparison) -> None:
    (data,) = rows(theme.retention(found))
    assert {row["world"] for row in data} == {"As it is", "What if"}
    assert all(row["mean"] == 1 for row in data if row["week"] == 0)
    last = next(row for row in data if row["week"] == 12 and row["world"] == "What if")
    assert last["mean"] == pytest.approx(sum(r.retention[-1] for r in found.world.replications) / 3)
    assert last["low"] < last["mean"] < last["high"]


def test_losses_have_the_baseline_as_a_ghost_and_an_interval_each(found: Comparison) -> None:
    ghost, moved = rows(theme.losses(found))
    assert [row["failure"] for row in moved] == [failure.label for failure in found.world.world.failures]
    assert ghost[0]["mean"] == pytest.approx(found.baseline.lost("wheel").mean)
    assert moved[0]["low"] <= moved[0]["mean"] <= moved[0]["high"]
    assert moved[0]["mean"] < ghost[0]["mean"]


def test_the_ghost_stands_apart_by_the_paired_change(found: Comparison) -> None:
    (row,) = theme.ghost(found, "basket_value")["data"]["values"]
    difference = found.difference("basket_value")
    assert row["at"] - row["now"] == pytest.approx(difference.mean)
    assert row["low"] - row["now"] == pytest.approx(difference.low)
