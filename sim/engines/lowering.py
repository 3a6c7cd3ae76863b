"""Journey and failure points lowered to arrays: names become positions, and what may happen where stands in rows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.chance import EXPONENTIAL, FIXED, LOGNORMAL
from sim.behaviour.experience import ATTRACTIVE, MUST_BE, PERFORMANCE, attribute
from sim.behaviour.telling import complaint_probability
from sim.engines.randomness import key_of
from sim.kernel import kernel
from sim.scenario.journey import Attribute, Duration, Failure, Touchpoint
from sim.scenario.quantity import Named
from sim.scenario.scenario import Scenario

DURATION = [("law", "i8"), ("mean", "f8"), ("log_sd", "f8")]
ALL = -1
_LAWS = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}
_AT_ONCE = Duration.model_validate({"mean": 0})


def rows(dtype: np.dtype[np.void], values: Sequence[tuple[object, ...]]) -> NDArray[np.void]:
    """A structured array, one row each."""
    return np.array(list(values), dtype)


def position(items: Sequence[Named], name: str | None) -> int:
    """Where the one of that name stands; -1 for no name."""
    return -1 if name is None else [item.id for item in items].index(name)


def bits(items: Sequence[Named], chosen: Sequence[str]) -> int:
    """The chosen ones as bits of a whole number."""
    return sum(1 << place for place, item in enumerate(items) if item.id in chosen)


def duration(given: Duration | None) -> tuple[int, float, float]:
    """The law, mean and spread of a duration; none at all takes no time."""
    known = given or _AT_ONCE
    return _LAWS[known.law], known.mean.value, known.log_sd.value


def live(scenario: Scenario, touchpoint: Touchpoint, cause: str) -> list[int]:
    """Positions of the failure points of that cause that are on at that touchpoint."""
    return [
        position
        for position, failure in enumerate(scenario.failures)
        if failure.on and failure.at == touchpoint.id and failure.cause == cause
    ]


NO_SKILL = -1


class Lifts(NamedTuple):
    """Position of a skill and its log-odds at full skill, by what it lifts: (touchpoint or failure, rate)."""

    by_rate: dict[tuple[str, str], tuple[int, float]]

    def of(self, at: str, rate: str) -> tuple[int, float]:
        """The skill that lifts that rate there and by how much; NO_SKILL and 0 where none does."""
        return self.by_rate.get((at, rate), (NO_SKILL, 0.0))


def lifts_of(scenario: Scenario) -> Lifts:
    """The lifts of every skill of a scenario that has passed its checks: at most one a rate."""
    return Lifts(
        {
            (lift.at, lift.rate): (position, lift.log_odds.value)
            for position, skill in enumerate(scenario.skills)
            for lift in skill.lifts
        }
    )


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
RESPONSE = np.dtype([("feels", "f8"), ("then", "i8"), ("not_in_rain", "?")], align=True)


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
                response.feels.value,
                _THEN[response.then],
                response.not_in_rain,
            )
            for failure in scenario.failures
            for response in failure.responses
        ],
    )


def response_shares(scenario: Scenario) -> NDArray[np.float64]:
    """How many choose each response, by failure point; shape (responses,). The first takes whatever is left."""
    given = [response.share for failure in scenario.failures for response in failure.responses]
    return np.array([share.value if share else 0.0 for share in given], np.float64)


def losses(scenario: Scenario) -> NDArray[np.float64]:
    """Share of the basket lost, shape (responses, trips)."""
    shares = [
        [response.loss.value if not response.loss_on or trip.id in response.loss_on else 0.0 for trip in scenario.trips]
        for failure in scenario.failures
        for response in failure.responses
    ]
    return np.array(shares, np.float64).reshape(-1, len(scenario.trips))


ALWAYS, REPORTING, FAILED, SETTLED, CUSTOMER, PROSPECT = range(6)
_WHEN = {
    "always": ALWAYS,
    "reporting": REPORTING,
    "failed": FAILED,
    "settled": SETTLED,
    "customer": CUSTOMER,
    "prospect": PROSPECT,
}
_KINDS = {"performance": PERFORMANCE, "must_be": MUST_BE, "attractive": ATTRACTIVE}
_ONE_EACH = ("asset", "shortage", "wait", "promise", "unresolved", "intrusion")

TOUCHPOINT = np.dtype(
    [
        ("key", "i8"),
        ("timed", "?"),
        *DURATION,
        ("grows", "?"),
        ("pays", "?"),
        ("resource", "i8"),
        ("patience", "f8"),
    ]
    + [(name, "i8") for name in ("borrows", "hears", "first_route", "routes", "first_chance", "chances")]
    + [(name, "i8") for name in ("on_asset", "on_shortage", "on_wait", "on_promise", "on_unresolved", "on_intrusion")]
    + [(name, "i8") for name in ("channel", "balks_at", "first_attribute", "attributes")]
    + [(name, "f8") for name in ("permission", "claim", "known", "delivers", "spread")]
    + [("contact", "?"), ("resolves", "f8"), ("resolves_skill", "i8"), ("resolves_lift", "f8")]
    + [("restores", "f8"), ("refund", "f8"), ("converts", "f8"), ("converts_skill", "i8"), ("converts_lift", "f8")]
    + [("cross_sells", "f8"), ("cross_spend", "f8"), ("cross_log_sd", "f8"), ("deals", "?"), ("always_acts", "?")],
    align=True,
)
ROUTE = np.dtype([("to", "i8"), ("share", "f8"), ("when", "i8"), ("segments", "i8"), ("trips", "i8")], align=True)
ATTRIBUTE = np.dtype([("level", "f8"), ("weight", "f8")])


@kernel
def holds(when: int, reporting: bool, failed: bool, customer: bool) -> bool:
    """Whether a route's condition is met by what has happened on the visit so far."""
    if when == REPORTING:
        return reporting
    if when == FAILED:
        return failed
    if when == SETTLED:
        return not failed
    if when == CUSTOMER:
        return customer
    return when == ALWAYS or not customer


