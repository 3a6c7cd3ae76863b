"""What runs say, as plain data for JSON: missing is None, and no digit depends on the machine."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sim.experiments.estimate import Estimate, Target, estimate
from sim.experiments.runs import Comparison, Effort, Run
from sim.outcomes.breakdown import By, names_of
from sim.outcomes.measures import MEASURES, unit_of
from sim.scenario.notices import Notice, notices_of
from sim.scenario.paths import quantity_at, settable
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.world import Sets

DIGITS = 11
"""Pennies of anything below a thousand million are told; a fit's noise is not."""


def alike(value: Any) -> Any:
    """The same plain data, whatever it is made of, with every float in it to so many digits."""
    if isinstance(value, float):
        written = float(f"{value:.{DIGITS}g}")
        return written if math.isfinite(written) else value
    if isinstance(value, dict):
        return {key: alike(each) for key, each in value.items()}
    return [alike(each) for each in value] if isinstance(value, list | tuple) else value


Report = dict[str, Any]


def head(
    name: str, effort: Effort, replications: int, sets: Sets, fixes: Sequence[str], notices: Iterable[Notice]
) -> Report:
    """What was run: the same first keys in every report; `replications` is how many there were in the end."""
    return {
        "scenario": name,
        "seed": effort.seed,
        "replications": replications,
        "engine": effort.engine,
        "sets": dict(sets),
        "fixes": list(fixes),
        "notices": notice_rows(notices),
    }


def notice_rows(notices: Iterable[Notice]) -> list[Report]:
    """What is legal in what was run and probably not meant."""
    return [notice.report() for notice in notices]


def estimate_report(found: Estimate, unit: str) -> Report:
    """One figure with its interval and unit."""
    return {"mean": _finite(found.mean), "low": _finite(found.low), "high": _finite(found.high), "unit": unit}


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def target_report(target: Target, values: Sequence[float], of: str = "") -> Report:
    """What was gone on for, and whether it was reached; `half_width` asked for is None for clarity.

    `of` is "the difference in " where the values are differences.
    """
    return {
        "measure": target.measure,
        "of": of + target.measure,
        "half_width": target.half_width,
        "at_most": target.at_most,
        "runs": len(values),
        "reached": target.reached(values),
        "half_width_reached": _finite(estimate(values).half_width),
    }


def target_sentence(report: Report) -> str:
    """The same in words."""
    asked = "clear of 0" if report["half_width"] is None else f"known to within {report['half_width']:g}"
    now = report["half_width_reached"]
    within = "has no interval" if now is None else f"is known to within {now:.4g}"
    verdict = "Reached" if report["reached"] else "Not reached"
    return f"{verdict} after {report['runs']} runs: {report['of']} was to be {asked}, and {within}."


def measures_report(run: Run) -> Report:
    """Every measure of a world."""
    return {
        name: estimate_report(run.estimate(name), unit_of(measure, run.world)) for name, measure in MEASURES.items()
    }


def parts_report(run: Run, by: By) -> Report:
    """Every measure of each part, by part: its label, and the figures that can be taken of it."""
    return {
        name: {
            "label": label,
            "measures": {
                measure: estimate_report(run.part(name, measure), unit_of(MEASURES[measure], run.world))
                for measure in run.replications[0].parts[name]
            },
        }
        for name, label in names_of(run.world, by).items()
    }


def part_tables(report: Report) -> Iterator[tuple[str, list[Report]]]:
    """The same as tables, one a measure that any part has, a row a part."""
    measures = dict.fromkeys(name for part in report.values() for name in part["measures"])
    for name in measures:
        rows = [{"part": part["label"], name: part["measures"][name]} for part in report.values()]
        if any(row[name]["mean"] is not None for row in rows):
            yield f"{MEASURES[name].label} ({rows[0][name]['unit']})", rows


def lost_report(run: Run) -> Report:
    """Basket lost now to each failure point of a world, per site and year."""
    unit = f"{run.world.currency} a year"
    return {failure.id: estimate_report(run.lost(failure.id), unit) for failure in run.world.failures}


def comparison_report(comparison: Comparison) -> Report:
    """Baseline, world and paired difference, with the difference in words and what pairing bought."""
    world = comparison.world.world
    return {
        "baseline": measures_report(comparison.baseline),
        "world": measures_report(comparison.world),
        "difference": {
            name: estimate_report(comparison.difference(name), unit_of(measure, world))
            for name, measure in MEASURES.items()
        },
        "lost_by_failure_point": lost_report(comparison.world),
        "verdict": {name: comparison.verdict(name) for name in MEASURES},
        "variance_ratio": {name: comparison.variance_ratio(name) for name in MEASURES},
    }


def measure_rows() -> list[Report]:
    """Every measure there is."""
    return [
        {"name": m.name, "label": m.label, "unit": m.unit, "definition": m.definition, "better": m.better}
        for m in MEASURES.values()
    ]


def lever_rows(scenario: Scenario) -> list[Report]:
    """The levers of a scenario, each with its quantity's unit and present value."""
    rows = []
    for lever in scenario.levers:
        quantity = quantity_at(scenario, lever.path)
        row = {"path": lever.path, "label": lever.label, "unit": quantity.unit, "min": lever.min, "max": lever.max}
        row |= {"step": lever.step, "default": quantity.mode if quantity.mode is not None else quantity.value}
        rows.append(row | {"direction": lever.direction, "outcome": lever.outcome})
    return rows


def source_rows(scenario: Scenario) -> list[Report]:
    """Every quantity of a scenario with its value, range, unit, grade and source."""
    return list(_sources(scenario))


def _sources(scenario: Scenario) -> Iterator[Report]:
    for path, quantity in settable(scenario):
        if isinstance(quantity, Quantity):
            yield {"path": path, "value": quantity.value, **quantity.model_dump(exclude={"mode"})}


def describe(name: str, scenario: Scenario) -> Report:
    """A scenario's story, failure points, fixes, levers, sources and notices."""
    return {
        "scenario": name,
        **scenario.model_dump(include={"title", "question", "story", "currency", "weeks", "headline"}),
        "failures": [failure.model_dump(include={"id", "label", "at", "cause", "on"}) for failure in scenario.failures],
        "fixes": [fix.model_dump() for fix in scenario.fixes],
        "levers": lever_rows(scenario),
        "sources": source_rows(scenario),
        "notices": notice_rows(notices_of(scenario)),
    }
