"""A queueing network that no formula covers, simulated by Ripple and, independently, by Ciw.

Two stations in turn, with uneven service at the first and a way back from the second, so that customers queue at
either several times. Ciw has its own event loop, its own random numbers and its own bookkeeping.
"""

import math
from collections import defaultdict

import ciw
import numpy as np
import pytest

from sim.experiments.estimate import Estimate, estimate
from sim.experiments.task import Task, outcome_of
from sim.experiments.verification.known_answers import FILE
from sim.scenario.document import read
from sim.scenario.faults import Document
from sim.scenario.files import scenario_of
from sim.scenario.scenario import Scenario

pytestmark = pytest.mark.long

DAY = 24 * 60
MINUTES, WARM_UP = 7 * DAY, DAY
FIRST, LOG_SD, SECOND = 1.1, 0.6, 0.9
GOES_ON, COMES_BACK = 0.6, 0.3
NARROW = 0.055
"""Widest half-width allowed, as a share of the mean."""


def network() -> Scenario:
    """One customer a minute; 60% go on from the first station to the second, 30% of those come back."""
    stations = {"stage": "only", "department": "only"}
    uneven = {"mean": FIRST, "law": "lognormal", "log_sd": LOG_SD}
    data = read(FILE.with_name("counter.yaml")).data | {
        "weeks": 1,
        "warm_up_days": 1,
        "resources": [{"id": "pair", "label": "Pair", "servers": 2}, {"id": "single", "label": "Single", "servers": 1}],
        "journey": [
            {"id": "first", "label": "First", "resource": "pair", "minutes": uneven, **stations}
            | {"next": [{"to": "second", "share": GOES_ON}]},
            {"id": "second", "label": "Second", "resource": "single", **stations}
            | {"minutes": {"mean": SECOND, "law": "exponential"}, "next": [{"to": "first", "share": COMES_BACK}]},
        ],
    }
    data["customers"] |= {"passers_by_per_week": MINUTES}
    return scenario_of(Document("network", data))


def ripples() -> np.ndarray:
    """Mean minutes waited at each station over a whole visit; shape (replications, stations)."""
    world = network()
    outcomes = [outcome_of(Task(world, 1, replication, with_unbroken=False)) for replication in range(60)]
    return np.array([o.tally.waits.sum(axis=(0, 1)) / o.tally.visits.sum() for o in outcomes])


def ciws() -> np.ndarray:
    """The same by Ciw."""
    return np.array([_ciw(seed) for seed in range(24)])


def _ciw(seed: int) -> list[float]:
    ciw.seed(seed)
    simulation = ciw.Simulation(
        ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(1), None],
            service_distributions=[
                ciw.dists.Lognormal(math.log(FIRST) - LOG_SD**2 / 2, LOG_SD),
                ciw.dists.Exponential(1 / SECOND),
            ],
            routing=[[0.0, GOES_ON], [COMES_BACK, 0.0]],
            number_of_servers=[2, 1],
        )
    )
    simulation.simulate_until_max_time(WARM_UP + MINUTES + DAY)  # a day for those still there to finish
    waits: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    came: dict[int, float] = {}
    for record in simulation.get_all_records():
        waits[record.id_number][record.node - 1] += record.waiting_time
        came[record.id_number] = min(record.arrival_date, came.get(record.id_number, math.inf))
    counted = [waits[who] for who, when in came.items() if WARM_UP <= when < WARM_UP + MINUTES]
    return list(np.mean(counted, axis=0))


@pytest.fixture(scope="module")
def found() -> list[tuple[Estimate, Estimate]]:
    """For each station, Ripple's mean wait and Ciw's with their 99% intervals."""
    ours, theirs = ripples(), ciws()
    return [(estimate(ours[:, k], 0.99), estimate(theirs[:, k], 0.99)) for k in range(2)]


@pytest.mark.parametrize("station", [0, 1], ids=["first", "second"])
def test_waits_in_a_network_with_a_way_back_are_ciws(found: list[tuple[Estimate, Estimate]], station: int) -> None:
    ours, theirs = found[station]
    for one in (ours, theirs):
        assert one.half_width <= NARROW * one.mean, one
    assert abs(ours.mean - theirs.mean) <= ours.half_width + theirs.half_width, found
