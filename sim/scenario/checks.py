"""What only the whole scenario can tell: references, shares that must sum, journeys that must end.

Each check yields `(loc, message)`; none stops at its first finding, so that a file's author sees them all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from sim.scenario.failures import Failure
from sim.scenario.journey import Touchpoint
from sim.scenario.part import Named
from sim.scenario.scenario import Scenario

Loc = tuple[str | int, ...]
Finding = tuple[Loc, str]
_SUM_TOLERANCE = 1e-6


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose parts are each well formed."""
    for check in (_ids, _shares, _references, _journey, _failures, _responses):
        yield from check(scenario)


def _ids(scenario: Scenario) -> Iterator[Finding]:
    for name in type(scenario).model_fields:
        items = getattr(scenario, name)
        if isinstance(items, tuple):
            yield from _repeats((name,), items)
    for position, failure in enumerate(scenario.failures):
        yield from _repeats(("failures", position, "responses"), failure.responses)


def _repeats(loc: Loc, items: Sequence[object]) -> Iterator[Finding]:
    ids = [item.id for item in items if isinstance(item, Named)]
    for name, count in Counter(ids).items():
        if count > 1:
            last = len(ids) - 1 - ids[::-1].index(name)
            yield (*loc, last, "id"), f'found "{name}" {count} times; allowed: each id once'


def _shares(scenario: Scenario) -> Iterator[Finding]:
    for name in ("segments", "trips"):
        total = sum(item.share.value for item in getattr(scenario, name))
        if abs(total - 1) > _SUM_TOLERANCE:
            yield (name,), f"shares sum to {total:.9g}; allowed: a sum of 1"


def _references(scenario: Scenario) -> Iterator[Finding]:
    kinds = {name: _names(getattr(scenario, name)) for name in ("stages", "departments", "resources", "assets")}
    for i, touchpoint in enumerate(scenario.journey):
        here: Loc = ("journey", i)
        for field, kind in (
            ("stage", "stages"),
            ("department", "departments"),
            ("resource", "resources"),
            ("borrows", "assets"),
            ("hears_reports", "assets"),
        ):
            yield from _known((*here, field), getattr(touchpoint, field), kinds[kind])
        for j, route in enumerate(touchpoint.next):
            yield from _known((*here, "next", j, "to"), route.to, _names(scenario.journey))
    for i, asset in enumerate(scenario.assets):
        yield from _known(("assets", i, "repair", "resource"), asset.repair.resource, kinds["resources"])
    for i, fix in enumerate(scenario.fixes):
        yield from _known(("fixes", i, "department"), fix.department, kinds["departments"])
    for i, failure in enumerate(scenario.failures):
        yield from _known(("failures", i, "at"), failure.at, _names(scenario.journey))
        for j, response in enumerate(failure.responses):
            for k, trip in enumerate(response.loss_on):
                yield from _known(("failures", i, "responses", j, "loss_on", k), trip, _names(scenario.trips))


def _names(items: Sequence[Named]) -> list[str]:
    return [item.id for item in items]


def _known(loc: Loc, name: str | None, known: Sequence[str]) -> Iterator[Finding]:
    if name is None or name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    yield loc, f'found "{name}"; allowed: {", ".join(known) or "none is defined"}{hint}'


State = tuple[str, bool]
"""A touchpoint, and whether the customer has something to report on leaving it."""


def _journey(scenario: Scenario) -> Iterator[Finding]:
    ways = {(t.id, reporting): _ways(t, reporting) for t in scenario.journey for reporting in (False, True)}
    ending = {state for state, onward in ways.items() if None in onward}
    reached = {(scenario.journey[0].id, reporting) for reporting in (False, True)}
    for _ in ways:
        ending |= {state for state, onward in ways.items() if onward & ending}
        reached |= {to for state in reached for to in ways.get(state, ()) if to is not None}
    for i, touchpoint in enumerate(scenario.journey):
        here = {(touchpoint.id, reporting) for reporting in (False, True)}
        if not here & reached:
            yield ("journey", i), "no route leads here; allowed: touchpoints reached from the first"
        elif not (here & reached) <= ending:
            yield ("journey", i, "next"), "not every visit that comes here ends; allowed: a way on that ends"
    yield from _borrowing(scenario)


def _ways(touchpoint: Touchpoint, reporting: bool) -> set[State | None]:
    """Where a visit may go from here, None for its end, with something to report or without."""
    reporting = reporting and touchpoint.hears_reports is None
    onward: set[State | None] = set()
    passed = 0.0
    for route in touchpoint.next:
        if (route.when == "always" or reporting) and passed < 1 - _SUM_TOLERANCE and route.share.value > 0:
            onward.add((route.to, reporting))
            passed += route.share.value
    return onward if passed >= 1 - _SUM_TOLERANCE else onward | {None}


def _borrowing(scenario: Scenario) -> Iterator[Finding]:
    lenders = [(i, t.borrows) for i, t in enumerate(scenario.journey) if t.borrows is not None]
    for i, asset in lenders[1:]:
        if asset != lenders[0][1]:
            yield ("journey", i, "borrows"), f'found "{asset}"; allowed: "{lenders[0][1]}", a journey lends one asset'


def _failures(scenario: Scenario) -> Iterator[Finding]:
    places = {touchpoint.id: touchpoint for touchpoint in scenario.journey}
    seen: set[tuple[str, str]] = set()
    for i, failure in enumerate(scenario.failures):
        here: Loc = ("failures", i)
        if failure.at in places:
            needed = _needs(failure, places[failure.at])
            if needed:
                yield (*here, "cause"), f'found "{failure.cause}" at {failure.at}; allowed where {needed}'
        if (failure.chance is not None) != (failure.cause == "chance"):
            yield (*here, "chance"), "allowed: exactly where the cause is chance"
        if failure.reported and failure.cause != "asset":
            yield (
                (*here, "reported"),
                f"found true for the cause {failure.cause}; allowed: the cause asset only",
            )
        if failure.cause != "chance" and (failure.at, failure.cause) in seen:
            yield here, f"a second {failure.cause} failure at {failure.at}; allowed: one"
        seen.add((failure.at, failure.cause))


def _needs(failure: Failure, place: Touchpoint) -> str | None:
    """What the touchpoint lacks for this cause, or None when it lacks nothing."""
    if failure.cause in ("asset", "shortage") and place.borrows is None:
        return "the touchpoint borrows an asset"
    if failure.cause == "wait" and (place.resource is None or place.patience is None):
        return "the touchpoint has a resource and a patience"
    if failure.cause == "unresolved" and place.hears_reports is None:
        return "the touchpoint hears reports"
    return None


def _responses(scenario: Scenario) -> Iterator[Finding]:
    for i, failure in enumerate(scenario.failures):
        here: Loc = ("failures", i, "responses")
        for j, response in enumerate(failure.responses):
            if (response.share is None) != (j == 0):
                yield (*here, j), "allowed: a share on every response but the first, which takes the rest"
        total = sum(response.share.value for response in failure.responses[1:] if response.share)
        if total > 1 + _SUM_TOLERANCE:
            yield here, f"shares sum to {total:.9g}; allowed: at most 1, the first response takes the rest"
