"""Word of mouth and reviews: what customers tell moves who comes, and what newcomers expect."""

import math

from sim.behaviour.chance import poisson
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
