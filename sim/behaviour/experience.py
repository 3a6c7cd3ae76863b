"""How a visit felt, what mends it, and what the customer remembers of it. All levels live in [0, 1]."""

from sim.kernel import kernel

PERFORMANCE, MUST_BE, ATTRACTIVE = 0, 1, 2


@kernel
def felt(event: float, weight: float, loss_aversion: float) -> float:
    """What one event adds to a visit's experience: weight x v(event), losses weighing loss_aversion times more.

    `event` is in [-1, 1] (0 neutral). Losses weighing more: Mittal, Ross and Baldasare 1998; Kano 1984.
    """
    bounded = min(max(event, -1.0), 1.0)
    return weight * (bounded if bounded >= 0.0 else loss_aversion * bounded)


@kernel
def attribute(level: float, kind: int) -> float:
    """The event e in [-1, 1] that an attribute at this level is, by its kind (Kano 1984).

    A must-be attribute can only disappoint (e clipped to at most 0), an attractive one only please (at least 0).
    """
    if kind == MUST_BE:
        return min(level, 0.0)
    return max(level, 0.0) if kind == ATTRACTIVE else level


@kernel
def experience(reference: float, felt_sum: float) -> float:
    """The visit's experience Q = clip(reference + sum of what was felt, 0, 1)."""
    return min(max(reference + felt_sum, 0.0), 1.0)


@kernel
def satisfaction(before: float, experienced: float, gain: float) -> float:
    """Satisfaction after a visit: S + gain x (Q - S), the anchoring of Bolton 1998."""
    return before + gain * (experienced - before)


@kernel
def restored(felt: float, share: float) -> float:
    """What a visit felt like in sum once a complaint is settled: that share of what it lost is given back.

    The share is 0.6 by default (0.2 to 1.2); above 1 the visit ends better than without the failure. From de Matos,
    Henrique and Rossi 2007, and SQM for the share settled at first contact.
    """
    return felt - share * min(felt, 0.0)


@kernel
def satisfaction_that_counts(after: float, before: float, recovered: bool) -> float:
    """Satisfaction in the decision to leave: after a recovery at most as high as before the failure.

    From de Matos, Henrique and Rossi 2007, and SQM.
    """
    return min(after, before) if recovered else after
