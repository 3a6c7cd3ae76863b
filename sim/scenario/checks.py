"""What only the whole scenario can tell: references, shares that must sum, journeys that must end.

Each check yields `(loc, message)`; none stops at its first finding, so that a file's author sees them all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.faults import Loc
from sim.scenario.journey import NEEDED_FOR
from sim.scenario.quantity import Finding, Named
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import listed, not_among
from sim.scenario.walks import searching

_SUM_TOLERANCE = 1e-6
_Names = dict[str, None]


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose parts are each well formed."""
    ways = searching.findings
    for check in (_ids, _shares, _references, ways, _borrowing, _touchpoints, _failures, _responses, _skills):
        yield from check(scenario)


def findings_of_numbers(scenario: Scenario) -> Iterator[Finding]:
    """Everything that other numbers and switches can make wrong with a scenario: what refers to what stays as it is."""
    for check in (_shares, searching.findings, _failures, _responses):
        yield from check(scenario)


def _ids(scenario: Scenario) -> Iterator[Finding]:
    for name in type(scenario).model_fields:
        items = getattr(scenario, name)
        if isinstance(items, tuple):
            yield from _repeats((name,), items)
    for position, failure in enumerate(scenario.failures):
        yield from _repeats(("failures", position, "responses"), failure.responses)
    if scenario.chain:
        yield from _repeats(("chain", "stores"), scenario.chain.stores)


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


_REFERENCES: dict[str, Any] = {
    "journey": {
        "stage": "stages",
        "department": "departments",
        "resource": "resources",
        "channel": "channels",
        "borrows": "assets",
        "hears_reports": "assets",
        "next": {"to": "journey", "segments": "segments", "trips": "trips"},
    },
    "segments": {"cannot_use": "channels"},
    "attributes": {"at": "journey"},
    "assets": {"repair": {"resource": "resources"}},
    "fixes": {"department": "departments"},
    "failures": {"at": "journey", "responses": {"loss_on": "trips"}},
}
"""Fields, by their way from the whole scenario, and the list of which they name an item, or items."""
_NAMED = ("stages", "departments", "resources", "channels", "assets", "journey", "segments", "trips")


def _references(scenario: Scenario) -> Iterator[Finding]:
    known = {name: _names(getattr(scenario, name)) for name in _NAMED}
    yield from _referring(known, (), scenario, _REFERENCES)


def _referring(known: Mapping[str, _Names], loc: Loc, part: Any, to: Any) -> Iterator[Finding]:
    """References of a part, or of a list of parts or names, that lead nowhere."""
    if isinstance(part, tuple):
        for position, item in enumerate(part):
            yield from _referring(known, (*loc, position), item, to)
    elif isinstance(to, dict):
        for name, below in to.items():
            yield from _referring(known, (*loc, name), getattr(part, name), below)
    elif part is not None:
        yield from _known(loc, part, known[to])


def _names(items: Sequence[Named]) -> _Names:
    """The ids, in order and quick to look up."""
    return dict.fromkeys(item.id for item in items)


def _known(loc: Loc, name: str, known: _Names) -> Iterator[Finding]:
    if name not in known:
        yield loc, not_among(name, listed(known) or "none is defined", known)


def _borrowing(scenario: Scenario) -> Iterator[Finding]:
    lenders = [(i, t.borrows) for i, t in enumerate(scenario.journey) if t.borrows is not None]
    for i, asset in lenders[1:]:
        if asset != lenders[0][1]:
            yield ("journey", i, "borrows"), f'found "{asset}"; allowed: "{lenders[0][1]}", a journey lends one asset'


def _touchpoints(scenario: Scenario) -> Iterator[Finding]:
    causes = {(failure.at, failure.cause) for failure in scenario.failures}
    for i, touchpoint in enumerate(scenario.journey):
        here: Loc = ("journey", i)
        if touchpoint.delivers and (touchpoint.id, "promise") not in causes:
            yield (*here, "delivers"), "allowed: where a failure point of the cause promise says what a broken one does"
        if touchpoint.contact and (touchpoint.id, "unresolved") not in causes:
            yield (*here, "contact"), "allowed: where a failure point of the cause unresolved says what no answer does"
        if (touchpoint.claim or touchpoint.delivers) and scenario.beliefs is None:
            field = "claim" if touchpoint.claim else "delivers"
            yield (*here, field), "found in a scenario without beliefs; allowed: beside beliefs, which say what it does"
        if touchpoint.balks_at is not None and touchpoint.resource is None:
            yield (*here, "balks_at"), "allowed: where the touchpoint has a resource to queue for"
        if touchpoint.contact and touchpoint.hears_reports:
            yield (*here, "contact"), "allowed: where no asset's reports are heard; give each its own touchpoint"


def _skills(scenario: Scenario) -> Iterator[Finding]:
    lifted: set[tuple[str, str]] = set()
    rates = {
        "failure": _names([failure for failure in scenario.failures if failure.cause == "chance"]),
        "conversion": _names([touchpoint for touchpoint in scenario.journey if touchpoint.converts]),
        "resolution": _names([touchpoint for touchpoint in scenario.journey if touchpoint.contact]),
    }
    for i, skill in enumerate(scenario.skills):
        for j, lift in enumerate(skill.lifts):
            here: Loc = ("skills", i, "lifts", j)
            yield from _known((*here, "at"), lift.at, rates[lift.rate])
            if (lift.at, lift.rate) in lifted:
                yield here, f"a second skill lifts the {lift.rate} at {lift.at}; allowed: one"
            lifted.add((lift.at, lift.rate))


def _failures(scenario: Scenario) -> Iterator[Finding]:
    places = {touchpoint.id: touchpoint for touchpoint in scenario.journey}
    seen: set[tuple[str, str]] = set()
    for i, failure in enumerate(scenario.failures):
        here: Loc = ("failures", i)
        has, needed = NEEDED_FOR.get(failure.cause, (bool, ""))
        if failure.at in places and not has(places[failure.at]):
            yield (*here, "cause"), f'found "{failure.cause}" at {failure.at}; allowed where {needed}'
        if (failure.chance is not None) != (failure.cause == "chance"):
            yield (*here, "chance"), "allowed: exactly where the cause is chance"
        if failure.reported and failure.cause == "unresolved":
            yield (*here, "reported"), "found true for the cause unresolved; allowed: any other cause"
        if failure.cause != "chance" and (failure.at, failure.cause) in seen:
            yield here, f"a second {failure.cause} failure at {failure.at}; allowed: one"
        for j, response in enumerate(failure.responses):
            if failure.cause == "promise" and response.feels.value != 0:
                found = f"found {response.feels.value:.9g} for the cause promise"
                allowed = "allowed: 0 or nothing, since the gap itself is felt with the failure's weight"
                yield (*here, "responses", j, "feels"), f"{found}; {allowed}"
        seen.add((failure.at, failure.cause))


def _responses(scenario: Scenario) -> Iterator[Finding]:
    for i, failure in enumerate(scenario.failures):
        here: Loc = ("failures", i, "responses")
        for j, response in enumerate(failure.responses):
            if (response.share is None) != (j == 0):
                yield (*here, j), "allowed: a share on every response but the first, which takes the rest"
        total = sum(response.share.value for response in failure.responses[1:] if response.share)
        if total > 1 + _SUM_TOLERANCE:
            yield here, f"shares sum to {total:.9g}; allowed: at most 1, the first response takes the rest"
