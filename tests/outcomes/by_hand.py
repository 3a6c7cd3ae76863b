"""Two weeks of a shop small enough to work out by hand: five visits by three customers and a newcomer."""

from dataclasses import replace
from typing import Any

import numpy as np

from sim.engines.clock import WEEK
from sim.engines.plan import Plan, plan_of
from sim.engines.population import BASE, NEWCOMER, Population
from sim.engines.records import (
    BAD,
    BUSY,
    COUNTERS,
    NO_RESPONSE,
    NOT_BORROWED,
    QUEUE,
    REFUSALS,
    REPAIRS,
    REPORTS,
    ROW,
    SHORTAGES,
    SOUND,
    UNTESTED,
    WORKING,
    Records,
    visit_dtype,
)
from sim.outcomes.outcome import Outcome
from sim.outcomes.tally import Tally
from sim.scenario.scenario import Scenario
from tests.engines.worlds import tiny

NAN = float("nan")
NOTHING = [NO_RESPONSE] * 4
WHO = [0, 1, 2, 1 << 29]


def shop(**changes: Any) -> Scenario:
    """Two weeks, two segments of which the second earns twice the margin, four trolleys."""
    return tiny({"weeks": 2, "segments.hurried.margin_times": 2, "assets.trolleys.pool": 4} | changes)


def visit(**fields: Any) -> dict[str, Any]:
    """A row of the ledger: an uneventful visit, except for the fields given."""
    row: dict[str, Any] = dict.fromkeys(ROW.names or (), 0) | {"lost": [0, 0, 0, 0], "passes": [1, 1, 1, 0]}
    row |= {"wait": [NAN, NAN, NAN, NAN], "bad_asset": NOT_BORROWED, "promise": UNTESTED, "response": NOTHING}
    row |= dict.fromkeys(("expectation", "trust", "delivered"), NAN)
    row |= {"experience": 0.8, "satisfaction": 0.8, "score": 0.8, "completed": True, "followed": True}
    row |= {"age": fields.get("week", 0)} | fields
    return {"joins": [int(not np.isnan(wait)) for wait in row["wait"]]} | row


FIVE = [
    visit(customer=0, spend=10_000, revenue=10_000, bad_asset=SOUND, wait=[NAN, NAN, 0.0, NAN]),
    visit(
        customer=1,
        segment=1,
        spend=5_000,
        lost=[300, 0, 0, 0],
        revenue=4_700,
        bad_asset=BAD,
        wait=[NAN, NAN, 4.0, 2.0],
        joins=[0, 0, 3, 1],
        response=[0, NO_RESPONSE, NO_RESPONSE, 0],
        experience=0.4,
        satisfaction=0.72,
        score=0.45,
        complained=True,
        answered=True,
        left=True,
    ),
    visit(
        customer=2,
        trip=1,
        spend=900,
        lost=[0, 0, 900, 0],
        wait=[NAN, NAN, 12.0, NAN],
        response=[NO_RESPONSE, NO_RESPONSE, 1, NO_RESPONSE],
        experience=0.32,
        satisfaction=0.704,
        completed=False,
    ),
    visit(customer=2, visit=1, week=1, spend=1_000, recaptured=135, revenue=1_135, satisfaction=0.5, left=True),
    visit(
        customer=WHO[3],
        week=1,
        segment=1,
        spend=2_000,
        revenue=2_000,
        refund=200,
        wait=[NAN, NAN, 1.0, NAN],
        satisfaction=0.9,
        score=0.9,
        answered=True,
        followed=False,
    ),
]


def rows_of(visits: list[dict[str, Any]], plan: Plan) -> np.ndarray:
    dtype = visit_dtype(plan)
    return np.array([tuple(row[name] for name in dtype.names or ()) for row in visits], dtype)


def cast_by_hand() -> Population:
    return Population(
        who=np.array(WHO),
        source=np.array([BASE, BASE, BASE, NEWCOMER]),
        segment=np.array([0, 1, 0, 1]),
        first_week=np.array([0.1, 0.2, 0.3, 1.5]),
        first_minute=np.array([10.0, 20.0, np.inf, 1.5 * WEEK]),
        visits_per_week=np.ones(4),
        hazard=np.ones(4),
        level=np.ones(4),
        pull=np.zeros(4),
        rain=np.zeros(15, bool),
    )


def records_by_hand(scenario: Scenario) -> Records:
    """Three trolleys of four in order in the first week, two in the second; one lent out all along."""
    pools = np.zeros((len(scenario.assets), len(COUNTERS), scenario.weeks))
    if scenario.assets:
        pools[0, WORKING] = np.array([3, 2]) * WEEK
        pools[0, BUSY] = np.array([1, 1]) * WEEK
        pools[0, [REPORTS, REFUSALS, REPAIRS, SHORTAGES]] = [[5, 3], [2, 0], [1, 2], [0, 7]]
    resources = np.zeros((len(scenario.resources), len(COUNTERS), scenario.weeks))
    resources[0, [QUEUE, BUSY]] = np.array([[0.25, 0.5], [1.0, 0.0]]) * WEEK
    flows = np.zeros((sum(len(place.next) for place in scenario.journey), scenario.weeks))
    return Records(np.array([-1, 0, 1, -1]), np.array([0, 0, 0, 1]), flows, resources, pools)


def outcome_by_hand(visits: list[dict[str, Any]] | None = None, **changes: Any) -> Outcome:
    scenario = shop(**changes)
    plan = plan_of(scenario)
    tally = Tally(plan)
    tally.add(rows_of(FIVE if visits is None else visits, plan))
    return Outcome(scenario, tally, cast_by_hand(), records_by_hand(scenario))


def without_base(outcome: Outcome) -> Outcome:
    population = outcome.population._replace(source=np.full(4, NEWCOMER))
    return replace(outcome, population=population)
