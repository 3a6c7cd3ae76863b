"""The journey as a picture: to the right for a wide page, downwards for a narrow one, and as a specification."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Any

from sim.experiments.flow import Flow, flow_of
from sim.experiments.runs import Comparison
from sim.reports.narrative import journey_story
from sim.reports.narrative.journey_story import Told, told
from ui.charts import Drawn, Exported, Spec
from ui.charts.journey_layout import (
    LARGEST_DOT,
    LINE,
    Drawing,
    Place,
    Row,
    Scale,
    bands,
    cell,
    dots,
    folded,
    most_lost,
    most_met,
    placed,
)
from ui.charts.theme import LOSS, NOW, PLAIN, WORLD

# ---- to the right ----------------------------------------------------------------------------------

_WIDE = 900.0
_THICKEST = 60.0
_LANE_TITLE = 24.0
_ROOMY = 150.0  # a cell this wide has room for what goes wrong in words
_GAP = 6.0


@dataclass(frozen=True)
class _Cell:
    """A step with its place in the grid and what is written at it."""

    told: Told
    middle: float
    width: float
    lane: int

    @property
    def label(self) -> list[str]:
        return folded(self.told.moved.touchpoint.label, self.width - _GAP)

    @property
    def above(self) -> float:
        """Height of what is written above the bar."""
        return LINE * len(self.label) + _GAP

    @property
    def below(self) -> float:
        """Height of what is written under the bar."""
        counts = LINE * (1 + len(self.told.was)) + 2 * _GAP
        return counts + sum(self.loss_height(number) for number in range(len(self.told.leaks)))

    def loss(self, number: int) -> list[str]:
        """What is written beside a dot: the amount, and where there is room the failure point."""
        _, after = self.told.leaks[number]
        if self.width < _ROOMY:
            return [self.told.amount(after)]
        return folded(self.told.loss(after), self.middle + self.width / 2 - self.losses_at - LARGEST_DOT - 2 * _GAP)

    @property
    def losses_at(self) -> float:
        """Where the dots begin."""
        return self.middle - min(self.width / 2 - _GAP, 90 if self.width >= _ROOMY else 40)

    def loss_height(self, number: int) -> float:
        """Height of a failure point's line or lines."""
        lines = len(self.loss(number)) + len(self.told.amount_was(*self.told.leaks[number]))
        return max(LARGEST_DOT, lines * LINE) + _GAP


def across(now: Flow, moved: Flow, currency: str, chosen: str | None = None) -> Drawing:
    """The journey from left to right."""
    cells, drawing = _columns(now, moved, currency), Drawing(_WIDE, stretches=True)
    head = _stages(drawing, cells)
    scale = Scale(most_met(now, moved), _THICKEST, room=(head, inf))
    tops, centres = _lanes(cells, len(moved.departments), head, scale)
    drawing.height = tops[-1]
    for top, department in zip(tops[:-1], moved.departments, strict=True):
        drawing.rule(0, top, _WIDE, top)
        drawing.write(2, top + 4, [department], "lane")
    places = placed(now, moved, scale, {c.told.name: (c.middle, centres[c.lane]) for c in cells})
    drawing.flow(*bands(moved, scale, places, None if now is moved else now), runs_down=False)
    for one in cells:
        _draw(drawing, one, places[one.told.name], most_lost(now, moved))
        left = one.middle - one.width / 2
        corners = (left + 1, tops[one.lane] + 1, left + one.width - 1, tops[one.lane + 1] - 1)
        cell(drawing, one.told, corners, chosen)
    return drawing


def _columns(now: Flow, moved: Flow, currency: str) -> list[_Cell]:
    """A column for each step, so that no two are written over each other."""
    width = _WIDE / len(moved.steps)
    steps = enumerate(told(now, moved, currency))
    return [_Cell(one, (i + 0.5) * width, width, moved.departments.index(one.moved.department)) for i, one in steps]


def _stages(drawing: Drawing, cells: list[_Cell]) -> float:
    """Each stage's name over its columns, and a line where the next begins; how high they stand."""
    stages = list(dict.fromkeys(one.told.moved.stage for one in cells))
    lines = 1
    for stage in stages:
        columns = [one for one in cells if one.told.moved.stage == stage]
        left, width = columns[0].middle - columns[0].width / 2, columns[0].width * len(columns)
        name = folded(stage, width - 2 * _GAP)
        lines = max(lines, len(name))
        drawing.write(left + width / 2, 2, name, "stage")
        if left > 0:
            drawing.stage_ends.append(left)
    return LINE * lines + 2 * _GAP


