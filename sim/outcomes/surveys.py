"""What a survey of that many answers can be off by: sampling error, apart from who answers and when they are asked."""

import math

from scipy import special

_CONFIDENCE = 0.95


def critical_value() -> float:
    """The standard normal quantile of a 95% interval."""
    return float(special.ndtri(0.5 + _CONFIDENCE / 2))


def wilson_half_width(share: float, answers: float) -> float:
    """Half the width of Wilson's 95% interval of a share (Wilson 1927); NaN without answers."""
    if not answers > 0 or math.isnan(share):
        return math.nan
    z = critical_value()
    spread = math.sqrt(share * (1.0 - share) / answers + z * z / (4.0 * answers * answers))
    return z * spread / (1.0 + z * z / answers)


def nps_half_width(promoters: float, detractors: float, answers: float) -> float:
    """Half the width of the 95% interval of promoters less detractors, as a share: z sqrt((p + d - (p - d)^2) / n).

    It tells how many answers to plan for. Of answers that all say the same it makes 0, as if nothing were in doubt:
    what those leave open, `nps_interval` says.
    """
    if not answers > 0 or math.isnan(promoters):
        return math.nan
    return critical_value() * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / answers)


def nps_interval(promoters: float, detractors: float, answers: float) -> tuple[float, float]:
    """The 95% score interval of promoters less detractors, both as shares of that many answers; NaN without answers.

    Promoters less detractors is a difference of paired proportions, of which Tango (1998, Statistics in Medicine 17,
    891-908) inverts the score test: the differences D for which (p - d - D)^2 <= z^2 (2 q + D (1 - D)) / n, q being the
    likeliest share of detractors under D. It is honest where all answers are alike: 12 promoters of 12 leave 51.5 to
    100 (exact, by Clopper and Pearson on promoters alone: 47 to 100, twice .735 less 1).
    """
    if not answers > 0 or math.isnan(promoters):
        return math.nan, math.nan
    return -_upper(detractors, promoters, answers), _upper(promoters, detractors, answers)


def _upper(more: float, less: float, answers: float) -> float:
    """The greatest difference that the score test does not reject, found by halving what is in question."""
    low, high = more - less, 1.0
    if not _rejects(high, more, less, answers):
        return high
    while (middle := (low + high) / 2.0) not in (low, high):
        low, high = (low, middle) if _rejects(middle, more, less, answers) else (middle, high)
    return low


def _rejects(difference: float, more: float, less: float, answers: float) -> bool:
    """Whether the score test at 5% rejects that `more` less `less` is that difference in the long run."""
    b = (2.0 - more + less) * difference - more - less
    c = -less * difference * (1.0 - difference)
    likeliest = (math.sqrt(max(b * b - 8.0 * c, 0.0)) - b) / 4.0
    variance = max(2.0 * likeliest + difference * (1.0 - difference), 0.0) / answers
    return (more - less - difference) ** 2 > critical_value() ** 2 * variance
