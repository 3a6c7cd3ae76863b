"""The case and what is asked beside it, as pictures: futures, cash, what it hangs on, a chain, a portfolio, a trial."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.finance.assumptions import counts, ranged
from sim.finance.case import Case
from sim.finance.chain import DRAWS, ChainCase
from sim.finance.portfolio import RUNS, Bundle, Portfolio
from sim.finance.sensitivity import Side
from sim.finance.study import Study
from sim.finance.trial import STORES, WEEKS, TrialPlan
from sim.reports.narrative import beside_case_story, case_story
from sim.reports.origin import futures_said, runs_said
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from sim.scenario.wording import bare, label_of, money
from ui.charts import Drawn, Exported, NothingToDrawError, Ready, Spec
from ui.charts.theme import (
    LOSS,
    LOSS_EDGE,
    NOW,
    WORLD,
    chart,
    dot,
    ends,
    folded,
    interval,
    layer,
    level,
    measured,
    names,
    of_money,
    spread,
    told,
)

Floats = NDArray[np.float64]

_HEIGHT, _SMALL = 300, 280
_HIGH, _WIDE = 200, 320  # pixels that are left for dots, on a phone too
_COLUMNS = range(12, 49)
_LARGEST = 20  # pixels across
GAIN_WORD, LOSS_WORD = "pays back", "does not"


def dots(case: Case) -> Spec:
    """Each dot is a fiftieth of the futures: where its NPV lies. What does not pay back is a triangle, and orange."""
    wide = column_width(case.dots)
    pixels = min(_room(case.dots, wide), _LARGEST)
    scale = {"domain": _domain(case.dots, wide), "nice": False}
    x = of_money(_npv(case.study), field="at", scale=scale)
    x["axis"] |= {"grid": False}
    y = {"field": "height", "type": "quantitative", "axis": None, "scale": {"domain": [0.2, _HIGH / pixels + 0.8]}}
    mark = {"type": "point", "filled": True, "opacity": 1, "size": 0.65 * pixels**2}
    about = told(",.0f", npv="Net present value")
    layers = [level("x"), layer(mark, x=x, y=y, tooltip=about, **_verdicts())]
    return chart(_HEIGHT, stacked(case.dots, wide), layers)


def _npv(study: Study) -> str:
    return f"Net present value, {study.currency}"


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
    years = {"values": list(range(len(rows))), "format": "d", "grid": False}
    x = {"field": "year", "type": "quantitative", "title": "Years from now", "axis": years}
    y = of_money(f"Cumulative cash, {case.study.currency}")
    about = told(",.0f", year="Year", p10="P10", p25="P25", p50="Median", p75="P75", p90="P90")
    line: Spec = {"type": "line", "color": WORLD, "strokeWidth": 2.5}
    line["point"] = {"size": 70, "filled": True, "color": WORLD}
    layers = [
        *(_band(x, y, low, high, opacity) for low, high, opacity in (("p10", "p90", 0.16), ("p25", "p75", 0.28))),
        level("y"),
        layer(line, x=x, y=y | {"field": "p50"}, tooltip=about),
    ]
    return chart(_HEIGHT, rows, layers)


def fanned(net: Floats) -> list[dict[str, float]]:
    """Percentiles of cumulative cash at the end of each year, from 0, of `net` (futures, years + 1)."""
    shares = (10, 25, 50, 75, 90)
    ends = np.percentile(net.cumsum(axis=1), shares, axis=0)
    named = [f"p{share}" for share in shares]
    columns = enumerate(ends.T.tolist())
    return [{"year": year} | dict(zip(named, column, strict=True)) for year, column in columns]


def _band(x: Spec, y: Spec, low: str, high: str, opacity: float) -> Spec:
    mark = {"type": "area", "color": WORLD, "opacity": opacity}
    return layer(mark, x=x, y=y | {"field": low}, y2={"field": high})


# ---- what it hangs on ------------------------------------------------------------------------------

TORNADO_ROWS = 12
_LETTERS, _ROW_PIXELS, _AROUND = 30, 44, 90
_AT_LOW, _AT_HIGH = "at its lowest", "at its highest"
_HIGH_COLOUR = "#0072B2"


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
    y, x = names(), of_money(_npv(case.study), ticks=4)
    bar = {"type": "bar", "height": 12, "color": NOW, "opacity": 0.35}
    return chart({"step": _ROW_PIXELS}, rows, [level("x"), layer(bar, y=y, **ends(x)), _ends(x, y)])


def called(case: Case, side: Side) -> str:
    """A quantity's label and its range, in lines short enough for the room beside the bars."""
    scenario = case.study.scenario
    unit = quantity_at(scenario, side.path).unit or ""
    label = folded(label_of(scenario, side.path), _LETTERS, lines=2)
    return f"{label}\n{bare(side.low, unit)} to {bare(side.high, unit)}"