def _lanes(cells: list[_Cell], lanes: int, head: float, scale: Scale) -> tuple[list[float], list[float]]:
    """Upper edges of the lanes and where the last ends, and where across each lane its bars are centred."""
    above, below = [0.0] * lanes, [0.0] * lanes
    for one in cells:
        half = max(scale(one.told.now.met.mean), scale(one.told.moved.met.mean)) / 2
        above[one.lane] = max(above[one.lane], _LANE_TITLE + one.above + half)
        below[one.lane] = max(below[one.lane], half + one.below + _GAP)
    tops = list(accumulate((up + down for up, down in zip(above, below, strict=True)), initial=head))
    return tops, [top + up for top, up in zip(tops, above, strict=False)]


def _draw(drawing: Drawing, one: _Cell, place: Place, most: float) -> None:
    """A step's bar, its name above and its figures below."""
    thick = max(place.thick, place.now)
    drawing.bar(place, one.told.is_moved, runs_down=False)
    drawing.write(place.a, place.c - thick / 2 - one.above, one.label, "label", one.told.opacity)
    y = place.c + thick / 2 + _GAP
    drawing.write(place.a, y, [one.told.count], "count", one.told.opacity)
    drawing.write(place.a, y + LINE, one.told.was, "was")
    y += LINE * (1 + len(one.told.was)) + _GAP
    text = one.losses_at + LARGEST_DOT + 4
    for number, leaks in enumerate(one.told.leaks):
        dots(drawing, one.losses_at + LARGEST_DOT / 2, y + LARGEST_DOT / 2, one.told, number, most)
        said, was = one.loss(number), one.told.amount_was(*leaks)
        drawing.write(text, y + 4, said, "loss" if leaks[1].lost.mean else "quiet")
        drawing.write(text, y + 4 + LINE * len(said), was, "was_left")
        y += one.loss_height(number)


# ---- downwards -------------------------------------------------------------------------------------

_NARROW = 324.0
_CENTRE, _TEXT = 70.0, 140.0
_STAGE, _BETWEEN = 30.0, 8.0


def down(now: Flow, moved: Flow, currency: str, chosen: str | None = None) -> Drawing:
    """The journey from top to bottom."""
    steps, drawing = told(now, moved, currency), Drawing(_NARROW)
    scale = Scale(most_met(now, moved), 80.0, room=(0.0, _TEXT - _BETWEEN))
    tops: dict[str, float] = {}
    y, stage = 0.0, ""
    for one in steps:
        if one.moved.stage != stage:
            stage = one.moved.stage
            drawing.rule(0, y, _NARROW, y)
            drawing.write(_TEXT, y + 8, [stage], "stage_left")
            y += _STAGE
        tops[one.name] = y
        bottom = _written(drawing, one, y, most_lost(now, moved))
        cell(drawing, one, (1, y, _NARROW - 1, bottom), chosen)
        y = bottom + _BETWEEN
    drawing.height = y
    places = placed(now, moved, scale, {name: (top + LINE, _CENTRE) for name, top in tops.items()})
    drawing.flow(*bands(moved, scale, places, None if now is moved else now), runs_down=True)
    for place in places.values():
        drawing.bar(place, now is not moved, runs_down=True)
    return drawing


def _written(drawing: Drawing, one: Told, y: float, most: float) -> float:
    """What is written beside a step's bar, from there on down; where it ends."""
    room = _NARROW - _TEXT - 4
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
    said = folded(one.loss(leaks[1]), _NARROW - text - 4)
    dots(drawing, _TEXT + LARGEST_DOT / 2, y + LARGEST_DOT / 2, one, number, most)
    drawing.write(text, y + 4, said, "loss" if leaks[1].lost.mean else "quiet")
    was = one.amount_was(*leaks)
    drawing.write(text, y + 4 + LINE * len(said), was, "was_left")
    return y + max(LARGEST_DOT, LINE * (len(said) + len(was)) + 4)


# ---- as a specification ----------------------------------------------------------------------------

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


def _drawn(found: Comparison) -> Drawn:
    now = flow_of(found.baseline)
    moved = flow_of(found.world) if found.world is not found.baseline else now
    currency = found.world.world.currency
    said = journey_story.takeaway(now, moved, currency).removesuffix(" The same as a list is below.")
    how = "Width: how often customers come, a year. Orange: what is taken out of baskets there. Dashed: as it is."
    drawing = across(now, moved, currency)
    return picture(drawing) | {"width": drawing.width}, f"{said} {how}"


EXPORTED = (Exported("The journey", "choice", _drawn),)
