"""Ways through a journey: that every touchpoint can be reached, and that every visit which comes there can end."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from sim.scenario.journey import Route, Touchpoint
from sim.scenario.market import Segment
from sim.scenario.part import Finding
from sim.scenario.scenario import Scenario

_TOLERANCE = 1e-6
State = tuple[str, bool]
"""A touchpoint, and whether the customer has something to report on leaving it."""


class _Visitor(NamedTuple):
    """Who walks the journey: what cannot change on a visit and routes may ask for."""

    segment: Segment
    trip: str
    is_customer: bool


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Touchpoints that nobody reaches, and those from which some visitor could never leave."""
    reached, endless = set(), set()
    for visitor in _visitors(scenario):
        here, stuck = _walk(scenario, visitor)
        reached |= here
        endless |= stuck
    for i, touchpoint in enumerate(scenario.journey):
        if touchpoint.id not in reached:
            yield ("journey", i), "no route leads here; allowed: touchpoints reached from the first"
        elif touchpoint.id in endless:
            yield ("journey", i, "next"), "not every visit that comes here ends; allowed: a way on that ends"


def _visitors(scenario: Scenario) -> Iterator[_Visitor]:
    """One of each kind that any route tells apart."""
    routes = [route for touchpoint in scenario.journey for route in touchpoint.next]
    by_segment = any(segment.cannot_use for segment in scenario.segments) or any(route.segments for route in routes)
    segments = scenario.segments if by_segment else scenario.segments[:1]
    trips = scenario.trips if any(route.trips for route in routes) else scenario.trips[:1]
    kinds = (True, False) if any(route.when in ("customer", "prospect") for route in routes) else (True,)
    for segment, trip, is_customer in product(segments, trips, kinds):
        yield _Visitor(segment, trip.id, is_customer)


def _walk(scenario: Scenario, visitor: _Visitor) -> tuple[set[str], set[str]]:
    """Touchpoints to which ways are drawn, taken or not, and those walked to from which the visit cannot end.

    Nobody need take a way: a share may be 0, and a way of those whom something failed stays empty when nothing does.
    """
    states = [(touchpoint, reporting) for touchpoint in scenario.journey for reporting in (False, True)]
    ways = {(place.id, reporting): _ways(scenario, place, visitor, reporting) for place, reporting in states}
    ending = {state for state, onward in ways.items() if None in onward}
    walked, drawn = {(scenario.journey[0].id, False), (scenario.journey[0].id, True)}, {scenario.journey[0].id}
    for _ in ways:
        ending |= {state for state, onward in ways.items() if onward & ending}
        walked |= {to for state in walked for to in ways.get(state, ()) if to is not None}
        drawn |= {route.to for place in scenario.journey if place.id in drawn for route in place.next}
    return drawn, {name for name, _ in walked - ending}


def _ways(scenario: Scenario, touchpoint: Touchpoint, visitor: _Visitor, reporting: bool) -> set[State | None]:
    """Where a visit may go from here, None for its end, with something to report or without."""
    says_no = touchpoint.converts is not None and touchpoint.converts.chance.value < 1
    ways: set[State | None] = {None} if says_no else set()
    for failed in _outcomes(scenario, touchpoint):
        still = reporting and touchpoint.hears_reports is None and (touchpoint.contact is None or failed)
        ways |= _onward(scenario, touchpoint, visitor, still, failed)
    return ways


def _outcomes(scenario: Scenario, touchpoint: Touchpoint) -> list[bool]:
    """Whether something may fail here, and whether nothing may."""
    here = [failure for failure in scenario.failures if failure.at == touchpoint.id and failure.on]
    certain = any(failure.chance is not None and failure.chance.value >= 1 for failure in here)
    unanswered = touchpoint.contact is not None and touchpoint.contact.resolves.value <= 0
    certain = certain or (unanswered and any(failure.cause == "unresolved" for failure in here))
    return [True] if certain else [True, False] if here else [False]


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
