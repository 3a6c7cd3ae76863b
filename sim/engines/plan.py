"""A scenario lowered to plain arrays: names become positions, quantities their values. Both engines read it.

Where a failure point is off, nothing here refers to it: positions of -1 mean "none".
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour import visiting
from sim.behaviour.chance import EXPONENTIAL, FIXED, LOGNORMAL
from sim.behaviour.complaining import complaint_probability
from sim.engines.calendar import DAY, WEEK, guide_to, operational_clock
from sim.engines.randomness import key_of
from sim.scenario.failures import Failure
from sim.scenario.journey import Asset, Duration, Touchpoint
from sim.scenario.part import Named
from sim.scenario.scenario import Scenario

CARRY_ON, HAND_BACK, LEAVE_SHOP = 0, 1, 2
_THEN = {"carry_on": CARRY_ON, "hand_back": HAND_BACK, "leave": LEAVE_SHOP}
_LAWS = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}
_AT_ONCE = Duration.model_validate({"mean": 0})
_MINOR_UNITS = {"JPY": 1, "KRW": 1, "ISK": 1, "VND": 1, "BHD": 1000, "KWD": 1000, "OMR": 1000, "TND": 1000}

_DURATION = [("law", "i8"), ("mean", "f8"), ("log_sd", "f8")]
TOUCHPOINT = np.dtype(
    [
        ("key", "i8"),
        ("timed", "?"),
        *_DURATION,
        ("grows", "?"),
        ("pays", "?"),
        ("resource", "i8"),
        ("patience", "f8"),
    ]
    + [(name, "i8") for name in ("borrows", "hears", "first_route", "routes", "first_chance", "chances")]
    + [(name, "i8") for name in ("on_asset", "on_shortage", "on_wait", "on_unresolved")]
    + [("always_acts", "?")],
    align=True,
)
ROUTE = np.dtype([("to", "i8"), ("share", "f8"), ("reporting", "?")], align=True)
FAILURE = np.dtype(
    [("key", "i8"), ("chance", "f8"), ("weight", "f8"), ("complaint", "f8")]
    + [("first_response", "i8"), ("responses", "i8")]
)
RESPONSE = np.dtype([("share", "f8"), ("feels", "f8"), ("then", "i8"), ("not_in_rain", "?")], align=True)
POOL = np.dtype([("key", "i8"), ("size", "i8"), ("breaks", "f8"), ("reserve", "i8"), ("repairer", "i8"), *_DURATION])
TRIP = np.dtype([(name, "f8") for name in ("share", "spend", "log_sd", "time_times", "borrows")])
SEGMENT = np.dtype([(name, "f8") for name in ("share", "visits_times", "spend_times", "patience_times", "hurt_times")])


class Plan(NamedTuple):
    """Everything an engine needs of a scenario; times in minutes since the start of week 0, money in minor units.

    `chance_failures` lists failures of the cause `chance` by touchpoint; `losses` has shape (responses, trips).
    """

    touchpoints: NDArray[np.void]
    routes: NDArray[np.void]
    failures: NDArray[np.void]
    chance_failures: NDArray[np.int64]
    responses: NDArray[np.void]
    losses: NDArray[np.float64]
    servers: NDArray[np.int64]
    pools: NDArray[np.void]
    trips: NDArray[np.void]
    segments: NDArray[np.void]
    minutes: NDArray[np.float64]
    op_weeks: NDArray[np.float64]
    guide: NDArray[np.int64]
    gaps: NDArray[np.float64]
    starts: float
    ends: float
    weeks: int
    reference: float
    loss_aversion: float
    gain: float
    leaving_sensitivity: float
    recapture: float
    minor_units: int
    pays_somewhere: bool


def minor_units(currency: str) -> int:
    """How many minor units (pence) make one unit of that ISO 4217 currency."""
    return _MINOR_UNITS.get(currency, 100)


def plan_of(scenario: Scenario) -> Plan:
    """Lower a scenario that has passed its checks."""
    relationship = scenario.relationship
    minutes, op_weeks = operational_clock(scenario.calendar, -scenario.warm_up_days, scenario.weeks * 7)
    return Plan(
        touchpoints=_touchpoints(scenario),
        routes=_routes(scenario),
        failures=_failures(scenario),
        chance_failures=_chance_failures(scenario),
        responses=_responses(scenario),
        losses=_losses(scenario),
        servers=np.array([int(resource.servers.value) for resource in scenario.resources], np.int64),
        pools=_pools(scenario),
        trips=_rows(
            TRIP,
            [
                (t.share.value, t.spend.value, t.spend_log_sd.value, t.time_times.value, t.borrows.value)
                for t in scenario.trips
            ],
        ),
        segments=_rows(
            SEGMENT,
            [tuple(getattr(segment, name).value for name in SEGMENT.names or ()) for segment in scenario.segments],
        ),
        minutes=minutes,
        op_weeks=op_weeks,
        guide=guide_to(op_weeks),
        gaps=visiting.gap_table(gap_shape(scenario)),
        starts=float(-scenario.warm_up_days * DAY),
        ends=float(scenario.weeks * WEEK),
        weeks=scenario.weeks,
        reference=relationship.reference.value,
        loss_aversion=relationship.loss_aversion.value,
        gain=relationship.gain.value,
        leaving_sensitivity=relationship.leaving_sensitivity.value,
        recapture=relationship.recapture.value,
        minor_units=minor_units(scenario.currency),
        pays_somewhere=any(touchpoint.pays for touchpoint in scenario.journey),
    )


def gap_shape(scenario: Scenario) -> float:
    """Shape of the Gamma law of gaps with the scenario's coefficient of variation."""
    return visiting.gap_shape(scenario.customers.gap_cv.value)


