"""The journey lowered to arrays: touchpoints with all that may happen there, the ways on, and what is felt."""

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.experience import ATTRACTIVE, MUST_BE, PERFORMANCE, attribute
from sim.engines.lifts import Lifts
from sim.engines.randomness import key_of
from sim.engines.rows import ALL, DURATION, bits, duration, live, position, rows
from sim.kernel import kernel
from sim.scenario.journey import Attribute, Touchpoint
from sim.scenario.scenario import Scenario

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