def _ends(x: Spec, y: Spec) -> Spec:
    """A hollow circle at the lowest value, a full diamond at the highest."""
    words = [_AT_LOW, _AT_HIGH]
    legend = {"title": None, "orient": "top", "symbolSize": 120, "symbolStrokeWidth": 2.5}
    colours = {"domain": words, "range": [LOSS_EDGE, _HIGH_COLOUR]}
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
            "tooltip": [{"field": "end", "title": "Value"}, *told(",.0f", npv="Net present value")],
        },
    }


def worth(case: Case) -> Spec:
    """What it would be worth to know each assumption before deciding."""
    found = case_story.worth_knowing(case)
    rows = [{"name": folded(label, _LETTERS, lines=3), "worth": amount} for label, amount in found]
    y, x = names(), of_money(f"Worth up to, {case.study.currency}", ticks=4, field="worth")
    text = {"field": "worth", "type": "quantitative", "format": ",.0f"}
    layers = [
        layer(_BAR, y=y, x=x, tooltip=told(",.0f", worth="Worth up to")),
        layer({"type": "text", "align": "left", "dx": 5, "color": NOW}, y=y, x=x, text=text),
    ]
    return chart({"step": _ROW_PIXELS}, rows, layers)


_BAR: Spec = {"type": "bar", "height": 16, "color": WORLD}


# ---- beside the case -------------------------------------------------------------------------------


def mix(found: ChainCase, currency: str) -> Spec:
    """A dot with its interval for each type of store: what all stores of it add."""
    rows = [{"name": folded(row.label), **spread(row.npv, "npv")} for row in found.mix]
    y, x = names(), of_money(f"Net present value of all its stores, {currency}")
    about = told(",.0f", npv="Net present value", low="95% from", high="to")
    mean = layer(dot(size=100), y=y, x=x | {"field": "npv"}, tooltip=about)
    return chart({"step": 40}, rows, [level("x"), layer(interval(), y=y, **ends(x)), mean])


def frontier(found: Portfolio, budget: float | None) -> Spec:
    """The most that fixes are worth by what may be spent in year one: a step up wherever more buys a better set."""
    x = of_money(f"Spent in year one, {found.study.currency}", field="needs")
    y = of_money(_npv(found.study))
    untitled = {name: y[name] for name in ("type", "axis")}  # a screen reader calls its ends low and high
    about = told(",.0f", needs="Spent in year one", worth="Net present value", low="95% from", high="to")
    step = {"type": "line", "interpolate": "step-after", "color": WORLD, "strokeWidth": 2.5}
    layers = [
        layer(step, x=x, y=y | {"field": "worth"}),
        layer(interval(opacity=0.4), x=x, y=untitled | {"field": "low"}, y2={"field": "high"}),
        layer(dot(), x=x, y=y | {"field": "worth"}, tooltip=[{"field": "fixes", "title": "Fixes"}, *about]),
    ]
    if budget is not None:
        word = {"type": "text", "align": "left", "dx": 5, "y": 8, "color": NOW, "text": "Budget"}
        layers = [level("x", budget), level("x", budget) | {"mark": word}, *layers]
    return chart(_SMALL, [_set(found, bundle) for bundle in found.frontier], layers)


