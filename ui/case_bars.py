"""What the case hangs on, as pictures: the tornado, and what it would be worth to know each assumption."""

import textwrap
from collections.abc import Sequence

from sim.finance.assumptions import counts, ranged
from sim.finance.case import Case
from sim.finance.sensitivity import Side
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.wording import bare, label_of
from ui.case_charts import MONEY, level
from ui.case_story import worth_knowing
from ui.charts import NOW, PLAIN, WORLD, Spec

TORNADO_ROWS = 12
_ROW, _ROW_PIXELS, _AROUND = 30, 44, 90
_AT_LOW, _AT_HIGH = "at its lowest", "at its highest"
_LOW_COLOUR, _HIGH_COLOUR = "#B34F00", "#0072B2"


def room(scenario: Scenario, fixes: Sequence[str]) -> int:
    """How many pixels high the tornado of these fixes will be."""
    rows = sum(counts(path, fixes) for path in ranged(scenario))
    return min(rows, TORNADO_ROWS) * _ROW_PIXELS + _AROUND


def tornado(case: Case) -> Spec:
    """What each uncertain quantity does to the NPV from its lowest to its highest value, the widest swing first.

    The two ends differ in shape, filling and colour.
    """
    sides = case.tornado[:TORNADO_ROWS]
    rows = [{"name": called(case, side), "low": side.low_npv, "high": side.high_npv} for side in sides]
    y = _rows()
    x: Spec = {"type": "quantitative", "title": f"Net present value, {case.study.currency}", "axis": _money_axis()}
    bar = {"type": "bar", "height": 12, "color": NOW, "opacity": 0.35}
    return {
        "height": {"step": _ROW_PIXELS},
        "config": PLAIN,
        "data": {"values": rows},
        "layer": [
            level("x"),
            {"mark": bar, "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}}},
            _ends(x, y),
        ],
    }


def called(case: Case, side: Side) -> str:
    """A quantity's label and its range, in lines short enough for the room beside the bars."""
    scenario = case.study.scenario
    unit = quantity_at(scenario, side.path).unit or ""
    ends = f"{bare(side.low, unit)} to {bare(side.high, unit)}"
    label = textwrap.fill(label_of(scenario, side.path), _ROW, max_lines=2, placeholder=" …")
    return f"{label}\n{ends}"


def _ends(x: Spec, y: Spec) -> Spec:
    """A hollow circle at the lowest value, a full diamond at the highest."""
    words = [_AT_LOW, _AT_HIGH]
    legend = {"title": None, "orient": "top", "symbolSize": 120, "symbolStrokeWidth": 2.5}
    colours = {"domain": words, "range": [_LOW_COLOUR, _HIGH_COLOUR]}
    field = {"field": "end", "type": "nominal"}
    shape = field | {"scale": {"domain": words, "range": ["circle", "diamond"]}, "legend": legend}
    return {
        "transform": [
            {"fold": ["low", "high"], "as": ["side", "npv"]},
            {"calculate": f"datum.side == 'low' ? '{_AT_LOW}' : '{_AT_HIGH}'", "as": "end"},
        ],
        "mark": {"type": "point", "size": 110, "strokeWidth": 2.5, "opacity": 1},
        "encoding": {
            "y": y,
            "x": x | {"field": "npv"},
            "shape": shape,
            "stroke": field | {"scale": colours, "legend": legend},
            "fill": field | {"scale": {"domain": words, "range": ["#FFFFFF", _HIGH_COLOUR]}, "legend": legend},
            "tooltip": [
                {"field": "end", "title": "Value"},
                {"field": "npv", "type": "quantitative", "title": "Net present value", "format": ",.0f"},
            ],
        },
    }


def worth(case: Case) -> Spec:
    """What it would be worth to know each assumption before deciding."""
    rows = [
        {"name": textwrap.fill(label, _ROW, max_lines=3, placeholder=" …"), "worth": amount}
        for label, amount in worth_knowing(case)
    ]
    y = _rows()
    title = f"Worth up to, {case.study.currency}"
    x: Spec = {"field": "worth", "type": "quantitative", "title": title, "axis": _money_axis()}
    tooltip = [{"field": "worth", "type": "quantitative", "title": "Worth up to", "format": ",.0f"}]
    said = {"type": "text", "align": "left", "dx": 5, "color": NOW}
    text = {"field": "worth", "type": "quantitative", "format": ",.0f"}
    return {
        "height": {"step": _ROW_PIXELS},
        "config": PLAIN,
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "bar", "height": 16, "color": WORLD}, "encoding": {"y": y, "x": x, "tooltip": tooltip}},
            {"mark": said, "encoding": {"y": y, "x": x, "text": text}},
        ],
    }


def _rows() -> Spec:
    axis = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "ticks": False, "domain": False}
    return {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": axis}


def _money_axis() -> Spec:
    return {"tickCount": 4, "labelExpr": MONEY}
