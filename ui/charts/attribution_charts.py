"""Who loses what, as a picture: a bar for each failure point or department, its parts stacked, with their sum."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from sim.experiments.attribution import Loss, Losses
from ui.charts.theme import LOSS, Chart, finished, folded, folded_labels, thousands

PART_LABELS = {
    "basket_now": "At the visit",
    "decisions": "Not bought",
    "leaving": "By leaving",
    "word_of_mouth": "Never came",
    "recapture": "Bought later",
}
# Told apart without colour too: from full to pale, and hollow with a dashed edge.
_FILL = [LOSS, "#E58A47", "#F0B48A", "#FAE3D2", "transparent"]
_DASHES = [[1, 0], [1, 0], [1, 0], [1, 0], [4, 3]]
_ALWAYS = ("basket_now", "leaving", "recapture")
_TOTAL, _EDGE = "#7A7F8C", "#B34F00"
_BAR, _BELOW = 18, 17


def names(found: Losses, by_department: bool) -> dict[str, str]:
    """What each bar is called, by id, largest share first: a failure point's label above its department's."""
    departments = {department.id: department.label for department in found.world.departments}
    if by_department:
        return {name: folded(departments[name]) for name in _ranked(found.by_department)}
    labels = {point.id: point.label for point in found.points}
    alike = Counter(labels.values())
    return {
        name: folded(labels[name] if alike[labels[name]] == 1 else f"{labels[name]} ({name})")
        + f"\n({departments[found.owners[name]]})"
        for name in _ranked(found.by_failure_point)
    }


def parts_of(found: Losses) -> list[str]:
    """The parts that there are in this world: nobody decides or tells anything in some."""
    lost = [*found.by_failure_point.values(), found.whole]
    return [part for part in PART_LABELS if part in _ALWAYS or any(loss.parts[part].mean for loss in lost)]


def _ranked(losses: dict[str, Loss]) -> list[str]:
    return sorted(losses, key=lambda name: -(losses[name].share.mean or 0.0))


def shares(found: Losses, by_department: bool = False) -> Chart:
    """Each share of the loss a year: parts as bars from 0, what is bought back to the left; below, their sum.

    The dot is the share, the line through it its 95% interval.
    """
    losses = found.by_department if by_department else found.by_failure_point
    called = names(found, by_department)
    lines = max((name.count("\n") + 1 for name in called.values()), default=1)
    y = alt.Y("who:N", sort=list(called.values()), title=None, axis=folded_labels())
    x = alt.X("start:Q", title=f"{found.world.currency} a year", axis=thousands())
    shown = parts_of(found)
    parts = pd.DataFrame([row for name in called for row in _parts(called[name], losses[name], shown)])
    totals = pd.DataFrame([_total(called[name], losses[name]) for name in called])
    bars = alt.Chart(parts).mark_bar(height=_BAR, yOffset=-6, stroke=_EDGE, strokeWidth=1)
    bars = bars.encode(x=x, x2="end:Q", y=y, tooltip=_tooltip("part:N", "Part"), **_styles(shown))
    below: dict[str, Any] = {"color": _TOTAL, "yOffset": _BELOW - 6}
    line = alt.Chart(totals).mark_rule(strokeWidth=2.5, **below).encode(x=alt.X("low:Q"), x2="high:Q", y=y)
    dot = alt.Chart(totals).mark_point(filled=True, size=70, opacity=1, **below)
    dot = dot.encode(x=alt.X("mean:Q"), y=y, tooltip=_tooltip("who:N", "Share of"))
    return finished(alt.layer(bars, line, dot), alt.Step(max(54, 16 * lines + 14)))


def _parts(called: str, loss: Loss, shown: list[str]) -> Iterator[dict[str, Any]]:
    """A row for each part: losses from 0 to the right one after the other, what takes from them to the left."""
    ends = {True: 0.0, False: 0.0}
    for part in shown:
        label = PART_LABELS[part]
        mean = loss.parts[part].mean or 0.0
        start = ends[mean >= 0]
        ends[mean >= 0] += mean
        row = {"who": called, "part": label, "start": start, "end": start + mean}
        yield row | {"mean": mean, "low": loss.parts[part].low, "high": loss.parts[part].high}


def _total(called: str, loss: Loss) -> dict[str, Any]:
    return {"who": called, "mean": loss.share.mean, "low": loss.share.low, "high": loss.share.high}


def _styles(shown: list[str]) -> dict[str, Any]:
    """One legend for filling and edge, which both say which part it is."""
    domain = [PART_LABELS[part] for part in shown]
    places = [list(PART_LABELS).index(part) for part in shown]
    square: dict[str, Any] = {"symbolType": "square", "symbolSize": 180, "symbolStrokeWidth": 1}
    legend = alt.Legend(title=None, orient="top", columns=2, **square)  # side by side they are wider than a phone
    return {
        "fill": alt.Fill("part:N", scale=alt.Scale(domain=domain, range=[_FILL[at] for at in places]), legend=legend),
        "strokeDash": alt.StrokeDash(
            "part:N", scale=alt.Scale(domain=domain, range=[_DASHES[at] for at in places]), legend=legend
        ),
    }


def _tooltip(field: str, title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(field, title=title),
        alt.Tooltip("mean:Q", title="A year", format=",.0f"),
        alt.Tooltip("low:Q", title="95% from", format=",.0f"),
        alt.Tooltip("high:Q", title="to", format=",.0f"),
    ]
