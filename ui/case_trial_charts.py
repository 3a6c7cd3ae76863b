"""How likely trials of each size are to show the effect, as a picture."""

from sim.finance.trial import TrialPlan
from ui.charts import NOW, PLAIN, Spec

_COLOURS = ["#56B4E9", "#0072B2", "#009E73", "#D55E00"]
_SHAPES = ["circle", "square", "triangle-up", "diamond"]


def power(plan: TrialPlan) -> Spec:
    """Power by pairs of sites, a line for each length of trial; lines differ in colour and in the shape of dots."""
    rows = [
        {"pairs": one.pairs, "weeks": f"{one.weeks} weeks", "power": one.power, "low": one.low, "high": one.high}
        for one in plan.designs
    ]
    lengths = list(dict.fromkeys(str(row["weeks"]) for row in rows))
    legend = {"title": None, "orient": "top", "symbolSize": 110}
    field = {"field": "weeks", "type": "nominal", "sort": lengths, "legend": legend}
    axis: Spec = {"values": sorted({one.pairs for one in plan.designs}), "format": "d", "grid": False}
    x: Spec = {"field": "pairs", "type": "quantitative", "title": "Pairs of sites", "axis": axis}
    x["scale"] = {"type": "log", "domain": [min(axis["values"]), max(axis["values"])], "nice": False, "padding": 12}
    scale = {"domain": [0, 1]}
    y = {"field": "power", "type": "quantitative", "title": None, "axis": {"format": ".0%"}, "scale": scale}
    encoding = {
        "x": x,
        "y": y,
        "color": field | {"scale": {"domain": lengths, "range": _COLOURS[: len(lengths)]}},
        "shape": field | {"scale": {"domain": lengths, "range": _SHAPES[: len(lengths)]}},
        "tooltip": [
            {"field": "pairs", "type": "quantitative", "title": "Pairs"},
            {"field": "weeks", "title": "For"},
            {"field": "power", "type": "quantitative", "title": "Chance to show it", "format": ".0%"},
        ],
    }
    wanted = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 1.5, "aria": False}
    dot = {"filled": True, "size": 70, "opacity": 1}
    return {
        "height": 280,
        "config": PLAIN,
        "data": {"values": rows},
        "layer": [
            {"mark": wanted, "encoding": {"y": {"datum": plan.wanted_power, "type": "quantitative"}}},
            {"mark": {"type": "line", "point": dot}, "encoding": encoding},
        ],
    }
