"""The journey in words, a sentence for each thing that happens at a touchpoint."""

from collections.abc import Iterator, Sequence

from sim.reports.markdown import number
from sim.scenario.journey import Duration, Route, Touchpoint
from sim.scenario.quantity import Named, Quantity
from sim.scenario.scenario import Scenario


def steps(scenario: Scenario) -> tuple[str, ...]:
    """Every touchpoint in order: whose it is, what happens there, and the ways on."""
    return tuple(f"{place.label}: {'; '.join(_parts(scenario, place))}." for place in scenario.journey)


def _parts(scenario: Scenario, place: Touchpoint) -> Iterator[str]:
    yield f"stage {_label(scenario.stages, place.stage)}, owned by {_label(scenario.departments, place.department)}"
    yield from activities(scenario, place)
    goes_wrong = [failure.label for failure in scenario.failures if failure.at == place.id]
    if goes_wrong:
        yield f"may go wrong: {', '.join(goes_wrong)}"
    ways = [_way(scenario, route) for route in place.next]
    yield f"then {', or '.join(ways)}; whom no way takes, ends the visit" if ways else "the visit ends"


def activities(scenario: Scenario, place: Touchpoint) -> Iterator[str]:
    """What is done at a touchpoint."""
    if place.minutes:
        yield _takes(place.minutes) + (" times the visit's length" if place.grows_with_trip else "")
    if place.resource:
        yield f"served by {_label(scenario.resources, place.resource)}"
    if place.patience:
        yield f"patience of {_figure(place.patience)} on average"
    if place.balks_at:
        yield f"who finds {number(place.balks_at.value)} waiting loses patience at once"
    for asset, what in ((place.borrows, "borrowed"), (place.hears_reports, "reported when faulty")):
        if asset:
            yield f"{_label(scenario.assets, asset)} are {what} here"
    yield from _dealings(place)


def _dealings(place: Touchpoint) -> Iterator[str]:
    """What passes between customer and business: promises, answers, sales."""
    if place.claim:
        yield f"a promise is made, of {_figure(place.claim.level)}"
    if place.delivers:
        yield f"the promise is tested: {_figure(place.delivers.level)} is delivered"
    if place.contact:
        yield f"questions and complaints are dealt with, settled with a chance of {_figure(place.contact.resolves)}"
    if place.converts:
        yield f"the customer decides, yes with a chance of {_figure(place.converts.chance)}"
    if place.cross_sells:
        yield f"more is offered, taken with a chance of {_figure(place.cross_sells.chance)}"
    if place.pays:
        yield "the basket is paid"


def _takes(minutes: Duration) -> str:
    return f"takes {_figure(minutes.mean)} ({minutes.law})"


def _way(scenario: Scenario, route: Route) -> str:
    when = "" if route.when == "always" else f" when {route.when}"
    who = [_label(scenario.segments, name) for name in route.segments] + [
        _label(scenario.trips, name) for name in route.trips
    ]
    only = f" for {', '.join(who)}" if who else ""
    return f"{_label(scenario.journey, route.to)}{when}{only} (share {number(route.share.value)})"


def _figure(quantity: Quantity) -> str:
    return f"{number(quantity.value)} {quantity.unit}".rstrip()


def _label(items: Sequence[Named], name: str) -> str:
    """The label of the thing with that id."""
    return next(item.label for item in items if item.id == name)
