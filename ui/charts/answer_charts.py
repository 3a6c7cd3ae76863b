"""What each thing tried brings, as dots with their intervals: a ready Vega-Lite specification."""

from sim.experiments.answer import Found
from sim.experiments.estimate import Estimate
from sim.experiments.runs import Run
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.paths import quantity_at
from ui.charts import curve_charts
from ui.charts.theme import LOSS, NOW, PLAIN, WORLD, Chart, Spec, folded

_ROW = 34


def fixes(found: Found) -> Spec:
    """What each fix leaves a year after its cost, the best first."""
    return _dots(found, [(fix.label, found.net(fix)) for fix in found.fixes], WORLD)


def by_lever(found: Found) -> Chart:
    """What the lever that decides does; the question is answered by one."""
    assert found.curve is not None
    as_it_is = quantity_at(found.scenario, found.curve.lever.path).value
    return curve_charts.curve_of(found.curve, found.scenario, as_it_is)


def mended(found: Found) -> Spec:
    """What mending each failure point alone would bring, the most first."""
    labels = {point.id: point.label for point in found.scenario.failures}
    runs: dict[str, Run] = found.mended
    return _dots(found, [(labels[name], found.gain(runs[name])) for name in found.ranked(runs)], LOSS)


def _dots(found: Found, rows: list[tuple[str, Estimate]], color: str) -> Spec:
    unit = unit_of(MEASURES[found.measure], found.scenario)
    values = [{"name": folded(label), "at": e.mean, "low": e.low, "high": e.high} for label, e in rows]
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None}
    y |= {"axis": {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "ticks": False, "domain": False}}
    axis = {"tickCount": 5, "labelExpr": "datum.value == 0 ? '0' : format(datum.value, '~s')"}
    x = {"type": "quantitative", "title": unit, "axis": axis}
    tooltip = [{"field": name, "type": "quantitative", "format": ",.0f"} for name in ("at", "low", "high")]
    return {
        "height": {"step": _ROW},
        "config": PLAIN,
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "rule", "color": NOW, "strokeDash": [5, 3]},
                "encoding": {"x": {"datum": 0, "type": "quantitative"}},
            },
            {
                "mark": {"type": "rule", "color": color, "strokeWidth": 3, "opacity": 0.5},
                "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "color": color, "filled": True, "size": 90, "opacity": 1},
                "encoding": {"y": y, "x": x | {"field": "at"}, "tooltip": tooltip},
            },
        ],
    }
