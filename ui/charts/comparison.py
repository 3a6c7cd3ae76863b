"""Worlds side by side: who is still a customer, what is lost where, and how far a figure lies from another."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.runs import Comparison, Run
from sim.reports.narrative import story
from sim.reports.narrative.boardroom_story import LOST, Number, number_of
from sim.scenario.offers import agenda_of
from ui.charts import Drawn, Exported, NothingToDrawError, Spec
from ui.charts.theme import (
    DASHED,
    FOLDED,
    LOSS,
    NOW,
    PLAIN,
    THOUSANDS,
    WORLD,
    Chart,
    chart,
    dot,
    ends,
    finished,
    folded,
    interval,
    layer,
    measured,
    names,
    spread,
    told,
    tooltips,
)
from ui.text import figure

_AS_IT_IS, _AS_MOVED = "As it is", "What if"


def retention(found: Comparison) -> Chart:
    """Share of the customers at week 0 still active, by week, with 95% bands; the baseline dashed."""
    frames = [_retention(found.baseline, _AS_IT_IS)]
    if found.world is not found.baseline:
        frames.append(_retention(found.world, _AS_MOVED))
    worlds = [_AS_IT_IS, _AS_MOVED]
    color = alt.Color("world:N", scale=alt.Scale(domain=worlds, range=[NOW, WORLD]), legend=None)
    dashes = alt.StrokeDash("world:N", scale=alt.Scale(domain=worlds, range=[[6, 4], [1, 0]]), legend=None)
    base = alt.Chart(pd.concat(frames)).encode(
        x=alt.X("week:Q", title="Week", axis=alt.Axis(tickCount=6, grid=False)), color=color
    )
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(
        y=alt.Y("mean:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5), scale=alt.Scale(zero=False)),
        strokeDash=dashes,
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


def losses(found: Comparison) -> Chart:
    """Basket lost now to each failure point, a year: bars with 95% intervals, the baseline's outline dashed."""
    order = [folded(failure.label) for failure in found.world.world.failures]
    y = alt.Y("failure:N", sort=order, title=None, axis=alt.Axis(**FOLDED))
    x = alt.X("mean:Q", title=f"{found.world.world.currency} a year", axis=alt.Axis(**THOUSANDS))
    about = tooltips(",.0f", alt.Tooltip("failure:N", title="Failure point"), **_LOST)
    now, moved = (alt.Chart(_losses(run)).encode(y=y) for run in (found.baseline, found.world))
    outlines = now.mark_bar(fillOpacity=0, stroke=NOW, strokeDash=[5, 3], strokeWidth=1.5, height=26)
    bars = moved.mark_bar(color=LOSS, opacity=0.85, height=16)
    whiskers = moved.mark_rule(strokeWidth=2, color="#8A8F9C").encode(x=alt.X("low:Q"), x2="high:Q")
    layers = [*(one.encode(x=x, tooltip=about) for one in (outlines, bars)), whiskers]
    return finished(alt.layer(*layers), alt.Step(46))


_LOST = {"mean": "Lost a year", "low": "95% from", "high": "to"}


def _losses(run: Run) -> pd.DataFrame:
    failures = run.world.failures
    return pd.DataFrame([{"failure": folded(one.label), **spread(run.lost(one.id), "mean")} for one in failures])


def ghost(found: Comparison, measure: str) -> Spec:
    """Where a measure stands beside its baseline: a dashed grey line, and a dot with its 95% interval.

    In a world that was moved, dot and interval are the baseline plus the paired change.
    """
    now, shown = found.baseline.estimate(measure).mean, _beside(found, measure)
    known = [end for end in (now, shown.low, shown.high, shown.mean) if end is not None] or [0.0]
    margin = (max(known) - min(known)) * 0.15 or abs(max(known)) * 0.05 or 1.0
    x = measured(scale={"domain": [min(known) - margin, max(known) + margin], "zero": False})
    dashed = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 2}
    layers = [layer(dashed, x=x | {"field": "now"}), layer(interval(), **ends(x)), layer(dot(), x=x | {"field": "at"})]
    return chart(40, [{"now": now, **spread(shown)}], layers)


def _beside(found: Comparison, measure: str) -> Estimate:
    if found.world is found.baseline:
        return found.baseline.estimate(measure)
    now = found.baseline.estimate(measure).mean or 0.0
    return estimate([now + difference for difference in found.differences(measure)])


def differences(rows: Sequence[tuple[str, Estimate]], first: str, unit: str) -> Spec:
    """How far each lies from the first: a dot with its 95% interval, and a dashed line at no difference.

    `rows` are labels with paired differences, of shares in percentage points; one that is missing has a label and no
    mark. The chart's alternative text says what it shows: marks without words of their own are left out of that.
    """
    times = 100 if unit.startswith("share") else 1
    said = f"percentage points{unit.removeprefix('share')}" if times == 100 else unit
    values = [{"world": label, **_times(one, times)} for label, one in rows]
    known = [abs(row[end]) for row in values for end in ("at", "low", "high") if row[end] is not None]
    form = "+~s" if max(known, default=0) >= 1_000 else "+,.2~f"
    axis = {"tickCount": 5, "labelExpr": f"datum.value == 0 ? '0' : format(datum.value, '{form}')"}
    axis["titleAnchor"] = "end"  # on a phone there is room for it only below the names
    x = measured(f"Difference from {first}, {said}", axis, scale={"zero": True})
    y: Spec = {"field": "world", "type": "nominal", "sort": [label for label, _ in rows], "title": None}
    y["axis"] = {"labelLimit": 120, "ticks": False, "domain": False}
    about = [{"field": "world", "type": "nominal", "title": "Scenario"}]
    about += told("+,.2~f", at="Difference", low="95% from", high="to")
    return chart(
        {"step": 26},
        values,
        [
            layer(DASHED | {"strokeWidth": 2}, x={"datum": 0, "type": "quantitative"}),
            layer(interval(wide=4, opacity=0.65, aria=False), **ends(x), y=y, tooltip=about),
            layer(dot(size=110, aria=False), x=x | {"field": "at"}, y=y, tooltip=about),
        ],
    )


