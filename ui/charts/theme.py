"""Charts as values: each takes what was found and returns an Altair chart. The baseline is a grey dashed ghost."""

import textwrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.runs import Comparison, Run

Chart = alt.LayerChart | alt.FacetChart
Spec = dict[str, Any]

NOW, WORLD, LOSS = "#7A7F8C", "#0B7A75", "#D55E00"
PLAIN: Spec = {"view": {"strokeWidth": 0}, "axisY": {"labelFlush": False}}
"""What every chart is set to: no frame, and each name beside its mark."""
_AS_IT_IS, _AS_MOVED = "As it is", "What if"


def retention(found: Comparison) -> Chart:
    """Share of the customers at week 0 still active, by week, with 95% bands; the baseline dashed."""
    frames = [_retention(found.baseline, _AS_IT_IS)]
    if found.world is not found.baseline:
        frames.append(_retention(found.world, _AS_MOVED))
    data = pd.concat(frames)
    base = alt.Chart(data).encode(
        x=alt.X("week:Q", title="Week", axis=alt.Axis(tickCount=6, grid=False)),
    )
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=None), y2="high:Q", color=_worlds())
    line = base.mark_line(strokeWidth=2.5).encode(
        color=_worlds(),
        y=alt.Y("mean:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5), scale=alt.Scale(zero=False)),
        strokeDash=alt.StrokeDash(
            "world:N", scale=alt.Scale(domain=[_AS_IT_IS, _AS_MOVED], range=[[6, 4], [1, 0]]), legend=None
        ),
        tooltip=[
            alt.Tooltip("world:N", title="World"),
            alt.Tooltip("week:Q", title="Week"),
            alt.Tooltip("mean:Q", title="Still customers", format=".1%"),
        ],
    )
    return finished(alt.layer(band, line), 260)


def _retention(run: Run, world: str) -> pd.DataFrame:
    curves = np.array([replication.retention for replication in run.replications])
    rows = [estimate(column) for column in curves.T]
    return pd.DataFrame(
        {
            "week": range(curves.shape[1]),
            "mean": [row.mean for row in rows],
            "low": [row.low if row.low is not None else row.mean for row in rows],
            "high": [row.high if row.high is not None else row.mean for row in rows],
            "world": world,
        }
    )


def still_here(run: Run) -> float | None:
    """Mean share of the customers at week 0 who are still there at the end; None where there were none."""
    return estimate([float(replication.retention[-1]) for replication in run.replications]).mean


def losses(found: Comparison) -> Chart:
    """Basket lost now to each failure point, a year: bars with 95% intervals, the baseline's outline dashed."""
    order = [folded(failure.label) for failure in found.world.world.failures]
    height = alt.Step(46)
    y = alt.Y("failure:N", sort=order, title=None, axis=folded_labels())
    x = alt.X("mean:Q", title=f"{found.world.world.currency} a year", axis=thousands())
    now = alt.Chart(_losses(found.baseline)).mark_bar(
        fillOpacity=0, stroke=NOW, strokeDash=[5, 3], strokeWidth=1.5, height=26
    )
    moved = alt.Chart(_losses(found.world))
    tooltip = [
        alt.Tooltip("failure:N", title="Failure point"),
        alt.Tooltip("mean:Q", title="Lost a year", format=",.0f"),
        alt.Tooltip("low:Q", title="95% from", format=",.0f"),
        alt.Tooltip("high:Q", title="to", format=",.0f"),
    ]
    bars = moved.mark_bar(color=LOSS, opacity=0.85, height=16).encode(x=x, y=y, tooltip=tooltip)
    whiskers = moved.mark_rule(strokeWidth=2, color="#8A8F9C").encode(x=alt.X("low:Q"), x2="high:Q", y=y)
    return finished(alt.layer(now.encode(x=x, y=y, tooltip=tooltip), bars, whiskers), height)


def _losses(run: Run) -> pd.DataFrame:
    rows = []
    for failure in run.world.failures:
        found = run.lost(failure.id)
        rows.append({"failure": folded(failure.label), "mean": found.mean, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)


def ghost(found: Comparison, measure: str) -> Spec:
    """Where a measure stands beside its baseline: a dashed grey line, and a dot with its 95% interval.

    In a world that was moved, dot and interval are the baseline plus the paired change. A ready Vega-Lite
    specification: there is one on every card, and an Altair object takes ten times as long to make.
    """
    now, shown = found.baseline.estimate(measure).mean, _beside(found, measure)
    ends = [end for end in (now, shown.low, shown.high, shown.mean) if end is not None] or [0.0]
    margin = (max(ends) - min(ends)) * 0.15 or abs(max(ends)) * 0.05 or 1.0
    scale = {"domain": [min(ends) - margin, max(ends) + margin], "zero": False}

    def at(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "title": None, "axis": None, "scale": scale}

    dashed = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 2}
    bar = {"type": "rule", "color": WORLD, "strokeWidth": 3, "opacity": 0.5}
    dot = {"type": "point", "color": WORLD, "filled": True, "size": 90, "opacity": 1}
    return {
        "height": 40,
        "config": PLAIN,
        "data": {"values": [{"now": now, "at": shown.mean, "low": shown.low, "high": shown.high}]},
        "layer": [
            {"mark": dashed, "encoding": {"x": at("now")}},
            {"mark": bar, "encoding": {"x": at("low"), "x2": {"field": "high"}}},
            {"mark": dot, "encoding": {"x": at("at")}},
        ],
    }


def _beside(found: Comparison, measure: str) -> Estimate:
    if found.world is found.baseline:
        return found.baseline.estimate(measure)
    now = found.baseline.estimate(measure).mean or 0.0
    return estimate([now + difference for difference in found.differences(measure)])


def folded(label: str) -> str:
    """A label broken into lines that leave room for the bars beside it."""
    return textwrap.fill(label, 26)


def folded_labels() -> alt.Axis:
    """An axis whose labels are folded."""
    return alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=0, ticks=False, domain=False)


def thousands() -> alt.Axis:
    """An axis in thousands: 10k."""
    return alt.Axis(tickCount=5, labelExpr="datum.value == 0 ? '0' : format(datum.value, '~s')")


def _worlds() -> alt.Color:
    scale = alt.Scale(domain=[_AS_IT_IS, _AS_MOVED], range=[NOW, WORLD])
    return alt.Color("world:N", scale=scale, legend=None)


def finished(chart: Chart, height: Any) -> Chart:
    """The chart at its height, as plain as the others."""
    done: Chart = chart.properties(height=height).configure(**PLAIN)
    return done
