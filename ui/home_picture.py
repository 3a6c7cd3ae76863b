"""A picture for a scenario that has none: its touchpoints from left to right, departments as rows, what goes wrong."""

from collections.abc import Iterator
from typing import Any

STYLE = """<style>
    .ink, .teal, .wrong { fill: none; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
    .ink { stroke: #14213d; } .teal { stroke: #0b7a75; } .wrong { stroke: #c4501b; }
    .tint { fill: #dcebe7; } .paper { fill: #fffdf8; } .full { fill: #0b7a75; } .bad { fill: #c4501b; }
    .thin { stroke-width: 2; } .dashed { stroke-dasharray: 6 6; }
    @media (prefers-color-scheme: dark) {
      .ink { stroke: #e9e6df; } .teal { stroke: #5cc8bf; } .wrong { stroke: #f2955e; }
      .tint { fill: #17404a; } .paper { fill: #1b2640; } .full { fill: #5cc8bf; } .bad { fill: #f2955e; }
    }
  </style>"""
"""The colours of every picture, those kept in files too: they follow the page from light to dark."""

_TINT = "M64 156c-40-8-56-66-26-98 32-34 190-40 226-12 38 30 34 90-2 104-34 13-160 14-198 6z"  # a shape cut out by hand
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 262.0, 68.0, 124.0
_MOST = 12  # touchpoints that can be told apart at the size of a card
_STEP_RADIUS, _FAULT_RADIUS, _FAULT_UP = 9.0, 5.0, 16.0


def drawn(data: dict[str, Any]) -> str:
    """SVG of a scenario file's journey; of an empty one where the file tells of none. No text of the file is in it."""
    steps = _mappings(data.get("journey"))[:_MOST]
    places = _places(steps)
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">',
        "  <title>The steps of its journey, and where something goes wrong</title>",
        f"  {STYLE}",
        f'  <path class="tint" d="{_TINT}"/>',
        *(f'  <path class="ink thin" d="{way}"/>' for way in _ways(steps, places)),
        *(f'  <circle class="teal paper" cx="{x:.0f}" cy="{y:.0f}" r="{_STEP_RADIUS:g}"/>' for x, y in places.values()),
        *(f'  <circle class="bad" cx="{x:.0f}" cy="{y:.0f}" r="{_FAULT_RADIUS:g}"/>' for x, y in _faults(data, places)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _places(steps: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    """Where each touchpoint is, by its id."""
    rows = list(dict.fromkeys(str(step.get("department")) for step in steps))
    across = (_RIGHT - _LEFT) / max(1, len(steps) - 1)
    down = (_BOTTOM - _TOP) / max(1, len(rows) - 1)
    top = _TOP if len(rows) > 1 else (_TOP + _BOTTOM) / 2
    return {
        str(step.get("id", i)): (_LEFT + i * across, top + rows.index(str(step.get("department"))) * down)
        for i, step in enumerate(steps)
    }


def _ways(steps: list[dict[str, Any]], places: dict[str, tuple[float, float]]) -> Iterator[str]:
    for i, step in enumerate(steps):
        x, y = places[str(step.get("id", i))]
        for way in _mappings(step.get("next")):
            if (to := str(way.get("to"))) in places:
                x2, y2 = places[to]
                middle = (x + x2) / 2
                yield f"M{x:.0f} {y:.0f}C{middle:.0f} {y:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"


def _faults(data: dict[str, Any], places: dict[str, tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for at in dict.fromkeys(str(failure.get("at")) for failure in _mappings(data.get("failures"))):
        if at in places:
            x, y = places[at]
            yield x, y - _FAULT_UP


def _mappings(part: Any) -> list[dict[str, Any]]:
    """The items of a list that are mappings; none where there is no list: a file may have any fault."""
    return [item for item in part if isinstance(item, dict)] if isinstance(part, list) else []
