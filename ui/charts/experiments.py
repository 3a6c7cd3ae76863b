"""What experiments find, as pictures: the answer, who loses what, what one lever does, and known answers."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from sim.experiments.answer import Found, kind_of
from sim.experiments.attribution import Loss, Losses
from sim.experiments.curve import Curve, Surroundings
from sim.experiments.curve_findings import best
from sim.experiments.estimate import Estimate
from sim.experiments.runs import Run
from sim.experiments.verification.checking import Check
from sim.experiments.verification.known_answers import FittedAnswer
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import answer_story, attribution_story, curve_story
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui.charts import Drawn, Ready, Spec
from ui.charts.theme import (
    FOLDED,
    LOSS,
    LOSS_EDGE,
    NOW,
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
    tooltips,
)
from ui.text import labelled

_WORTH = "contribution"


# ---- the answer ------------------------------------------------------------------------------------


def fixes(found: Found) -> Spec:
    """What each fix leaves a year after its cost, the best first, as dots with their intervals."""
    return _dots(found, [(fix.label, found.net(fix)) for fix in found.fixes], WORLD)


def mended(found: Found) -> Spec:
    """What mending each failure point alone would bring, the most first, as dots with their intervals."""
    labels = {point.id: point.label for point in found.scenario.failures}
    runs: dict[str, Run] = found.mended
    return _dots(found, [(labels[name], found.gain(runs[name])) for name in found.ranked(runs)], LOSS)


def by_lever(found: Found) -> Chart:
    """What the lever that decides does; the question is answered by one."""
    assert found.curve is not None
    as_it_is = quantity_at(found.scenario, found.curve.lever.path).value
    return curve_of(found.curve, found.scenario, as_it_is)


def _dots(found: Found, rows: list[tuple[str, Estimate]], color: str) -> Spec:
    values = [{"name": folded(label), **spread(one)} for label, one in rows]
    y, x = names(), measured(unit_of(MEASURES[found.measure], found.scenario), THOUSANDS)
    about = [{"field": name, "type": "quantitative", "format": ",.0f"} for name in ("at", "low", "high")]
    nothing = {"type": "rule", "color": NOW, "strokeDash": [5, 3]}
    return chart(
        {"step": 34},
        values,
        [
            layer(nothing, x={"datum": 0, "type": "quantitative"}),
            layer(interval(color), y=y, **ends(x)),
            layer(dot(color), y=y, x=x | {"field": "at"}, tooltip=about),
        ],
    )


def ready_of_answer(found: Found, simulated: str) -> Iterator[Ready]:
    """The charts of an answer that can be taken away."""
    name = "What mending each failure point alone would bring"
    yield Ready(name, simulated, lambda: (mended(found), answer_story.biggest(found)))
    said = next(answer_story.sentences(found))
    if kind_of(found.scenario) in ("fix", "fixes"):
        yield Ready("What each fix leaves a year, after its cost", simulated, lambda: (fixes(found), said))
    elif found.curve:
        name = f"The answer, by “{found.curve.lever.label}”"
        yield Ready(name, simulated, lambda: (by_lever(found).to_dict(), said))


# ---- who loses what --------------------------------------------------------------------------------

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
_BAR, _BELOW = 18, 17


def bar_names(found: Losses, by_department: bool) -> dict[str, str]:
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
    called = bar_names(found, by_department)
    lines = max((name.count("\n") + 1 for name in called.values()), default=1)
    y = alt.Y("who:N", sort=list(called.values()), title=None, axis=alt.Axis(**FOLDED))
    x = alt.X("start:Q", title=f"{found.world.currency} a year", axis=alt.Axis(**THOUSANDS))
    shown = parts_of(found)
    parts = pd.DataFrame([row for name in called for row in _parts(called[name], losses[name], shown)])
    totals = pd.DataFrame([{"who": called[name], **spread(losses[name].share, "mean")} for name in called])
    firsts = (alt.Tooltip("part:N", title="Part"), alt.Tooltip("who:N", title="Share of"))
    about = [tooltips(",.0f", first, mean="A year", low="95% from", high="to") for first in firsts]
    bars = alt.Chart(parts).mark_bar(height=_BAR, yOffset=-6, stroke=LOSS_EDGE, strokeWidth=1)
    bars = bars.encode(x=x, x2="end:Q", y=y, tooltip=about[0], **_styles(shown))
    below: dict[str, Any] = {"color": NOW, "yOffset": _BELOW - 6}
    sums = alt.Chart(totals).encode(y=y)
    line = sums.mark_rule(strokeWidth=2.5, **below).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = sums.mark_point(filled=True, size=70, opacity=1, **below).encode(x=alt.X("mean:Q"), tooltip=about[1])
    return finished(alt.layer(bars, line, dots), alt.Step(max(54, 16 * lines + 14)))


def _parts(called: str, loss: Loss, shown: list[str]) -> Iterator[dict[str, Any]]:
    """A row for each part: losses from 0 to the right one after the other, what takes from them to the left."""
    reached = {True: 0.0, False: 0.0}
    for part in shown:
        mean = loss.parts[part].mean or 0.0
        start = reached[mean >= 0]
        reached[mean >= 0] += mean
        row = {"who": called, "part": PART_LABELS[part], "start": start, "end": start + mean}
        yield row | spread(loss.parts[part], "mean") | {"mean": mean}


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


def ready_of_losses(found: Losses, simulated: str) -> Iterator[Ready]:
    """The charts of who loses what that can be taken away."""

    def draw(by_department: bool) -> Drawn:
        return shares(found, by_department).to_dict(), attribution_story.largest(found, by_department)

    yield Ready("Who loses what", simulated, partial(draw, False))
    if len(found.by_department) > 1:
        yield Ready("Who loses what, by department", simulated, partial(draw, True))


# ---- what one lever does ---------------------------------------------------------------------------


def curve_of(found: Curve, scenario: Scenario, now: float) -> Chart:
    """The curve of a lever of that scenario, under its name and in its units; the lever stands at `now`."""
    lever = quantity_at(scenario, found.lever.path)
    units = (lever.unit or "", unit_of(MEASURES[found.measure], scenario))
    return curve(found, labelled(found.lever.label, units[0]), units, now, as_is=lever.value)


def curve(found: Curve, axis: str, units: tuple[str, str], now: float, as_is: float) -> Chart:
    """The measure's mean by the lever's value, with its 95% band.

    Upright lines stand where the lever is now and, dashed and grey, where it is in the scenario as it is, if that is
    somewhere else. A best inside the range is marked. `axis` names the lever, `units` are its own and the measure's.
    """
    data = points(found)
    every = [found.lever.min, found.lever.max, now, as_is, *found.values]  # all of it from the first point on
    values = alt.Scale(domain=[min(every), max(every)], nice=False, padding=10)
    below = _axis(units[0], data["value"], grid=False)
    base = alt.Chart(data).encode(x=alt.X("value:Q", title=axis, axis=below, scale=values))
    y = alt.Y("mean:Q", title=None, axis=_axis(units[1], data["high"], grid=True), scale=alt.Scale(zero=False))
    at, figure = (".4~%" if one.startswith("share") else ",.4~r" for one in units)
    about = tooltips(figure, alt.Tooltip("value:Q", title="At", format=at), mean="Mean", low="95% from", high="to")
    band = base.mark_area(opacity=0.18, color=WORLD).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5, color=WORLD).encode(y=y)
    dots = base.mark_point(filled=True, size=60, opacity=1, color=WORLD).encode(y=y, tooltip=about)
    return finished(alt.layer(*_stands(now, as_is), band, line, dots, *_best(found)), 260)


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
    diamond = place.mark_point(shape="diamond", size=260, strokeWidth=2.5, color=LOSS_EDGE, fillOpacity=0, opacity=1)
    word = place.mark_text(dy=-18, color=LOSS_EDGE, fontWeight="bold").encode(text="is:N", **here)
    return [diamond.encode(**here), word]


def _axis(unit: str, values: "pd.Series[float]", grid: bool) -> alt.Axis:
    """Shares in percent, thousands as 10k, small numbers as they are."""
    if unit.startswith("share"):
        return alt.Axis(format="~%", tickCount=5, grid=grid)
    if len(values) and values.abs().max() >= 1_000:
        return alt.Axis(**THOUSANDS, grid=grid)
    return alt.Axis(tickCount=5, grid=grid)


def ready_of_curve(found: Curve, around: Surroundings, simulated: str) -> Iterator[Ready]:
    """The charts of a curve that can be taken away; its lever stands where it does in these surroundings."""

    def draw(measured: Curve) -> Drawn:
        drawn = curve_of(measured, around.scenario, around.stands(measured.lever))
        return drawn.to_dict(), curve_story.takeaway(measured)

    for measure in dict.fromkeys((found.measure, _WORTH)):
        name = f"{MEASURES[measure].label} by “{found.lever.label}”"
        yield Ready(name, simulated, partial(draw, found.measuring(measure)))


# ---- known answers ---------------------------------------------------------------------------------

_ROOM = 1.7  # times what is just allowed, shown to either side of theory


def known_answer(check: Check) -> Chart:
    """Theory as a dashed line; a dot with the interval found, on a grey band of what is allowed."""
    theory, found, (lowest, highest) = check.answer.theory, check.found, _allowed(check)
    colour = WORLD if check.passed else LOSS
    known = alt.Chart(pd.DataFrame({"at": [theory]}))
    allowed = alt.Chart(pd.DataFrame({"low": [lowest], "high": [highest]}))
    ours = alt.Chart(pd.DataFrame([spread(found)]))
    at, low = (alt.X(f"{field}:Q", title=None, axis=None, scale=_scale(check)) for field in ("at", "low"))
    layers = alt.layer(
        allowed.mark_bar(color=NOW, opacity=0.16, height=26).encode(x=low, x2="high:Q"),
        known.mark_rule(color=NOW, strokeDash=[5, 3], strokeWidth=2).encode(x=at),
        ours.mark_rule(color=colour, strokeWidth=3, opacity=0.6, aria=False).encode(x=low, x2="high:Q"),
        ours.mark_point(color=colour, filled=True, size=90, opacity=1).encode(x=at),
    )
    return finished(layers, 44)


def _allowed(check: Check) -> tuple[float, float]:
    """As wide about the dot as its interval may be; or, where it has none, as far about theory as the dot may be."""
    answer, mean = check.answer, check.found.mean
    middle = answer.theory if mean is None or isinstance(answer, FittedAnswer) else mean
    return middle - answer.tolerance, middle + answer.tolerance


def _scale(check: Check) -> alt.Scale:
    """Theory in the middle; the same room around it for every check, and more where what was found needs it."""
    theory, found = check.answer.theory, check.found
    known = [end for end in (found.low, found.mean, found.high, *_allowed(check)) if end is not None]
    reach = max([_ROOM * check.answer.tolerance, *(1.1 * abs(end - theory) for end in known)])
    return alt.Scale(domain=[theory - reach, theory + reach], zero=False, nice=False)