def _set(found: Portfolio, bundle: Bundle) -> Spec:
    labels = [found.study.fix(fix).label for fix in bundle.fixes]
    spent = {"needs": bundle.needs, "worth": bundle.worth, "low": bundle.npv.low, "high": bundle.npv.high}
    return {"fixes": ", ".join(labels) or "none", **spent}


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
    rows = [{"name": folded(label, _LETTERS), "share": share} for label, share in ordered]
    x = of_money(f"Share of the worth together, {currency}", ticks=4, field="share")
    bars = layer(_BAR, x=x, y=names(), tooltip=told(",.0f", share="Share"))
    return chart({"step": 40}, rows, [level("x"), bars])


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
    pairs = sorted({one.pairs for one in plan.designs})
    scale = {"type": "log", "domain": [pairs[0], pairs[-1]], "nice": False, "padding": 12}
    line = layer(
        {"type": "line", "point": {"filled": True, "size": 70, "opacity": 1}},
        x=measured("Pairs of sites", {"values": pairs, "format": "d", "grid": False}, field="pairs", scale=scale),
        y=measured(None, {"format": ".0%"}, field="power", scale={"domain": [0, 1]}),
        color=field | {"scale": {"domain": lengths, "range": _COLOURS[: len(lengths)]}},
        shape=field | {"scale": {"domain": lengths, "range": _SHAPES[: len(lengths)]}},
        tooltip=[
            {"field": "pairs", "type": "quantitative", "title": "Pairs"},
            {"field": "weeks", "title": "For"},
            *told(".0%", power="Chance to show it"),
        ],
    )
    return chart(_SMALL, rows, [level("y", plan.wanted_power), line])


# ---- to be taken away ------------------------------------------------------------------------------


def _fan_drawn(case: Case) -> Drawn:
    bands = "Dark band: half of all futures. Light band: eight of ten. Before discounting."
    return fan(case), f"{case_story.fan(case)} {bands}"


def _tornado_drawn(case: Case) -> Drawn:
    if not case.tornado:
        raise NothingToDrawError(case_story.tornado(case))
    return tornado(case), case_story.tornado(case)


def _worth_drawn(case: Case) -> Drawn:
    if not case_story.worth_knowing(case):
        raise NothingToDrawError("Nothing is worth finding out before deciding, so there is nothing to draw.")
    return worth(case), "What it would be worth, at the most, to know an assumption before deciding."


EXPORTED = (
    Exported("Fifty equally likely futures", "case", lambda case: (dots(case), case_story.dots(case))),
    Exported("Cash, added up", "case", _fan_drawn),
    Exported("What it hangs on", "case", _tornado_drawn),
    Exported("What to measure first", "case", _worth_drawn),
)


def ready_of_portfolio(found: Portfolio, budget: float | None, link: str) -> Iterator[Ready]:
    """The charts of a portfolio that can be taken away."""
    simulated = f"{runs_said(RUNS, found.study.scenario.weeks)} for each set of fixes"

    def bought() -> Drawn:
        return frontier(found, budget), beside_case_story.best(found, budget)

    yield Ready("What each budget buys at best", simulated, bought, link)
    for name, drawn in shared_out(found).items():
        yield Ready(f"Whose the worth of all fixes is, by {name}", simulated, partial(_as_it_is, drawn), link)


def _as_it_is(drawn: Drawn) -> Drawn:
    return drawn


def ready_of_trial(plan: TrialPlan, link: str) -> Iterator[Ready]:
    """The chart of a trial that can be taken away."""
    simulated = f"{STORES} sites of {max(WEEKS)} weeks, each with and without the fixes"
    name = "Chance that a trial shows the effect"
    yield Ready(name, simulated, lambda: (power(plan), beside_case_story.enough(plan)), link)


def ready_of_chain(found: ChainCase, currency: str, link: str) -> Iterator[Ready]:
    """The chart of a chain that can be taken away."""
    simulated = f"{futures_said(DRAWS)}, for each type of store"

    def draw() -> Drawn:
        return mix(found, currency), beside_case_story.made_of(found)

    yield Ready("What the stores of each type add", simulated, draw, link)
