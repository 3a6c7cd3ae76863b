"""The case as pictures: a dot for every fiftieth future, cumulative cash as a fan, and what it hangs on."""

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import counts, ranged
from sim.finance.case import Case
from sim.finance.sensitivity import Side
from sim.reports.narrative.case_story import worth_knowing
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.wording import bare, label_of
from ui.charts.theme import LOSS, NOW, PLAIN, WORLD, Spec

Floats = NDArray[np.float64]

_HEIGHT = 300
_HIGH, _WIDE = 200, 320  # pixels that are left for dots, on a phone too
_COLUMNS = range(12, 49)
_LARGEST = 20  # pixels across
MONEY = "(datum.value < 0 ? '−' : '') + format(abs(datum.value), abs(datum.value) < 10000 ? ',.0f' : '.3~s')"
GAIN_WORD, LOSS_WORD = "pays back", "does not"


def dots(case: Case) -> Spec:
    """Each dot is a fiftieth of the futures: where its NPV lies. What does not pay back is a triangle, and orange."""
    wide = column_width(case.dots)
    rows = stacked(case.dots, wide)
    size = min(_room(case.dots, wide), _LARGEST)
    x = _across("at", f"Net present value, {case.study.currency}", _domain(case.dots, wide))
    y = {"field": "height", "type": "quantitative", "axis": None, "scale": {"domain": [0.2, _HIGH / size + 0.8]}}
    mark = {"type": "point", "filled": True, "opacity": 1, "size": 0.65 * size**2}
    tooltip = [{"field": "npv", "type": "quantitative", "title": "Net present value", "format": ",.0f"}]
    return {
        "height": _HEIGHT,
        "config": PLAIN,
        "data": {"values": rows},
        "layer": [
            level("x"),
            {"mark": mark, "encoding": {"x": x, "y": y, "tooltip": tooltip, **_verdicts()}},
        ],
    }


def stacked(values: Floats, wide: float) -> list[dict[str, Any]]:
    """A row for each value, in columns that never hold a loss beside a gain, counted from the bottom."""
    rows: list[dict[str, Any]] = []
    heights: Counter[int] = Counter()
    for value in sorted(values.tolist()):
        column = math.floor(value / wide)
        heights[column] += 1
        verdict = GAIN_WORD if value >= 0 else LOSS_WORD
        rows.append({"npv": value, "at": (column + 0.5) * wide, "height": heights[column], "verdict": verdict})
    return rows


def column_width(values: Floats) -> float:
    """The round width of columns that leaves the largest dots: not too many beside each other, nor on top."""
    spread = float(np.ptp(values)) or max(abs(float(values[0])), 1.0)
    widths = sorted({_rounded(spread / columns) for columns in _COLUMNS})
    return max(widths, key=lambda wide: _room(values, wide))


def _room(values: Floats, wide: float) -> float:
    """Pixels across for a dot in columns so wide; they start at 0, so that none holds a loss beside a gain."""
    low, high = _domain(values, wide)
    tallest = max(Counter(np.floor(values / wide).tolist()).values())
    return min(_WIDE * wide / (high - low), _HIGH / tallest)


def _rounded(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw)


def _domain(values: Floats, wide: float) -> list[float]:
    """All dots and 0 with room at both ends; whole columns, so that it seldom changes as futures arrive."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    return [(math.floor(low / wide) - 0.5) * wide, (math.floor(high / wide) + 1.5) * wide]


def _verdicts() -> Spec:
    """Colour and shape both say whether it pays back."""
    words = [GAIN_WORD, LOSS_WORD]
    legend = {"title": None, "orient": "top", "symbolSize": 130}
    color = {"domain": words, "range": [WORLD, LOSS]}
    shape = {"domain": words, "range": ["circle", "triangle-down"]}
    return {
        "color": {"field": "verdict", "type": "nominal", "scale": color, "legend": legend},
        "shape": {"field": "verdict", "type": "nominal", "scale": shape, "legend": legend},
    }


def fan(case: Case) -> Spec:
    """Cumulative cash by year: the median, and where it lies in eight and in five of ten futures."""
    rows = fanned(case.cash.net)
    last = len(rows) - 1
    axis = {"values": list(range(last + 1)), "format": "d", "grid": False}
    x = {"field": "year", "type": "quantitative", "title": "Years from now", "axis": axis}
    title = f"Cumulative cash, {case.study.currency}"
    y = {"type": "quantitative", "title": title, "axis": {"tickCount": 5, "labelExpr": MONEY}}
    bands = [_band(x, y, low, high, opacity) for low, high, opacity in (("p10", "p90", 0.16), ("p25", "p75", 0.28))]
    labels = (("year", "Year"), ("p10", "P10"), ("p25", "P25"), ("p50", "Median"), ("p75", "P75"), ("p90", "P90"))
    tooltip = [{"field": field, "type": "quantitative", "title": said, "format": ",.0f"} for field, said in labels]
    line: Spec = {"type": "line", "color": WORLD, "strokeWidth": 2.5}
    line["point"] = {"size": 70, "filled": True, "color": WORLD}
    median = {"mark": line, "encoding": {"x": x, "y": y | {"field": "p50"}, "tooltip": tooltip}}
    return {"height": _HEIGHT, "config": PLAIN, "data": {"values": rows}, "layer": [*bands, level("y"), median]}


def fanned(net: Floats) -> list[dict[str, float]]:
    """Percentiles of cumulative cash at the end of each year, from 0, of `net` (futures, years + 1)."""
    shares = (10, 25, 50, 75, 90)
    ends = np.percentile(net.cumsum(axis=1), shares, axis=0)
    named = [f"p{share}" for share in shares]
    columns = enumerate(ends.T.tolist())
    return [{"year": year} | dict(zip(named, column, strict=True)) for year, column in columns]


def _band(x: Spec, y: Spec, low: str, high: str, opacity: float) -> Spec:
    mark = {"type": "area", "color": WORLD, "opacity": opacity}
    return {"mark": mark, "encoding": {"x": x, "y": y | {"field": low}, "y2": {"field": high}}}


def _across(field: str, title: str, domain: list[float]) -> Spec:
    axis = {"tickCount": 5, "labelExpr": MONEY, "grid": False}
    scale = {"domain": domain, "nice": False}
    return {"field": field, "type": "quantitative", "title": title, "axis": axis, "scale": scale}


def level(axis: str) -> Spec:
    """A dashed line at 0."""
    mark = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 1.5, "aria": False}
    return {"mark": mark, "encoding": {axis: {"datum": 0, "type": "quantitative"}}}


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
