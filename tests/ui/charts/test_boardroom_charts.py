"""The boardroom's picture as a value: what it draws, and what it says to who cannot see it."""

import vl_convert

from sim.experiments.library import load
from sim.experiments.runs import Comparison, Effort, compare
from sim.reports.one_file.words import LOST, number_of
from sim.scenario.scenario import Scenario
from sim.scenario.world import world_of
from ui.charts.boardroom_charts import picture, picture_alt, picture_title

NUMBER = "contribution"


def found(scenario: Scenario) -> Comparison:
    return compare(scenario, world_of(scenario, fixes=["five_more_trolleys"]), Effort(1, 2))


def test_bars_are_of_the_failure_points_that_lose_anything_today_or_then() -> None:
    shop = load("tiny").model_copy(update={"weeks": 4})
    one = found(shop)
    rows = picture(one, number_of(shop, NUMBER), NUMBER)["data"]["values"]
    assert [row["place"] for row in rows] == ["A bad wheel", "A long queue"]
    assert rows[0]["now"] == one.baseline.lost("wheel").mean
    assert (rows[0]["then"], rows[0]["low"]) == (one.world.lost("wheel").mean, one.world.lost("wheel").low)
    assert picture_title(one, number_of(shop, NUMBER)) == f"{LOST}, a year"
    assert picture_alt(one, number_of(shop, NUMBER), NUMBER).startswith(f"{LOST}, a year. A bad wheel: £")
    of_money = picture(one, number_of(shop, "churn_rate"), "churn_rate")["encoding"]["tooltip"][1:]
    assert {part["format"] for part in of_money} == {",.0f"}


def test_where_nothing_can_fail_the_number_itself_is_drawn() -> None:
    calm = load("tiny").model_copy(update={"weeks": 2, "failures": (), "levers": (), "why": ()})
    one, number = found(calm), number_of(calm, NUMBER)
    (row,) = picture(one, number, NUMBER)["data"]["values"]
    assert row["now"] == one.baseline.estimate(NUMBER).mean
    assert picture_title(one, number) == number.name
    assert ", today £" in picture_alt(one, number, NUMBER)


def test_the_axis_begins_at_a_plain_0() -> None:
    shop = load("tiny").model_copy(update={"weeks": 2})
    spec = picture(found(shop), number_of(shop, NUMBER), NUMBER)
    assert ">0<" in vl_convert.vegalite_to_svg(spec) and ">0k<" not in vl_convert.vegalite_to_svg(spec)


def test_everything_is_larger_when_it_is_presented() -> None:
    shop = load("tiny").model_copy(update={"weeks": 2})
    one, number = found(shop), number_of(shop, NUMBER)
    sizes = [picture(one, number, NUMBER, large)["config"]["axis"]["labelFontSize"] for large in (False, True)]
    assert sizes[0] < sizes[1]
