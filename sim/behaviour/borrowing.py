"""What service rests on: things that are borrowed, reported and pulled, and the skill of those who serve."""

from sim.behaviour.chance import faded
from sim.kernel import kernel


@kernel
def draws_faulty(u: float, faulty_idle: int, idle: int) -> bool:
    """Whether the one drawn at random from `idle` things (at least one) is among the faulty ones."""
    return u * idle < faulty_idle


@kernel
def may_be_pulled(idle: int, reserve: int) -> bool:
    """Whether a reported thing may be taken out: only while the bay keeps at least its reserve without it."""
    return idle >= reserve


_A_MOMENT = 1e-6  # weeks: nobody is coached more often


@kernel
def skill(week: float, at_start: float, half_life: float, every: float, restores: float) -> float:
    """Skill in [0, 1] at that week (a fraction counts; before week 0 as at its start).

    Lifted by training, it fades with its half-life (12 weeks by default); every so many weeks a session closes the
    share `restores` of the gap to full skill. `every` of 0 means never. After k sessions, with d = 2^(-every /
    half-life) and a = d (1 - restores), it is a^k x at_start + restores x (1 - a^k) / (1 - a). The sizes are guesses
    (grade D).
    """
    if week <= 0.0:
        return at_start
    if every <= 0.0:
        return faded(at_start, week, half_life)
    sessions = week // max(every, _A_MOMENT)
    a = faded(1.0, every, half_life) * (1.0 - restores)
    power = a**sessions
    gained = restores * sessions if a == 1.0 else restores * (1.0 - power) / (1.0 - a)
    return faded(power * at_start + gained, week - sessions * every, half_life)
