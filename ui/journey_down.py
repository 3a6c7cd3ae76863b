"""The picture of a journey for a narrow page: downwards, the flow at the left and the words beside it."""

from sim.experiments.flow import Flow
from ui.journey_drawing import LARGEST_DOT, LINE, Drawing, cell, dots, folded, most_lost
from ui.journey_layout import Scale, bands, most_met, placed
from ui.journey_told import Told, told

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
