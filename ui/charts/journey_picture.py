"""The journey as a picture: ready Vega-Lite specifications; and the picture for a narrow page, downwards."""

from collections.abc import Iterator
from typing import Any

from sim.experiments.flow import Flow
from sim.reports.narrative.journey_story import Told, told
from ui.charts.journey import LARGEST_DOT, LINE, Drawing, cell, dots, folded, most_lost
from ui.charts.journey_layout import Row, Scale, bands, most_met, placed
from ui.charts.theme import LOSS, NOW, PLAIN, WORLD

WIDTH = 324.0
_THICKEST = 80.0
_CENTRE = 70.0
_TEXT = 140.0
_STAGE = 30.0
_GAP = 8.0


def down(now: Flow, moved: Flow, currency: str, chosen: str | None = None) -> Drawing:
    """The journey from top to bottom."""
    steps, drawing = told(now, moved, currency), Drawing(WIDTH)
    scale = Scale(most_met(now, moved), _THICKEST, room=(0.0, _TEXT - _GAP))
    tops: dict[str, float] = {}
    y, stage = 0.0, ""
    for one in steps:
        if one.moved.stage != stage:
            stage = one.moved.stage
            drawing.rule(0, y, WIDTH, y)
            drawing.write(_TEXT, y + 8, [stage], "stage_left")
            y += _STAGE
        tops[one.name] = y
        bottom = _written(drawing, one, y, most_lost(now, moved))
        cell(drawing, one, (1, y, WIDTH - 1, bottom), chosen)
        y = bottom + _GAP
    drawing.height = y
    places = placed(now, moved, scale, {name: (top + LINE, _CENTRE) for name, top in tops.items()})
    drawing.flow(*bands(moved, scale, places, None if now is moved else now), runs_down=True)
    for place in places.values():
        drawing.bar(place, now is not moved, runs_down=True)
    return drawing


def _written(drawing: Drawing, one: Told, y: float, most: float) -> float:
    """What is written beside a step's bar, from there on down; where it ends."""
    room = WIDTH - _TEXT - 4
    y += 4
    for lines, style in (
        (folded(one.moved.touchpoint.label, room), "label_left"),
        (folded(one.moved.department, room), "was_left"),
        ([one.count], "count_left"),
        (one.was, "was_left"),
    ):
        drawing.write(_TEXT, y, lines, style, one.opacity)
        y += LINE * len(lines)
    for number in range(len(one.leaks)):
        y = _leak(drawing, one, number, y + 4, most)
    return y + 6


def _leak(drawing: Drawing, one: Told, number: int, y: float, most: float) -> float:
    """A failure point's dot, its amount and its name; where they end."""
    text, leaks = _TEXT + LARGEST_DOT + 4, one.leaks[number]
    said = folded(one.loss(leaks[1]), WIDTH - text - 4)
    dots(drawing, _TEXT + LARGEST_DOT / 2, y + LARGEST_DOT / 2, one, number, most)
    drawing.write(text, y + 4, said, "loss" if leaks[1].lost.mean else "quiet")
    was = one.amount_was(*leaks)
    drawing.write(text, y + 4 + LINE * len(said), was, "was_left")
    return y + max(LARGEST_DOT, LINE * (len(said) + len(was)) + 4)


Spec = dict[str, Any]
CHOSEN = "step"
"""The selection's name: what is clicked is its `id`."""

_DASHED = {"stroke": NOW, "strokeDash": [4, 3], "strokeWidth": 1.5}
_STYLES: dict[str, Spec] = {
    "stage": {"fontSize": 14, "fontWeight": 600, "align": "center"},
    "lane": {"fontSize": 11, "align": "left", "opacity": 0.7},
    "label": {"fontSize": 12, "fontWeight": 600, "align": "center"},
    "count": {"fontSize": 12, "align": "center"},
    "was": {"fontSize": 11, "align": "center", "opacity": 0.75},
    "loss": {"fontSize": 12, "fontWeight": 600, "align": "left"},
    "quiet": {"fontSize": 11, "align": "left", "opacity": 0.65},
}
_LEFT = {"align": "left"}


def picture(drawing: Drawing) -> Spec:
    """A drawing as a chart in which a step can be clicked."""
    return {
        "width": "container" if drawing.stretches else drawing.width,
        "height": drawing.height,
        "padding": {"left": 2, "right": 2, "top": 4, "bottom": 4},
        "config": PLAIN,
        "layer": [layer for layer in _layers(drawing) if layer["data"]["values"]],
    }


