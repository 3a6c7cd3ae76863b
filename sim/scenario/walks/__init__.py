"""Who walks the journey, as far as its routes tell visits apart, and which ways on each of them takes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.journey import Route
from sim.scenario.scenario import Scenario

TOLERANCE = 1e-6
NOWHERE = -1
"""Where a route leads whose touchpoint is not there: the file has a fault then, and is checked on."""
CONDITIONS = ((False, False), (False, True), (True, False), (True, True))
"""Of a visit at a touchpoint: (has something to report, something went wrong here), as rows and columns are ordered."""


class Routes(NamedTuple):
    """All ways on in the file's order, each array of shape (routes,): where from, where to, share, and condition."""

    at: NDArray[np.int64]
    to: NDArray[np.int64]
    share: NDArray[np.float64]
    when: NDArray[np.str_]
    touchpoints: int


class Kinds(NamedTuple):
    """Kinds of visits that routes tell apart: a segment's and a trip's of whom the same routes are open are one.

    `open` has shape (routes, kinds): whether they may go there at all; `customer` and `weight`, the share of all
    visits, have shape (kinds,).
    """

    open: NDArray[np.bool_]
    customer: NDArray[np.bool_]
    weight: NDArray[np.float64]


def routes_of(scenario: Scenario) -> Routes:
    """The routes of all touchpoints, one after another."""
    places = {touchpoint.id: i for i, touchpoint in enumerate(scenario.journey)}
    every = [(i, route) for i, touchpoint in enumerate(scenario.journey) for route in touchpoint.next]
    return Routes(
        np.array([i for i, _ in every], np.int64),
        np.array([places.get(route.to, NOWHERE) for _, route in every], np.int64),
        np.array([route.share.value for _, route in every], np.float64),
        np.array([route.when for _, route in every], np.str_),
        len(scenario.journey),
    )


def kinds_of(scenario: Scenario, prospects: float) -> Kinds:
    """The kinds of visits, of which that share is made by people who have never bought."""
    routes = [route for touchpoint in scenario.journey for route in touchpoint.next]
    visits = np.array([segment.share.value * segment.visits_times.value for segment in scenario.segments])
    visits = visits / visits.sum() if visits.sum() > 0 else np.full(visits.size, 1 / visits.size)
    segments, by_segment = _merged(_open_to_segments(scenario, routes), visits)
    on_trips = _chosen([route.trips for route in routes], [trip.id for trip in scenario.trips])
    trips, by_trip = _merged(on_trips, np.array([trip.share.value for trip in scenario.trips]))
    both = (segments[:, :, None] & trips[:, None, :]).reshape(len(routes), by_segment.size * by_trip.size)
    may_go, weight = _merged(both, np.outer(by_segment, by_trip).ravel())
    if not any(route.when in ("customer", "prospect") for route in routes):
        return Kinds(may_go, np.ones(weight.size, np.bool_), weight)
    customer = np.repeat([True, False], weight.size)
    return Kinds(np.tile(may_go, 2), customer, np.concatenate([weight * (1 - prospects), weight * prospects]))


def _merged(may_go: NDArray[np.bool_], weight: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Columns (routes, n) that are alike as one, and what they weigh together."""
    packed = np.packbits(may_go, axis=0)
    _, first, which = np.unique(packed, axis=1, return_index=True, return_inverse=True)
    together = np.zeros(first.size)
    np.add.at(together, which.ravel(), weight)
    return may_go[:, first], together


def _open_to_segments(scenario: Scenario, routes: list[Route]) -> NDArray[np.bool_]:
    channel = {touchpoint.id: touchpoint.channel for touchpoint in scenario.journey}
    channels = sorted({name for name in channel.values() if name is not None})
    closed = np.array([[name in segment.cannot_use for segment in scenario.segments] for name in [*channels, None]])
    places = {name: row for row, name in enumerate([*channels, None])}
    leads = np.array([places[channel.get(route.to)] for route in routes], np.int64)
    chosen = _chosen([route.segments for route in routes], [segment.id for segment in scenario.segments])
    allowed: NDArray[np.bool_] = chosen & ~closed[leads]
    return allowed


def _chosen(sets: list[tuple[str, ...]], names: list[str]) -> NDArray[np.bool_]:
    """Which names (n,) each set (routes,) has; one that is left out has all. Shape (routes, n)."""
    places = {name: i for i, name in enumerate(names)}
    chosen = np.zeros((len(sets), len(names)), np.bool_)
    for row, one in zip(chosen, sets, strict=True):
        row[[places[name] for name in one if name in places] if one else slice(None)] = True
    return chosen


def holds(routes: Routes, kinds: Kinds, reporting: bool, failed: bool) -> NDArray[np.bool_]:
    """Which routes are open to whom, shape (routes, kinds), by what has happened on the visit so far."""
    met = np.isin(routes.when, ["always", "failed" if failed else "settled", *(["reporting"] if reporting else [])])
    buyers, strangers = ((routes.when == who)[:, None] for who in ("customer", "prospect"))
    asks = buyers & kinds.customer | strangers & ~kinds.customer
    held: NDArray[np.bool_] = kinds.open & (met[:, None] | asks)
    return held


def shares_taken(routes: Routes, held: NDArray[np.float64] | NDArray[np.bool_]) -> NDArray[np.float64]:
    """The share of those who leave a touchpoint that goes each way: at most what earlier ways on leave.

    `held` says which routes hold, shape (routes, kinds); the answer has the same shape.
    """
    shares = held * routes.share[:, None]
    summed = np.concatenate([np.zeros((1, held.shape[1])), np.cumsum(shares, axis=0)])
    first = np.searchsorted(routes.at, routes.at)
    before = summed[:-1] - summed[first]
    taken: NDArray[np.float64] = np.clip(np.minimum(shares, 1.0 - before), 0.0, None)
    return np.where(before < 1.0 - TOLERANCE, taken, 0.0)
