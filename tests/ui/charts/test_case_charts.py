"""The pictures of a case: dots that can be counted, a fan that starts at the outlay, bars that name their ends."""

import numpy as np
import pytest

from sim.finance.case import DOTS
from sim.finance.sensitivity import Side
from tests.ui.case.cases import BREAKS, MARGIN, case
from ui.charts import case as case_charts

GAINS = [1_000.0 + 60 * future for future in range(64)]
SIDES = (Side(BREAKS, 0.002, 0.03, -600.0, 500.0, 0.017), Side(MARGIN, 0.15, 0.32, -400.0, 120.0, 0.28))


def rows(spec: dict) -> list[dict]:  # type: ignore[type-arg]
    return spec["data"]["values"]


def test_there_are_as_many_dots_as_are_said_and_as_many_of_them_pay_back() -> None:
    found = case(GAINS)
    dots = rows(case_charts.dots(found))
    assert len(dots) == DOTS
    assert sum(dot["verdict"] == case_charts.GAIN_WORD for dot in dots) == found.dots_paying_back
    assert 0 < found.dots_paying_back < DOTS


def test_losses_and_gains_differ_in_shape_and_colour() -> None:
    encoding = case_charts.dots(case(GAINS))["layer"][1]["encoding"]
    assert len(set(encoding["shape"]["scale"]["range"])) == 2
    assert len(set(encoding["color"]["scale"]["range"])) == 2


@pytest.mark.parametrize("scale", [0.001, 1.0, 1e6])
@pytest.mark.parametrize("skewed", [False, True])
def test_no_column_holds_a_loss_beside_a_gain_and_every_dot_has_room(scale: float, skewed: bool) -> None:
    values = np.linspace(-3, 7, DOTS) * scale
    values = np.exp(values / scale) * scale - scale if skewed else values
    wide = case_charts.column_width(values)
    columns: dict[float, set[bool]] = {}
    for row in case_charts.stacked(values, wide):
        columns.setdefault(row["at"], set()).add(row["npv"] >= 0)
        assert abs(row["at"] - row["npv"]) <= wide
    assert all(len(signs) == 1 for signs in columns.values())
    low, high = case_charts.dots(case(GAINS))["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert low < 0 < high


def test_futures_that_are_all_alike_still_make_fifty_dots() -> None:
    dots = rows(case_charts.dots(case([2_000.0] * 16)))
    assert [dot["height"] for dot in dots] == list(range(1, DOTS + 1))


def test_the_fan_starts_at_the_outlay_and_adds_up() -> None:
    found = case(GAINS)
    first, *_, last = rows(case_charts.fan(found))
    assert {first[name] for name in ("p10", "p25", "p50", "p75", "p90")} == {-750.0}
    assert last["year"] == 3
    assert last["p10"] < last["p25"] < last["p50"] < last["p75"] < last["p90"]
    assert last["p50"] == pytest.approx(float(np.median(found.cash.net.sum(axis=1))))


def test_the_tornado_has_the_widest_swing_on_top_and_says_from_where_to_where() -> None:
    first, second = rows(case_charts.tornado(case(GAINS, SIDES)))
    assert first["name"] == "Breakages per trip\n0.20% to 3.0%"
    assert (first["low"], first["high"]) == (-600.0, 500.0)
    assert second["name"].endswith("15.0% to 32.0%")
    encoding = case_charts.tornado(case(GAINS, SIDES))["layer"][2]["encoding"]
    assert len(set(encoding["shape"]["scale"]["range"])) == 2
    assert len(set(encoding["fill"]["scale"]["range"])) == 2


def test_only_what_is_worth_knowing_has_a_bar() -> None:
    found = case(GAINS)
    (bar,) = rows(case_charts.worth(found))
    assert bar["name"] == "Breakages per trip"
    assert 0 < bar["worth"] <= (found.evpi or 0)