def touchpoints(scenario: Scenario, lifts: Lifts) -> NDArray[np.void]:
    """Rows of `TOUCHPOINT`, in the file's order."""
    table: list[tuple[object, ...]] = []
    route, chance, felt = 0, 0, 0
    for touchpoint in scenario.journey:
        chances = len(live(scenario, touchpoint, "chance"))
        table.append(
            (
                key_of(touchpoint.id),
                touchpoint.minutes is not None,
                *duration(touchpoint.minutes),
                touchpoint.grows_with_trip,
                touchpoint.pays,
                position(scenario.resources, touchpoint.resource),
                touchpoint.patience.value if touchpoint.patience else np.inf,
                position(scenario.assets, touchpoint.borrows),
                position(scenario.assets, touchpoint.hears_reports),
                route,
                len(touchpoint.next),
                chance,
                chances,
                *(next(iter(live(scenario, touchpoint, cause)), -1) for cause in _ONE_EACH),
                position(scenario.channels, touchpoint.channel),
                -1 if touchpoint.balks_at is None else int(touchpoint.balks_at.value),
                felt,
                len(_attributes_of(scenario, touchpoint)),
                *_promises(touchpoint),
                *_offers(scenario, touchpoint, lifts),
                _deals(touchpoint),
                _always_acts(scenario, touchpoint),
            )
        )
        felt += len(_attributes_of(scenario, touchpoint))
        route += len(touchpoint.next)
        chance += chances
    return rows(TOUCHPOINT, table)


def _promises(touchpoint: Touchpoint) -> tuple[float, ...]:
    claim, delivers = touchpoint.claim, touchpoint.delivers
    return (
        touchpoint.permission.value,
        claim.level.value if claim else np.nan,
        claim.known.value if claim and claim.known else np.nan,
        delivers.level.value if delivers else np.nan,
        delivers.spread.value if delivers else 0.0,
    )


def _offers(scenario: Scenario, touchpoint: Touchpoint, lifts: Lifts) -> tuple[object, ...]:
    contact, converts, more = touchpoint.contact, touchpoint.converts, touchpoint.cross_sells
    return (
        contact is not None,
        1.0 if _always_acts(scenario, touchpoint) else contact.resolves.value if contact else np.nan,
        *lifts.of(touchpoint.id, "resolution"),
        contact.restores.value if contact else 0.0,
        contact.refund.value if contact else 0.0,
        converts.chance.value if converts else np.nan,
        *lifts.of(touchpoint.id, "conversion"),
        more.chance.value if more else np.nan,
        more.spend.value if more else 0.0,
        more.spend_log_sd.value if more else 0.0,
    )


def _deals(touchpoint: Touchpoint) -> bool:
    """Whether anything is settled before leaving."""
    kinds = (touchpoint.delivers, touchpoint.contact, touchpoint.converts, touchpoint.cross_sells)
    return any(kind is not None for kind in kinds)


def _always_acts(scenario: Scenario, touchpoint: Touchpoint) -> bool:
    """Whether every report heard here is acted on: its failure to resolve them is switched off."""
    return any(f.at == touchpoint.id and f.cause == "unresolved" and not f.on for f in scenario.failures)


def _attributes_of(scenario: Scenario, touchpoint: Touchpoint) -> list[Attribute]:
    return [one for one in scenario.attributes if one.at == touchpoint.id]


def attributes(scenario: Scenario) -> NDArray[np.void]:
    """Rows of `ATTRIBUTE`, by touchpoint; the level is what is felt of it, by its kind."""
    felt = [one for place in scenario.journey for one in _attributes_of(scenario, place)]
    return rows(ATTRIBUTE, [(attribute(a.level.value, _KINDS[a.kind]), a.weight.value) for a in felt])


def routes(scenario: Scenario) -> NDArray[np.void]:
    """Rows of `ROUTE`, by touchpoint."""
    return rows(
        ROUTE,
        [
            (
                position(scenario.journey, route.to),
                route.share.value,
                _WHEN[route.when],
                bits(scenario.segments, route.segments) if route.segments else ALL,
                bits(scenario.trips, route.trips) if route.trips else ALL,
            )
            for touchpoint in scenario.journey
            for route in touchpoint.next
        ],
    )


def chance_failures(scenario: Scenario) -> NDArray[np.int64]:
    """Positions of the failure points of the cause `chance` that are on, by touchpoint."""
    found = [failure for place in scenario.journey for failure in live(scenario, place, "chance")]
    return np.array(found, np.int64)
