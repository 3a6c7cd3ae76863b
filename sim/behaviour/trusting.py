"""Trust, in [0, 1]. It acts on belief, on conversion and on cross-sale, and never on leaving.

Broken promises cost trust at once and kept ones heal it slowly; after deception it never heals fully (Schweitzer,
Hershey and Bradlow 2006, "Promises and lies"). With a hit of 1 and no healing it is all or nothing.
"""

from sim.kernel import kernel


@kernel
def after_broken(trust: float, hit: float) -> float:
    """T x (1 - hit). The hit is 0.3 by default, 1 where trust is all or nothing."""
    return trust * (1.0 - hit)


@kernel
def after_kept(trust: float, heal: float, cap: float) -> float:
    """T + heal x (cap - T), never beyond the cap and never less than before. Heal is 0.1 by default."""
    return trust + heal * max(cap - trust, 0.0)


@kernel
def is_lie(promise: float, known: float) -> bool:
    """Whether more was promised than was known to be deliverable; `known` is NaN where they believed it themselves."""
    return promise > known
