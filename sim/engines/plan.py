"""The numbers of the laws that hold for everybody, in one row that both engines read."""

from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import visiting
from sim.engines import lowering
from sim.engines.clock import DAY, WEEK, guide_to, operational_clock
from sim.engines.lowering import DURATION, bits, duration, lifts_of, position, rows
from sim.engines.randomness import key_of
from sim.scenario.journey import Asset
from sim.scenario.quantity import Quantity, minor_units
from sim.scenario.relationship import Beliefs
from sim.scenario.scenario import Scenario

_WHERE = {
    "hearing": "beliefs.hearing",
    "learning": "beliefs.learning",
    "by_expectation": "beliefs.conversion_by_expectation",
    "by_trust": "beliefs.conversion_by_trust",
    "trust": "beliefs.trust",
    "hit": "beliefs.hit",
    "heal": "beliefs.heal",
    "cap": "beliefs.cap",
    "cap_after_lie": "beliefs.cap_after_lie",
    "expectation": "beliefs.expectation",
    "shock_times": "relationship.shock_times",
    "shock_half_life": "relationship.shock_half_life",
    "shock_tenure": "relationship.shock_tenure",
    "tenure_at_start": "relationship.tenure_at_start",
    "telling": "word_of_mouth.telling",
    "told_good": "word_of_mouth.told_good",
    "told_bad": "word_of_mouth.told_bad",
    "shift_good": "word_of_mouth.shift_good",
    "shift_bad": "word_of_mouth.shift_bad",
    "talk_half_life": "word_of_mouth.half_life",
    "considering": "word_of_mouth.considering",
    "referred_leaving": "word_of_mouth.referred_leaving",
    "newcomers_a_week": "customers.newcomers_per_week",
    "leads_a_week": "customers.leads_per_week",
    "reputation": "reputation.weight",
    "reputation_starts": "reputation.starts",
    "reviews": "reputation.reviews",
    "review_pace": "reputation.pace",
    "survey_delay": "survey.delay",
    "forgetting": "survey.forgetting",
    "answers": "survey.answers",
    "extremes": "survey.extremes",
}
LAWS = np.dtype([(name, "f8") for name in _WHERE])
_NO_BELIEFS = Beliefs(expectation=Quantity(mode=0))


def laws_of(scenario: Scenario) -> NDArray[np.void]:
    """One row of `LAWS`, shape (1,), each in the unit of the scenario's quantity."""
    whole = scenario if scenario.beliefs else scenario.model_copy(update={"beliefs": _NO_BELIEFS})
    return np.array([tuple(attrgetter(path)(whole).value for path in _WHERE.values())], LAWS)


SKILL = np.dtype([(name, "f8") for name in ("at_start", "half_life", "every", "restores")])
POOL = np.dtype([("key", "i8"), ("size", "i8"), ("breaks", "f8"), ("reserve", "i8"), ("repairer", "i8"), *DURATION])
TRIP = np.dtype([(name, "f8") for name in ("spend", "log_sd", "time_times", "borrows")])
_TIMES = ("share", "visits_times", "spend_times", "patience_times", "hurt_times", "fit")
SEGMENT = np.dtype([*((name, "f8") for name in _TIMES), ("expectation", "f8"), ("may_use", "i8")])


class Plan(NamedTuple):
    """Everything an engine needs of a scenario; times in minutes since the start of week 0, money in minor units.

    `chance_failures` lists failures of the cause `chance` by touchpoint, `attributes` what is felt there; `losses` has
    shape (responses, trips), `response_shares` (responses,) and `trip_shares` (trips,); `laws` has one row. `joins_by`
    is 0 where customers at week 0 are those who are followed; else those are followed who join in the weeks before it,
    each for `followed` weeks. `decides_before`: customers decide whether to leave when a visit is due and not after it;
    `first_is_due`: those at week 0 have yet to pay for their first period. Sets of segments, trips and channels are
    bits of a whole number.
    """

    touchpoints: NDArray[np.void]
    routes: NDArray[np.void]
    failures: NDArray[np.void]
    chance_failures: NDArray[np.int64]
    attributes: NDArray[np.void]
    skills: NDArray[np.void]
    laws: NDArray[np.void]
    responses: NDArray[np.void]
    response_shares: NDArray[np.float64]
    losses: NDArray[np.float64]
    servers: NDArray[np.int64]
    pools: NDArray[np.void]
    trips: NDArray[np.void]
    trip_shares: NDArray[np.float64]
    segments: NDArray[np.void]
    minutes: NDArray[np.float64]
    op_weeks: NDArray[np.float64]
    guide: NDArray[np.int64]
    gaps: NDArray[np.float64]
    starts: float
    ends: float
    weeks: int
    joins_by: int
    followed: int
    reference: float
    loss_aversion: float
    gain: float
    leaving_sensitivity: float
    recapture: float
    decides_before: bool
    first_is_due: bool
    minor_units: int
    pays_somewhere: bool
    believes: bool


