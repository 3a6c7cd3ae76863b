"""Things borrowed: which one a customer draws, whether it breaks, whether it may be taken out of action."""

from sim.kernel import kernel


@kernel
def draws_faulty(u: float, faulty_idle: int, idle: int) -> bool:
    """Whether the one drawn at random from `idle` things (at least one) is among the faulty ones."""
    return u * idle < faulty_idle


@kernel
def may_be_pulled(idle: int, reserve: int) -> bool:
    """Whether a reported thing may be taken out: only while the bay keeps at least its reserve without it."""
    return idle >= reserve
