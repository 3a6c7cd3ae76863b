"""The stories that a newcomer chooses from, a picture for each, and the mark that shows where to start."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sim.experiments import library
from sim.scenario.document import read
from sim.scenario.faults import ScenarioError
from sim.scenario.fixes import Lever
from sim.scenario.scenario import MORE_FROM, Scenario
from ui.session.choice import dial_of
from ui.text import labelled

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


PICTURES = "pictures"
"""The folder beside the scenarios in which NAME.svg is the picture of NAME.yaml."""

_TITLE = "{http://www.w3.org/2000/svg}title"

FAULTY = "Its file has a fault: open it to read which."


@dataclass(frozen=True)
class Story:
    """A scenario as a card: `picture` is SVG of ours; title and question are an author's, and text."""

    name: str
    title: str
    question: str
    picture: str
    is_more: bool

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return ElementTree.fromstring(self.picture).findtext(_TITLE) or ""


def stories(titles: Mapping[str, str]) -> tuple[Story, ...]:
    """The scenarios of `library.titles`, in the same order but for faulty files, which are last of all."""
    told = [_story(name, title) for name, title in titles.items()]
    return tuple(sorted(told, key=lambda story: story.question == FAULTY))


def _story(name: str, title: str) -> Story:
    file = library.path_of(name)
    try:
        data = read(file).data
    except ScenarioError:
        data = {}
    question, order = data.get("question"), data.get("order")
    return Story(
        name,
        title,
        question if isinstance(question, str) else FAULTY,
        _picture(file, data),
        is_more=not (isinstance(order, int) and order < MORE_FROM),
    )


def _picture(file: Path, data: dict[str, Any]) -> str:
    """The picture that is kept beside the scenario; where there is none, one drawn from its journey."""
    kept = file.parent / PICTURES / f"{file.stem}.svg"
    return kept.read_text(encoding="utf-8") if kept.is_file() else drawn(data)


_FRAME = "outline: 2px dashed #0B7A75; outline-offset: 0.4rem; border-radius: 0.25rem;"
_FLAG = (
    'content: "Start here"; position: absolute; top: -1.15rem; left: 38%; padding: 0 0.5rem; border-radius: 0.25rem; '
    "background: #0B7A75; color: #FFFFFF; font-size: 0.8rem; font-weight: 600; line-height: 1.4rem;"
)


def start_lever(scenario: Scenario) -> Lever | None:
    """The slider to begin with: the first that the author put forward for the boardroom, else the first there is."""
    by_path = {lever.path: lever for lever in scenario.levers}
    in_order = [*(by_path[path] for path in scenario.boardroom.levers or ()), *scenario.levers]
    return next((lever for lever in in_order if not dial_of(scenario, lever).is_switch), None)


def mark(scenario: Scenario) -> str:
    """The line, with the frame as a style; nothing where there is no slider to move. HTML."""
    lever = start_lever(scenario)
    if lever is None:
        return ""
    label = escape(labelled(lever.label, dial_of(scenario, lever).unit))
    where = '<span class="ripple-narrow">Press “Sliders and pages” at the top. </span>'
    said = f"{where}Move the slider “{label}”, marked <strong>Start here</strong>, then read this sentence."
    slider = f".st-key-lever-{re.sub(r'[^a-zA-Z0-9_-]', '-', lever.path)}"
    style = f"{slider} {{ position: relative; {_FRAME} }} {slider}::before {{ {_FLAG} }}"
    return f'<p class="ripple-coach">{said}</p><style>{style}</style>'
