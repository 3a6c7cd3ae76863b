"""What a visit brings in: the basket meant, what failures take from it, and what comes back later."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.chance import lognormal
from sim.kernel import kernel


@kernel
def intended_spend(u: float, mean: float, level: float, log_sd: float) -> float:
    """What the customer means to spend, in currency units: trip mean x personal level x log-normal noise."""
    return lognormal(u, mean * level, log_sd)


@kernel
def to_minor(amount: float, minor_units: int) -> int:
    """An amount of money in whole minor units (pence), halves rounded up."""
    return math.floor(amount * minor_units + 0.5)


@kernel
def is_completed(paid: bool, pays_somewhere: bool, walked_out: bool) -> bool:
    """Whether a visit came to its end: past a till where the journey has one, else unless someone walked out."""
    return paid if pays_somewhere else not walked_out


@kernel
def meant(spend: float, completed: bool, walked_out: bool, odds: float) -> float:
    """What there was to pay for: nothing on a visit that ended before the till without anyone walking out.

    Who walked out before deciding whether to buy at all would have bought with those odds: that share of it counts.
    """
    if completed:
        return spend
    return spend * odds if walked_out else 0.0


@kernel
def lost_total(spend: int, kept: NDArray[np.float64]) -> int:
    """Minor units lost: spend x (1 - product of what each failure leaves). kept: shape (failures,), in [0, 1]."""
    left = 1.0
    for k in range(kept.size):
        left *= kept[k]
    return math.floor(spend * (1.0 - left) + 0.5)


@kernel
def _log_weight(kept: float, walked_out: bool) -> float:
    """A failure's claim on the loss: -ln(1 - share taken); where someone walked out, only that counts."""
    if walked_out:
        return 1.0 if kept <= 0.0 else 0.0
    return -math.log(kept)


@kernel
def split_loss(lost: int, kept: NDArray[np.float64], parts: NDArray[np.int64]) -> None:
    """Divide a visit's loss (minor units) among failures by ln(1 - share taken), into `parts`.

    kept and parts have shape (failures,). Cumulative rounding makes the parts sum to `lost` exactly.
    """
    if lost == 0:
        parts[:] = 0
        return
    walked_out = False
    for k in range(kept.size):
        walked_out = walked_out or kept[k] <= 0.0
    whole = 0.0
    for k in range(kept.size):
        whole += _log_weight(kept[k], walked_out)
    upto, given = 0.0, 0
    for k in range(kept.size):
        upto += _log_weight(kept[k], walked_out)
        target = math.floor(lost * (upto / whole) + 0.5) if whole > 0.0 else 0
        parts[k] = target - given
        given = target


@kernel
def refunded(paid: int, share: float) -> int:
    """Minor units given back of what was paid when a complaint is settled."""
    return math.floor(paid * share + 0.5)


@kernel
def set_aside(lost: int, recapture: float) -> int:
    """Minor units of a loss that will be spent here on the next completed visit instead."""
    return math.floor(lost * recapture + 0.5)
