"""The boardroom's one picture: where it goes wrong, today as a dashed outline, with what is chosen as a solid bar."""

from typing import Any

from sim.experiments.estimate import Estimate
from sim.experiments.runs import Comparison
from sim.reports.one_file.words import LOST, Number
from ui.charts.theme import NOW, PLAIN, WORLD, folded
from ui.text import figure

Spec = dict[str, Any]
_OUTLINE: Spec = {"type": "bar", "fillOpacity": 0, "stroke": NOW, "strokeDash": [6, 4], "strokeWidth": 2}
_WHISKER: tuple[Spec, ...] = (
    {"type": "rule", "color": "#FFFFFF", "opacity": 0.75, "strokeWidth": 5},
    {"type": "rule", "color": "#3A4050", "strokeWidth": 2},
)
"""A dark line with a light one around it: seen on the bar and beside it, on a light page and on a dark one."""


def picture_title(found: Comparison, number: Number) -> str:
    """What the picture shows."""
    return f"{LOST}, a year" if found.world.world.failures else number.name


def picture(found: Comparison, number: Number, measure: str, is_large: bool = False) -> Spec:
    """Bars with their 95% intervals and today's outline, as a ready Vega-Lite specification."""
    rows = [_row(label, now, then) for label, now, then in _bars(found, number, measure)]
    step = 72 if is_large else 56
    return {
        "height": {"step": step},
        "config": PLAIN | {"axis": {"labelFontSize": 20 if is_large else 14}},
        "data": {"values": rows},
        "encoding": {"y": _places(rows), "tooltip": _tooltip(found, number)},
        "layer": [
            {"mark": {"type": "bar", "color": WORLD, "height": step * 0.36}, "encoding": {"x": _across("then")}},
            {"mark": _OUTLINE | {"height": step * 0.6}, "encoding": {"x": _across("now")}},
            *({"mark": mark, "encoding": {"x": _across("low"), "x2": {"field": "high"}}} for mark in _WHISKER),
        ],
    }


def _places(rows: list[Spec]) -> Spec:
    """The failure points, in the journey's order, with their labels folded."""
    axis = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "ticks": False, "domain": False}
    return {"field": "place", "type": "nominal", "title": None, "sort": [row["place"] for row in rows], "axis": axis}


def _across(field: str) -> Spec:
    plain_nothing = "datum.value === 0 ? '0' : datum.label"  # in thousands it would be "0k"
    axis = {"tickCount": 4, "grid": False, "format": "~s", "labelExpr": plain_nothing}
    return {"field": field, "type": "quantitative", "title": None, "axis": axis}


def _tooltip(found: Comparison, number: Number) -> list[Spec]:
    said = {"now": "Today", "then": "With what is chosen", "low": "95% from", "high": "to"}
    is_share = number.unit.startswith("share") and not found.world.world.failures
    form = ".1%" if is_share else ",.0f"
    figures = [{"field": name, "type": "quantitative", "title": title, "format": form} for name, title in said.items()]
    return [{"field": "place", "type": "nominal", "title": "Where"}, *figures]


def _bars(found: Comparison, number: Number, measure: str) -> list[tuple[str, Estimate, Estimate]]:
    """A bar for each failure point that loses anything; the number itself where nothing can fail."""
    failures = found.world.world.failures
    if not failures:
        return [(number.name, found.baseline.estimate(measure), found.world.estimate(measure))]
    bars = [(failure.label, found.baseline.lost(failure.id), found.world.lost(failure.id)) for failure in failures]
    return [bar for bar in bars if bar[1].mean or bar[2].mean] or bars


def _row(label: str, now: Estimate, then: Estimate) -> Spec:
    return {"place": folded(label), "now": now.mean, "then": then.mean, "low": then.low, "high": then.high}


def picture_alt(found: Comparison, number: Number, measure: str) -> str:
    """What the picture shows, in words."""
    currency, is_lost = found.world.world.currency, bool(found.world.world.failures)
    unit = f"{currency} a year" if is_lost else number.unit
    parts = [
        f"{label}: {figure(then.mean, unit, currency)}, today {figure(now.mean, unit, currency)}"
        for label, now, then in _bars(found, number, measure)
    ]
    return f"{picture_title(found, number)}. {'; '.join(parts)}."
