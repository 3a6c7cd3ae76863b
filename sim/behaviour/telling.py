"""What customers say: complaints, word of mouth and reviews, and answers to surveys. Levels live in [0, 1].

Reporting a broken thing is complaining about it. What is told moves who comes, and what newcomers expect.
"""

import math

from sim.behaviour.chance import faded, poisson
from sim.kernel import kernel


@kernel
def told(u: float, kind: int, good_people: float, good_shift: float, bad_people: float, bad_shift: float) -> float:
    """By how much one visit that is talked about shifts the chances of would-be customers, added up.

    `kind` is +1 for a promoter: Poisson(2) x 0.10 by default; -1 for a detractor: Poisson(3) x -0.08; others say
    nothing (signs: East, Hammond and Lomax 2008).
    """
    if kind > 0:
        return poisson(u, good_people) * good_shift
    if kind < 0:
        return poisson(u, bad_people) * bad_shift
    return 0.0


@kernel
def shift(talk: float, half_life: float, would_be_a_week: float) -> float:
    """The mean shift that a would-be customer meets: talk still about, spread over those who come while it is.

    `talk` fades with a half-life in weeks, so each telling is heard during half_life / ln 2 weeks on average.
    """
    heard_by = would_be_a_week * half_life / math.log(2.0)
    return talk / heard_by if heard_by > 0.0 else 0.0


@kernel
def comes(pull: float, shift: float) -> bool:
    """Whether a would-be customer comes: u < c x (1 + shift), with `pull` = u / c, 0 for those who come anyway."""
    return pull < 1.0 + shift


@kernel
def is_referred(pull: float) -> bool:
    """Whether someone who came would not have, had nobody said anything."""
    return pull >= 1.0


@kernel
def reviewed(reputation: float, experience: float, pace: float) -> float:
    """A reputation after one more public review: R + pace x (Q - R)."""
    return reputation + pace * (experience - reputation)


@kernel
def complaint_probability(severity: float, intercept: float, slope: float) -> float:
    """Share of people who complain: logistic in severity in [0, 1].

    Intercept -4.01 and slope 5.35 give 3% at severity 0.1 and 69% at 0.9 (TARP, as the model's table has it).
    """
    return 1.0 / (1.0 + math.exp(-(intercept + slope * severity)))


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
