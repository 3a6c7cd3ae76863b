"""One replication of the practice, and what tests of its laws ask of the ledger."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.behaviour import visiting
from sim.engines.population import BASE
from sim.engines.randomness import LEAVE, Luck, uniform
from sim.scenario.world import without_failures
from tests.engines.practice import practice
from tests.engines.worlds import Changes, Run, by_customer, run

SITE, PITCH, BOT, PHONE, WORK, CALL = range(6)
NOBODY_MEETS: Changes = {"resources.partners.servers": 500, "resources.helpers.servers": 500}
NOBODY_LEAVES: Changes = {"customers.leaving.churn_per_year": 0}
MANY_LEAVE: Changes = {"customers.leaving.churn_per_year": 0.9}
NOBODY_TALKS: Changes = {"word_of_mouth.telling": 0, "reputation.weight": 0}


def practised(changes: Changes | None = None, seed: int = 1) -> Run:
    return run(practice(changes), seed)


def practised_without_failures(changes: Changes | None = None, seed: int = 1) -> Run:
    return run(without_failures(practice(changes)), seed)


def off(*failures: str) -> Changes:
    return {f"failures.{failure}.on": False for failure in failures}


def source_of(done: Run) -> np.ndarray:
    """Where the customer of each row comes from."""
    return done.population.source[np.searchsorted(done.population.who, done.visits["customer"])]


def rows_of_each(done: Run) -> Iterator[np.ndarray]:
    """Each customer's rows, in the order of their visits."""
    rows = by_customer(done.visits)
    yield from np.split(rows, np.flatnonzero(np.diff(rows["customer"])) + 1)


def of_visits(done: Run, column: str) -> dict[tuple[int, int], Any]:
    """A column by (customer, visit)."""
    return {(row["customer"], row["visit"]): row[column] for row in done.visits}


def leaves_at(done: Run, multipliers: np.ndarray, seed: int = 1) -> list[bool]:
    """Who leaves after each visit where their own hazard is multiplied by this (shape (visits,))."""
    hazard = dict(zip(done.population.who.tolist(), done.population.hazard.tolist(), strict=True))
    stream, since_week_0 = Luck(seed, 0).stream, source_of(done) == BASE
    return [
        bool(old or row["visit"] > 0)
        and visiting.leaves(
            uniform(seed, stream, int(row["customer"]), int(row["visit"]), 0, LEAVE, 0), hazard[row["customer"]], times
        )
        for row, old, times in zip(done.visits, since_week_0, multipliers, strict=True)
    ]
