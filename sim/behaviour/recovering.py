"""What a settled complaint mends (de Matos, Henrique and Rossi 2007; SQM for the share settled at first contact)."""

from sim.kernel import kernel


@kernel
def restored(felt: float, share: float) -> float:
    """What a visit felt like in sum once a complaint is settled: that share of what it lost is given back.

    The share is 0.6 by default (0.2 to 1.2); above 1 the visit ends better than without the failure.
    """
    return felt - share * min(felt, 0.0)


@kernel
def satisfaction_that_counts(after: float, before: float, recovered: bool) -> float:
    """Satisfaction in the decision to leave: after a recovery at most as high as before the failure."""
    return min(after, before) if recovered else after
