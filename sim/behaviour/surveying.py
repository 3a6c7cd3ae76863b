"""Surveys: what is answered, by whom, and what the answers are called. Levels live in [0, 1]."""

from sim.behaviour.chance import faded
from sim.kernel import kernel

CSAT_FROM, PROMOTER_FROM, DETRACTOR_BELOW = 0.6, 0.85, 0.65


@kernel
def score(satisfaction: float, experience: float, delay_days: float, forgetting_days: float) -> float:
    """The answer given: S + (Q - S) x 2^(-delay / forgetting), Q the last visit's experience, S satisfaction.

    Asked at once the last visit is all there is; later, the relationship speaks. Forgetting takes 2 days by default.
    """
    return satisfaction + faded(experience - satisfaction, delay_days, forgetting_days)


@kernel
def answers(u: float, satisfaction: float, share: float, extremes: float) -> bool:
    """Whether someone asked answers: u < share x (1 + extremes x (2S - 1)^2) / (1 + extremes / 3), U-shaped in S.

    Over satisfactions spread evenly on [0, 1] the mean is `share` (0.1 by default).
    """
    away = 2.0 * satisfaction - 1.0
    return u < share * (1.0 + extremes * away * away) / (1.0 + extremes / 3.0)


@kernel
def is_satisfied(level: float) -> bool:
    """Whether an answer counts towards CSAT: the top two boxes of five, from 0.6."""
    return level >= CSAT_FROM


@kernel
def promotes(level: float) -> int:
    """+1 for a promoter (from 0.85, nine or ten of ten), -1 for a detractor (below 0.65, six or less), else 0."""
    return int(level >= PROMOTER_FROM) - int(level < DETRACTOR_BELOW)