def _rows(dtype: np.dtype[np.void], rows: Sequence[tuple[object, ...]]) -> NDArray[np.void]:
    return np.array(list(rows), dtype)


def _position(items: Sequence[Named], name: str | None) -> int:
    return -1 if name is None else [item.id for item in items].index(name)


def _duration(duration: Duration | None) -> tuple[int, float, float]:
    duration = duration or _AT_ONCE
    return _LAWS[duration.law], duration.mean.value, duration.log_sd.value


def _live(scenario: Scenario, touchpoint: Touchpoint, cause: str) -> list[int]:
    """Positions of the failure points of that cause that are on at that touchpoint."""
    return [
        position
        for position, failure in enumerate(scenario.failures)
        if failure.on and failure.at == touchpoint.id and failure.cause == cause
    ]


def _first(positions: list[int]) -> int:
    return positions[0] if positions else -1


def _touchpoints(scenario: Scenario) -> NDArray[np.void]:
    rows: list[tuple[object, ...]] = []
    route, chance = 0, 0
    for touchpoint in scenario.journey:
        chances = len(_live(scenario, touchpoint, "chance"))
        rows.append(
            (
                key_of(touchpoint.id),
                touchpoint.minutes is not None,
                *_duration(touchpoint.minutes),
                touchpoint.grows_with_trip,
                touchpoint.pays,
                _position(scenario.resources, touchpoint.resource),
                touchpoint.patience.value if touchpoint.patience else np.inf,
                _position(scenario.assets, touchpoint.borrows),
                _position(scenario.assets, touchpoint.hears_reports),
                route,
                len(touchpoint.next),
                chance,
                chances,
                *(_first(_live(scenario, touchpoint, cause)) for cause in ("asset", "shortage", "wait", "unresolved")),
                _always_acts(scenario, touchpoint),
            )
        )
        route += len(touchpoint.next)
        chance += chances
    return _rows(TOUCHPOINT, rows)


def _always_acts(scenario: Scenario, touchpoint: Touchpoint) -> bool:
    """Whether every report heard here is acted on: its failure to resolve them is switched off."""
    return any(f.at == touchpoint.id and f.cause == "unresolved" and not f.on for f in scenario.failures)


def _routes(scenario: Scenario) -> NDArray[np.void]:
    return _rows(
        ROUTE,
        [
            (_position(scenario.journey, route.to), route.share.value, route.when == "reporting")
            for touchpoint in scenario.journey
            for route in touchpoint.next
        ],
    )


def _chance_failures(scenario: Scenario) -> NDArray[np.int64]:
    found = [position for place in scenario.journey for position in _live(scenario, place, "chance")]
    return np.array(found, np.int64)


def _failures(scenario: Scenario) -> NDArray[np.void]:
    rows: list[tuple[object, ...]] = []
    response = 0
    for failure in scenario.failures:
        chance = failure.chance.value if failure.chance else 0.0
        responses = len(failure.responses)
        rows.append(
            (
                key_of(failure.id),
                chance,
                failure.weight.value,
                _complaint(scenario, failure),
                response,
                responses,
            )
        )
        response += responses
    return _rows(FAILURE, rows)


def _complaint(scenario: Scenario, failure: Failure) -> float:
    law = scenario.relationship
    if not failure.reported:
        return 0.0
    return complaint_probability(failure.severity.value, law.complaint_intercept.value, law.complaint_slope.value)


def _responses(scenario: Scenario) -> NDArray[np.void]:
    return _rows(
        RESPONSE,
        [
            (
                response.share.value if response.share else 0.0,
                response.feels.value,
                _THEN[response.then],
                response.not_in_rain,
            )
            for failure in scenario.failures
            for response in failure.responses
        ],
    )


def _losses(scenario: Scenario) -> NDArray[np.float64]:
    rows = [
        [response.loss.value if not response.loss_on or trip.id in response.loss_on else 0.0 for trip in scenario.trips]
        for failure in scenario.failures
        for response in failure.responses
    ]
    return np.array(rows, np.float64).reshape(-1, len(scenario.trips))


def _pools(scenario: Scenario) -> NDArray[np.void]:
    return _rows(
        POOL,
        [
            (
                key_of(asset.id),
                int(asset.pool.value),
                asset.breaks.value if _may_fail(scenario, asset) else 0.0,
                int(asset.reserve.value),
                _position(scenario.resources, asset.repair.resource),
                *_duration(asset.repair.minutes),
            )
            for asset in scenario.assets
        ],
    )


def _may_fail(scenario: Scenario, asset: Asset) -> bool:
    """Whether any failure point lets this asset be faulty: where all are off, none ever breaks."""
    lenders = {touchpoint.id for touchpoint in scenario.journey if touchpoint.borrows == asset.id}
    return any(f.on for f in scenario.failures if f.cause == "asset" and f.at in lenders)
