"""What each type of store adds to the chain's figure, as a picture."""

from sim.finance.chain import Chain
from ui.case_charts import MONEY, level
from ui.charts import PLAIN, WORLD, Spec, folded


def mix(found: Chain, currency: str) -> Spec:
    """A dot with its interval for each type of store: what all stores of it add."""
    rows = [
        {"name": folded(row.label), "npv": row.npv.mean, "low": row.npv.low, "high": row.npv.high} for row in found.mix
    ]
    axis = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "ticks": False, "domain": False}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": axis}
    x: Spec = {"type": "quantitative", "title": f"Net present value of all its stores, {currency}"}
    x["axis"] = {"tickCount": 5, "labelExpr": MONEY}
    tooltip = [
        {"field": field, "type": "quantitative", "title": title, "format": ",.0f"}
        for field, title in (("npv", "Net present value"), ("low", "95% from"), ("high", "to"))
    ]
    bar = {"type": "rule", "color": WORLD, "strokeWidth": 3, "opacity": 0.5}
    dot = {"type": "point", "color": WORLD, "filled": True, "size": 100, "opacity": 1}
    return {
        "height": {"step": 40},
        "config": PLAIN,
        "data": {"values": rows},
        "layer": [
            level("x"),
            {"mark": bar, "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}}},
            {"mark": dot, "encoding": {"y": y, "x": x | {"field": "npv"}, "tooltip": tooltip}},
        ],
    }