def plan_of(scenario: Scenario) -> Plan:
    """Lower a scenario that has passed its checks."""
    relationship = scenario.relationship
    minutes, op_weeks = operational_clock(scenario.calendar, -scenario.warm_up_days, scenario.weeks * 7)
    lifts = lifts_of(scenario)
    return Plan(
        touchpoints=lowering.touchpoints(scenario, lifts),
        routes=lowering.routes(scenario),
        failures=lowering.failures(scenario, lifts),
        chance_failures=lowering.chance_failures(scenario),
        attributes=lowering.attributes(scenario),
        skills=_skills(scenario),
        laws=laws_of(scenario),
        responses=lowering.responses(scenario),
        response_shares=lowering.response_shares(scenario),
        losses=lowering.losses(scenario),
        servers=np.array([int(resource.servers.value) for resource in scenario.resources], np.int64),
        pools=_pools(scenario),
        trips=rows(
            TRIP,
            [(t.spend.value, t.spend_log_sd.value, t.time_times.value, t.borrows.value) for t in scenario.trips],
        ),
        trip_shares=np.array([trip.share.value for trip in scenario.trips], np.float64),
        segments=_segments(scenario),
        minutes=minutes,
        op_weeks=op_weeks,
        guide=guide_to(op_weeks),
        gaps=visiting.gap_table(gap_shape(scenario)),
        starts=float(-scenario.warm_up_days * DAY),
        ends=float(scenario.weeks * WEEK),
        weeks=scenario.weeks,
        joins_by=joins_by(scenario),
        followed=weeks_followed(scenario),
        reference=relationship.reference.value,
        loss_aversion=relationship.loss_aversion.value,
        gain=relationship.gain.value,
        leaving_sensitivity=relationship.leaving_sensitivity.value,
        recapture=relationship.recapture.value,
        decides_before=scenario.customers.leaving.before_paying,
        first_is_due=scenario.customers.leaving.first_period == "due",
        minor_units=minor_units(scenario.currency),
        pays_somewhere=any(touchpoint.pays for touchpoint in scenario.journey),
        believes=scenario.beliefs is not None,
    )


def joins_by(scenario: Scenario) -> int:
    """The week before which someone must join to be followed where nobody is a customer at week 0: a quarter of all.

    0 where there is somebody: those are followed then.
    """
    return 0 if scenario.customers.base.value else max(scenario.weeks // 4, 1)


def weeks_followed(scenario: Scenario) -> int:
    """For how many weeks each customer is followed: all, or three quarters where all start as non-customers."""
    return max(scenario.weeks - joins_by(scenario), 1)


def gap_shape(scenario: Scenario) -> float:
    """Shape of the Gamma law of gaps with the scenario's coefficient of variation."""
    return visiting.gap_shape(scenario.customers.gap_cv.value)


def _segments(scenario: Scenario) -> NDArray[np.void]:
    expectation = scenario.beliefs.expectation.value if scenario.beliefs else np.nan
    return rows(
        SEGMENT,
        [
            (
                *(getattr(segment, name).value for name in _TIMES),
                segment.expectation.value if segment.expectation else expectation,
                bits(scenario.channels, [c.id for c in scenario.channels if c.id not in segment.cannot_use]),
            )
            for segment in scenario.segments
        ],
    )


def _skills(scenario: Scenario) -> NDArray[np.void]:
    return rows(
        SKILL,
        [
            (s.at_start.value, s.half_life.value, s.coaching_every.value, s.coaching_restores.value)
            for s in scenario.skills
        ],
    )


def _pools(scenario: Scenario) -> NDArray[np.void]:
    return rows(
        POOL,
        [
            (
                key_of(asset.id),
                int(asset.pool.value),
                asset.breaks.value if _may_fail(scenario, asset) else 0.0,
                int(asset.reserve.value),
                position(scenario.resources, asset.repair.resource),
                *duration(asset.repair.minutes),
            )
            for asset in scenario.assets
        ],
    )


def _may_fail(scenario: Scenario, asset: Asset) -> bool:
    """Whether any failure point lets this asset be faulty: where all are off, none ever breaks."""
    lenders = {touchpoint.id for touchpoint in scenario.journey if touchpoint.borrows == asset.id}
    return any(f.on for f in scenario.failures if f.cause == "asset" and f.at in lenders)
