"""Notices about numbers: ranges where spreads are meant, grades without data, money that counts as nothing."""

import math
import re
from collections.abc import Iterator

from sim.scenario.currency import minor_units
from sim.scenario.faults import shown
from sim.scenario.journey import Duration
from sim.scenario.notices.notice import Said
from sim.scenario.paths import settables
from sim.scenario.quantity import EVIDENCE_MEANING, Evidence, Quantity
from sim.scenario.scenario import Scenario

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
    graded = [(path, found.evidence, found.source) for path, found in _quantities(scenario)]
    graded += [(f"fixes.{fix.id}.evidence", fix.evidence, fix.source) for fix in scenario.fixes]
    moves = [(f"{policy.id}.moves[{i}]", move) for policy in scenario.policies for i, move in enumerate(policy.moves)]
    graded += [(f"policies.{where}.evidence", move.evidence, move.source) for where, move in moves]
    for store in scenario.chain.stores if scenario.chain else ():
        graded.append((f"chain.stores.{store.id}.evidence", store.evidence, store.source))
    for path, evidence, source in graded:
        if evidence == "A" and not (source and _NAMES_DATA.search(source)):
            yield path, _no_data(evidence, source)


def _quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    return ((path, found) for path, found in settables(scenario).items() if isinstance(found, Quantity))


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
