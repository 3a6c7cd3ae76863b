"""Things that break, are reported and are mended."""

from itertools import product

import numpy as np
import pytest

from sim.engines.records import BUSY, QUEUE, REPORTS, SHORTAGES, WORKING
from sim.outcomes.measures import MEASURES
from tests.engines.worlds import Run, outcome_of
from tests.oracles.answers import MINUTES_A_WEEK, assert_known, customers, relationship, replications

HOURS = 60
REPAIRER = "resources: [{id: repairer, label: Repairer, servers: 1}]"


def level(run: Run, counter: int, of_pool: bool) -> float:
    table = run.records.pools if of_pool else run.records.resources
    return float(table[0, counter].sum()) / (run.plan.weeks * MINUTES_A_WEEK)


# ---- machine repairman: two machines, 12 hours between failures, 8 to repair, one repairer -------

CLOSED_NETWORK = f"""
weeks: 520
warm_up_days: 14
{customers(base=2, visits_per_week=100_000)}
{relationship()}
{REPAIRER}
journey:
  - id: run
    label: Runs
    stage: only
    department: only
    minutes: {{mean: {12 * HOURS}, law: exponential}}
    next: [{{to: mend}}]
  - {{id: mend, label: Mended, stage: only, department: only, resource: repairer,
     minutes: {{mean: {8 * HOURS}, law: exponential}}}}
"""


def test_the_machine_repairman_as_two_machines_that_queue_for_repair() -> None:
    assert_known(
        replications(CLOSED_NETWORK, 6),
        {
            "share of time none is down": (lambda run: 1 - level(run, BUSY, False), 0.31034, 0.012),
            "one": (lambda run: level(run, BUSY, False) - level(run, QUEUE, False), 0.41379, 0.012),
            "both": (lambda run: level(run, QUEUE, False), 0.27586, 0.012),
        },
    )


GAP = 20.0
"""Minutes between an idle operator's looks at the bay: nobody waits there, one comes again."""

POOL = f"""
weeks: 60
warm_up_days: 14
{customers(base=2, visits_per_week=MINUTES_A_WEEK / GAP)}
{relationship(reported=1)}
{REPAIRER}
assets:
  - id: machines
    label: Machines
    pool: 2
    breaks: 1
    reserve: 0
    repair: {{resource: repairer, minutes: {{mean: {8 * HOURS}, law: exponential}}}}
journey:
  - {{id: bay, label: Bay, stage: only, department: only, borrows: machines,
     next: [{{to: desk, when: reporting}}, {{to: work}}]}}
  - {{id: work, label: Work, stage: only, department: only, minutes: {{mean: {12 * HOURS}, law: exponential}}}}
  - {{id: desk, label: Desk, stage: only, department: only, hears_reports: machines}}
failures:
  - {{id: broken, label: Broken, at: bay, cause: asset, reported: true, responses: [{{id: sees, label: Sees it}}]}}
  - {{id: none, label: None left, at: bay, cause: shortage, responses: [{{id: goes, label: Goes, then: leave}}]}}
"""


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


def test_our_chain_of_the_repairman_becomes_the_textbooks_as_gaps_vanish() -> None:
    np.testing.assert_allclose(repairman(1e-6), [0.31034, 0.41379, 0.27586], atol=1e-5)


def test_the_machine_repairman_as_a_pool_that_two_operators_borrow_from() -> None:
    none, _, both = repairman(GAP)
    down = 1 - none + both
    assert down == pytest.approx(0.9655, rel=0.03)
    runs = replications(POOL, 6)
    assert all(run.records.pools[0, SHORTAGES].sum() > 1_000 for run in runs)
    assert_known(
        runs,
        {
            "machines down": (lambda run: 2 - level(run, WORKING, True), down, 0.06),
            "waiting for or under repair": (lambda run: level(run, QUEUE, True), down, 0.06),
            "share of time the repairer works": (lambda run: level(run, BUSY, False), 1 - none, 0.03),
            "share of time a machine waits for him": (lambda run: level(run, QUEUE, False), both, 0.03),
        },
    )


# ---- the trolley loop: a broken one stays in use until someone reports it ------------------------


def trolleys(breaks: float, reported: float, weeks: int) -> str:
    return f"""
weeks: {weeks}
warm_up_days: 7
{customers(passers_by_per_week=MINUTES_A_WEEK)}
{relationship(reported)}
{REPAIRER}
assets:
  - id: trolleys
    label: Trolleys
    pool: 12
    breaks: {breaks}
    reserve: 0
    repair: {{resource: repairer, minutes: {{mean: 1, law: exponential}}}}
journey:
  - {{id: bay, label: Bay, stage: only, department: only, borrows: trolleys, next: [{{to: aisles}}]}}
  - {{id: aisles, label: Aisles, stage: only, department: only, minutes: {{mean: 1}},
     next: [{{to: desk, when: reporting}}]}}
  - {{id: desk, label: Desk, stage: only, department: only, hears_reports: trolleys}}
failures:
  - {{id: wheel, label: Wheel, at: bay, cause: asset, reported: true, responses: [{{id: bears, label: Bears it}}]}}
"""


def bad_trips(run: Run) -> float:
    return MEASURES["bad_trip_share"].take(outcome_of(run))


def reports_a_bad_trip(run: Run) -> float:
    outcome = outcome_of(run)
    return float(run.records.pools[0, REPORTS].sum() / outcome.tally.bad.sum())


@pytest.mark.parametrize(
    ("breaks", "reported", "narrow"), [(0.05, 1.0, 0.004), (0.15, 0.3, 0.02)], ids=["all report", "three in ten"]
)
def test_bad_trips_are_breaks_over_breaks_and_reports(breaks: float, reported: float, narrow: float) -> None:
    """Every break starts a spell of bad trips that ends with a report: breaks over breaks and reports."""
    assert_known(
        replications(trolleys(breaks, reported, weeks=1), 10),
        {
            "bad trips": (bad_trips, breaks / (breaks + reported), narrow),
            "reports a bad trip": (reports_a_bad_trip, reported, 0.03),
        },
    )


@pytest.mark.long
def test_the_storys_trolley_loop_at_its_own_numbers() -> None:
    """Breaks .0015 a trip, reports .03 a bad trip, each acted on: 4.76% of trips are bad."""
    assert_known(replications(trolleys(0.0015, 0.03, weeks=6), 24), {"bad trips": (bad_trips, 0.0015 / 0.0315, 0.006)})
