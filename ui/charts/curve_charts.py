"""What one lever does, as a picture: a measure at values of the lever, and where the lever stands."""

from typing import Any

import altair as alt
import pandas as pd

from sim.experiments.curve import Curve
from sim.experiments.curve_findings import best
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui.charts.theme import NOW, WORLD, Chart, finished, thousands
from ui.text import labelled

_HEIGHT = 260
_BEST_COLOUR = "#B34F00"


def curve_of(found: Curve, scenario: Scenario, now: float) -> Chart:
    """The curve of a lever of that scenario, under its name and in its units; the lever stands at `now`."""
    quantity = quantity_at(scenario, found.lever.path)
    units = (quantity.unit or "", unit_of(MEASURES[found.measure], scenario))
    return curve(found, labelled(found.lever.label, units[0]), units, now, as_is=quantity.value)


def curve(found: Curve, axis: str, units: tuple[str, str], now: float, as_is: float) -> Chart:
    """The measure's mean by the lever's value, with its 95% band.

    Upright lines stand where the lever is now and, dashed and grey, where it is in the scenario as it is, if that is
    somewhere else. A best inside the range is marked. `axis` names the lever, `units` are its own and the measure's.
    """
    data = points(found)
    lever_unit, unit = units
    ends = [found.lever.min, found.lever.max, now, as_is, *found.values]  # all of it from the first point on
    values = alt.Scale(domain=[min(ends), max(ends)], nice=False, padding=10)
    below = _axis(lever_unit, data["value"], grid=False)
    base = alt.Chart(data).encode(x=alt.X("value:Q", title=axis, axis=below, scale=values))
    y = alt.Y("mean:Q", title=None, axis=_axis(unit, data["high"], grid=True), scale=alt.Scale(zero=False))
    band = base.mark_area(opacity=0.18, color=WORLD).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5, color=WORLD).encode(y=y)
    dots = base.mark_point(filled=True, size=60, opacity=1, color=WORLD).encode(y=y, tooltip=_tooltip(lever_unit, unit))
    return finished(alt.layer(*_stands(now, as_is), band, line, dots, *_best(found)), _HEIGHT)


def points(found: Curve) -> pd.DataFrame:
    """A row for each point that could be measured; without an interval, its ends are the mean."""
    rows = [(value, found.estimate(at)) for at, value in enumerate(found.values)]
    return pd.DataFrame(
        [
            {"value": value, "mean": one.mean}
            | {"low": one.mean if one.low is None else one.low, "high": one.mean if one.high is None else one.high}
            for value, one in rows
            if one.mean is not None
        ],
        columns=["value", "mean", "low", "high"],
    )


def _stands(now: float, as_is: float) -> list[alt.Chart]:
    """Where the lever is: a full line now, a dashed one as it is. They differ in more than colour."""
    here = alt.Chart(pd.DataFrame([{"at": now, "where": "Now"}]))
    lines = [here.mark_rule(color=WORLD, strokeWidth=1.5).encode(x="at:Q", tooltip=_where())]
    if now != as_is:
        there = alt.Chart(pd.DataFrame([{"at": as_is, "where": "As it is"}]))
        dashed = there.mark_rule(color=NOW, strokeWidth=1.5, strokeDash=[6, 4])
        lines.insert(0, dashed.encode(x="at:Q", tooltip=_where()))
    return lines


def _where() -> list[alt.Tooltip]:
    return [alt.Tooltip("where:N", title="Lever"), alt.Tooltip("at:Q", title="at")]


def _best(found: Curve) -> list[alt.Chart]:
    """A diamond round the best point, and the word, where that is clearly inside the range."""
    better = MEASURES[found.measure].better
    at = None if better == "neither" else best(found, better)
    if at is None or at.place != "inside" or at.at is None:
        return []
    mean = found.estimate(at.at).mean
    place = alt.Chart(pd.DataFrame([{"value": found.values[at.at], "mean": mean, "is": "Best"}]))
    here: dict[str, Any] = {"x": "value:Q", "y": "mean:Q"}
    diamond = place.mark_point(shape="diamond", size=260, strokeWidth=2.5, color=_BEST_COLOUR, fillOpacity=0, opacity=1)
    word = place.mark_text(dy=-18, color=_BEST_COLOUR, fontWeight="bold").encode(text="is:N", **here)
    return [diamond.encode(**here), word]


def _axis(unit: str, values: "pd.Series[float]", grid: bool) -> alt.Axis:
    """Shares in percent, thousands as 10k, small numbers as they are."""
    if unit.startswith("share"):
        return alt.Axis(format="~%", tickCount=5, grid=grid)
    if len(values) and values.abs().max() >= 1_000:
        return alt.Axis(**thousands().to_dict(), grid=grid)
    return alt.Axis(tickCount=5, grid=grid)


def _tooltip(lever_unit: str, unit: str) -> list[alt.Tooltip]:
    at, figure = (".4~%" if one.startswith("share") else ",.4~r" for one in (lever_unit, unit))
    return [
        alt.Tooltip("value:Q", title="At", format=at),
        alt.Tooltip("mean:Q", title="Mean", format=figure),
        alt.Tooltip("low:Q", title="95% from", format=figure),
        alt.Tooltip("high:Q", title="to", format=figure),
    ]
