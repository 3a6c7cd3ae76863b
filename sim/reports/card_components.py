"""The components of a scenario: entities, activities, resources, queues, entry and exit."""

from collections.abc import Iterator

from sim.reports.card import Item, Row, Table
from sim.reports.card_journey import activities
from sim.reports.markdown import number
from sim.scenario.failures import Failure, Response
from sim.scenario.scenario import Scenario


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
