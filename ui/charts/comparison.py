"""Worlds side by side: who is still a customer, what is lost where, and how far a figure lies from another."""

from collections.abc import Sequence

import numpy as np

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.runs import Comparison, Run
from sim.reports.narrative import story
from sim.reports.narrative.boardroom_story import LOST, Number, number_of
from sim.scenario.offers import agenda_of
from ui.charts import Drawn, Exported, NothingToDrawError, Spec
from ui.charts.theme import (
    BAND,
    DASHED,
    LOSS,
    NOW,
    PLAIN,
    THOUSANDS,
    WORLD,
    band,
    chart,
    dot,
    ends,
    folded,
    interval,
    layer,
    measured,
    names,
    of_kind,
    on,
    spread,
    told,
    up_to,
)
from ui.text import figure

_AS_IT_IS, _AS_MOVED = "As it is", "What if"


def retention(found: Comparison) -> Spec:
    """Share of the customers at week 0 still active, by week, with 95% bands; the baseline dashed."""
    rows = _retention(found.baseline, _AS_IT_IS)
    if found.world is not found.baseline:
        rows += _retention(found.world, _AS_MOVED)
    worlds = [_AS_IT_IS, _AS_MOVED]
    base = {
        "x": measured("Week", {"tickCount": 6, "grid": False}, field="week"),
        "color": of_kind("world", worlds, [NOW, WORLD]),
    }
    y = measured(None, {"format": ".0%", "tickCount": 5}, field="mean", scale={"zero": False})
    about = [
        {"field": "world", "type": "nominal", "title": "World"},
        {"field": "week", "type": "quantitative", "title": "Week"},
        *told(".1%", mean="Still customers"),
    ]
    dashes = of_kind("world", worlds, [[6, 4], [1, 0]])
    line = layer({"type": "line", "strokeWidth": 2.5}, **base, y=y, strokeDash=dashes, tooltip=about)
    return chart(260, rows, [layer(BAND, **base, **up_to()), line])


def _retention(run: Run, world: str) -> list[Spec]:
    curves = np.array([replication.retention for replication in run.replications])
    return [{"week": week, "world": world, **band(estimate(column))} for week, column in enumerate(curves.T)]


def losses(found: Comparison) -> Spec:
    """Basket lost now to each failure point, a year: bars with 95% intervals, the baseline's outline dashed."""
    x = measured(f"{found.world.world.currency} a year", THOUSANDS)
    y = names("failure") | {"sort": [folded(failure.label) for failure in found.world.world.failures]}
    about: list[Spec] = [{"field": "failure", "type": "nominal", "title": "Failure point"}]
    about += told(",.0f", mean="Lost a year", low="95% from", high="to")
    outline = {"type": "bar", "fillOpacity": 0, "stroke": NOW, "strokeDash": [5, 3], "strokeWidth": 1.5, "height": 26}
    bar = {"type": "bar", "color": LOSS, "opacity": 0.85, "height": 16}
    line = {"type": "rule", "strokeWidth": 2, "color": "#8A8F9C"}
    mean = {"x": x | {"field": "mean"}, "y": y, "tooltip": about}
    layers = [
        on(_losses(found.baseline), layer(outline, **mean)),
        layer(bar, **mean),
        layer(line, **ends({"type": "quantitative"}), y=y),
    ]
    return chart({"step": 46}, _losses(found.world), layers)


def _losses(run: Run) -> list[Spec]:
    return [{"failure": folded(one.label), **spread(run.lost(one.id), "mean")} for one in run.world.failures]


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
    return losses(found), f"{story.what_is_lost(found)} Dashed: as it is. Line: 95% interval."


def _retention_drawn(found: Comparison) -> Drawn:
    if story.still_here(found.baseline) is None:
        raise NothingToDrawError(story.NOBODY_TO_FOLLOW)
    return retention(found), f"{story.who_stays(found)} Dashed: as it is. Band: 95% interval."


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
