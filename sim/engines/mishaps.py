"""Failure points lowered to arrays: what may go wrong, and what customers then do."""

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.complaining import complaint_probability
from sim.engines.lifts import Lifts
from sim.engines.randomness import key_of
from sim.engines.rows import rows
from sim.scenario.failures import Failure
from sim.scenario.scenario import Scenario

CARRY_ON, HAND_BACK, LEAVE_SHOP = 0, 1, 2
_THEN = {"carry_on": CARRY_ON, "hand_back": HAND_BACK, "leave": LEAVE_SHOP}

FAILURE = np.dtype(
    [("key", "i8"), ("chance", "f8"), ("skill", "i8"), ("lift", "f8"), ("weight", "f8"), ("complaint", "f8")]
    + [("first_response", "i8"), ("responses", "i8"), ("of_asset", "?"), ("breaks_promise", "?"), ("decides", "?")],
    align=True,
)
RESPONSE = np.dtype([("share", "f8"), ("feels", "f8"), ("then", "i8"), ("not_in_rain", "?")], align=True)


def failures(scenario: Scenario, lifts: Lifts) -> NDArray[np.void]:
    """Rows of `FAILURE`, in the file's order."""
    table: list[tuple[object, ...]] = []
    response, deciding = 0, _deciding(scenario)
    for failure in scenario.failures:
        chance = failure.chance.value if failure.chance else 0.0
        responses = len(failure.responses)
        table.append(
            (
                key_of(failure.id),
                chance,
                *lifts.of(failure.id, "failure"),
                failure.weight.value,
                _complaint(scenario, failure),
                response,
                responses,
                failure.cause == "asset",
                failure.breaks_promise,
                failure.at in deciding,
            )
        )
        response += responses
    return rows(FAILURE, table)


def _deciding(scenario: Scenario) -> set[str]:
    """Touchpoints from which a decision whether to buy still lies ahead, there or further on."""
    deciding = {place.id for place in scenario.journey if place.converts}
    for _ in scenario.journey:
        deciding |= {place.id for place in scenario.journey if any(route.to in deciding for route in place.next)}
    return deciding


def _complaint(scenario: Scenario, failure: Failure) -> float:
    law = scenario.relationship
    if not failure.reported:
        return 0.0
    return complaint_probability(failure.severity.value, law.complaint_intercept.value, law.complaint_slope.value)


def responses(scenario: Scenario) -> NDArray[np.void]:
    """Rows of `RESPONSE`, by failure point."""
    return rows(
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


def losses(scenario: Scenario) -> NDArray[np.float64]:
    """Share of the basket lost, shape (responses, trips)."""
    shares = [
        [response.loss.value if not response.loss_on or trip.id in response.loss_on else 0.0 for trip in scenario.trips]
        for failure in scenario.failures
        for response in failure.responses
    ]
    return np.array(shares, np.float64).reshape(-1, len(scenario.trips))
