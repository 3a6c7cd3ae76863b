"""How a visit felt, and what the customer remembers of it. All levels live in [0, 1]."""

from sim.kernel import kernel


@kernel
def felt(event: float, weight: float, loss_aversion: float) -> float:
    """What one event adds to a visit's experience: weight x v(event), losses weighing loss_aversion times more.

    `event` is in [-1, 1] (0 neutral). Losses weighing more: Mittal, Ross and Baldasare 1998; Kano 1984.
    """
    bounded = min(max(event, -1.0), 1.0)
    return weight * (bounded if bounded >= 0.0 else loss_aversion * bounded)


@kernel
def experience(reference: float, felt_sum: float) -> float:
    """The visit's experience Q = clip(reference + sum of what was felt, 0, 1)."""
    return min(max(reference + felt_sum, 0.0), 1.0)


@kernel
def satisfaction(before: float, experienced: float, gain: float) -> float:
    """Satisfaction after a visit: S + gain x (Q - S), the anchoring of Bolton 1998."""
    return before + gain * (experienced - before)
