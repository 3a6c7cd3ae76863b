"""The journey as a picture: everything is in it, within its edges, and nothing is written over its neighbour."""

from collections.abc import Callable
from typing import Any

import pytest

from sim.experiments.flow import Flow
from sim.experiments.library import load, names
from tests.ui.explore.journeys import empty, flows
from ui.charts.journey import across, down, picture
from ui.charts.journey_layout import LINE, Drawing

LAYOUTS = pytest.mark.parametrize("layout", [across, down])
EVERY = pytest.mark.parametrize("name", names())
Layout = Callable[[Flow, Flow, str, str | None], Drawing]


def words(drawing: Drawing) -> str:
    return " ".join(row["text"] for row in drawing.texts).replace("\n", " ")


@LAYOUTS
@EVERY
def test_every_step_stage_department_and_failure_point_is_drawn(layout: Layout, name: str) -> None:
    flow, scenario = empty(name), load(name)
    drawing = layout(flow, flow, "GBP", None)
    said = words(drawing)
    for step in flow.steps:
        assert step.touchpoint.label in said
        assert step.stage in said
        assert step.department in said
    assert [cell["id"] for cell in drawing.cells] == [step.touchpoint.id for step in flow.steps]
    assert len(drawing.bars) == len(flow.steps)
    assert len(drawing.dots) == len(scenario.failures)


@LAYOUTS
@EVERY
def test_everything_is_within_the_picture(layout: Layout, name: str) -> None:
    drawing = layout(empty(name), empty(name), "GBP", None)
    for row in (*drawing.texts, *drawing.dots, *drawing.bars, *drawing.cells):
        assert 0 <= row["x"] <= row.get("x2", row["x"]) <= drawing.width
        below = LINE * (row["text"].count("\n") + 1) if "text" in row else 0
        assert 0 <= row["y"] <= row.get("y2", row["y"]) + below <= drawing.height


@LAYOUTS
def test_the_baseline_is_a_ghost_only_where_something_was_moved(layout: Layout) -> None:
    now, moved = flows()
    plain, both = layout(now, now, "GBP", None), layout(now, moved, "GBP", None)
    assert not (plain.bar_ghosts or plain.band_ghosts or plain.dot_ghosts)
    assert len(both.bar_ghosts) == len(both.bars)
    assert both.band_ghosts
    assert "was £" in words(both)
    assert "was" not in words(plain)


def test_a_bar_and_its_ghost_are_as_thick_as_their_worlds_are_busy() -> None:
    now, moved = flows("home_loan")
    drawing = across(now, moved, "GBP")
    busiest = max(step.met.mean for flow in (now, moved) for step in flow.steps)
    for flow, bars in ((moved, drawing.bars), (now, drawing.bar_ghosts)):
        thickest = 60 / busiest
        wanted = [flow.step(step.touchpoint.id).met.mean * thickest for step in moved.steps]
        assert [bar["y2"] - bar["y"] for bar in bars] == pytest.approx(wanted)
    assert [bar["y"] for bar in drawing.bars] != [bar["y"] for bar in drawing.bar_ghosts]


def test_a_dots_area_is_what_is_lost() -> None:
    now, _ = flows()
    drawing = across(now, now, "GBP")
    losses = [leak.lost.mean for step in now.steps for leak in step.leaks]
    sizes = [dot["size"] for dot in drawing.dots]
    big, second = sorted(range(len(losses)), key=lambda i: -losses[i])[:2]
    assert sizes[second] / sizes[big] == pytest.approx(losses[second] / losses[big])
    assert [dot["loses"] for dot in drawing.dots] == [loss > 0 for loss in losses]


@LAYOUTS
def test_where_nobody_comes_it_is_said_faintly(layout: Layout) -> None:
    drawing = layout(empty("tiny"), empty("tiny"), "GBP", None)
    assert words(drawing).count("nobody") == len(load("tiny").journey)
    assert all(row["o"] < 1 for row in drawing.texts if row["text"] == "nobody")
    assert drawing.bands == []


def test_only_the_step_looked_at_is_framed() -> None:
    now, moved = flows()
    assert [cell["id"] for cell in across(now, moved, "GBP", "aisles").cells if cell["chosen"]] == ["aisles"]


@LAYOUTS
def test_the_picture_is_plain_data_in_which_a_step_can_be_clicked(layout: Layout) -> None:
    now, moved = flows()
    spec: dict[str, Any] = picture(layout(now, moved, "GBP", None))
    (cells,) = [layer for layer in spec["layer"] if "params" in layer]
    assert cells is spec["layer"][-1]  # on top, or other marks would take the clicks
    assert cells["params"][0]["select"]["fields"] == ["id"]
    assert all(layer["data"]["values"] for layer in spec["layer"])
