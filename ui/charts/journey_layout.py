"""Where things are in the picture of a journey: bars at the touchpoints, bands that curve between them, and texts."""

import textwrap
from collections import defaultdict
from dataclasses import dataclass, field
from math import hypot, inf
from typing import Any

from sim.experiments.flow import Flow, Way
from sim.reports.narrative.journey_story import Told, pointed_at

Row = dict[str, Any]
Points = list[tuple[float, float]]
_PLACES = ((1 / 6, 4 / 6, 1 / 6, 0.0), (1 / 48, 23 / 48, 23 / 48, 1 / 48))
_SLOPES = ((-1 / 2, 0.0, 1 / 2, 0.0), (-1 / 8, -5 / 8, 5 / 8, 1 / 8))
"""Of a uniform cubic B-spline's four control points, at a span's start and middle (de Boor 1978)."""
_STILL = 1e-6


def edges(control: Points, width: float) -> tuple[Points, Points]:
    """Points of the two edges of a line of that width along the B-spline with these control points."""
    ends = [control[0], control[0], *control, control[-1], control[-1], control[-1]]
    one, other = [], []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for (a, b, c, d), (e, f, g, h) in zip(_PLACES, _SLOPES, strict=True):
            x, y = a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1]
            dx, dy = e * p0[0] + f * p1[0] + g * p2[0] + h * p3[0], e * p0[1] + f * p1[1] + g * p2[1] + h * p3[1]
            length = hypot(dx, dy)
            if length < _STILL:  # at its very ends, where it runs along the journey
                dx, dy, length = 1.0, 0.0, 1.0
            aside, below = dy / length * width / 2, dx / length * width / 2
            one.append((x + aside, y - below))
            other.append((x - aside, y + below))
    return one, other


HALF_BAR = 6.0
_FAINTEST = 1.5
_TURN = 22.0


@dataclass(frozen=True)
class Place:
    """Where a touchpoint's bar is centred, and how thick it is in the world shown and in the baseline."""

    a: float
    c: float
    thick: float
    now: float


@dataclass(frozen=True)
class Line:
    """Points (a, c) that a line is drawn through, and its width."""

    points: Points
    width: float


@dataclass(frozen=True)
class Scale:
    """Customers a year into thickness: one scale for both worlds, so that the ghost can be compared.

    `room` is how far across bands may go that lead around something.
    """

    most: float
    thickest: float
    room: tuple[float, float] = (0.0, inf)

    def __call__(self, a_year: float) -> float:
        """Thickness of that many; never too thin to be seen, and none for nobody."""
        if a_year <= 0 or self.most <= 0:
            return 0.0
        return max(_FAINTEST, a_year / self.most * self.thickest)


def most_met(now: Flow, moved: Flow) -> float:
    """How often customers come, a year, to the touchpoint that they come to most in either world."""
    return max(step.met.mean for flow in (now, moved) for step in flow.steps)


def placed(now: Flow, moved: Flow, scale: Scale, centres: dict[str, tuple[float, float]]) -> dict[str, Place]:
    """Every touchpoint's place, from where its bar is to be centred."""
    return {
        name: Place(*centre, scale(moved.step(name).met.mean), scale(now.step(name).met.mean))
        for name, centre in centres.items()
    }


def bands(moved: Flow, scale: Scale, places: dict[str, Place], now: Flow | None) -> tuple[list[Line], list[Line]]:
    """The bands of the world shown and, where there is a baseline to tell it from, the edges of the baseline's bands.

    Those are drawn around the same line, so that the two widths can be compared.
    """
    before = {(way.start, way.to): way.taken.mean for way in now.ways} if now else {}
    starts, ends = _stacked(moved, scale, places)
    shown, ghosts = [], []
    for way in moved.ways:
        pair = (way.start, way.to)
        width, ghost = scale(way.taken.mean), scale(before.get(pair, 0.0))
        margin = max(width, ghost) / 2 + 1
        room = (scale.room[0] + margin, scale.room[1] - margin)
        points = _points(places, way, (starts[pair], ends[pair]), room)
        if width:
            shown.append(Line(points, width))
        if ghost:
            ghosts += [Line(edge, 0.0) for edge in edges(points, ghost)]
    return shown, ghosts


def _stacked(flow: Flow, scale: Scale, places: dict[str, Place]) -> tuple[dict[Any, float], dict[Any, float]]:
    """Where across each band leaves its bar and where it arrives: side by side, so that none covers another."""
    leaving, coming = defaultdict(list), defaultdict(list)
    for way in flow.ways:
        leaving[way.start].append(way)
        coming[way.to].append(way)
    starts = {pair: c for name, ways in leaving.items() for pair, c in _pile(name, ways, scale, places, True)}
    ends = {pair: c for name, ways in coming.items() for pair, c in _pile(name, ways, scale, places, False)}
    return starts, ends


def _pile(name: str, ways: list[Way], scale: Scale, places: dict[str, Place], leaving: bool) -> list[tuple[Any, float]]:
    """The bands at one side of a bar from its first edge on: those around others first, ways back last."""

    def order(way: Way) -> tuple[int, float]:
        other = places[way.to if leaving else way.start]
        return _kind(places, way), other.c

    piled, edge = [], places[name].c - places[name].thick / 2
    for way in sorted(ways, key=order):
        width = scale(way.taken.mean)
        piled.append(((way.start, way.to), edge + width / 2))
        edge += width
    return piled


def _kind(places: dict[str, Place], way: Way) -> int:
    """-1 for a way around bars that are between, 0 for a straight one, 1 for a way back."""
    start, to = places[way.start], places[way.to]
    if to.a <= start.a:
        return 1
    return -1 if any(_is_in_the_way(start, to, place) for place in places.values()) else 0