def _layers(drawing: Drawing) -> Iterator[Spec]:
    """From what is underneath to what is on top."""
    at = _Scales(drawing)
    ends = [{"x": x, "y": 0, "x2": x, "y2": drawing.height} for x in drawing.stage_ends]
    yield at.layer(drawing.rules + ends, {"type": "rule", "color": NOW, "opacity": 0.35}, ends=True)
    # Clipped, since a wide line's corners count towards the room a chart takes even where they are never drawn.
    band = {"type": "line", "interpolate": "basis", "color": WORLD, "opacity": 0.35, "strokeCap": "butt", "clip": True}
    yield at.layer(drawing.bands, band, **_line(), strokeWidth=_as_it_is("w"))
    ghost = {"type": "line", "interpolate": "cardinal", **_DASHED, "strokeWidth": 1, "clip": True}
    yield at.layer(drawing.band_ghosts, ghost, **_line())
    yield at.layer(drawing.bars, {"type": "rect", "color": WORLD, "cornerRadius": 2}, ends=True)
    yield at.layer(drawing.bar_ghosts, {"type": "rect", "fillOpacity": 0, **_DASHED}, ends=True)
    yield from _dots(drawing, at)
    for style in dict.fromkeys(row["style"] for row in drawing.texts):
        rows = [row for row in drawing.texts if row["style"] == style]
        yield at.layer(rows, _text(style), text={"field": "text", "type": "nominal"})
    yield _cells(drawing, at)


def _dots(drawing: Drawing, at: "_Scales") -> Iterator[Spec]:
    size = _as_it_is("size")
    losing = [row for row in drawing.dots if row["loses"]]
    quiet = [row for row in drawing.dots if not row["loses"]]
    yield at.layer(losing, {"type": "point", "shape": "circle", "filled": True, "color": LOSS, "opacity": 1}, size=size)
    yield at.layer(quiet, {"type": "point", "shape": "circle", "stroke": NOW, "strokeWidth": 1.2}, size=size)
    yield at.layer(drawing.dot_ghosts, {"type": "point", "shape": "circle", "filled": False, **_DASHED}, size=size)


def _text(style: str) -> Spec:
    name = style.removesuffix("_left")
    mark = {"type": "text", "baseline": "top", "lineBreak": "\n", "lineHeight": LINE, **_STYLES[name]}
    return mark | (_LEFT if name != style else {})


def _cells(drawing: Drawing, at: "_Scales") -> Spec:
    """The areas that are clicked, with a frame around the one chosen."""
    mark = {"type": "rect", "fill": NOW, "cornerRadius": 4, "cursor": "pointer", "stroke": WORLD, "strokeWidth": 2}
    told = [name for name in drawing.cells[0] if name not in ("x", "y", "x2", "y2", "id", "chosen")]
    layer = at.layer(
        drawing.cells,
        mark,
        ends=True,
        fillOpacity=_as_it_is("chosen") | {"scale": {"domain": [0, 1], "range": [0, 0.08]}},
        strokeOpacity=_as_it_is("chosen"),
        tooltip=[{"field": name, "type": "nominal", "title": name} for name in told],
    )
    return layer | {"params": [{"name": CHOSEN, "select": {"type": "point", "fields": ["id"], "toggle": False}}]}


def _line() -> Spec:
    return {"detail": {"field": "line", "type": "nominal"}, "order": {"field": "k", "type": "quantitative"}}


def _as_it_is(field: str) -> Spec:
    """A field in pixels already."""
    return {"field": field, "type": "quantitative", "scale": None, "legend": None}


class _Scales:
    """Nominal pixels to the drawing's own: across as wide as there is room, down one to one."""

    def __init__(self, drawing: Drawing) -> None:
        self._x = {"domain": [0, drawing.width], "nice": False, "zero": False}
        self._y = {"domain": [drawing.height, 0], "nice": False, "zero": False}

    def layer(self, rows: list[Row], mark: Spec, ends: bool = False, **encoding: Any) -> Spec:
        """Rows drawn with a mark at x and y, or from x and y to x2 and y2."""
        where = {
            "x": {"field": "x", "type": "quantitative", "axis": None, "scale": self._x},
            "y": {"field": "y", "type": "quantitative", "axis": None, "scale": self._y},
        }
        if ends:
            where |= {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
        if rows and "o" in rows[0]:
            encoding["opacity"] = _as_it_is("o") if "opacity" not in mark else {"value": mark["opacity"]}
        return {"data": {"values": rows}, "mark": mark, "encoding": where | encoding}