def _times(found: Estimate, times: int) -> Spec:
    return {name: None if end is None else times * end for name, end in spread(found).items()}


# ---- Boardroom's one picture -----------------------------------------------------------------------

_OUTLINE: Spec = {"type": "bar", "fillOpacity": 0, "stroke": NOW, "strokeDash": [6, 4], "strokeWidth": 2}
_WHISKER: tuple[Spec, ...] = (
    {"type": "rule", "color": "#FFFFFF", "opacity": 0.75, "strokeWidth": 5},
    {"type": "rule", "color": "#3A4050", "strokeWidth": 2},
)
"""A dark line with a light one around it: seen on the bar and beside it, on a light page and on a dark one."""


def before_and_after(found: Comparison, number: Number, measure: str, is_large: bool = False) -> Spec:
    """Where it goes wrong: today as a dashed outline, with what is chosen as a solid bar with its 95% interval."""
    bars = [(folded(label), now, then) for label, now, then in _bars(found, number, measure)]
    rows = [{"place": label, "now": now.mean, **spread(then, "then")} for label, now, then in bars]
    step = 72 if is_large else 56
    plain_nothing = "datum.value === 0 ? '0' : datum.label"  # in thousands it would be "0k"
    x = measured(axis={"tickCount": 4, "grid": False, "format": "~s", "labelExpr": plain_nothing})
    form = ".1%" if number.unit.startswith("share") and not found.world.world.failures else ",.0f"
    about = told(form, now="Today", then="With what is chosen", low="95% from", high="to")
    return chart(
        {"step": step},
        rows,
        [
            layer({"type": "bar", "color": WORLD, "height": step * 0.36}, x=x | {"field": "then"}),
            layer(_OUTLINE | {"height": step * 0.6}, x=x | {"field": "now"}),
            *(layer(mark, **ends(x)) for mark in _WHISKER),
        ],
        config=PLAIN | {"axis": {"labelFontSize": 20 if is_large else 14}},
        encoding={
            "y": names("place") | {"sort": [label for label, _, _ in bars]},
            "tooltip": [{"field": "place", "type": "nominal", "title": "Where"}, *about],
        },
    )


def _bars(found: Comparison, number: Number, measure: str) -> list[tuple[str, Estimate, Estimate]]:
    """A bar for each failure point that loses anything; the number itself where nothing can fail."""
    failures = found.world.world.failures
    if not failures:
        return [(number.name, found.baseline.estimate(measure), found.world.estimate(measure))]
    bars = [(failure.label, found.baseline.lost(failure.id), found.world.lost(failure.id)) for failure in failures]
    return [bar for bar in bars if bar[1].mean or bar[2].mean] or bars


def picture_title(found: Comparison, number: Number) -> str:
    """What the picture of before and after shows."""
    return f"{LOST}, a year" if found.world.world.failures else number.name


def picture_alt(found: Comparison, number: Number, measure: str) -> str:
    """What the picture of before and after shows, in words."""
    currency, is_lost = found.world.world.currency, bool(found.world.world.failures)
    unit = f"{currency} a year" if is_lost else number.unit
    parts = [
        f"{label}: {figure(then.mean, unit, currency)}, today {figure(now.mean, unit, currency)}"
        for label, now, then in _bars(found, number, measure)
    ]
    return f"{picture_title(found, number)}. {'; '.join(parts)}."


# ---- to be taken away ------------------------------------------------------------------------------


def _losses_drawn(found: Comparison) -> Drawn:
    return losses(found).to_dict(), f"{story.what_is_lost(found)} Dashed: as it is. Line: 95% interval."


def _retention_drawn(found: Comparison) -> Drawn:
    if story.still_here(found.baseline) is None:
        raise NothingToDrawError(story.NOBODY_TO_FOLLOW)
    return retention(found).to_dict(), f"{story.who_stays(found)} Dashed: as it is. Band: 95% interval."


def _before_and_after_drawn(found: Comparison) -> Drawn:
    measure = agenda_of(found.baseline.world, ()).number
    number = number_of(found.baseline.world, measure)
    solid = "" if found.world is found.baseline else " Solid: with what is chosen."
    said = f"{picture_alt(found, number, measure)} Dashed: as it is today.{solid} Line: 95% interval."
    return before_and_after(found, number, measure), said


EXPORTED = (
    Exported(
        "What each failure takes out of baskets", "choice", _losses_drawn, lambda scenario: bool(scenario.failures)
    ),
    Exported("Who is still a customer", "choice", _retention_drawn),
    Exported("Before and after", "proposal", _before_and_after_drawn),
)
