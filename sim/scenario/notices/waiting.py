"""Notices about waiting: patience without effect, queues that only grow, things that never come back."""

import math
from collections.abc import Iterator

from sim.scenario.journey import Asset, Touchpoint
from sim.scenario.notices.base import base_of
from sim.scenario.notices.notice import Said, shown_of
from sim.scenario.notices.structure import Structure
from sim.scenario.notices.work import MINUTES_A_WEEK, Queue, minutes_of, passes_of, queues, visits_a_week
from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario

_LEAVES = "{id: leave, label: Leaves, then: leave}"
_ROUNDING = 1e-9  # a load of 1 that rounding has lifted is none above 1


def patience_without_effect(scenario: Scenario) -> Iterator[Said]:
    """Patience where nothing says what somebody does who runs out of it."""
    waits = {failure.at for failure in scenario.failures if failure.cause == "wait"}
    for place in scenario.journey:
        for name, found in (("patience", place.patience), ("balks_at", place.balks_at)):
            if found is not None and place.id not in waits:
                yield f"journey.{place.id}.{name}", _endless(place, found)


def _endless(place: Touchpoint, found: Quantity) -> str:
    here = f"found {shown_of(found)}"
    if place.resource is None:
        return f"{here}, where nobody queues: it has no effect. Give {place.id} a resource, or take it out"
    failure = f"{{id: wait_{place.id}, label: A long wait, at: {place.id}, cause: wait, responses: [{_LEAVES}]}}"
    patience = f", and to {place.id} a patience" if place.patience is None else ""
    return (
        f"{here}, and no failure point of the cause wait at {place.id}: it has no effect, and everybody waits without "
        f"end. If people give up, add to failures {failure}{patience}; if they do not, take it out"
    )


def more_work_than_can_be_done(scenario: Scenario) -> Iterator[Said]:
    """Queues to which more comes than goes, and in which not enough give up."""
    base = base_of(scenario)
    most, when = max((base.start, "at the start"), (base.end, f"after {scenario.weeks} weeks"))
    alone = queues(scenario, visits_a_week(scenario, 0))
    for name, queue in queues(scenario, visits_a_week(scenario, most)).items():
        if queue.stubborn_load > 1 + _ROUNDING:
            who = f"with the {most:,.0f} customers expected {when}, " if most >= 1 else ""
            bounded = alone[name].stubborn_load <= 1
            grows = _grows(queue, f"until all {most:,.0f} customers stand in it" if bounded else "without end")
            yield f"resources.{name}.servers", f"{_too_much(queue, who)}: {grows}. {_remedy(queue)}"


def _too_much(queue: Queue, who: str) -> str:
    at, can = ", ".join(place.id for place in queue.at), queue.servers * queue.open_minutes
    gives_up = f"too few give up, which leaves {queue.stubborn_load:.2f}"
    return (
        f"found {queue.servers} at a load of {queue.load:.2f} over the week's opening hours ({who}{queue.minutes:,.0f} "
        f"minutes of work a week at {at}, of which {can:,.0f} can be done; {queue.busiest:.2f} in the busiest hour, "
        f"{queue.when}), and {'nobody gives up' if queue.stays == queue.minutes else gives_up}"
    )


def _grows(queue: Queue, how_far: str) -> str:
    if queue.stubborn_load_day_and_night <= 1:
        return "the queue grows while the doors are open, and is worked off after closing"
    return f"the queue grows {how_far}"


def _remedy(queue: Queue) -> str:
    return (
        f"Write {queue.servers_needed} or more, or shorter minutes; or let people give up: a patience there, and a "
        "failure point of the cause wait with a response then: leave"
    )


def lent_for_ever(scenario: Scenario) -> Iterator[Said]:
    """Things of which none is there, or none comes back from being broken."""
    structure = Structure(scenario)
    for asset in scenario.assets:
        if structure.lent(asset.id) and asset.pool.value == 0:
            yield f"assets.{asset.id}.pool", "found 0: nobody ever gets one. Write how many there are, 1 or more"
        elif structure.lent(asset.id) and asset.breaks.value > 0:
            yield from _never_mended(scenario, structure, asset)
            yield from _mended_too_slowly(scenario, asset)


def _never_mended(scenario: Scenario, structure: Structure, asset: Asset) -> Iterator[Said]:
    live = [failure for failure in structure.failing if failure.on]
    places = {place.id: place for place in structure.met()}
    if not any(failure.cause == "asset" and places[failure.at].borrows == asset.id for failure in live):
        return
    hears = [place.id for place in places.values() if place.hears_reports == asset.id]
    path, for_good = f"assets.{asset.id}", "once broken, one stays in line for good, until all are broken"
    breaks, pool = f"found {shown_of(asset.breaks)}", f"{asset.pool.value:g}"
    if not any(failure.reported for failure in live):
        let = "Write reported: true at the failure point of the cause asset"
        yield f"{path}.breaks", f"{breaks}, and no failure point that is reported: {for_good}. {let}"
    elif not hears:
        let = f"Write hears_reports: {asset.id} at a touchpoint that visits come to"
        yield f"{path}.breaks", f"{breaks}, and no touchpoint that hears reports of it: {for_good}. {let}"
    elif asset.reserve.value >= asset.pool.value and not _always_acts(scenario, hears):
        found = f"found {asset.reserve.value:g} to be left in line of a pool of {pool}"
        yield f"{path}.reserve", f"{found}: none is ever taken out, and {for_good}. Write less than {pool}"


def _always_acts(scenario: Scenario, hears: list[str]) -> bool:
    """Whether a desk takes out whatever is reported: its failure to do so is off."""
    refusals = [failure for failure in scenario.failures if failure.cause == "unresolved" and failure.at in hears]
    return any(not failure.on for failure in refusals)


def _mended_too_slowly(scenario: Scenario, asset: Asset) -> Iterator[Said]:
    """More breaks than the repairers can mend, by day and by night, should all that is broken be taken out."""
    broken = _trips(scenario, asset) * asset.breaks.value
    mender = next(one for one in scenario.resources if one.id == asset.repair.resource)
    minutes, servers = asset.repair.minutes.mean.value, int(mender.servers.value)
    load = broken * minutes / (servers * MINUTES_A_WEEK)
    if load > 1 + _ROUNDING:
        enough = f"at most {minutes / load:.3g}, or at resources.{mender.id}.servers {math.floor(servers * load) + 1}"
        yield (
            f"assets.{asset.id}.repair.minutes.mean",
            f"found {shown_of(asset.repair.minutes.mean)}: up to {broken:,.0f} break a week, a load of {load:.2f} on "
            f"the {servers} at {mender.id}, day and night, so they pile up there until few are left to lend. Write "
            f"{enough} or more",
        )


def _trips(scenario: Scenario, asset: Asset) -> float:
    """Trips a week with one of them, as many as there are things for at most."""
    passes = passes_of(scenario)
    wanted = sum(trip.share.value * trip.borrows.value for trip in scenario.trips)
    borrowing = min(1.0, sum(often for place, often in passes if place.borrows == asset.id))
    minutes = sum(often * minutes_of(scenario, place) for place, often in passes)
    most = asset.pool.value * MINUTES_A_WEEK / minutes if minutes > 0 else math.inf
    return min(visits_a_week(scenario, scenario.customers.base.value) * wanted * borrowing, most)
