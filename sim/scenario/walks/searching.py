"""The search over all ways through a journey: every touchpoint can be reached, and every visit ends."""

import heapq
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.journey import Failure, Touchpoint
from sim.scenario.quantity import Finding
from sim.scenario.scenario import Scenario
from sim.scenario.walks import (
    CONDITIONS,
    NOWHERE,
    TOLERANCE,
    Kinds,
    Routes,
    holds,
    kinds_of,
    routes_of,
    shares_taken,
)

_AT_A_TIME = 256  # kinds, so that memory stays small
_MOST_REMEMBERED = 4_000
Set = int
"""Of kinds of visits, as bits."""
_EVERYBODY: Set = -1
Edges = list[dict[int, Set]]
"""From each state to others, and who goes there."""


class Searched(NamedTuple):
    """Positions of touchpoints from which some visit never ends; and how often the search went along an edge."""

    endless: frozenset[int]
    visited: int


def searched(scenario: Scenario, routes: Routes) -> Searched:
    """Where visits never end: while anything may go wrong, or while nothing ever does."""
    journey = _journey(_Alike(scenario, routes))
    onward = journey.onward(routes.share)
    at: dict[str, list[Failure]] = {touchpoint.id: [] for touchpoint in scenario.journey}
    for failure in scenario.failures:
        if failure.on and failure.at in at:
            at[failure.at].append(failure)
    endless, visited = set[int](), 0
    for fails in (True, False):
        places = [(touchpoint, at[touchpoint.id] if fails else []) for touchpoint in scenario.journey]
        edges, ending = _graph(places, onward)
        walked, there = _spread(edges, {0: (1 << journey.kinds.weight.size) - 1})
        ends, back = _spread(_turned(edges), ending)
        endless |= {state // 2 for state, who in walked.items() if who & ~ends.get(state, 0)}
        visited += there + back
    return Searched(frozenset(endless), visited)


_Place = tuple[Touchpoint, list[Failure]]
"""A touchpoint, and what may go wrong there."""


class _Onward(NamedTuple):
    """Where visits go from a touchpoint in one condition, and whose visit ends there."""

    going: dict[int, Set]
    ending: Set


class _Alike:
    """A scenario as a key: one with the same routes, whatever their shares and whatever goes wrong, is the same."""

    def __init__(self, scenario: Scenario, routes: Routes) -> None:
        self.scenario, self.routes = scenario, routes
        ways = ((place.channel, *((r.segments, r.trips) for r in place.next)) for place in scenario.journey)
        self.key = (
            *(column.tobytes() for column in (routes.at, routes.to, routes.when)),
            tuple(ways),
            tuple((segment.id, segment.cannot_use) for segment in scenario.segments),
            tuple(trip.id for trip in scenario.trips),
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and other.key == self.key


@lru_cache(maxsize=8)
def _journey(alike: _Alike) -> "_Journey":
    return _Journey(alike.scenario, alike.routes)


class _Journey:
    """Who goes where, by the shares that routes have.

    A scenario is checked in many worlds, at each end of a lever, and in most of them nearly all shares are the same: so
    what follows from those of a touchpoint is remembered.
    """

    def __init__(self, scenario: Scenario, routes: Routes) -> None:
        self.routes, self.kinds = routes, kinds_of(scenario, prospects=0.5)
        places = np.arange(routes.touchpoints + 1)
        self.first: list[int] = np.searchsorted(routes.at, places).tolist()
        self.known: dict[tuple[int, bytes], list[_Onward]] = {}

    def onward(self, share: NDArray[np.float64]) -> list[list[_Onward]]:
        """For each touchpoint the ways on in each condition, with these shares of all routes."""
        bounds = zip(self.first, self.first[1:], strict=False)
        keys = [(at, share[first:end].tobytes()) for at, (first, end) in enumerate(bounds)]
        known = {**self.known}
        if new := [at for at, _ in keys if keys[at] not in known]:
            known |= {keys[at]: found for at, found in zip(new, self._found(new, share), strict=True)}
            self.known = known if len(known) <= _MOST_REMEMBERED else {}
        return [known[key] for key in keys]

    def _found(self, places: list[int], share: NDArray[np.float64]) -> list[list[_Onward]]:
        chosen = np.isin(self.routes.at, places)
        at = np.searchsorted(places, self.routes.at[chosen])
        columns = (self.routes.to[chosen], share[chosen], self.routes.when[chosen])
        routes, kinds = Routes(at, *columns, len(places)), self.kinds._replace(open=self.kinds.open[chosen])
        by_condition = [_onward(routes, kinds, *condition) for condition in CONDITIONS]
        return [list(one) for one in zip(*by_condition, strict=True)]


def _onward(routes: Routes, kinds: Kinds, reporting: bool, failed: bool) -> list[_Onward]:
    going: list[dict[int, Set]] = [{} for _ in range(routes.touchpoints)]
    ending = [0] * routes.touchpoints
    held = holds(routes, kinds, reporting, failed)
    for first in range(0, kinds.weight.size, _AT_A_TIME):
        shares = shares_taken(routes, held[:, first : first + _AT_A_TIME])
        passed = np.zeros((routes.touchpoints, shares.shape[1]))
        np.add.at(passed, routes.at, shares)
        for at, to, who in zip(routes.at.tolist(), routes.to.tolist(), _sets(shares > 0), strict=True):
            if who and to != NOWHERE:
                going[at][to] = going[at].get(to, 0) | who << first
        for at, who in enumerate(_sets(passed < 1.0 - TOLERANCE)):
            ending[at] |= who << first
    return [_Onward(*one) for one in zip(going, ending, strict=True)]


def _sets(members: NDArray[np.bool_]) -> list[Set]:
    """Rows (n, kinds) as sets."""
    return [int.from_bytes(row.tobytes(), "little") for row in np.packbits(members, axis=1, bitorder="little")]


def _graph(places: Sequence[_Place], onward: list[list[_Onward]]) -> tuple[Edges, dict[int, Set]]:
    """The edges between states, twice a touchpoint's position and one more with something to report; and who ends."""
    edges: Edges = [{} for _ in range(2 * len(places))]
    ending: dict[int, Set] = {}
    for i, (place, failures) in enumerate(places):
        says_no = place.converts is not None and place.converts.chance.value < 1
        for before in (False, True):
            state = 2 * i + before
            for failed, reporting in _met(place, failures, before):
                found = onward[i][CONDITIONS.index((reporting, failed))]
                ending[state] = ending.get(state, 0) | (_EVERYBODY if says_no else found.ending)
                for to, who in found.going.items():
                    edges[state][2 * to + reporting] = edges[state].get(2 * to + reporting, 0) | who
    return edges, ending


def _met(place: Touchpoint, failures: list[Failure], before: bool) -> Iterator[tuple[bool, bool]]:
    """Whether something failed here, and whether there is something to report on leaving: all that may be.

    There may be, unless it was heard or settled here; and where it came up here.
    """
    certain = any(failure.chance is not None and failure.chance.value >= 1 for failure in failures)
    unanswered = place.contact is not None and place.contact.resolves.value <= 0
    certain = certain or (unanswered and any(failure.cause == "unresolved" for failure in failures))
    is_reported = any(failure.reported for failure in failures)
    for failed in [True] if certain else [True, False] if failures else [False]:
        heard = place.hears_reports is not None or (place.contact is not None and not failed)
        came_up = {True} if failed and is_reported else set[bool]()
        yield from ((failed, reporting) for reporting in {before and not heard} | came_up)


def _turned(edges: Edges) -> Edges:
    back: Edges = [{} for _ in edges]
    for state, onward in enumerate(edges):
        for to, who in onward.items():
            back[to][state] = who
    return back


def _spread(edges: Edges, starts: dict[int, Set]) -> tuple[dict[int, Set], int]:
    """Which kinds come to each state along the edges from where they start, and how often an edge was visited."""
    there = {state: who for state, who in starts.items() if who}
    new, ahead, visited = dict(there), [(_turn(who), state) for state, who in there.items()], 0
    heapq.heapify(ahead)
    while ahead:
        _, state = heapq.heappop(ahead)
        coming = new.pop(state, 0)
        for to, who in edges[state].items() if coming else ():
            visited += 1
            if first_time := coming & who & ~there.get(to, 0):
                there[to] = there.get(to, 0) | first_time
                new[to] = new.get(to, 0) | first_time
                heapq.heappush(ahead, (_turn(new[to]), to))
    return there, visited


def _turn(who: Set) -> float:
    """Whose turn it is: the larger a set, the sooner."""
    return -who.bit_count() if who >= 0 else -np.inf


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Touchpoints that nobody reaches, those from which some visitor could never leave, and a closed front door."""
    routes = routes_of(scenario)
    drawn, endless = _drawn(routes), searched(scenario, routes).endless
    for i in range(len(scenario.journey)):
        if i not in drawn:
            yield ("journey", i), "no route leads here; allowed: touchpoints reached from the first"
        elif i in endless:
            allowed = "allowed: a way on that ends, whatever goes wrong"
            yield ("journey", i, "next"), f"not every visit that comes here ends; {allowed}"
    begins = scenario.journey[0].channel or scenario.channels[0].id
    for i, segment in enumerate(scenario.segments):
        if begins in segment.cannot_use:
            yield ("segments", i, "cannot_use"), f'found "{begins}", where every visit begins; allowed: other channels'


def _drawn(routes: Routes) -> set[int]:
    """Touchpoints to which ways are drawn from the first, taken or not.

    Nobody need take a way: a share may be 0, and a way of those whom something failed stays empty when nothing does.
    """
    onward: dict[int, list[int]] = {}
    for at, to in zip(routes.at.tolist(), routes.to.tolist(), strict=True):
        onward.setdefault(at, []).append(to)
    drawn, ahead = {0}, [0]
    while ahead:
        new = set(onward.get(ahead.pop(), ())) - drawn
        drawn |= new
        ahead += new
    return drawn
