"""Whether a lever does what its scenario declares: that its outcome goes up, goes down, turns inside or stays."""

from dataclasses import dataclass

from sim.experiments.curve_points import Curve
from sim.experiments.curve_shape import Shape, is_flat, shape, where_it_turns
from sim.experiments.estimate import Estimate
from sim.scenario.fixes import Direction


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
