"""Where things are in the picture of a journey: bars at the touchpoints, and bands between them that curve."""

from collections import defaultdict
from dataclasses import dataclass
from math import hypot, inf
from typing import Any

from sim.experiments.flow import Flow, Way

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
Row = dict[str, Any]


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
