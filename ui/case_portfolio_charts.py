"""Which fixes to pay for, as pictures: what each budget buys at best, and whose the joint worth is."""

import textwrap

from sim.finance.portfolio import Bundle, Portfolio
from ui.case_charts import MONEY, level
from ui.charts import NOW, PLAIN, WORLD, Spec
from ui.text import money

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
