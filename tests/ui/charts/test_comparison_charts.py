"""Worlds side by side, as values: what is drawn is what was found, and is said to who cannot see it."""

from typing import Any

import pytest
import vl_convert

from sim.experiments.library import load
from sim.experiments.runs import Comparison, Effort, compare
from sim.reports.narrative.boardroom_story import LOST, number_of
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from ui.charts import Spec, comparison
from ui.charts.comparison import before_and_after, picture_alt, picture_title


@pytest.fixture(scope="module")
def found() -> Comparison:
    baseline = load("tiny")
    return compare(baseline, world_of(baseline, {"assets.trolleys.pool": 14}), Effort(1, 3))


def rows(spec: Spec) -> list[list[dict[str, Any]]]:
    """The data of each layer, in the order in which they are drawn; one list where all layers share it."""
    own = [layer["data"]["values"] for layer in spec["layer"] if "data" in layer]
    return [*own, spec["data"]["values"]]


def test_retention_starts_at_all_and_ends_where_the_runs_end(found: Comparison) -> None:
    (data,) = rows(comparison.retention(found))
    assert {row["world"] for row in data} == {"As it is", "What if"}
    assert all(row["mean"] == 1 for row in data if row["week"] == 0)
    last = next(row for row in data if row["week"] == 12 and row["world"] == "What if")
    assert last["mean"] == pytest.approx(sum(r.retention[-1] for r in found.world.replications) / 3)
    assert last["low"] < last["mean"] < last["high"]


def test_losses_have_the_baseline_as_a_ghost_and_an_interval_each(found: Comparison) -> None:
    ghost, moved = rows(comparison.losses(found))
    assert [row["failure"] for row in moved] == [failure.label for failure in found.world.world.failures]
    assert ghost[0]["mean"] == pytest.approx(found.baseline.lost("wheel").mean)
    assert moved[0]["low"] <= moved[0]["mean"] <= moved[0]["high"]
    assert moved[0]["mean"] < ghost[0]["mean"]


def test_the_ghost_stands_apart_by_the_paired_change(found: Comparison) -> None:
    (row,) = comparison.ghost(found, "basket_value")["data"]["values"]
    difference = found.difference("basket_value")
    assert row["at"] - row["now"] == pytest.approx(difference.mean)
    assert row["low"] - row["now"] == pytest.approx(difference.low)


# ---- Boardroom's -----------------------------------------------------------------------------------

NUMBER = "contribution"


def with_the_fix(scenario: Scenario) -> Comparison:
    return compare(scenario, world_of(scenario, fixes=["five_more_trolleys"]), Effort(1, 2))


def test_bars_are_of_the_failure_points_that_lose_anything_today_or_then() -> None:
    shop = load("tiny").model_copy(update={"weeks": 4})
    one = with_the_fix(shop)
    rows = before_and_after(one, number_of(shop, NUMBER), NUMBER)["data"]["values"]
    assert [row["place"] for row in rows] == ["A bad wheel", "A long queue"]
    assert rows[0]["now"] == one.baseline.lost("wheel").mean
    assert (rows[0]["then"], rows[0]["low"]) == (one.world.lost("wheel").mean, one.world.lost("wheel").low)
    assert picture_title(one, number_of(shop, NUMBER)) == f"{LOST}, a year"
    assert picture_alt(one, number_of(shop, NUMBER), NUMBER).startswith(f"{LOST}, a year. A bad wheel: £")
    of_money = before_and_after(one, number_of(shop, "churn_rate"), "churn_rate")["encoding"]["tooltip"][1:]
    assert {part["format"] for part in of_money} == {",.0f"}


def test_where_nothing_can_fail_the_number_itself_is_drawn() -> None:
    calm = load("tiny").model_copy(update={"weeks": 2, "failures": (), "levers": (), "why": ()})
    one, number = with_the_fix(calm), number_of(calm, NUMBER)
    (row,) = before_and_after(one, number, NUMBER)["data"]["values"]
    assert row["now"] == one.baseline.estimate(NUMBER).mean
    assert picture_title(one, number) == number.name
    assert ", today £" in picture_alt(one, number, NUMBER)


def test_the_axis_begins_at_a_plain_0() -> None:
    shop = load("tiny").model_copy(update={"weeks": 2})
    spec = before_and_after(with_the_fix(shop), number_of(shop, NUMBER), NUMBER)
    assert ">0<" in vl_convert.vegalite_to_svg(spec) and ">0k<" not in vl_convert.vegalite_to_svg(spec)


def test_everything_is_larger_when_it_is_presented() -> None:
    shop = load("tiny").model_copy(update={"weeks": 2})
    one, number = with_the_fix(shop), number_of(shop, NUMBER)
    sizes = [before_and_after(one, number, NUMBER, large)["config"]["axis"]["labelFontSize"] for large in (False, True)]
    assert sizes[0] < sizes[1]
