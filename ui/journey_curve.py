"""Curves through the picture of a journey: cubic B-splines, as a chart's "basis" interpolation draws them."""

from math import hypot

Points = list[tuple[float, float]]
_PLACES = ((1 / 6, 4 / 6, 1 / 6, 0.0), (1 / 48, 23 / 48, 23 / 48, 1 / 48))
_SLOPES = ((-1 / 2, 0.0, 1 / 2, 0.0), (-1 / 8, -5 / 8, 5 / 8, 1 / 8))
"""Of a uniform cubic B-spline's four control points, at a span's start and middle (de Boor 1978)."""
_STILL = 1e-6


def edges(control: Points, width: float) -> tuple[Points, Points]:
    """Points of the two edges of a line of that width along the B-spline with these control points."""
    ends = [control[0], control[0], *control, control[-1], control[-1], control[-1]]
    one, other = [], []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for (a, b, c, d), (e, f, g, h) in zip(_PLACES, _SLOPES, strict=True):
            x, y = a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1]
            dx, dy = e * p0[0] + f * p1[0] + g * p2[0] + h * p3[0], e * p0[1] + f * p1[1] + g * p2[1] + h * p3[1]
            length = hypot(dx, dy)
            if length < _STILL:  # at its very ends, where it runs along the journey
                dx, dy, length = 1.0, 0.0, 1.0
            aside, below = dy / length * width / 2, dx / length * width / 2
            one.append((x + aside, y - below))
            other.append((x - aside, y + below))
    return one, other
