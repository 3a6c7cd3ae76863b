"""What a curve says: up, down, a best inside or nothing, and where its best is.

Clear is a paired difference whose 95% interval leaves out 0. Of what was picked from several (a step between
neighbours, an inner point) one in twenty would look clear by luck alone, so that must be clear at 99.9%.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sim.experiments.curve_points import Curve

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
