"""Notices about waiting, about numbers, and about what can be moved."""

import math
import re
from collections.abc import Iterator

from sim.scenario.fixes import Change, Fix
from sim.scenario.journey import Asset, Duration, Touchpoint
from sim.scenario.notices.idle import Structure, why_idle
from sim.scenario.notices.work import (
    MINUTES_A_WEEK,
    Queue,
    Said,
    base_of,
    passed,
    queues,
    visits_a_week,
    visits_at_most,
)
from sim.scenario.paths import Settable, settables
from sim.scenario.quantity import EVIDENCE_MEANING, Evidence, Quantity, minor_units
from sim.scenario.scenario import Scenario
from sim.scenario.spelling.names import shown

_LEAVES = "{id: leave, label: Leaves, then: leave}"
_ROUNDING = 1e-9  # a load of 1 that rounding has lifted is none above 1


def _shown(found: Quantity) -> str:
    """A quantity as a notice names it: its value and unit."""
    return f"{found.value:g} {found.unit or ''}".rstrip()


def patience_without_effect(scenario: Scenario) -> Iterator[Said]:
    """Patience where nothing says what somebody does who runs out of it."""
    waits = {failure.at for failure in scenario.failures if failure.cause == "wait"}
    for place in scenario.journey:
        for name, found in (("patience", place.patience), ("balks_at", place.balks_at)):
            if found is not None and place.id not in waits:
                yield f"journey.{place.id}.{name}", _endless(place, found)


def _endless(place: Touchpoint, found: Quantity) -> str:
    here = f"found {_shown(found)}"
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
            how_far = f"until all {most:,.0f} customers stand in it" if bounded else "without end"
            if queue.stubborn_load_day_and_night <= 1:
                how_far = "while the doors are open, and is worked off after closing"
            yield (
                f"resources.{name}.servers",
                f"{_too_much(queue, who)}: the queue grows {how_far}. Write {queue.servers_needed} or more, or shorter "
                "minutes; or let people give up: a patience there, and a failure point of the cause wait with a "
                "response then: leave",
            )


def _too_much(queue: Queue, who: str) -> str:
    at, can = ", ".join(place.id for place in queue.at), queue.servers * queue.open_minutes
    gives_up = f"too few give up, which leaves {queue.stubborn_load:.2f}"
    return (
        f"found {queue.servers} at a load of {queue.load:.2f} over the week's opening hours ({who}{queue.minutes:,.0f} "
        f"minutes of work a week at {at}, of which {can:,.0f} can be done; {queue.busiest:.2f} in the busiest hour, "
        f"{queue.when}), and {'nobody gives up' if queue.stays == queue.minutes else gives_up}"
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
    breaks, pool = f"found {_shown(asset.breaks)}", f"{asset.pool.value:g}"
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
            f"found {_shown(asset.repair.minutes.mean)}: up to {broken:,.0f} break a week, a load of {load:.2f} on "
            f"the {servers} at {mender.id}, day and night, so they pile up there until few are left to lend. Write "
            f"{enough} or more",
        )


def _trips(scenario: Scenario, asset: Asset) -> float:
    """Trips a week with one of them, as many as there are things for at most."""
    wanted = sum(trip.share.value * trip.borrows.value for trip in scenario.trips)
    borrowing = min(1.0, sum(often for place, often in passed(scenario) if place.borrows == asset.id))
    visits = visits_a_week(scenario, scenario.customers.base.value)
    return min(visits * wanted * borrowing, asset.pool.value * visits_at_most(scenario))


_NAMES_DATA = re.compile(r"\d|\.[a-z]{2,7}\b", re.IGNORECASE)  # a date, a period, a count; or a file
_NORMAL_RANGE = 2 * 1.96  # standard deviations between the ends that hold 95 of 100


def range_for_spread(scenario: Scenario) -> Iterator[Said]:
    """A range of one number, where a spread between visits is meant."""
    for place in scenario.journey:
        if place.minutes:
            yield from _fixed(f"journey.{place.id}.minutes", place.minutes)
    for asset in scenario.assets:
        yield from _fixed(f"assets.{asset.id}.repair.minutes", asset.repair.minutes)


def _fixed(path: str, duration: Duration) -> Iterator[Said]:
    mean = duration.mean
    if duration.law != "fixed" or mean.low is None or mean.high is None or mean.low == mean.high:
        return
    minutes = f"{mean.value:g} minute{'' if mean.value == 1 else 's'}"
    yield (
        f"{path}.mean",
        f"found {mean.low:g} to {mean.high:g} under law: fixed, so every one takes {minutes} exactly: a range says how "
        "little is known of one number, and only a business case draws it, once for all. If they differ from each "
        f"other, write mean: {mean.value:g} with {_spread(mean.low, mean.high)}; if it is the mean that is not known, "
        "leave it as it is",
    )


def _spread(low: float, high: float) -> str:
    """The laws that could be meant, with the log_sd that holds 95 of 100 between those ends."""
    if low <= 0:
        return "law: exponential"
    log_sd = math.log(high / low) / _NORMAL_RANGE
    return f"law: lognormal and log_sd: {log_sd:.2g} (95 in 100 from {low:g} to {high:g}), or law: exponential"


