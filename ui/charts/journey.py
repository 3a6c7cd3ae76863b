"""What is drawn of a journey, as rows ready for a picture; and the picture for a wide page, to the right by stage."""

import textwrap
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf

from sim.experiments.flow import Flow
from sim.reports.narrative.journey_story import Told, pointed_at, told
from ui.charts.journey_layout import HALF_BAR, Line, Place, Row, Scale, bands, most_met, placed

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


WIDTH = 900.0
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
    cells, drawing = _cells(now, moved, currency), Drawing(WIDTH, stretches=True)
    head = _stages(drawing, cells)
    scale = Scale(most_met(now, moved), _THICKEST, room=(head, inf))
    tops, centres = _lanes(cells, len(moved.departments), head, scale)
    drawing.height = tops[-1]
    for top, department in zip(tops[:-1], moved.departments, strict=True):
        drawing.rule(0, top, WIDTH, top)
        drawing.write(2, top + 4, [department], "lane")
    places = placed(now, moved, scale, {c.told.name: (c.middle, centres[c.lane]) for c in cells})
    drawing.flow(*bands(moved, scale, places, None if now is moved else now), runs_down=False)
    for one in cells:
        _draw(drawing, one, places[one.told.name], most_lost(now, moved))
        left = one.middle - one.width / 2
        corners = (left + 1, tops[one.lane] + 1, left + one.width - 1, tops[one.lane + 1] - 1)
        cell(drawing, one.told, corners, chosen)
    return drawing


def _cells(now: Flow, moved: Flow, currency: str) -> list[_Cell]:
    """A column for each step, so that no two are written over each other."""
    width = WIDTH / len(moved.steps)
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
