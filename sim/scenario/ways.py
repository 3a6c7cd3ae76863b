"""Ways through a journey: that every touchpoint can be reached, and that every visit which comes there can end."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from sim.scenario.failures import Failure
from sim.scenario.journey import Route, Touchpoint
from sim.scenario.market import Segment
from sim.scenario.part import Finding
from sim.scenario.scenario import Scenario

_TOLERANCE = 1e-6
State = tuple[str, bool]
"""A touchpoint, and whether the customer has something to report on coming there."""


class _Visitor(NamedTuple):
    """Who walks the journey: what no visit changes and routes may ask for, and whether anything can go wrong."""

    segment: Segment
    trip: str
    is_customer: bool
    is_unbroken: bool


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Touchpoints that nobody reaches, those from which some visitor could never leave, and a closed front door."""
    drawn = _drawn(scenario)
    endless = {name for visitor in _visitors(scenario) for name in _stuck(scenario, visitor)}
    for i, touchpoint in enumerate(scenario.journey):
        if touchpoint.id not in drawn:
            yield ("journey", i), "no route leads here; allowed: touchpoints reached from the first"
        elif touchpoint.id in endless:
            allowed = "allowed: a way on that ends, whatever goes wrong"
            yield ("journey", i, "next"), f"not every visit that comes here ends; {allowed}"
    begins = scenario.journey[0].channel or scenario.channels[0].id
    for i, segment in enumerate(scenario.segments):
        if begins in segment.cannot_use:
            yield ("segments", i, "cannot_use"), f'found "{begins}", where every visit begins; allowed: other channels'


def _drawn(scenario: Scenario) -> set[str]:
    """Touchpoints to which ways are drawn from the first, taken or not.

    Nobody need take a way: a share may be 0, and a way of those whom something failed stays empty when nothing does.
    """
    drawn = {scenario.journey[0].id}
    for _ in scenario.journey:
        drawn |= {route.to for place in scenario.journey if place.id in drawn for route in place.next}
    return drawn


def _visitors(scenario: Scenario) -> Iterator[_Visitor]:
    """One of each kind that any route tells apart."""
    routes = [route for touchpoint in scenario.journey for route in touchpoint.next]
    by_segment = any(segment.cannot_use for segment in scenario.segments) or any(route.segments for route in routes)
    segments = scenario.segments if by_segment else scenario.segments[:1]
    trips = scenario.trips if any(route.trips for route in routes) else scenario.trips[:1]
    kinds = (True, False) if any(route.when in ("customer", "prospect") for route in routes) else (True,)
    for segment, trip, is_customer, is_unbroken in product(segments, trips, kinds, (False, True)):
        yield _Visitor(segment, trip.id, is_customer, is_unbroken)


def _stuck(scenario: Scenario, visitor: _Visitor) -> set[str]:
    """Touchpoints to which this visitor comes and from which the visit cannot end."""
    states = [(touchpoint, reporting) for touchpoint in scenario.journey for reporting in (False, True)]
    ways = {(place.id, reporting): _ways(scenario, place, visitor, reporting) for place, reporting in states}
    ending = {state for state, onward in ways.items() if None in onward}
    walked = {(scenario.journey[0].id, False)}
    for _ in ways:
        ending |= {state for state, onward in ways.items() if onward & ending}
        walked |= {to for state in walked for to in ways.get(state, ()) if to is not None}
    return {name for name, _ in walked - ending}


def _ways(scenario: Scenario, touchpoint: Touchpoint, visitor: _Visitor, reporting: bool) -> set[State | None]:
    """Where a visit may go from here, None for its end, with something to report or without."""
    says_no = touchpoint.converts is not None and touchpoint.converts.chance.value < 1
    ways: set[State | None] = {None} if says_no else set()
    failures = [] if visitor.is_unbroken else [f for f in scenario.failures if f.at == touchpoint.id and f.on]
    for failed in _outcomes(touchpoint, failures):
        for report in _reporting(touchpoint, failures, reporting, failed):
            ways |= _onward(scenario, touchpoint, visitor, report, failed)
    return ways


def _outcomes(touchpoint: Touchpoint, failures: list[Failure]) -> list[bool]:
    """Whether something may fail here, and whether nothing may."""
    certain = any(failure.chance is not None and failure.chance.value >= 1 for failure in failures)
    unanswered = touchpoint.contact is not None and touchpoint.contact.resolves.value <= 0
    certain = certain or (unanswered and any(failure.cause == "unresolved" for failure in failures))
    return [True] if certain else [True, False] if failures else [False]


def _reporting(touchpoint: Touchpoint, failures: list[Failure], before: bool, failed: bool) -> set[bool]:
    """Whether there may be something to report on leaving: unless it was heard or settled here, or came up here."""
    heard = touchpoint.hears_reports is not None or (touchpoint.contact is not None and not failed)
    comes_up = failed and any(failure.reported for failure in failures)
    return {before and not heard} | ({True} if comes_up else set())


def _onward(
    scenario: Scenario, touchpoint: Touchpoint, visitor: _Visitor, reporting: bool, failed: bool
) -> set[State | None]:
    onward: set[State | None] = set()
    passed = 0.0
    for route in touchpoint.next:
        open_to = _is_open(scenario, route, visitor, reporting, failed)
        if open_to and passed < 1 - _TOLERANCE and route.share.value > 0:
            onward.add((route.to, reporting))
            passed += route.share.value
    return onward if passed >= 1 - _TOLERANCE else onward | {None}


def _is_open(scenario: Scenario, route: Route, visitor: _Visitor, reporting: bool, failed: bool) -> bool:
    holds = {
        "always": True,
        "reporting": reporting,
        "failed": failed,
        "settled": not failed,
        "customer": visitor.is_customer,
        "prospect": not visitor.is_customer,
    }[route.when]
    channels = [place.channel for place in scenario.journey if place.id == route.to]
    chosen = (not route.segments or visitor.segment.id in route.segments) and (
        not route.trips or visitor.trip in route.trips
    )
    return holds and chosen and not any(channel in visitor.segment.cannot_use for channel in channels)
