"""The components of a scenario, and its journey in words: a sentence for each thing that happens at a touchpoint."""

from collections.abc import Iterator, Sequence

from sim.reports.markdown import Item, Row, Table, number
from sim.scenario.failures import Failure, Response
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


def components(scenario: Scenario) -> tuple[Item, ...]:
    """Items 2.5.1 to 2.5.5."""
    return (
        _entities(scenario),
        _activities(scenario),
        _resources(scenario),
        _queues(scenario),
        _entry_and_exit(scenario),
    )


def _entities(scenario: Scenario) -> Item:
    says = (
        "Customers carry from visit to visit their segment, visit rate, level of spend, natural chance to leave, "
        "satisfaction, what is to be bought later instead and, where promises play a part, expectation and trust.",
        "Things that are lent out are sound or faulty, and lent, idle or under repair.",
    )
    segments: list[Row] = [
        {"id": segment.id, "segment": segment.label, "share": segment.share.value} for segment in scenario.segments
    ]
    trips: list[Row] = [
        {"id": trip.id, "visit": trip.label, "share": trip.share.value, "mean spend": trip.spend.value}
        for trip in scenario.trips
    ]
    tables = (Table("Kinds of customers", tuple(segments)), Table("Kinds of visits", tuple(trips)))
    return Item("2.5.1", "Components: entities", says, tables=tables)


def _activities(scenario: Scenario) -> Item:
    done: list[Row] = [
        {"id": place.id, "touchpoint": place.label}
        | {"what happens": "; ".join(activities(scenario, place)) or "passed through"}
        for place in scenario.journey
    ]
    failing: list[Row] = [_failing(failure) for failure in scenario.failures]
    tables = (Table("Touchpoints", tuple(done)), Table("Failure points", tuple(failing)))
    return Item("2.5.2", "Components: activities", ("The ways in and out of each are in item 2.1.",), tables=tables)


def _failing(failure: Failure) -> Row:
    responses = "; ".join(_response(response) for response in failure.responses)
    return {
        "id": failure.id,
        "failure point": failure.label,
        "at": failure.at,
        "cause": failure.cause,
        "on": failure.on,
        "what customers do": responses,
    }


def _response(response: Response) -> str:
    share = "the rest" if response.share is None else f"share {number(response.share.value)}"
    return f"{response.label} ({share}; loses {number(response.loss.value)} of the basket; {response.then})"


def _resources(scenario: Scenario) -> Item:
    rows: list[Row] = [
        {
            "id": resource.id,
            "resource": resource.label,
            "at once": resource.servers.value,
            "used by": ", ".join(_users(scenario, resource.id)),
        }
        for resource in scenario.resources
    ]
    pools: list[Row] = [
        {
            "id": asset.id,
            "things lent out": asset.label,
            "how many": asset.pool.value,
            "kept back": asset.reserve.value,
            "mended by": asset.repair.resource,
        }
        for asset in scenario.assets
    ]
    says = () if rows or pools else ("None: nobody waits for anybody.",)
    return Item(
        "2.5.3", "Components: resources", says, tables=(Table("Servers", tuple(rows)), Table("Pools", tuple(pools)))
    )


def _users(scenario: Scenario, resource: str) -> Iterator[str]:
    yield from (place.label for place in scenario.journey if place.resource == resource)
    yield from (f"repair of {asset.label}" for asset in scenario.assets if asset.repair.resource == resource)


def _queues(scenario: Scenario) -> Item:
    says = (
        "One queue before each resource, without a limit, first come, first served; of those who come at the same "
        "instant a keyed draw says who is first. Nobody changes queues, for there is one each.",
        "Patience is exponential with the mean given at the touchpoint; whoever runs out of it does what the failure "
        "point of the cause wait says. So do those who find a queue as long as the touchpoint says, at once.",
        "There is no queue for things lent out: who finds none does what the failure point of the cause shortage says.",
    )
    return Item("2.5.4", "Components: queues", says if scenario.resources or scenario.assets else ("None.",))


_FIRST_PERIOD = {
    "paid": "Nobody leaves at the visit that makes them a customer; those at week 0 are customers already.",
    "due": "Nobody leaves at the visit that makes them a customer, or at the first payment of those at week 0.",
}


def _entry_and_exit(scenario: Scenario) -> Item:
    people = scenario.customers
    when = "before a visit that is due, which is then none," if people.leaving.before_paying else "after a visit"
    says = (
        f"{number(people.base.value)} customers are there at week 0. They come again after gaps counted in opening "
        "hours, exponential or Gamma-shaped, from arrival to arrival, at a rate of their own that is Gamma between "
        "customers.",
        f"A week {number(people.newcomers_per_week.value)} newcomers join, {number(people.leads_per_week.value)} "
        f"would-be customers and {number(people.passers_by_per_week.value)} passers-by come: Poisson streams over "
        "the opening hours, by the profile of the week, the same in every world.",
        "A visit ends where no way leads on, or when a failure makes somebody walk out. A customer leaves for good "
        f"when a draw {when} says so; leavers are not replaced.",
        _FIRST_PERIOD[people.leaving.first_period],
    )
    return Item("2.5.5", "Components: entry and exit points", says)
