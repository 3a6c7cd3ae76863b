"""What a curve says: its shape, its best, and whether the lever does what its scenario declares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from sim.experiments.curve import Curve, Surroundings
from sim.experiments.estimate import Estimate
from sim.experiments.plain import Report, estimate_report
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.fixes import Direction
from sim.scenario.paths import quantity_at

Sense = Literal[1, -1]
Shape = Literal["up", "down", "interior", "none", "mixed", "not distinguishable yet", "not measured"]
Place = Literal["inside", "low end", "high end", "none", "not distinguishable yet", "not measured"]
PICKED = 0.999
_NARROW = 0.01  # of the largest value: a difference known to be smaller than that is none


@dataclass(frozen=True)
class Best:
    """Where a measure is best: `at` is a position in the curve's values, None where no place is clearly best.

    At an end, nothing beyond position `enough` is clearly better than there; `enough` is `at` where every step counts.
    """

    place: Place
    at: int | None = None
    enough: int | None = None


def shape(curve: Curve) -> Shape:
    """What the measured points say.

    "none" is exactly no difference, or every difference known to be within 1% of the value; "mixed" is clear movement
    both ways without an inner point beyond both ends.
    """
    points = curve.measured
    if len(points) < 2:
        return "not measured"
    if where_it_turns(curve) is not None:
        return "interior"
    ends = curve.sign(points[0], points[-1])
    steps = {curve.sign(one, other, PICKED) for one, other in pairwise(points)}
    if (-ends in steps and ends) or {1, -1} <= steps:
        return "mixed"
    if ends:
        return "up" if ends > 0 else "down"
    return "none" if is_flat(curve) or _is_narrow(curve) else "not distinguishable yet"


def turning(curve: Curve, sense: Sense) -> int | None:
    """The inner point that is clearly above both ends (sense 1) or below both (-1), the furthest of them; or None."""
    points = curve.measured
    beyond = [at for at in points[1:-1] if all(curve.sign(end, at, PICKED) == sense for end in (points[0], points[-1]))]
    return max(beyond, key=lambda at: sense * (curve.estimate(at).mean or 0.0), default=None)


def where_it_turns(curve: Curve) -> int | None:
    """The inner point that is clearly beyond both ends, a highest one first; None where there is none."""
    highest = turning(curve, 1)
    return turning(curve, -1) if highest is None else highest


def is_flat(curve: Curve) -> bool:
    """Whether every difference between measured points is exactly 0, in every replication."""
    points = curve.measured
    return all(difference == 0 for at in points[1:] for difference in curve.differences(points[0], at))


def _is_narrow(curve: Curve) -> bool:
    """Whether no point differs clearly from the first, and all are known to be within a small share of the value."""
    first, *others = curve.measured
    allowed = _NARROW * max(abs(curve.estimate(at).mean or 0.0) for at in (first, *others))
    found = [curve.difference(first, at, PICKED) for at in others]
    return all(
        one.low is not None and one.high is not None and -allowed <= one.low <= 0 <= one.high <= allowed
        for one in found
    )


def best(curve: Curve, better: Literal["higher", "lower"]) -> Best:
    """Where the measure is best among the points: inside where one is clearly better than both ends, else at an end."""
    points = curve.measured
    if len(points) < 2:
        return Best("not measured")
    sense: Sense = 1 if better == "higher" else -1
    inside = turning(curve, sense)
    if inside is not None:
        return Best("inside", inside)
    towards = sense * curve.sign(points[0], points[-1])
    if not towards:
        return Best("none" if shape(curve) == "none" else "not distinguishable yet")
    path = points[::towards]
    return Best("high end" if towards > 0 else "low end", path[-1], _enough(curve, path, sense))


def _enough(curve: Curve, path: Sequence[int], sense: Sense) -> int:
    """The first point on the way to the best end beyond which nothing is clearly better."""
    return next(
        at
        for done, at in enumerate(path, 1)
        if all(sense * curve.sign(at, beyond, PICKED) <= 0 for beyond in path[done:])
    )


@dataclass(frozen=True)
class Proof:
    """Whether a lever does what its scenario declares, and what was found, in a sentence."""

    holds: bool
    said: str


def proves(curve: Curve) -> Proof:
    """Whether the lever's outcome has the shape that its scenario declares."""
    declared, lever = curve.measuring(curve.lever.outcome), curve.lever
    found = shape(declared)
    said = (
        f"“{lever.label}” {_SHOULD[lever.direction].format(measure=lever.outcome)}; found: it {_said(declared, found)}"
    )
    return Proof(found == lever.direction, f"{said} ({_values(declared)}).")


