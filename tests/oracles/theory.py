"""The theory behind the known answers, worked out from formulas and chains, never by simulation."""

import math
from itertools import product

import numpy as np
from scipy import special

HOURS = 60  # minutes


def birth_death(
    per_minute: float, service: float, servers: int, patience: float = math.inf, room: int = 400
) -> np.ndarray:
    """Stationary probabilities of 0, 1, … in a queue whose waiters each give up at rate 1 / patience."""
    down = [min(n, servers) / service + max(n - servers, 0) / patience for n in range(1, room + 1)]
    weights = np.concatenate([[1.0], np.cumprod(per_minute / np.array(down))])
    return weights / weights.sum()


def waiting(states: np.ndarray, servers: int) -> float:
    """Mean number waiting."""
    return float(np.maximum(np.arange(states.size) - servers, 0) @ states)


def answered_within(per_minute: float, service: float, servers: int, minutes: float) -> float:
    """Share answered within so many minutes where nobody gives up: those who wait do so for an exponential time."""
    waits = birth_death(per_minute, service, servers, room=4_000)[servers:].sum()
    return float(1 - waits * math.exp(-(servers / service - per_minute) * minutes))


def repairman(gap: float) -> np.ndarray:
    """Stationary probabilities of 0, 1, 2 machines down where an idle operator fetches one after Exp(gap) minutes.

    States are (out, down), the rest sound and in the bay. Whoever comes back with a broken machine reports it at
    once and takes another one if there is one: with gaps this short, visits are long overdue by then.
    """
    states = [(out, down) for out, down in product(range(3), repeat=2) if out + down <= 2]
    rates = np.zeros((len(states), len(states)))
    for i, (out, down) in enumerate(states):
        sound = 2 - out - down
        moves = [((out - (sound == 0), down + 1), out / (12 * HOURS))]
        moves += [((out, down - 1), 1 / (8 * HOURS))] if down else []
        moves += [((out + 1, down), (2 - out) / gap)] if sound else []
        for state, rate in moves:
            if rate:
                rates[i, states.index(state)] += rate
    flow = (rates - np.diag(rates.sum(axis=1))).T
    shares = np.linalg.lstsq(np.vstack([flow, np.ones(len(states))]), np.r_[np.zeros(len(states)), 1], rcond=None)[0]
    return np.array(
        [sum(share for share, (_, down) in zip(shares, states, strict=True) if down == n) for n in range(3)]
    )


def repeat_visits(r: float, alpha: float, a: float, b: float, weeks: float) -> float:
    """Mean repeat visits of a new customer under BG/NBD (Fader, Hardie and Lee 2005)."""
    share = (alpha / (alpha + weeks)) ** r * special.hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks))
    return float((a + b - 1) / (a - 1) * (1 - share))


def still_customers(alpha: float, beta: float, years: int) -> float:
    """Share of customers left after so many renewals under the shifted-beta-geometric model, step by step.

    Fader and Hardie (2007): of those who came so far, a share of (beta + t - 1) / (alpha + beta + t - 1) renews.
    """
    return math.prod((beta + t - 1) / (alpha + beta + t - 1) for t in range(1, years + 1))
