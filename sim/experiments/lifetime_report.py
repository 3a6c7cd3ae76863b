"""What a study of lifetime value says, as plain data for JSON and as rows of tables for people."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sim.experiments.estimate import Estimate
from sim.experiments.lifetime import Study
from sim.experiments.lifetime_figures import FIGURES, FROM_BG_NBD, FROM_GUPTA_LEHMANN, VALUES
from sim.experiments.lifetime_why import why
from sim.experiments.plain import Report, estimate_report

Row = dict[str, Any]
"""A cell is text, or the report of one figure."""

_BRIDGES = {"gupta_lehmann": FROM_GUPTA_LEHMANN, "bg_nbd_gamma_gamma": FROM_BG_NBD}
_STEPS = {*FROM_GUPTA_LEHMANN, *FROM_BG_NBD}


def report(found: Study) -> Report:
    """Every figure with its interval, unit and definition, or why it is missing; and why the values differ."""
    return {
        "figures": {name: _figure(found, name) for name in FIGURES},
        "differences": {
            name: {
                "difference": _difference(found, name),
                "steps": {step: _figure(found, step) for step in steps},
            }
            for name, steps in _BRIDGES.items()
        },
        "why": [asdict(reason) | {"figures": list(reason.figures)} for reason in why(found)],
    }


def _figure(found: Study, name: str) -> Report:
    figure = FIGURES[name]
    said = {"label": found.text(figure.label), "definition": found.text(figure.definition)}
    return said | _estimate(found, found.estimate(name), name) | {"reason": found.reason(name)}


def _difference(found: Study, name: str) -> Report:
    return _estimate(found, found.difference(name, "lifetime_value"), name) | {"reason": found.reason(name)}


def _estimate(found: Study, estimate: Estimate, name: str) -> Report:
    return estimate_report(estimate, found.text(FIGURES[name].unit))


def tables(found: Study) -> Iterator[tuple[str, list[Row]]]:
    """Titled tables: the values side by side, the steps from one to the other, and what they rest on."""
    yield "Lifetime value, simulated and analytic (95% interval)", [_row(found, name) for name in VALUES]
    for name, steps in _BRIDGES.items():
        total = {"figure": "together", "mean": _difference(found, name), "unit": found.text(FIGURES[name].unit)}
        if found.estimate(name).mean is not None:
            yield f"{found.text(FIGURES[name].label)} less simulated", [*(_row(found, step) for step in steps), total]
    rest = [name for name in FIGURES if name not in _STEPS and name not in VALUES]
    yield "What they rest on", [_row(found, name) for name in rest]


def _row(found: Study, name: str) -> Row:
    figure = _figure(found, name)
    return {"figure": figure["label"], "mean": figure, "unit": figure["unit"], "why missing": figure["reason"] or ""}


def sentences(found: Study) -> list[str]:
    """Why the values differ, a sentence or two each."""
    return [reason.sentence for reason in why(found)]