def _is_in_the_way(start: Place, to: Place, place: Place) -> bool:
    if not start.a < place.a < to.a:
        return False
    t = (place.a - start.a) / (to.a - start.a)
    passing = start.c + (to.c - start.c) * t * t * (3 - 2 * t)
    return abs(place.c - passing) < place.thick / 2 + 12


def _points(places: dict[str, Place], way: Way, at: tuple[float, float], room: tuple[float, float]) -> Points:
    """What a band's middle is drawn through (the control points of a B-spline), from where to where across."""
    start, to, kind, (c0, c1) = places[way.start], places[way.to], _kind(places, way), at
    a0, a1 = start.a + HALF_BAR, to.a - HALF_BAR
    if kind == 0:
        third = (a1 - a0) / 3
        return [(a0, c0), (a0 + third, c0), (a1 - third, c1), (a1, c1)]
    between = sum(min(start.a, to.a) < place.a < max(start.a, to.a) for place in places.values())
    around = max(place.thick for place in places.values()) / 2 + 14 + 5 * between
    if kind > 0:
        near, far, c = _TURN, _TURN, min(max(start.c, to.c) + around, room[1])
    else:
        near, far = min(0.12 * (a1 - a0), _TURN), min(0.3 * (a1 - a0), 3 * _TURN)
        c = max(min(start.c, to.c) - around, room[0])
    return [(a0, c0), (a0 + near, c0), (a0 + far, c), (a1 - far, c), (a1 - near, c1), (a1, c1)]


# ---- as rows ready for a picture ------------------------------------------------------------------

LINE = 15
LARGEST_DOT = 22.0
_SMALLEST_DOT = 7.0
_LETTER = 6.3


@dataclass
class Drawing:
    """Rows by what they are drawn as; x to the right and y down, in nominal pixels of a picture of that size.

    One that stretches is drawn as wide as there is room.
    """

    width: float
    height: float = 0.0
    stretches: bool = False
    bars: list[Row] = field(default_factory=list)
    bar_ghosts: list[Row] = field(default_factory=list)
    bands: list[Row] = field(default_factory=list)
    band_ghosts: list[Row] = field(default_factory=list)
    dots: list[Row] = field(default_factory=list)
    dot_ghosts: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)
    stage_ends: list[float] = field(default_factory=list)
    cells: list[Row] = field(default_factory=list)

    def write(self, x: float, y: float, lines: list[str], style: str, opacity: float = 1.0) -> None:
        """Lines of text, the first with its upper edge at y."""
        if lines:
            self.texts.append({"x": x, "y": y, "text": "\n".join(lines), "style": style, "o": opacity})

    def rule(self, x: float, y: float, x2: float, y2: float) -> None:
        """A thin line."""
        self.rules.append({"x": x, "y": y, "x2": x2, "y2": y2})

    def flow(self, bands: list[Line], ghosts: list[Line], runs_down: bool) -> None:
        """The bands, and the edges of the baseline's."""
        self.bands = _rows(bands, runs_down)
        self.band_ghosts = _rows(ghosts, runs_down)

    def bar(self, place: Place, is_moved: bool, runs_down: bool) -> None:
        """A touchpoint's bar and, in a world that was moved, the baseline's outline around the same middle."""
        self.bars.append(_bar(place, place.thick, runs_down))
        if is_moved:
            self.bar_ghosts.append(_bar(place, place.now, runs_down))


def _rows(lines: list[Line], runs_down: bool) -> list[Row]:
    along, across = ("y", "x") if runs_down else ("x", "y")
    return [
        {"line": number, "k": k, along: round(a, 1), across: round(c, 1), "w": round(line.width, 1)}
        for number, line in enumerate(lines)
        for k, (a, c) in enumerate(line.points)
    ]


def _bar(place: Place, thick: float, runs_down: bool) -> Row:
    a, a2, c, c2 = place.a - HALF_BAR, place.a + HALF_BAR, place.c - thick / 2, place.c + thick / 2
    return {"x": c, "x2": c2, "y": a, "y2": a2} if runs_down else {"x": a, "x2": a2, "y": c, "y2": c2}


def most_lost(now: Flow, moved: Flow) -> float:
    """The largest loss at any failure point of both worlds, which the largest dot stands for."""
    return max((leak.lost.mean for flow in (now, moved) for step in flow.steps for leak in step.leaks), default=0.0)


def dots(drawing: Drawing, x: float, y: float, one: Told, number: int, most: float) -> None:
    """A failure point's dot, its area what is lost; a small hollow one where nothing is.

    The baseline's is around it, where the difference can be seen.
    """
    (before, after), base = one.leaks[number], {"x": x, "y": y}
    size, ghost = (_area(leak.lost.mean, most) for leak in (after, before))
    drawing.dots.append(base | {"size": size, "loses": after.lost.mean > 0})
    if one.is_moved and abs(size - ghost) > 0.1 * size:
        drawing.dot_ghosts.append(base | {"size": ghost})


def _area(lost: float, most: float) -> float:
    return max(_SMALLEST_DOT**2, lost / most * LARGEST_DOT**2) if lost > 0 else _SMALLEST_DOT**2


def cell(drawing: Drawing, one: Told, corners: tuple[float, float, float, float], chosen: str | None) -> None:
    """The area that stands for a step: what is pointed at and clicked."""
    x, y, x2, y2 = corners
    box = {"x": x, "y": y, "x2": x2, "y2": y2, "id": one.name, "chosen": int(one.name == chosen)}
    drawing.cells.append(box | pointed_at(one.now, one.moved, one.is_moved, one.currency))


def folded(text: str, pixels: float) -> list[str]:
    """Text in lines that fit into that many pixels."""
    return textwrap.wrap(text, max(8, int(pixels / _LETTER)), break_long_words=False)
