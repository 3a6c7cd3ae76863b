"""Queues with closed forms, as passers-by who come once: see oracles in the model's documents."""

import math

import numpy as np
import pytest

from sim.engines.records import BUSY, QUEUE
from sim.outcomes.measures import MEASURES
from tests.engines.worlds import Run, outcome_of
from tests.oracles.answers import MINUTES_A_WEEK, assert_known, customers, relationship, replications

SLOW = 3
"""Minutes of the simulated clock to a minute of the theory."""


def queue(per_minute: float, servers: int, service: str, patience: float | None = None) -> str:
    """One queue, on a clock slowed down: fewer customers a replication, and more replications."""
    impatience, failures = ("", "") if patience is None else (f"patience: {patience * SLOW}", LEAVES)
    return f"""
weeks: 1
warm_up_days: 1
{customers(passers_by_per_week=per_minute / SLOW * MINUTES_A_WEEK)}
{relationship()}
resources: [{{id: agents, label: Agents, servers: {servers}}}]
journey:
  - id: call
    label: Call
    stage: only
    department: only
    resource: agents
    minutes: {service}
    {impatience}
{failures}
"""


LEAVES = """
failures:
  - {id: wait, label: Wait, at: call, cause: wait, responses: [{id: leave, label: Leaves, loss: 1, then: leave}]}
"""


def exponential(mean: float) -> str:
    return f"{{mean: {mean * SLOW}, law: exponential}}"


def measure(name: str, run: Run) -> float:
    return MEASURES[name].take(outcome_of(run))


def mean_wait(run: Run) -> float:
    return measure("mean_wait", run) / SLOW


def abandoned(run: Run) -> float:
    return measure("abandoned_share", run)


def level(run: Run, *counters: int) -> float:
    return float(run.records.resources[0, list(counters)].sum()) / (run.plan.weeks * MINUTES_A_WEEK)


def in_system(run: Run) -> float:
    return level(run, QUEUE, BUSY)


def busy(run: Run) -> float:
    return level(run, BUSY)


def waits(run: Run) -> np.ndarray:
    return run.visits["wait"][:, 0] / SLOW


def birth_death(
    per_minute: float, service: float, servers: int, patience: float = math.inf, room: int = 400
) -> np.ndarray:
    """Stationary probabilities of 0, 1, … in a queue whose waiters each give up at rate 1 / patience."""
    down = [min(n, servers) / service + max(n - servers, 0) / patience for n in range(1, room + 1)]
    weights = np.concatenate([[1.0], np.cumprod(per_minute / np.array(down))])
    return weights / weights.sum()


def test_our_birth_death_chain_gives_the_textbooks_erlang_c_and_b() -> None:
    states = birth_death(100 / 30, 3, 14)
    assert states[14:].sum() == pytest.approx(0.17413, abs=5e-6)
    assert birth_death(5, 1, 10, room=10)[-1] == pytest.approx(0.018385, abs=5e-7)


def test_m_m_1() -> None:
    """Arrivals 2 and services 3 a minute: 2 in the system, 2/3 of a minute in the queue."""
    assert_known(
        replications(queue(2, 1, exponential(1 / 3)), 26),
        {
            "in the system": (in_system, 2, 0.12),
            "minutes in the queue": (mean_wait, 2 / 3, 0.04),
            "served": (busy, 2 / 3, 0.01),
        },
    )


def test_erlang_c() -> None:
    """100 calls in half an hour of 3 minutes each, 14 agents (pyworkforce's example)."""
    assert_known(
        replications(queue(100 / 30, 14, exponential(3)), 24),
        {
            "has to wait": (lambda run: float((waits(run) > 0).mean()), 0.17413, 0.015),
            "answered within 20 seconds": (lambda run: float((waits(run) <= 1 / 3).mean()), 0.88835, 0.012),
            "seconds to answer": (lambda run: 60 * mean_wait(run), 7.836, 1.2),
            "occupancy": (lambda run: busy(run) / 14, 0.714286, 0.01),
        },
    )


@pytest.mark.parametrize(
    ("service", "variance"),
    [(f"{{mean: {SLOW}}}", 0.0), (f"{{mean: {SLOW}, law: lognormal, log_sd: 0.6}}", math.expm1(0.36))],
    ids=["fixed", "lognormal"],
)
def test_m_g_1_obeys_pollaczek_and_khinchine(service: str, variance: float) -> None:
    """Half a customer a minute of one minute each: rate times E[S²] over twice the idle share."""
    assert_known(
        replications(queue(0.5, 1, service), 20),
        {"minutes in the queue": (mean_wait, 0.5 * (1 + variance) / (2 * 0.5), 0.06)},
    )


def test_erlang_b() -> None:
    """Ten lines, five erlangs, and callers without patience: blocked calls are lost."""
    assert_known(
        replications(queue(2, 10, exponential(2.5), patience=0), 12),
        {"blocked": (abandoned, 0.018385, 0.002), "lines busy": (busy, 5 * (1 - 0.018385), 0.1)},
    )


def test_erlang_a() -> None:
    """More calls than agents can answer, and callers whose patience ends after two minutes on average."""
    states = birth_death(3, 4, 10, patience=2)
    waiting = float(np.maximum(np.arange(states.size) - 10, 0) @ states)
    assert_known(
        replications(queue(3, 10, exponential(4), patience=2), 10),
        {
            "give up": (abandoned, waiting / 2 / 3, 0.01),
            "minutes until answered or gone": (mean_wait, waiting / 3, 0.03),
            "in the queue": (lambda run: level(run, QUEUE), waiting, 0.1),
        },
    )
