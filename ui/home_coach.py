"""The mark that shows a newcomer where to start: a line by the sentence, and a frame around one slider."""

import re
from html import escape

from sim.scenario.fixes import Lever
from sim.scenario.scenario import Scenario
from ui.dials import dial_of
from ui.text import labelled

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