def measured_without_data(scenario: Scenario) -> Iterator[Said]:
    """Grade A where nothing says what was measured."""
    every = [(path, found) for path, found in settables(scenario).items() if isinstance(found, Quantity)]
    graded = [(path, found.evidence, found.source) for path, found in every]
    graded += [(f"fixes.{fix.id}.evidence", fix.evidence, fix.source) for fix in scenario.fixes]
    moves = [(f"{policy.id}.moves[{i}]", move) for policy in scenario.policies for i, move in enumerate(policy.moves)]
    graded += [(f"policies.{where}.evidence", move.evidence, move.source) for where, move in moves]
    for store in scenario.chain.stores if scenario.chain else ():
        graded.append((f"chain.stores.{store.id}.evidence", store.evidence, store.source))
    for path, evidence, source in graded:
        if evidence == "A" and not (source and _NAMES_DATA.search(source)):
            yield path, _no_data(evidence, source)


def _no_data(evidence: Evidence, source: str | None) -> str:
    said = f'the source "{shown(source, 60)}", which names no file, no period and no count' if source else "no source"
    return (
        f"found evidence {evidence} ({EVIDENCE_MEANING[evidence]}) with {said}: shown as measured, and nobody can "
        'look it up. Name the data, as in source: "tills.csv, March 2026, 4,120 visits"; if nobody measured '
        "it, write evidence: D"
    )


def money_that_is_nothing(scenario: Scenario) -> Iterator[Said]:
    """Spends of less than half of the smallest coin: the ledger counts whole ones."""
    for trip in scenario.trips:
        yield from _too_small(scenario, f"trips.{trip.id}.spend", trip.spend.value)
        for segment in scenario.segments:
            times = segment.spend_times.value
            if _counts(scenario, trip.spend.value) and not _counts(scenario, trip.spend.value * times):
                path, spent = f"segments.{segment.id}.spend_times", trip.spend.value * times
                yield from _too_small(
                    scenario, path, spent, f"{times:g}, which makes {spent:g} of trips.{trip.id}.spend"
                )
    for place in scenario.journey:
        if place.cross_sells:
            yield from _too_small(scenario, f"journey.{place.id}.cross_sells.spend", place.cross_sells.spend.value)


def _counts(scenario: Scenario, amount: float) -> bool:
    return amount == 0 or amount >= 0.5 / minor_units(scenario.currency)


def _too_small(scenario: Scenario, path: str, amount: float, found: str = "") -> Iterator[Said]:
    if _counts(scenario, amount):
        return
    coin, currency = 1 / minor_units(scenario.currency), scenario.currency
    yield (
        path,
        f"found {found or f'{amount:g}'} {currency}: the ledger counts each visit in whole {coin:g} {currency}, so "
        f"what is below {coin / 2:g} counts as 0. Write {coin / 2:g} or more; if so little is meant, let one visit "
        "stand for a thousand",
    )


def moves_nothing(scenario: Scenario) -> Iterator[Said]:
    """What levers and fixes would not move, and costs of fixes that never come."""
    structure = Structure(scenario)
    for lever in scenario.levers:
        is_meant = lever.direction == "none"  # its own file says so
        if not is_meant and (why := why_idle(structure, lever.path)):
            yield lever.path, f"found a lever that moves nothing: {why}. Mend that, or take the lever out"
    for fix in scenario.fixes:
        yield from _fix(structure, fix)


def _fix(structure: Structure, fix: Fix) -> Iterator[Said]:
    why = [_why_nothing(structure, change) for change in fix.changes]
    if all(why):
        said = "; ".join(dict.fromkeys(filter(None, why)))
        remedy = "Change what something depends on, or take the fix out"
        yield f"fixes.{fix.id}.changes", f"found a fix that moves nothing: {said}. {remedy}"
    each = fix.costs.per_use.value
    if each > 0 and fix.costs.use is None:
        found = f"found {each:g} each use, and nothing that counts uses: it is never paid"
        yield f"fixes.{fix.id}.costs.per_use", f"{found}. Write beside it a yearly measure, as in use: reports"


def _why_nothing(structure: Structure, change: Change) -> str | None:
    """Why a change moves nothing: its path is idle, or what is there stays as it was."""
    now = settables(structure.scenario).get(change.path)
    if now is None:
        return None
    if _stays(change, now):
        shown = str(now).lower() if isinstance(now, bool) else f"{now.value:g}"
        return f"{change.path} is {shown} before and after it"
    why = why_idle(structure, change.path)
    return f"{change.path}: {why}" if why else None


def _stays(change: Change, now: Settable) -> bool:
    if isinstance(now, bool) or change.set is not None:
        return change.set == (now if isinstance(now, bool) else now.value)
    times, add = change.times, change.add
    ends = {end for end in (now.low, now.mode, now.high) if end is not None} | {now.value}
    scales = {end for end in (times.low, times.mode, times.high) if end is not None} | {times.value}
    adds = {end for end in (add.low, add.mode, add.high) if end is not None} | {add.value}
    return all(end * scale + more == end for end in ends for scale in scales for more in adds)
