"""Ways through a journey: that every touchpoint can be reached, and that every visit which comes there can end.

The search is over states, a touchpoint and whether there is something to report on coming there, and is done for all
kinds of visits at once: a set of kinds is the bits of a whole number, and an edge passes on only kinds that have not
come by before. So it is visited at most once for each kind, and mostly once for all of them.
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.failures import Failure
from sim.scenario.inside import CONDITIONS
from sim.scenario.journey import Touchpoint
from sim.scenario.part import Finding
from sim.scenario.scenario import Scenario
from sim.scenario.walking import NOWHERE, TOLERANCE, Kinds, Routes, holds, kinds_of, routes_of, shares_taken

_AT_A_TIME = 256  # kinds, so that memory stays small
Set = int
"""Of kinds of visits, as bits."""
Edges = list[dict[int, Set]]
"""From each state to others, and who goes there."""


class Searched(NamedTuple):
    """Positions of touchpoints from which some visit never ends; and how often the search went along an edge."""

    endless: set[int]
    visited: int


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


def searched(scenario: Scenario, routes: Routes) -> Searched:
    """Where visits never end: while anything may go wrong, or while nothing ever does."""
    kinds = kinds_of(scenario, prospects=0.5)
    onward = [_onward(routes, kinds, *condition) for condition in CONDITIONS]
    endless, visited = set[int](), 0
    for failures in (_failures_at(scenario), {}):
        edges, ending = _graph(scenario, onward, failures)
        walked, there = _spread(edges, {0: _all(kinds)})
        ends, back = _spread(_turned(edges), ending)
        endless |= {state // 2 for state, who in walked.items() if who & ~ends.get(state, 0)}
        visited += there + back
    return Searched(endless, visited)


def _failures_at(scenario: Scenario) -> dict[str, list[Failure]]:
    at: dict[str, list[Failure]] = {}
    for failure in scenario.failures:
        if failure.on:
            at.setdefault(failure.at, []).append(failure)
    return at


def _all(kinds: Kinds) -> Set:
    return (1 << kinds.weight.size) - 1


class _Onward(NamedTuple):
    """Where visits go from each touchpoint in one condition, and whose visit ends there."""

    going: list[dict[int, Set]]
    ending: list[Set]


def _onward(routes: Routes, kinds: Kinds, reporting: bool, failed: bool) -> _Onward:
    going: list[dict[int, Set]] = [{} for _ in range(routes.touchpoints)]
    ending = [0] * routes.touchpoints
    held, size = holds(routes, kinds, reporting, failed), kinds.weight.size
    for first in range(0, size, _AT_A_TIME):
        shares = shares_taken(routes, held[:, first : first + _AT_A_TIME])
        passed = np.zeros((routes.touchpoints, shares.shape[1]))
        np.add.at(passed, routes.at, shares)
        for at, to, who in zip(routes.at.tolist(), routes.to.tolist(), _sets(shares > 0), strict=True):
            if who and to != NOWHERE:
                going[at][to] = going[at].get(to, 0) | who << first
        for at, who in enumerate(_sets(passed < 1.0 - TOLERANCE)):
            ending[at] |= who << first
    return _Onward(going, ending)


def _sets(members: NDArray[np.bool_]) -> list[Set]:
    """Rows (n, kinds) as sets."""
    return [int.from_bytes(row.tobytes(), "little") for row in np.packbits(members, axis=1, bitorder="little")]


def _graph(scenario: Scenario, onward: list[_Onward], at: dict[str, list[Failure]]) -> tuple[Edges, dict[int, Set]]:
    """The edges between states, twice a touchpoint's position and one more with something to report; and who ends."""
    edges: Edges = [{} for _ in range(2 * len(scenario.journey))]
    ending: dict[int, Set] = {}
    for i, place in enumerate(scenario.journey):
        failures = at.get(place.id, [])
        for before in (False, True):
            state = 2 * i + before
            for failed, reporting in _met(place, failures, before):
                found = onward[CONDITIONS.index((reporting, failed))]
                ending[state] = ending.get(state, 0) | (-1 if _says_no(place) else found.ending[i])
                for to, who in found.going[i].items():
                    edges[state][2 * to + reporting] = edges[state].get(2 * to + reporting, 0) | who
    return edges, ending


def _says_no(place: Touchpoint) -> bool:
    return place.converts is not None and place.converts.chance.value < 1


def _met(place: Touchpoint, failures: list[Failure], before: bool) -> Iterator[tuple[bool, bool]]:
    """Whether something failed here, and whether there is something to report on leaving: all that may be."""
    for failed in _outcomes(place, failures):
        for reporting in _reporting(place, failures, before, failed):
            yield failed, reporting


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


def _turned(edges: Edges) -> Edges:
    back: Edges = [{} for _ in edges]
    for state, onward in enumerate(edges):
        for to, who in onward.items():
            back[to][state] = who
    return back


def _spread(edges: Edges, starts: dict[int, Set]) -> tuple[dict[int, Set], int]:
    """Which kinds come to each state along the edges from where they start, and how often an edge was visited."""
    there = {state: who for state, who in starts.items() if who}
    new, ahead, visited = dict(there), deque(there), 0
    while ahead:
        state = ahead.popleft()
        coming = new.pop(state)
        for to, who in edges[state].items():
            visited += 1
            if first_time := coming & who & ~there.get(to, 0):
                there[to] = there.get(to, 0) | first_time
                if to not in new:
                    ahead.append(to)
                new[to] = new.get(to, 0) | first_time
    return there, visited
