"""What a survey of that many answers can be off by: sampling error, apart from who answers and when they are asked."""

import math

from scipy import special

_CONFIDENCE = 0.95


def _z() -> float:
    return float(special.ndtri(0.5 + _CONFIDENCE / 2))


def wilson_half_width(share: float, answers: float) -> float:
    """Half the width of Wilson's 95% interval of a share (Wilson 1927); NaN without answers."""
    if not answers > 0 or math.isnan(share):
        return math.nan
    z = _z()
    spread = math.sqrt(share * (1.0 - share) / answers + z * z / (4.0 * answers * answers))
    return z * spread / (1.0 + z * z / answers)


def nps_half_width(promoters: float, detractors: float, answers: float) -> float:
    """Half the width of the 95% interval of promoters less detractors, as a share: z sqrt((p + d - (p - d)^2) / n)."""
    if not answers > 0 or math.isnan(promoters):
        return math.nan
    return _z() * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / answers)
