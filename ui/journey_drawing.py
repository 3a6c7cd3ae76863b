"""What is drawn of a journey, as rows ready for a picture; and what is the same however the picture is laid out."""

import textwrap
from dataclasses import dataclass, field

from sim.experiments.flow import Flow
from ui.journey_layout import HALF_BAR, Line, Place, Row
from ui.journey_story import pointed_at
from ui.journey_told import Told

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
