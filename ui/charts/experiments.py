"""What experiments find, as pictures: the answer, who loses what, what one lever does, and known answers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sim.experiments.answer import Found, kind_of
from sim.experiments.attribution import Loss, Losses
from sim.experiments.curve import Curve, Surroundings
from sim.experiments.curve_findings import best
from sim.experiments.estimate import Estimate
from sim.experiments.runs import Run
from sim.experiments.verification import Check
from sim.experiments.verification.known_answers import FittedAnswer
from sim.outcomes.measures import MEASURES, unit_of
from sim.reports.narrative import answer_story, attribution_story, curve_story
from sim.scenario.paths import quantity_at
from sim.scenario.scenario import Scenario
from ui.charts import Drawn, Ready, Spec
from ui.charts.theme import (
    BAND,
    LOSS,
    LOSS_EDGE,
    NOW,
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


def by_lever(found: Found) -> Spec:
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
        yield Ready(name, simulated, lambda: (by_lever(found), said))


# ---- who loses what --------------------------------------------------------------------------------

PART_LABELS = {
    "basket_now": "At the visit",
    "decisions": "Not bought",
    "leaving": "By leaving",
    "word_of_mouth": "Never came",
    "recapture": "Bought later",
}
# Told apart without colour too: from full to pale, and hollow with a dashed edge.
_FILL: list[Any] = [LOSS, "#E58A47", "#F0B48A", "#FAE3D2", "transparent"]
_DASHES: list[Any] = [[1, 0], [1, 0], [1, 0], [1, 0], [4, 3]]
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


def shares(found: Losses, by_department: bool = False) -> Spec:
    """Each share of the loss a year: parts as bars from 0, what is bought back to the left; below, their sum.

    The dot is the share, the line through it its 95% interval.
    """
    losses = found.by_department if by_department else found.by_failure_point
    called = bar_names(found, by_department)
    lines = max((name.count("\n") + 1 for name in called.values()), default=1)
    y = names("who") | {"sort": list(called.values())}
    x = measured(f"{found.world.currency} a year", THOUSANDS)
    shown = parts_of(found)
    parts = [row for name in called for row in _parts(called[name], losses[name], shown)]
    totals = [{"who": called[name], **spread(losses[name].share, "mean")} for name in called]
    part, who = (
        [{"field": field, "type": "nominal", "title": title}] + told(",.0f", mean="A year", low="95% from", high="to")
        for field, title in (("part", "Part"), ("who", "Share of"))
    )
    bar = {"type": "bar", "height": _BAR, "yOffset": -6, "stroke": LOSS_EDGE, "strokeWidth": 1}
    below: Spec = {"color": NOW, "yOffset": _BELOW - 6}
    line, plain = {"type": "rule", "strokeWidth": 2.5, **below}, {"type": "quantitative"}
    layers = [
        on(parts, layer(bar, **ends(x, "start", "end"), y=y, tooltip=part, **_styles(shown))),
        layer(line, **ends(plain), y=y),
        layer(dot(size=70) | below, x=plain | {"field": "mean"}, y=y, tooltip=who),
    ]
    return chart({"step": max(54, 16 * lines + 14)}, totals, layers)


def _parts(called: str, loss: Loss, shown: list[str]) -> Iterator[dict[str, Any]]:
    """A row for each part: losses from 0 to the right one after the other, what takes from them to the left."""
    reached = {True: 0.0, False: 0.0}
    for part in shown:
        mean = loss.parts[part].mean or 0.0
        start = reached[mean >= 0]
        reached[mean >= 0] += mean
        row = {"who": called, "part": PART_LABELS[part], "start": start, "end": start + mean}
        yield row | spread(loss.parts[part], "mean") | {"mean": mean}


def _styles(shown: list[str]) -> dict[str, Spec]:
    """One legend for filling and edge, which both say which part it is."""
    domain, places = [PART_LABELS[part] for part in shown], [list(PART_LABELS).index(part) for part in shown]
    # Side by side they are wider than a phone.
    legend: Spec = {"title": None, "orient": "top", "columns": 2, "symbolType": "square", "symbolSize": 180}
    legend["symbolStrokeWidth"] = 1
    looks = {"fill": _FILL, "strokeDash": _DASHES}
    return {name: of_kind("part", domain, [look[at] for at in places], legend) for name, look in looks.items()}


def ready_of_losses(found: Losses, simulated: str) -> Iterator[Ready]:
    """The charts of who loses what that can be taken away."""

    def draw(by_department: bool) -> Drawn:
        return shares(found, by_department), attribution_story.largest(found, by_department)

    yield Ready("Who loses what", simulated, partial(draw, False))
    if len(found.by_department) > 1:
        yield Ready("Who loses what, by department", simulated, partial(draw, True))


# ---- what one lever does ---------------------------------------------------------------------------


def curve_of(found: Curve, scenario: Scenario, now: float) -> Spec:
    """The curve of a lever of that scenario, under its name and in its units; the lever stands at `now`."""
    lever = quantity_at(scenario, found.lever.path)
    units = (lever.unit or "", unit_of(MEASURES[found.measure], scenario))
    return curve(found, labelled(found.lever.label, units[0]), units, now, as_is=lever.value)


def curve(found: Curve, axis: str, units: tuple[str, str], now: float, as_is: float) -> Spec:
    """The measure's mean by the lever's value, with its 95% band.

    Upright lines stand where the lever is now and, dashed and grey, where it is in the scenario as it is, if that is
    somewhere else. A best inside the range is marked. `axis` names the lever, `units` are its own and the measure's.
    """
    rows = points(found)
    every = [found.lever.min, found.lever.max, now, as_is, *found.values]  # all of it from the first point on
    scale = {"domain": [min(every), max(every)], "nice": False, "padding": 10}
    x = measured(axis, _axis(units[0], [row["value"] for row in rows], grid=False), field="value", scale=scale)
    y = measured(None, _axis(units[1], [row["high"] for row in rows], grid=True), field="mean", scale={"zero": False})
    at, figure = (".4~%" if one.startswith("share") else ",.4~r" for one in units)
    about = told(at, value="At") + told(figure, mean="Mean", low="95% from", high="to")
    layers = [
        *_stands(now, as_is),
        layer(BAND | {"color": WORLD}, x=x, **up_to()),
        layer({"type": "line", "strokeWidth": 2.5, "color": WORLD}, x=x, y=y),
        layer(dot(size=60), x=x, y=y, tooltip=about),
        *_best(found),
    ]
    return chart(260, rows, layers)


def points(found: Curve) -> list[Spec]:
    """A row for each point that could be measured."""
    rows = [(value, found.estimate(at)) for at, value in enumerate(found.values)]
    return [{"value": value, **band(one)} for value, one in rows if one.mean is not None]


def _stands(now: float, as_is: float) -> list[Spec]:
    """Where the lever is: a full line now, a dashed one as it is. They differ in more than colour."""
    x = {"field": "at", "type": "quantitative"}
    about = [{"field": "where", "type": "nominal", "title": "Lever"}, x | {"title": "at"}]
    full: Spec = {"type": "rule", "color": WORLD, "strokeWidth": 1.5}
    lines = [on([{"at": now, "where": "Now"}], layer(full, x=x, tooltip=about))]
    if now != as_is:
        dashed = full | {"color": NOW, "strokeDash": [6, 4]}
        lines.insert(0, on([{"at": as_is, "where": "As it is"}], layer(dashed, x=x, tooltip=about)))
    return lines


def _best(found: Curve) -> list[Spec]:
    """A diamond round the best point, and the word, where that is clearly inside the range."""
    better = MEASURES[found.measure].better
    at = None if better == "neither" else best(found, better)
    if at is None or at.place != "inside" or at.at is None:
        return []
    rows = [{"value": found.values[at.at], "mean": found.estimate(at.at).mean, "is": "Best"}]
    here = {axis: {"field": field, "type": "quantitative"} for axis, field in (("x", "value"), ("y", "mean"))}
    diamond = {"type": "point", "shape": "diamond", "size": 260, "strokeWidth": 2.5, "fillOpacity": 0, "opacity": 1}
    word = {"type": "text", "dy": -18, "fontWeight": "bold", "color": LOSS_EDGE}
    text = layer(word, **here, text={"field": "is", "type": "nominal"})
    return [on(rows, layer(diamond | {"color": LOSS_EDGE}, **here)), on(rows, text)]


def _axis(unit: str, values: Sequence[float], grid: bool) -> Spec:
    """Shares in percent, thousands as 10k, small numbers as they are."""
    if unit.startswith("share"):
        return {"format": "~%", "tickCount": 5, "grid": grid}
    is_large = max(map(abs, values), default=0) >= 1_000
    return (THOUSANDS if is_large else {"tickCount": 5}) | {"grid": grid}


def ready_of_curve(found: Curve, around: Surroundings, simulated: str) -> Iterator[Ready]:
    """The charts of a curve that can be taken away; its lever stands where it does in these surroundings."""

    def draw(one: Curve) -> Drawn:
        drawn = curve_of(one, around.scenario, around.stands(one.lever))
        return drawn, curve_story.takeaway(one)

    for measure in dict.fromkeys((found.measure, _WORTH)):
        name = f"{MEASURES[measure].label} by “{found.lever.label}”"
        yield Ready(name, simulated, partial(draw, found.measuring(measure)))


# ---- known answers ---------------------------------------------------------------------------------

_ROOM = 1.7  # times what is just allowed, shown to either side of theory


def known_answer(check: Check) -> Spec:
    """Theory as a dashed line; a dot with the interval found, on a grey band of what is allowed."""
    theory, found, (lowest, highest) = check.answer.theory, check.found, _allowed(check)
    colour = WORLD if check.passed else LOSS
    x = measured(scale=_scale(check))
    grey = {"type": "bar", "color": NOW, "opacity": 0.16, "height": 26}
    dashed = {"type": "rule", "color": NOW, "strokeDash": [5, 3], "strokeWidth": 2}
    layers = [
        on([{"low": lowest, "high": highest}], layer(grey, **ends(x))),
        on([{"at": theory}], layer(dashed, x=x | {"field": "at"})),
        layer(interval(colour, opacity=0.6, aria=False), **ends(x)),
        layer(dot(colour), x=x | {"field": "at"}),
    ]
    return chart(44, [spread(found)], layers)


def _allowed(check: Check) -> tuple[float, float]:
    """As wide about the dot as its interval may be; or, where it has none, as far about theory as the dot may be."""
    answer, mean = check.answer, check.found.mean
    middle = answer.theory if mean is None or isinstance(answer, FittedAnswer) else mean
    return middle - answer.tolerance, middle + answer.tolerance


def _scale(check: Check) -> Spec:
    """Theory in the middle; the same room around it for every check, and more where what was found needs it."""
    theory, found = check.answer.theory, check.found
    known = [end for end in (found.low, found.mean, found.high, *_allowed(check)) if end is not None]
    reach = max([_ROOM * check.answer.tolerance, *(1.1 * abs(end - theory) for end in known)])
    return {"domain": [theory - reach, theory + reach], "zero": False, "nice": False}