_SHOULD: dict[Direction, str] = {
    "up": "should move {measure} up",
    "down": "should move {measure} down",
    "interior": "should give {measure} a highest or lowest value inside its range",
    "none": "should leave {measure} as it is",
}


def _said(curve: Curve, found: Shape) -> str:
    runs = len(curve.runs[0].replications)
    at = where_it_turns(curve)
    return {
        "up": "goes up",
        "down": "goes down",
        "interior": f"turns at {curve.values[at or 0]:g}, beyond both ends",
        "none": "stays exactly as it is" if is_flat(curve) else "stays within 1%",
        "mixed": "goes up and down",
        "not distinguishable yet": f"cannot be told yet from {runs} runs",
        "not measured": "has nothing to be measured on",
    }[found]


def _values(curve: Curve) -> str:
    """Every point with its 95% interval: "4: 0.9 (0.8 to 1)"."""
    return ", ".join(f"{value:g}: {_figure(curve.estimate(at))}" for at, value in enumerate(curve.values))


def _figure(found: Estimate) -> str:
    if found.mean is None:
        return "not measured"
    return f"{found.mean:.4g}" if found.low is None else f"{found.mean:.4g} ({found.low:.4g} to {found.high:.4g})"


Row = dict[str, Any]
"""A cell is text, or the report of one figure."""
_WORTH = "contribution"


def curve_report(curve: Curve, around: Surroundings) -> Report:
    """The lever's outcome and contribution at every value; `around` is what the curve was drawn around."""
    lever, proof, now = curve.lever, proves(curve), around.stands(curve.lever)
    shown = lever.model_dump(include={"path", "label", "min", "max", "step"})
    return {
        "lever": shown | {"unit": quantity_at(around.scenario, lever.path).unit, "now": now},
        "declared": {"outcome": lever.outcome, "direction": lever.direction, "holds": proof.holds, "said": proof.said},
        "measures": {name: _measure(curve.measuring(name), now) for name in dict.fromkeys((lever.outcome, _WORTH))},
    }


def _measure(curve: Curve, now: float) -> Report:
    unit, at_now = unit_of(MEASURES[curve.measure], curve.runs[0].world), _nearest(curve.values, now)
    points = [
        {"value": value}
        | estimate_report(curve.estimate(at), unit)
        | {"from_now": estimate_report(curve.difference(at_now, at), unit)}
        for at, value in enumerate(curve.values)
    ]
    return {"shape": shape(curve), "exactly_flat": is_flat(curve), "best": _best(curve), "points": points}


def _nearest(values: Sequence[float], now: float) -> int:
    return min(range(len(values)), key=lambda at: abs(values[at] - now))


def _best(curve: Curve) -> Report | None:
    """Where it is best; None for a measure of which more is neither better nor worse."""
    better = MEASURES[curve.measure].better
    if better == "neither":
        return None
    found = best(curve, better)
    at, enough = (None if one is None else curve.values[one] for one in (found.at, found.enough))
    return {"place": found.place, "value": at, "enough": enough}


def tables(report: Report) -> Iterator[tuple[str, list[Row]]]:
    """The report as one titled table, a row for each value."""
    lever, measures = report["lever"], report["measures"]
    rows, values = [], [point["value"] for point in measures[report["declared"]["outcome"]]["points"]]
    for at, value in enumerate(values):
        now = " (now)" if at == _nearest(values, lever["now"]) else ""
        row: Row = {"value": f"{value:g}{now}"}
        for name, measure in measures.items():
            there = measure["points"][at]
            row |= {name: there, f"{name}, less now's": there["from_now"]}
        rows.append(row)
    yield f"What {lever['label']} does ({lever['unit']}; 95% interval)", rows


def sentences(report: Report) -> Iterator[str]:
    """The shape of each measure and where it is best; then whether the lever does what it declares."""
    for name, measure in report["measures"].items():
        yield f"{name}: {measure['shape']}.{_best_sentence(measure['best'])}"
    declared = report["declared"]
    yield declared["said"] if declared["holds"] else f"Not as declared: {declared['said']}"


def _best_sentence(found: Report | None) -> str:
    if found is None:
        return ""
    if found["value"] is None:
        return f" Best: {found['place']}."
    enough = found["enough"]
    beyond = "" if enough in (None, found["value"]) else f"; beyond {enough:g} no clear difference"
    return f" Best: {found['place']}, at {found['value']:g}{beyond}."
