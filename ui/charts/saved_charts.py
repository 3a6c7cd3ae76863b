"""Charts of worlds side by side, as ready Vega-Lite specifications."""

from collections.abc import Sequence

from sim.experiments.estimate import Estimate
from ui.charts.theme import NOW, PLAIN, WORLD, Spec

_ROW = 26  # pixels


def differences(rows: Sequence[tuple[str, Estimate]], first: str, unit: str) -> Spec:
    """How far each lies from the first: a dot with its 95% interval, and a dashed line at no difference.

    `rows` are labels with paired differences; one that is missing has a label and no mark.
    """
    is_share = unit.startswith("share")
    said = f"percentage points{unit.removeprefix('share')}" if is_share else unit
    found = {label: [_points(end, is_share) for end in (one.mean, one.low, one.high)] for label, one in rows}
    values = [{"world": label, "at": at, "low": low, "high": high} for label, (at, low, high) in found.items()]
    ends = [abs(end) for several in found.values() for end in several if end is not None]
    form = "+~s" if max(ends, default=0) >= 1_000 else "+,.2~f"
    x_axis = {
        "tickCount": 5,
        "titleAnchor": "end",  # on a phone there is room for it only below the names
        "labelExpr": f"datum.value == 0 ? '0' : format(datum.value, '{form}')",
    }
    title = f"Difference from {first}, {said}"
    return {
        "height": {"step": _ROW},
        "config": PLAIN,
        "data": {"values": values},
        "layer": _layers([label for label, _ in rows], title, x_axis),
    }


def _layers(order: Sequence[str], title: str, x_axis: Spec) -> list[Spec]:
    y_axis = {"labelLimit": 120, "ticks": False, "domain": False}
    y = {"field": "world", "type": "nominal", "sort": order, "title": None, "axis": y_axis}

    def x(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "title": title, "axis": x_axis, "scale": {"zero": True}}

    tooltip = [{"field": "world", "type": "nominal", "title": "Scenario"}] + [
        {"field": field, "type": "quantitative", "title": title, "format": "+,.2~f"}
        for field, title in (("at", "Difference"), ("low", "95% from"), ("high", "to"))
    ]
    # The chart's own alternative text says what they show: marks without words of their own are left out of it.
    zero = {"aria": False, "type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 2}
    bar = {"aria": False, "type": "rule", "color": WORLD, "strokeWidth": 4, "opacity": 0.65}
    dot = {"aria": False, "type": "point", "color": WORLD, "filled": True, "size": 110, "opacity": 1}
    return [
        {"mark": zero, "encoding": {"x": {"datum": 0, "type": "quantitative"}}},
        {"mark": bar, "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "tooltip": tooltip}},
        {"mark": dot, "encoding": {"x": x("at"), "y": y, "tooltip": tooltip}},
    ]


def _points(value: float | None, is_share: bool) -> float | None:
    """A difference of shares in percentage points, another as it is."""
    return value if value is None or not is_share else 100 * value
