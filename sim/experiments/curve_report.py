"""What a curve says, as plain data for JSON and as rows of tables for people."""

from collections.abc import Iterator, Sequence
from typing import Any

from sim.experiments.curve_points import Curve, Surroundings
from sim.experiments.curve_proof import proves
from sim.experiments.curve_shape import best, is_flat, shape
from sim.experiments.plain import Report, estimate_report
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.paths import quantity_at

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
