"""What is asked beside a case, as pictures: what a chain's types add, what a budget buys, what a trial can show."""

import textwrap

from sim.finance.chain import Chain
from sim.finance.portfolio import Bundle, Portfolio
from sim.finance.trial import TrialPlan
from ui.charts.case_charts import MONEY, level
from ui.charts.theme import NOW, PLAIN, WORLD, Spec, folded
from ui.text import money


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


_HEIGHT, _ROW, _ROW_PIXELS = 280, 30, 40


def frontier(found: Portfolio, budget: float | None) -> Spec:
    """The most that fixes are worth by what may be spent in year one: a step up wherever more buys a better set."""
    rows = [_row(found, bundle) for bundle in found.frontier]
    money = {"type": "quantitative", "axis": {"tickCount": 5, "labelExpr": MONEY}}
    x = money | {"field": "needs", "title": f"Spent in year one, {found.study.currency}"}
    y = money | {"field": "worth", "title": f"Net present value, {found.study.currency}"}
    tooltip = [{"field": "fixes", "title": "Fixes"}]
    tooltip += [{"field": f, "type": "quantitative", "title": t, "format": ",.0f"} for f, t in _TOLD]
    step = {"type": "line", "interpolate": "step-after", "color": WORLD, "strokeWidth": 2.5}
    dot = {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": WORLD}
    bar = {"type": "rule", "color": WORLD, "strokeWidth": 3, "opacity": 0.4}
    layer = [
        {"mark": step, "encoding": {"x": x, "y": y}},
        {"mark": bar, "encoding": {"x": x, "y": money | {"field": "low"}, "y2": {"field": "high"}}},
        {"mark": dot, "encoding": {"x": x, "y": y, "tooltip": tooltip}},
    ]
    return {"height": _HEIGHT, "config": PLAIN, "data": {"values": rows}, "layer": [*_budget(budget), *layer]}


_TOLD = (("needs", "Spent in year one"), ("worth", "Net present value"), ("low", "95% from"), ("high", "to"))


def _row(found: Portfolio, bundle: Bundle) -> dict[str, float | str | None]:
    labels = [found.study.fix(fix).label for fix in bundle.fixes]
    spent = {"needs": bundle.needs, "worth": bundle.worth, "low": bundle.npv.low, "high": bundle.npv.high}
    return {"fixes": ", ".join(labels) or "none"} | spent


def _budget(budget: float | None) -> list[Spec]:
    if budget is None:
        return []
    mark = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 1.5, "aria": False}
    word = {"type": "text", "align": "left", "dx": 5, "y": 8, "color": NOW, "text": "Budget"}
    at = {"x": {"datum": budget, "type": "quantitative"}}
    return [{"mark": mark, "encoding": at}, {"mark": word, "encoding": at}]


def shared_out(found: Portfolio) -> dict[str, tuple[Spec, str]]:
    """The joint worth shared out by "fix" and by "department", each with what it shows; none where one has it all."""
    study = found.study
    labels = {fix: study.fix(fix).label for fix in found.candidates}
    labels_by = {"fix": labels, "department": {one.id: one.label for one in study.scenario.departments}}
    credit_by = {"fix": found.credit or {}, "department": found.credit_by_department or {}}
    shares_by = {
        name: {labels_by[name][id]: share / study.minor_units for id, share in credit.items()}
        for name, credit in credit_by.items()
        if len(credit) > 1
    }
    return {name: (credit(one, study.currency), _credit_said(one, study.currency)) for name, one in shares_by.items()}


def _credit_said(shares: dict[str, float], currency: str) -> str:
    said = [f"{label} {money(share, currency)}" for label, share in shares.items()]
    return f"Shares of the worth together: {'; '.join(said)}."


def credit(shares: dict[str, float], currency: str) -> Spec:
    """Bars of the joint worth shared out, by label; the largest first."""
    ordered = sorted(shares.items(), key=lambda one: -one[1])
    rows = [{"name": textwrap.fill(label, _ROW), "share": share} for label, share in ordered]
    axis = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0, "ticks": False, "domain": False}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": axis}
    x: Spec = {"field": "share", "type": "quantitative", "title": f"Share of the worth together, {currency}"}
    x["axis"] = {"tickCount": 4, "labelExpr": MONEY}
    tooltip = [{"field": "share", "type": "quantitative", "title": "Share", "format": ",.0f"}]
    bars = {"mark": {"type": "bar", "height": 16, "color": WORLD}, "encoding": {"x": x, "y": y, "tooltip": tooltip}}
    return {
        "height": {"step": _ROW_PIXELS},
        "config": PLAIN,
        "data": {"values": rows},
        "layer": [level("x"), bars],
    }


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
