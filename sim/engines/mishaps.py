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
    + [
        ("first_response", "i8"),
        ("responses", "i8"),
        ("of_asset", "?"),
        ("breaks_promise", "?"),
        ("prospect_odds", "f8"),
        ("customer_odds", "f8"),
    ],
    align=True,
)
RESPONSE = np.dtype([("share", "f8"), ("feels", "f8"), ("then", "i8"), ("not_in_rain", "?")], align=True)


def failures(scenario: Scenario, lifts: Lifts) -> NDArray[np.void]:
    """Rows of `FAILURE`, in the file's order."""
    table: list[tuple[object, ...]] = []
    response, odds = 0, {known: _odds(scenario, known) for known in (False, True)}
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
                odds[False][failure.at],
                odds[True][failure.at],
            )
        )
        response += responses
    return rows(FAILURE, table)


def _odds(scenario: Scenario, is_customer: bool) -> dict[str, float]:
    """The chance that a visit at a touchpoint still comes to a purchase, by the decisions there and further on.

    At the expectation and trust that everybody starts with, on the likeliest way open to customers, or to prospects.
    """
    closed = "prospect" if is_customer else "customer"
    odds = dict.fromkeys((place.id for place in scenario.journey), 1.0)
    for _ in scenario.journey:
        for place in reversed(scenario.journey):
            onward = [odds[route.to] for route in place.next if route.when != closed]
            chance = place.converts.chance.value if place.converts else 1.0
            odds[place.id] = chance * max(onward, default=1.0)
    return odds


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
