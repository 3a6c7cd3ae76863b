"""What the answer to a scenario's question is, as plain data for JSON and as rows of tables for people."""

from collections.abc import Iterator
from typing import Any

from sim.experiments.answer import Found, cost_a_year, kind_of
from sim.experiments.curve_shape import best
from sim.experiments.plain import Report, estimate_report
from sim.experiments.runs import Run
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.fixes import Fix

Row = dict[str, Any]


def answer_report(found: Found) -> Report:
    """Every world tried with its gain over the business as it stands, the best, and each failure point mended alone."""
    return {
        "question": found.scenario.question,
        "answered_by": kind_of(found.scenario),
        "measure": found.measure,
        "as_it_is": estimate_report(found.baseline.estimate(found.measure), _unit(found)),
        "fixes": {
            fix.id: {"label": fix.label} | _gain(found, found.tried[fix.id]) | _costs(found, fix) for fix in found.fixes
        },
        "lever": _lever(found),
        "failure_points": {
            point.id: {"label": point.label} | _gain(found, found.mended[point.id])
            for point in found.scenario.failures
            if point.id in found.mended
        },
        "biggest_failure_point": next(iter(found.ranked(found.mended)), None),
        "ahead_of_the_next": _lead(found),
    }


def _unit(found: Found) -> str:
    return unit_of(MEASURES[found.measure], found.scenario)


def _gain(found: Found, run: Run) -> Report:
    return {"gain": estimate_report(found.gain(run), _unit(found)), "exactly_nothing": found.is_nothing(run)}


def _costs(found: Found, fix: Fix) -> Report:
    cost = cost_a_year(fix, found.tried[fix.id])
    return {"cost_a_year": cost, "net": estimate_report(found.net(fix), _unit(found))}


def _lever(found: Found) -> Report | None:
    curve, better = found.curve, MEASURES[found.measure].better
    if curve is None or better == "neither":
        return None
    place = best(curve, better)
    points = [{"value": value} | _gain(found, run) for value, run in zip(curve.values, curve.runs, strict=True)]
    at = None if place.at is None else curve.values[place.at]
    return {"path": curve.lever.path, "label": curve.lever.label, "best": place.place, "at": at, "points": points}


def _lead(found: Found) -> Report | None:
    """By how much the biggest failure point is ahead of the next."""
    ranked = [found.mended[name] for name in found.ranked(found.mended)]
    return estimate_report(found.lead(*ranked[:2]), _unit(found)) if len(ranked) > 1 else None


def tables(report: Report) -> Iterator[tuple[str, list[Row]]]:
    """The report as titled tables."""
    said = f"{MEASURES[report['measure']].label}, {report['as_it_is']['unit']}, against as it is (95% interval)"
    if report["fixes"]:
        rows = [
            {"fix": fix["label"], "gain": fix["gain"], "cost a year": f"{fix['cost_a_year']:,.0f}", "net": fix["net"]}
            for fix in report["fixes"].values()
        ]
        yield f"What each fix brings: {said}", rows
    if report["lever"]:
        yield (
            f"{report['lever']['label']}: {said}",
            [{"value": f"{point['value']:g}", "gain": point["gain"]} for point in report["lever"]["points"]],
        )
    points = report["failure_points"].values()
    if points:
        yield (
            f"What mending each failure point alone brings: {said}",
            [
                {"failure point": point["label"], "gain": point["gain"]}
                for point in sorted(points, key=lambda point: -(point["gain"]["mean"] or 0.0))
            ],
        )


def sentences(report: Report) -> Iterator[str]:
    """The answer in a sentence or two."""
    if report["fixes"]:
        best_fix = next(iter(report["fixes"].values()))
        said = "Best after costs" if len(report["fixes"]) > 1 else "Tried"
        nothing = ", which changes exactly nothing" if best_fix["exactly_nothing"] else ""
        yield f"{said}: {best_fix['label']}{nothing}."
    if report["lever"]:
        at = "" if report["lever"]["at"] is None else f", at {report['lever']['at']:g}"
        yield f"Best place on the lever: {report['lever']['best']}{at}."
    if report["biggest_failure_point"]:
        label = report["failure_points"][report["biggest_failure_point"]]["label"]
        yield f"The biggest failure point: {label}."
