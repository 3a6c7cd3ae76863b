"""Luck: every random number is a function of whose it is and what for, never of what was drawn before.

A draw is `(seed, replication, site, customer, visit ordinal, place, purpose, k) -> uniform`. Twins therefore
share their luck however their paths diverge, and one customer can be replayed alone. The function is
Philox 4x64-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), equal word
for word to `numpy.random.Philox`.
"""

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import high_word, kernel

# Purposes: what a draw is for. Four share a Philox block; a number, once given, never changes its meaning.
GAP, TRIP, SPEND, LEAVE = 0, 1, 2, 3
TIE, BORROWS = 4, 5
DURATION, PATIENCE, ROUTE = 8, 9, 10
HAPPENS, RESPONSE, COMPLAINT = 12, 13, 14
FAULTY, BREAKS, REPAIR = 16, 17, 18
SEGMENT, VISIT_RATE, SPEND_LEVEL, CHURN = 20, 21, 22, 23
RESIDUAL_LENGTH, RESIDUAL_PART, PULL = 24, 25, 26
ARRIVAL, RAIN = 28, 29
DELIVERS, CONVERTS, CROSS_SELLS, CROSS_SPEND = 32, 33, 34, 35
RESOLVES, PERMISSION = 36, 37
ANSWERS, TALKS, TOLD, REVIEWS = 40, 41, 42, 43

_ROUNDS = 10
_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_HALF_WORD = np.uint64(32)
_SPARE_BITS = np.uint64(12)


def key_of(name: str) -> int:
    """A stable 63-bit key for a name, so that adding a touchpoint moves nobody else's luck."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


@kernel
def philox(
    key_0: np.uint64, key_1: np.uint64, c_0: np.uint64, c_1: np.uint64, c_2: np.uint64, c_3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four 64-bit words from a 128-bit key and a 256-bit counter (Philox 4x64-10)."""
    for _ in range(_ROUNDS):
        high_0, low_0 = high_word(_MULTIPLIER_0, c_0), _MULTIPLIER_0 * c_0
        high_1, low_1 = high_word(_MULTIPLIER_1, c_2), _MULTIPLIER_1 * c_2
        c_0, c_1, c_2, c_3 = high_1 ^ c_1 ^ key_0, low_1, high_0 ^ c_3 ^ key_1, low_0
        key_0 += _WEYL_0
        key_1 += _WEYL_1
    return c_0, c_1, c_2, c_3


@kernel
def uniform(seed: int, stream: int, who: int, visit: int, place: int, purpose: int, k: int) -> float:
    """One uniform in the open interval (0, 1), at the middle of one of 2^52 equal cells.

    Args are integers: seed; stream (replication and site, see `Luck`); who (customer, repair job or day);
    visit ordinal; place (`key_of` a name); purpose (a constant of this module); k (pass or repeat).
    """
    block, lane = np.uint64(purpose >> 2), purpose & 3
    words = philox(
        np.uint64(seed),
        np.uint64(stream),
        np.uint64(who),
        np.uint64(visit),
        np.uint64(place),
        (block << _HALF_WORD) | np.uint64(k),
    )
    word = words[0]
    if lane == 1:
        word = words[1]
    elif lane == 2:
        word = words[2]
    elif lane == 3:
        word = words[3]
    return (np.float64(word >> _SPARE_BITS) + 0.5) * 2.0**-52


@kernel
def _uniforms(seed: int, stream: int, who: NDArray[np.int64], place: int, purpose: int) -> NDArray[np.float64]:
    drawn = np.empty(who.size)
    for i in range(who.size):
        drawn[i] = uniform(seed, stream, who[i], 0, place, purpose, 0)
    return drawn


class Luck(NamedTuple):
    """All the luck of one replication at one site."""

    seed: int
    replication: int
    site: int = 0

    @property
    def stream(self) -> int:
        """Replication and site in one key word."""
        return self.replication << 32 | self.site

    def each(self, who: NDArray[np.int64], place: int, purpose: int) -> NDArray[np.float64]:
        """One uniform for each of `who` (shape (n,)), outside any visit; shape (n,)."""
        return _uniforms(self.seed, self.stream, who, place, purpose)


@kernel
def tie_of(u: float) -> int:
    """24 bits that decide who goes first among simultaneous events, from a uniform."""
    return int(u * 16777216.0)
